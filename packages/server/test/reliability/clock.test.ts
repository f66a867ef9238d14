/** A wall clock that jumps an hour ahead and back while people write. */
import { expect, it } from 'vitest'
import { sqliteStore } from '../../src/store/sqlite/sqlite-store.ts'
import type { Store } from '../../src/store/store.ts'
import { ManualClock, testServer } from '../../src/testing/index.ts'
import { allReachTheTail, castFor, connectAll, dismiss } from './cast.ts'
import { judge, logOverProtocol } from './final-log.ts'
import { Recorder } from './recorder.ts'
import { ADMIN_TOKEN } from './server-process.ts'
import { openPairs } from './world.ts'

const HOUR_MS = 3_600_000
const JUMPS = [1, -1, -1, 1, 2, -2, -1, 1].map((hours) => hours * HOUR_MS)

const openInMemory = () => sqliteStore({ file: ':memory:', hosting: 'inline', epoch: 'clock' })

/** Places events in time as the wall clock says, wherever it stands. */
const believingTheClock = (store: Store): Store => ({
  ...store,
  write: (async (name: 'append', data: { at: number }) => {
    const result = await store.write(name, data as never)
    return name === 'append' ? { ...result, at: data.at } : result
  }) as Store['write'],
})

const writeThroughJumps = async (store: Store) => {
  const clock = new ManualClock()
  const limits = { requestsPerSecond: 1e9, requestBurst: 1e9 }
  await using server = await testServer({ clock, store, limits, adminToken: ADMIN_TOKEN })
  const { port } = server.running
  const recorder = new Recorder()
  const pairs = await openPairs(server.url, 2)
  const cast = castFor(recorder, pairs)
  let setBack = 0
  for (const reader of cast.readers) {
    let last = 0
    reader.onEvent = ({ at }) => {
      if (at < last) setBack += 1
      last = at
    }
  }
  await connectAll(cast, port)
  for (const jump of JUMPS) {
    const writing = cast.writers.map((writer) => writer.write(30))
    await recorder.hears(40)
    clock.jump(jump)
    await Promise.all(writing)
  }
  const log = await logOverProtocol(port, pairs)
  await allReachTheTail(cast, log)
  const verdict = judge(recorder, pairs, [log])
  await dismiss(cast)
  return { verdict, setBack }
}

it('[ST7] loses nothing and sets no time of a dialog back', async () => {
  await using store = await openInMemory()
  const { verdict, setBack } = await writeThroughJumps(store)
  expect(verdict.violations).toEqual([])
  expect(verdict.counts.acked).toBe(4 * 30 * JUMPS.length)
  expect(setBack).toBe(0)
})

it('[ST7] the proof fails on a store that believes the clock', async () => {
  await using store = await openInMemory()
  const { setBack } = await writeThroughJumps(believingTheClock(store))
  expect(setBack).toBeGreaterThan(0)
})
