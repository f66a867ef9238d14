/** Writes the reference pages that come from declarations; `--check` says whether they are fresh. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { closeCodesPage } from './pages/close-codes.ts'
import { commandLinePage } from './pages/command-line.ts'
import { configurationPage } from './pages/configuration.ts'
import { errorsPage } from './pages/errors.ts'
import { keysPage } from './pages/keys.ts'

export const pages: Readonly<Record<string, () => string>> = {
  'docs/reference/configuration.md': configurationPage,
  'docs/reference/command-line.md': commandLinePage,
  'docs/reference/keys.md': keysPage,
  'docs/protocol/errors.md': errorsPage,
  'docs/protocol/close-codes.md': closeCodesPage,
}

const root = fileURLToPath(new URL('..', import.meta.url))

const onDisk = (page: string) => {
  try {
    return readFileSync(path.join(root, page), 'utf8')
  } catch {
    // Not written yet: stale.
    return undefined
  }
}

export const stalePages = () =>
  Object.entries(pages)
    .filter(([page, render]) => onDisk(page) !== render())
    .map(([page]) => page)

const write = (page: string) => {
  const file = path.join(root, page)
  mkdirSync(path.dirname(file), { recursive: true })
  writeFileSync(file, (pages[page] as () => string)())
  process.stdout.write(`wrote ${page}\n`)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const stale = stalePages()
  if (!process.argv.includes('--check')) for (const page of stale) write(page)
  else if (stale.length > 0) {
    process.stdout.write(`stale: ${stale.join(', ')}\n    Run \`npm run docs\`.\n`)
    process.exitCode = 1
  }
  if (stale.length === 0) process.stdout.write('pages: fresh\n')
}
