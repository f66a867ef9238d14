import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, it } from 'vitest'
import { buildStale } from './build.mjs'

/** A repository with one small application. */
const repository = (): string => {
  const root = mkdtempSync(path.join(tmpdir(), 'ringdown-build-'))
  const write = (file: string, text: string) => {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true })
    writeFileSync(path.join(root, file), text)
  }
  write('packages/window/index.html', '<script type="module" src="/src/main.js"></script>')
  write('packages/window/src/main.js', 'document.title = "one"\n')
  write('packages/window/vite.config.ts', 'export default {}\n')
  write('packages/client/src/index.ts', '')
  write('packages/protocol/src/index.ts', '')
  write('package.json', '{ "type": "module" }')
  write('package-lock.json', '{}')
  write('scripts/build.mjs', '')
  return root
}

it('[WEB1] an application is built once, again when it changed, and a broken one stops no other', async (context) => {
  const root = repository()
  context.onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  const dist = path.join(root, 'packages/window/dist')
  const script = () => {
    const name = readdirSync(path.join(dist, 'assets')).find((one) => one.endsWith('.js'))
    return readFileSync(path.join(dist, 'assets', name as string), 'utf8')
  }
  expect(await buildStale({ root })).toEqual({ built: ['window'], failed: [] })
  expect(script()).toContain('one')
  expect(await buildStale({ root })).toEqual({ built: [], failed: [] })
  writeFileSync(path.join(root, 'packages/window/src/main.js'), 'document.title = "two"\n')
  mkdirSync(path.join(root, 'packages/portal'))
  const broken = '<script type="module" src="/src/none.js"></script>'
  writeFileSync(path.join(root, 'packages/portal/index.html'), broken)
  writeFileSync(path.join(root, 'packages/portal/vite.config.ts'), 'export default {}\n')
  expect(await buildStale({ root })).toEqual({ built: ['window'], failed: ['portal'] })
  expect(script()).toContain('two')
})
