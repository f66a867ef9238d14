import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { isInstalled, setUp, stateOf, withLock } from './setup.mjs'
import { brokenRun, summaryLines } from './test-summary.ts'

let root: string
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'ringdown-setup-'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

const lockWith = (version: string) => ({
  packages: {
    '': { name: 'x' },
    'packages/own': { version: '0.1.0' },
    'node_modules/a': { version, resolved: `a-${version}` },
    'node_modules/only-elsewhere': { version: '1.0.0', optional: true },
  },
})
const installed = (version: string) => ({
  packages: { 'node_modules/a': { version, resolved: `a-${version}` } },
})

const writeLock = (version: string) =>
  writeFileSync(path.join(root, 'package-lock.json'), JSON.stringify(lockWith(version)))

const writeInstalled = (version: string) => {
  mkdirSync(path.join(root, 'node_modules'), { recursive: true })
  const file = path.join(root, 'node_modules', '.package-lock.json')
  writeFileSync(file, JSON.stringify(installed(version)))
}

describe('setup', () => {
  it('[OPS3] knows what npm installed; optional packages of other platforms may miss', () => {
    expect(isInstalled(lockWith('1.0.0'), installed('1.0.0'))).toBe(true)
    expect(isInstalled(lockWith('1.0.1'), installed('1.0.0'))).toBe(false)
    expect(isInstalled(lockWith('1.0.0'), { packages: {} })).toBe(false)
  })

  it('[OPS3] is stale without an installation and after a change of the lock file', async () => {
    writeLock('1.0.0')
    expect(stateOf(root)).toBe('stale')
    writeInstalled('1.0.0')
    expect(stateOf(root)).toBe('unstamped')
    await setUp(root)
    expect(stateOf(root)).toBe('fresh')
    writeLock('1.0.1')
    expect(stateOf(root)).toBe('stale')
  })

  it('[OPS3] two at once take turns', async () => {
    const file = path.join(root, 'cache', 'setup.lock')
    const log: string[] = []
    const work = (name: string) => async () => {
      log.push(`${name} begins`)
      await new Promise((resolve) => setImmediate(resolve))
      log.push(`${name} ends`)
    }
    await Promise.all([withLock(file, work('one')), withLock(file, work('two'))])
    const [first] = log
    const order = first === 'one begins' ? ['one', 'two'] : ['two', 'one']
    expect(log).toEqual(order.flatMap((name) => [`${name} begins`, `${name} ends`]))
  })

  it('[OPS3] a lock whose process is gone is taken over', async () => {
    const file = path.join(root, 'setup.lock')
    // Above the largest process id there is.
    writeFileSync(file, '99999999')
    expect(await withLock(file, async () => 'done')).toBe('done')
  })
})

describe('the last line of a test run', () => {
  it('[OPS4] has the numbers, after every skipped case by name', () => {
    const skipped = [{ name: 'a.test.ts > b', reason: 'no NATS server' }, { name: 'c' }]
    expect(summaryLines({ passed: 3, failed: 1, skipped })).toEqual([
      'skipped: a.test.ts > b (no NATS server)',
      'skipped: c',
      '3 passed, 1 failed, 2 skipped',
    ])
  })

  it('[OPS4] a run without a report is a failure', () => {
    expect(summaryLines(brokenRun).at(-1)).toBe('0 passed, 1 failed, 0 skipped')
  })
})
