/** A disk that fills up under load and is freed again, with the server running all the time. */
import { spawnSync } from 'node:child_process'
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { allReachTheTail, castFor, connectAll, dismiss } from './cast.ts'
import { bothLogs, judge, logInFile, logLeftBehind } from './final-log.ts'
import { Reader } from './reader.ts'
import { Recorder } from './recorder.ts'
import { ServerProcess, temporaryFolder } from './server-process.ts'
import { Wire } from './wire.ts'
import { openPairs, type Pair, signUp } from './world.ts'

const SIZE = '24m'
const UNAVAILABLE = 503

/** A small disk of its own at this path, until it is disposed; text: why there can be none. */
const smallDisk = (path: string): Disposable | string => {
  mkdirSync(path, { recursive: true })
  const { status, error, stderr } = spawnSync('mount', [
    ...['-t', 'tmpfs', '-o', `size=${SIZE}`, 'ringdown-test', path],
  ])
  if (error || status !== 0)
    return `no small disk can be mounted: ${error ?? String(stderr).trim()}`
  return { [Symbol.dispose]: () => void spawnSync('umount', ['-l', path]) }
}

const findProblem = async (): Promise<string | undefined> => {
  await using folder = temporaryFolder()
  const disk = smallDisk(folder.path)
  if (typeof disk === 'string') return disk
  disk[Symbol.dispose]()
  return undefined
}

/** Takes all that is left. */
const fill = (file: string): void => {
  const descriptor = openSync(file, 'w')
  for (let size = 1024 * 1024; size >= 1; size = Math.floor(size / 2))
    try {
      for (;;) if (writeSync(descriptor, Buffer.alloc(size, 1)) < size) break
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
    }
  closeSync(descriptor)
}

const readiness = async (url: string): Promise<{ status: number; ms: number }> => {
  const before = performance.now()
  const { status } = await fetch(`${url}/readyz`)
  return { status, ms: performance.now() - before }
}

const problem = await findProblem()

describe.skipIf(problem !== undefined)(
  `a full disk${problem ? `: skipped, ${problem}` : ''}`,
  () => {
    it('[OPS53] [NAM10] refuses writes, keeps reading, loses nothing, and recovers by itself', async () => {
      await using folder = temporaryFolder()
      const disk = smallDisk(folder.path)
      if (typeof disk === 'string') throw new Error(disk)
      // A test that was given up does not reach its end.
      onTestFinished(() => disk[Symbol.dispose]())
      using _ = disk
      const dataDir = join(folder.path, 'data')
      const ballast = join(folder.path, 'ballast')
      await using server = await ServerProcess.start({ dataDir })
      const recorder = new Recorder()
      const pairs = await openPairs(server.url, 2)
      const cast = castFor(recorder, pairs, { padding: 4000, window: 4 })
      const { writers } = cast
      await connectAll(cast, server.port)
      await Promise.all(writers.map((writer) => writer.write(50)))
      expect((await readiness(server.url)).status).toBe(200)

      fill(ballast)
      // The log has some room left in pages that it uses again.
      for (const writer of writers) while (!writer.codes.has(UNAVAILABLE)) await writer.write(10)
      const whenFull = await readiness(server.url)
      expect(whenFull.status).toBe(UNAVAILABLE)
      expect(whenFull.ms).toBeLessThan(2_000)
      expect((await fetch(`${server.url}/livez`)).status).toBe(200)
      expect(server.log).toContain('The store takes no writes: The disk is full')
      await expect(signUp(server.url)).rejects.toThrow('503')
      const acked = Math.max(...writers.slice(0, 2).map((writer) => writer.acked))
      await readsStillWork(server, pairs[0]!, acked)
      const full = judge(recorder, pairs, [logInFile(dataDir)])
      expect(full.violations.filter(({ rule }) => rule !== 'not-stuck')).toEqual([])

      rmSync(ballast)
      const before = performance.now()
      for (const writer of writers) {
        writer.codes.clear()
        await writer.write(50)
        expect([...writer.codes]).toEqual([[200, 50]])
      }
      expect(performance.now() - before).toBeLessThan(10_000)
      expect((await readiness(server.url)).status).toBe(200)
      expect(server.log.split('The store takes no writes')).toHaveLength(2)
      expect(server.log.split('The store takes writes again')).toHaveLength(2)
      const logs = await bothLogs({ port: server.port, dataDir }, pairs)
      await allReachTheTail(cast, logs[0])
      const verdict = judge(recorder, pairs, logs)
      expect(verdict.violations).toEqual([])
      expect(verdict.counts.indeterminate).toBeGreaterThan(0)
      // What was refused was undone, not only left unanswered.
      expect(verdict.counts.logged).toBe(verdict.counts.acked)
      await dismiss(cast)
      server.kill('SIGKILL')
      await server.ended
      expect(judge(recorder, pairs, [logLeftBehind(dataDir)]).violations).toEqual([])
    })
  },
)

/** New sockets included. */
const readsStillWork = async (
  server: ServerProcess,
  { dialogId, agent }: Pair,
  acked: number,
): Promise<void> => {
  await using wire = await Wire.open(server.port, agent.door)
  const answer = await wire.ask('ms.QueryMessages', { dialogId, newerThanSequence: acked })
  expect(answer?.code).toBe(200)
  expect(answer?.body[0].sequence).toBe(acked)
  await using reader = new Reader({ recorder: new Recorder(), name: 'late', dialogId, ...agent })
  await reader.connect(server.port, 0)
  await reader.reaches(acked)
}
