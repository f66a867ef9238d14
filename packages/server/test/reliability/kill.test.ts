import { statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { DATABASE_FILE } from '../../src/store/open-store.ts'
import { allReachTheTail, castFor, connectAll, dismiss } from './cast.ts'
import { dice } from './dice.ts'
import { bothLogs, judge, logLeftBehind } from './final-log.ts'
import { Recorder } from './recorder.ts'
import { ServerProcess, temporaryFolder } from './server-process.ts'
import { openPairs } from './world.ts'

const ROUNDS = 50
const PAIRS = 4
const MEGABYTE = 1024 * 1024
/** A kill comes after so many answers and events of a round, at most. */
const LATEST_KILL = 400

it('[OPS50] keeps every promise through fifty kills under load', async () => {
  await using folder = temporaryFolder()
  await using stack = new AsyncDisposableStack()
  const options = { dataDir: folder.path }
  const roll = dice('kill')
  const recorder = new Recorder()
  let server = stack.use(await ServerProcess.start(options))
  const pairs = await openPairs(server.url, PAIRS)
  const cast = castFor(recorder, pairs, { padding: 2000 })
  const { writers, readers } = cast
  let unanswered = 0
  for (let round = 0; round < ROUNDS; round += 1) {
    await connectAll(cast, server.port)
    const standby = stack.use(await ServerProcess.standby(options))
    const writing = writers.map((writer) => writer.write(Number.POSITIVE_INFINITY))
    await recorder.hears(roll(LATEST_KILL))
    server.kill('SIGKILL')
    expect(await server.ended).toMatchObject({ signal: 'SIGKILL' })
    await Promise.all(writing)
    await Promise.all([...writers, ...readers].map(({ wire }) => wire.closed))
    unanswered += writers.reduce((sum, { unsettled }) => sum + unsettled, 0)
    // Now, since a retry could put what was lost where it had been.
    const left = judge(recorder, pairs, [logLeftBehind(folder.path)])
    expect(left.violations, `after kill ${round}`).toEqual([])
    server = await standby.ready()
  }
  await connectAll(cast, server.port)
  const logs = await bothLogs({ port: server.port, dataDir: folder.path }, pairs)
  await allReachTheTail(cast, logs[0])
  const verdict = judge(recorder, pairs, logs)
  await dismiss(cast)
  expect(verdict.violations).toEqual([])
  // What was cut off had been written in part, so that retries met both cases.
  expect(unanswered).toBeGreaterThan(ROUNDS)
  expect(verdict.counts.acked).toBeGreaterThan(ROUNDS * PAIRS)
  // The write-ahead log was moved into the database between and during kills.
  expect(statSync(join(folder.path, DATABASE_FILE)).size).toBeGreaterThan(MEGABYTE)
}, 240_000)
