import { expect, it } from 'vitest'
import { bothLogs, judge } from './final-log.ts'
import { Recorder } from './recorder.ts'
import { hopAfterEverything } from './scenarios.ts'
import { ServerProcess, temporaryFolder } from './server-process.ts'
import { openPairs } from './world.ts'
import { Writer } from './writer.ts'

const HOPS = 60

it('[EV2] [SUB1] a client finds what it wrote and what it saw after every reconnect', async () => {
  await using folder = temporaryFolder()
  await using server = await ServerProcess.start({ dataDir: folder.path })
  const { verdict, wentBack } = await hopAfterEverything({ server, dataDir: folder.path }, HOPS)
  expect(wentBack).toBe(0)
  expect(verdict.violations).toEqual([])
})

it('[EV1] [CON6] orders by time over sockets, and by sending on each socket', async () => {
  await using folder = temporaryFolder()
  await using server = await ServerProcess.start({ dataDir: folder.path })
  const recorder = new Recorder()
  const pairs = await openPairs(server.url, 1)
  const { dialogId, consumer, agent } = pairs[0]!
  await using stack = new AsyncDisposableStack()
  const windows = [1, 1, 32, 32]
  const writers = [consumer, agent].flatMap((person, side) =>
    windows.map((window, at) => {
      const name = `w-${side}-${at}`
      return stack.use(new Writer({ recorder, dialogId, ...person, name, window }))
    }),
  )
  await Promise.all(writers.map((writer) => writer.connect(server.port)))
  await Promise.all(writers.map((writer) => writer.write(200)))
  const logs = await bothLogs({ port: server.port, dataDir: folder.path }, pairs)
  const verdict = judge(recorder, pairs, logs)
  expect(verdict.violations).toEqual([])
  expect(verdict.counts.acked).toBe(1600)
})
