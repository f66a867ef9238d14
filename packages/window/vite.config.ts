import { defineConfig } from 'vite'

export default defineConfig({
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    target: 'es2022',
    // Data addresses in styles would need another rule of the content security policy.
    assetsInlineLimit: 0,
    modulePreload: false,
  },
})
