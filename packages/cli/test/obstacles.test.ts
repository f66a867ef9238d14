import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { mkdir, open } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, expect, it } from 'vitest'
import { obstacleIn } from '../src/obstacles.ts'
import { ringdown } from './command-line.ts'

const folder = mkdtempSync(join(tmpdir(), 'ringdown-obstacles-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const failureOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  )

/** Which nobody may write to, not even an administrator. */
const FORBIDDEN = process.platform === 'linux' ? '/proc/sys/kernel/ostype' : '/etc/hosts'

/** What the system itself says when something is in the way. */
const failures = {
  forbidden: () => open(FORBIDDEN, 'a'),
  'a file in the way': async () => {
    const file = join(folder, 'file')
    writeFileSync(file, '')
    await mkdir(join(file, 'data'), { recursive: true })
  },
  missing: () => open(join(folder, 'none', 'file'), 'r'),
  'a foreign address': () =>
    new Promise((_, reject) => createServer().once('error', reject).listen(1, '192.0.2.1')),
  'an unknown host': () =>
    new Promise((_, reject) => createServer().once('error', reject).listen(1, 'nobody.invalid')),
  'nobody there': () => new Promise((_, reject) => connect(1, '127.0.0.1').once('error', reject)),
} as const

it.each([
  ['forbidden', 'configuration', /may not be used by this user .* Give it to whoever/],
  ['a file in the way', 'configuration', /leads through a file/],
  ['missing', 'configuration', /is not there\. Make it/],
  ['a foreign address', 'configuration', /192\.0\.2\.1 is no address of this machine/],
  ['an unknown host', 'configuration', /nobody\.invalid/],
  ['nobody there', 'unavailable', /Nothing answers at 127\.0\.0\.1:1 /],
] as const)('[OPS2] %s is told in words that say what to do', async (name, exit, message) => {
  const cause = await failureOf(failures[name]())
  const wrapped = new Error('The store could not be opened', { cause })
  for (const error of [cause, wrapped, new AggregateError([cause])])
    expect(obstacleIn(error)).toMatchObject({ exit, message: expect.stringMatching(message) })
})

it('[OPS2] a fault of the program is no obstacle', () => {
  expect(obstacleIn(new TypeError('x is not a function'))).toBeUndefined()
  expect(obstacleIn('x')).toBeUndefined()
})

const PLAIN = ['--plain-http', '--port', '0']

it('[OPS2] a folder that is none, and a database that is none or newer, end a start with 78', async () => {
  const none = join(folder, 'no-folder')
  writeFileSync(none, '')
  const damaged = join(folder, 'damaged')
  mkdirSync(damaged)
  writeFileSync(join(damaged, 'ringdown.db'), 'not what it was'.repeat(1000))
  const newer = join(folder, 'newer')
  mkdirSync(newer)
  expect((await ringdown(['migrate', '--data', newer])).code).toBe(0)
  {
    using db = new DatabaseSync(join(newer, 'ringdown.db'))
    db.exec(`insert into migrations (name, timestamp) values ('9999-future', '2030-01-01')`)
  }
  for (const [data, message] of [
    [none, 'a file is in its place'],
    [damaged, 'is damaged'],
    [newer, 'of a newer release: this one does not know its change 9999-future'],
  ] as const) {
    const { code, stderr } = await ringdown(['serve', ...PLAIN, '--data', data])
    expect([code, stderr]).toEqual([78, expect.stringContaining(message)])
    expect(stderr).not.toMatch(/\n\s+at /)
  }
})
