/** Readers that stop reading: the server must neither keep what they lack nor make others wait. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Limits } from '../../src/config.ts'
import { bothLogs, judge } from './final-log.ts'
import { Reader } from './reader.ts'
import { Recorder } from './recorder.ts'
import { ServerProcess, temporaryFolder } from './server-process.ts'
import { openPairs, type Pair } from './world.ts'
import { Writer } from './writer.ts'

const QUICK = 90
const SLOW = 10
const TEXT_BYTES = 60_000
const PUBLISHES = 500
const MEGABYTE = 1024 * 1024
/** The slow ones lack 36 MB each, of which the system's own buffers hold some. */
const ALLOWED_GROWTH = 150 * MEGABYTE

const residentBytes = (pid: number): number =>
  Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) * 1024

const readersOf = (recorder: Recorder, pair: Pair, count: number): Reader[] =>
  Array.from({ length: count }, (_, at) => {
    const person = at % 2 === 0 ? pair.consumer : pair.agent
    const name = `reader-${pair.dialogId}-${at}`
    return new Reader({ recorder, dialogId: pair.dialogId, ...person, name })
  })

/** Ten slow readers of a dialog with large texts, ninety quick ones of another with small texts. */
const runWithSlowReaders = async (limits: Partial<Limits>) => {
  await using folder = temporaryFolder()
  await using server = await ServerProcess.start({ dataDir: folder.path, limits })
  const recorder = new Recorder()
  const pairs = await openPairs(server.url, 2)
  const [large, small] = pairs as [Pair, Pair]
  const write = { recorder, window: 8 }
  const { dialogId, agent } = large
  const shared = { ...write, padding: TEXT_BYTES }
  await using heavy = new Writer({ ...shared, dialogId, ...agent, name: 'heavy' })
  await using light = new Writer({
    ...write,
    dialogId: small.dialogId,
    ...small.consumer,
    name: 'light',
  })
  await using stack = new AsyncDisposableStack()
  const slow = readersOf(recorder, large, SLOW)
  const quick = readersOf(recorder, small, QUICK)
  for (const reader of [...slow, ...quick]) stack.use(reader)
  await Promise.all([heavy, light, ...quick].map((client) => client.connect(server.port)))
  await Promise.all([heavy.write(PUBLISHES), light.write(100)])

  const before = residentBytes(server.pid)
  for (const reader of slow) {
    await reader.connect(server.port, 0)
    reader.wire.socket.pause()
  }
  await Promise.all([heavy.write(PUBLISHES / 5), light.write(200)])
  await Promise.all(quick.map((reader) => reader.reaches(light.acked)))
  const growth = residentBytes(server.pid) - before
  const lacking = slow.map((reader) => heavy.acked + 1 - reader.next)

  for (const { wire } of slow) wire.socket.resume()
  await Promise.all(slow.map((reader) => reader.reaches(heavy.acked)))
  const logs = await bothLogs({ port: server.port, dataDir: folder.path }, pairs)
  const { violations } = judge(recorder, pairs, logs)
  return { violations, growth, lacking }
}

describe.skipIf(process.platform !== 'linux')('slow readers (memory is read from /proc)', () => {
  it('[CON9] [SUB4] cost no memory, hold nobody up, and miss nothing', async () => {
    const { violations, growth, lacking } = await runWithSlowReaders({})
    expect(violations).toEqual([])
    expect(Math.min(...lacking)).toBeGreaterThan(PUBLISHES / 2)
    expect(growth).toBeLessThan(ALLOWED_GROWTH)
  })

  it('[CON9] the proof fails on a server that keeps what nobody reads', async () => {
    const limits = { sendLowWaterBytes: 1e12, sendHardBytes: 1e12 }
    const { growth } = await runWithSlowReaders(limits)
    expect(growth).toBeGreaterThan(ALLOWED_GROWTH)
  })
})
