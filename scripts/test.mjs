/** `npm test`: every test, then what was skipped, then one line with the numbers. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { buildStale } from './build.mjs'
import { brokenRun, summaryLines } from './test-summary.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = mkdtempSync(path.join(tmpdir(), 'ringdown-test-'))
const file = path.join(folder, 'summary.json')

const readSummary = () => {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    // vitest stopped before its report; its own output says why.
    return brokenRun
  }
}

// Tests of pages look at what is served.
await buildStale({ say: (line) => process.stdout.write(line) })

const args = [
  'node_modules/vitest/vitest.mjs',
  'run',
  '--reporter=default',
  '--reporter=./scripts/summary-reporter.ts',
  ...process.argv.slice(2),
]
const { status } = spawnSync(process.execPath, args, {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, RINGDOWN_TEST_SUMMARY: file },
})
const summary = readSummary()
rmSync(folder, { recursive: true, force: true })
process.stdout.write(`\n${summaryLines(summary).join('\n')}\n`)
process.exitCode = status === 0 && summary.failed === 0 ? 0 : 1
