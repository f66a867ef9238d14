import { createHash } from 'node:crypto'
import tailwind from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'

/** The worker that keeps the page, under a name of its own, with the addresses of what it keeps. */
const worker = (): Plugin => ({
  name: 'ringdown-worker',
  apply: 'build',
  buildStart() {
    this.emitFile({ type: 'chunk', id: 'src/worker/worker.ts', fileName: 'worker.js' })
  },
  generateBundle: {
    order: 'post',
    handler(_options, bundle) {
      const files = Object.values(bundle)
      const entry = files.find((one) => one.type === 'chunk' && one.name === 'index')
      // What few ask for is fetched when it is asked for.
      const parts = files
        .filter((one) => one.type !== 'chunk' || !one.isDynamicEntry)
        .map(({ fileName }) => fileName)
        .filter((name) => name.startsWith('assets/') && name !== entry?.fileName)
      const own = bundle['worker.js']
      if (!entry || own?.type !== 'chunk') throw new Error('The worker was not built')
      const addresses = [entry.fileName, ...parts.sort()].map((name) => `/workspace/${name}`)
      const build = createHash('sha256').update(addresses.join()).digest('hex').slice(0, 16)
      own.code = own.code
        .replaceAll('__PARTS__', JSON.stringify(addresses))
        .replaceAll('__BUILD__', JSON.stringify(build))
    },
  },
})

export default defineConfig({
  base: '/workspace/',
  plugins: [react(), tailwind(), worker()],
  build: {
    target: 'es2024',
    // Data addresses in styles would need another rule of the content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
})
