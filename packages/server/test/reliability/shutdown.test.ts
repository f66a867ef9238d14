import { expect, it } from 'vitest'
import { castFor, connectAll, dismiss } from './cast.ts'
import { bothLogs, judge, logLeftBehind } from './final-log.ts'
import { Recorder } from './recorder.ts'
import { ServerProcess, temporaryFolder } from './server-process.ts'
import { openPairs } from './world.ts'

const GOING_AWAY = 1001

it('[OPS54] [CON14] stops under load without losing what it answered, and tells its clients', async () => {
  await using folder = temporaryFolder()
  const options = { dataDir: folder.path }
  const recorder = new Recorder()
  await using server = await ServerProcess.start(options)
  const pairs = await openPairs(server.url, 2)
  const cast = castFor(recorder, pairs)
  const clients = [...cast.writers, ...cast.readers]
  await connectAll(cast, server.port)
  const writing = cast.writers.map((writer) => writer.write(Number.POSITIVE_INFINITY))
  await recorder.hears(300)
  server.kill('SIGTERM')
  expect(await server.ended).toEqual({ code: 0, signal: null })
  await Promise.all(writing)
  const codes = await Promise.all(clients.map(async ({ wire }) => (await wire.closed).code))
  expect(new Set(codes)).toEqual(new Set([GOING_AWAY]))
  expect(judge(recorder, pairs, [logLeftBehind(folder.path)]).violations).toEqual([])

  await using again = await ServerProcess.start(options)
  await connectAll(cast, again.port)
  const logs = await bothLogs({ port: again.port, dataDir: folder.path }, pairs)
  const verdict = judge(recorder, pairs, logs)
  await dismiss(cast)
  expect(verdict.violations.filter(({ rule }) => rule !== 'not-stuck')).toEqual([])
  expect(verdict.counts.indeterminate).toBe(0)
})

it('[OPS55] a second server on the same folder says so, and does not harm the first', async () => {
  await using folder = temporaryFolder()
  const options = { dataDir: folder.path }
  const recorder = new Recorder()
  await using server = await ServerProcess.start(options)
  const pairs = await openPairs(server.url, 1)
  const cast = castFor(recorder, pairs)
  await connectAll(cast, server.port)
  const writing = cast.writers.map((writer) => writer.write(400))
  await using second = await ServerProcess.begin(options)
  expect(await second.ended).toMatchObject({ code: 75 })
  expect(second.log).toContain('data folder is in use by another process')
  await Promise.all(writing)
  await Promise.all(cast.writers.map((writer) => writer.write(10)))
  const logs = await bothLogs({ port: server.port, dataDir: folder.path }, pairs)
  const verdict = judge(recorder, pairs, logs)
  await dismiss(cast)
  expect(verdict.violations.filter(({ rule }) => rule !== 'not-stuck')).toEqual([])
  expect(verdict.counts.acked).toBe(820)
})
