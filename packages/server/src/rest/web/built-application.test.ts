import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, it } from 'vitest'
import { BuiltApplication } from './built-application.ts'

const HOUR_SECONDS = 3600

it('[WEB6, WEB7] an application appears with its first build and keeps the parts of former ones', (context) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'ringdown-web-'))
  context.onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const built = new BuiltApplication(folder)
  expect(built.page).toBeUndefined()
  const build = (version: number) => {
    rmSync(path.join(folder, 'assets'), { recursive: true, force: true })
    mkdirSync(path.join(folder, 'assets'))
    writeFileSync(path.join(folder, 'index.html'), `page ${version}`)
    writeFileSync(path.join(folder, 'assets', `part-${version}.js`), `part ${version}`)
    const stamp = path.join(folder, '.built-from')
    writeFileSync(stamp, String(version))
    utimesSync(stamp, version * HOUR_SECONDS, version * HOUR_SECONDS)
  }
  build(1)
  expect(String(built.page?.plain)).toBe('page 1')
  build(2)
  expect(String(built.page?.plain)).toBe('page 2')
  expect(String(built.file('assets/part-1.js')?.plain)).toBe('part 1')
  expect(String(built.file('assets/part-2.js')?.plain)).toBe('part 2')
  expect(built.file('.built-from')).toBeUndefined()
})
