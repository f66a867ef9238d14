/** That no answer and no notification leaves before the disk has what it tells, seen from outside. */
import { readFileSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { DATABASE_FILE } from '../../src/store/open-store.ts'
import type { FinalLog } from '../../src/testing/history.ts'
import { allReachTheTail, castFor, connectAll, dismiss } from './cast.ts'
import { bothLogs, judge, logLeftBehind } from './final-log.ts'
import { Recorder } from './recorder.ts'
import { type ProcessOptions, ServerProcess, temporaryFolder } from './server-process.ts'
import { readTrace, tracer, tracingProblem } from './system-calls.ts'
import { openPairs } from './world.ts'

const PUBLISHES_EACH = 150
const FATAL_EXIT = 70

const problem = tracingProblem()
const name = problem === undefined ? 'traced' : `traced: skipped, ${problem}`

const markersOf = (log: FinalLog): ReadonlyMap<string, number> => {
  const [events = []] = [...log.dialogs.values()]
  return new Map(events.map(({ body, sequence }) => [/^<[^>]+>/.exec(body)![0], sequence]))
}

/** Some load on one dialog, under the tracer, to its end. */
const traceLoad = async (options: Pick<ProcessOptions, 'preload'>) => {
  await using folder = temporaryFolder()
  const dataDir = join(folder.path, 'data')
  const traceFile = join(folder.path, 'trace')
  await using server = await ServerProcess.start({ ...options, dataDir, under: tracer(traceFile) })
  const recorder = new Recorder()
  const pairs = await openPairs(server.url, 1)
  const cast = castFor(recorder, pairs)
  await connectAll(cast, server.port)
  await Promise.all(cast.writers.map((writer) => writer.write(PUBLISHES_EACH)))
  const logs = await bothLogs({ port: server.port, dataDir }, pairs)
  await allReachTheTail(cast, logs[0])
  const verdict = judge(recorder, pairs, logs)
  await dismiss(cast)
  server.kill('SIGTERM')
  await server.ended
  const trace = readTrace(readFileSync(traceFile, 'utf8'), markersOf(logs[0]))
  return { verdict, trace }
}

describe.skipIf(problem !== undefined)(name, () => {
  it('[EV1] [OPS51] no answer and no notification comes before its sync', async () => {
    const { verdict, trace } = await traceLoad({})
    expect(verdict.violations).toEqual([])
    expect(trace.violations).toEqual([])
    expect(trace.answers).toBeGreaterThanOrEqual(2 * PUBLISHES_EACH)
    expect(trace.notifications).toBeGreaterThanOrEqual(2 * PUBLISHES_EACH)
    expect(trace.syncs).toBeGreaterThan(10)
  })

  it('[OPS51] the proof fails on a store that leaves syncing to the system', async () => {
    const preload = [fileURLToPath(new URL('./without-sync.mjs', import.meta.url))]
    const { verdict, trace } = await traceLoad({ preload })
    expect(verdict.violations).toEqual([])
    expect(trace.violations.length).toBeGreaterThan(PUBLISHES_EACH)
  })

  it('[OPS52] a failed sync ends the process, answers nothing more, and loses nothing', async () => {
    await using folder = temporaryFolder()
    const dataDir = join(folder.path, 'data')
    const traceFile = join(folder.path, 'trace')
    const recorder = new Recorder()
    const first = await ServerProcess.start({ dataDir })
    const pairs = await openPairs(first.url, 1)
    await first[Symbol.asyncDispose]()
    const cast = castFor(recorder, pairs)
    const inject = ['-e', 'inject=fsync,fdatasync:error=EIO:when=20+']
    const failing = await ServerProcess.start({ dataDir, under: tracer(traceFile, inject) })
    await connectAll(cast, failing.port)
    await Promise.all(cast.writers.map((writer) => writer.write(Number.POSITIVE_INFINITY)))
    expect(await failing.ended).toEqual({ code: FATAL_EXIT, signal: null })
    expect(failing.log).toContain('fatal: The disk failed')
    await Promise.all([...cast.writers, ...cast.readers].map(({ wire }) => wire.closed))

    const left = logLeftBehind(dataDir)
    expect(judge(recorder, pairs, [left]).violations).toEqual([])
    const trace = readTrace(readFileSync(traceFile, 'utf8'), markersOf(left))
    expect(trace.violations).toEqual([])
    expect(trace.failedSyncs).toBeGreaterThan(0)
    expect(trace.answers).toBeGreaterThan(20)

    await using again = await ServerProcess.start({ dataDir })
    await connectAll(cast, again.port)
    const logs = await bothLogs({ port: again.port, dataDir }, pairs)
    await allReachTheTail(cast, logs[0])
    const verdict = judge(recorder, pairs, logs)
    await dismiss(cast)
    expect(verdict.violations).toEqual([])
    expect(verdict.counts.indeterminate).toBe(0)
  })

  it('[OPS52] so does a failed sync of the database, to which the log is moved', async () => {
    await using folder = temporaryFolder()
    const dataDir = join(folder.path, 'data')
    const recorder = new Recorder()
    const first = await ServerProcess.start({ dataDir })
    const pairs = await openPairs(first.url, 1)
    await first[Symbol.asyncDispose]()
    const cast = castFor(recorder, pairs, { padding: 60_000 })
    const file = realpathSync(join(dataDir, DATABASE_FILE))
    const inject = ['-P', file, '-e', 'inject=fsync,fdatasync:error=EIO']
    const under = tracer(join(folder.path, 'trace'), inject)
    await using failing = await ServerProcess.start({ dataDir, under })
    await connectAll(cast, failing.port)
    // Far more than starts a move, since on a busy machine the move ends long after it was begun.
    await Promise.all(cast.writers.map((writer) => writer.write(10_000)))
    expect(cast.writers.map(({ wire }) => wire.isClosed)).toEqual([true, true])
    expect(await failing.ended).toEqual({ code: FATAL_EXIT, signal: null })
    expect(failing.log).toContain('fatal: The disk failed')
    expect(judge(recorder, pairs, [logLeftBehind(dataDir)]).violations).toEqual([])
    await dismiss(cast)
  })
})
