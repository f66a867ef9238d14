/** What the server holds for one reader that does not read, to the byte, and how it ends. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { Socket } from 'node:net'
import { expect, it } from 'vitest'
import { defaultLimits } from '../../src/config.ts'
import { ManualClock, testServer } from '../../src/testing/index.ts'
import { judge, logOverProtocol } from './final-log.ts'
import { Reader } from './reader.ts'
import { Recorder } from './recorder.ts'
import { ADMIN_TOKEN } from './server-process.ts'
import { openPairs } from './world.ts'
import { Writer } from './writer.ts'

const TRY_AGAIN_LATER = 1013
const TEXT_BYTES = 60_000
const PUBLISHES = 400
/** Envelopes of the events in one replay frame. */
const ENVELOPES = 8 * 1024

/** The server's ends of all sockets that are opened from now on in this process. */
const serverSockets = (): { sockets: Socket[] } & Disposable => {
  const sockets: Socket[] = []
  const note = (message: unknown) => {
    sockets.push((message as { socket: Socket }).socket)
  }
  subscribe('net.server.socket', note)
  return { sockets, [Symbol.dispose]: () => void unsubscribe('net.server.socket', note) }
}

const setUp = async (limits: { sendLowWaterBytes?: number; sendHardBytes?: number }) => {
  await using stack = new AsyncDisposableStack()
  const { sockets } = stack.use(serverSockets())
  const clock = new ManualClock()
  const unlimited = { requestsPerSecond: 1e9, requestBurst: 1e9 }
  const server = stack.use(
    await testServer({ clock, adminToken: ADMIN_TOKEN, limits: { ...unlimited, ...limits } }),
  )
  const { port } = server.running
  const pairs = await openPairs(server.url, 1)
  const { dialogId, agent, consumer } = pairs[0]!
  const recorder = new Recorder()
  const shared = { recorder, dialogId }
  const writer = stack.use(
    new Writer({ ...shared, ...agent, name: 'agent', window: 8, padding: TEXT_BYTES }),
  )
  const slow = stack.use(new Reader({ ...shared, ...consumer, name: 'slow' }))
  await writer.connect(port)
  await writer.write(PUBLISHES)
  await slow.connect(port, 0)
  slow.wire.socket.pause()
  let most = 0
  /** Until the server has more for the slow one than the system takes. */
  const fill = async (enough: number): Promise<number> => {
    for (let turn = 0; turn < 1_000 && most <= enough; turn += 1) {
      await writer.wire.ask('GetClock', {})
      most = Math.max(most, ...sockets.map(({ writableLength }) => writableLength))
    }
    await writer.write(20)
    return Math.max(most, ...sockets.map(({ writableLength }) => writableLength))
  }
  return { fill, slow, writer, port, clock, pairs, recorder, parts: stack.move() }
}

it('[CON9] holds no more for a slow reader than a frame above the low water mark, then closes', async () => {
  const { fill, slow, writer, port, clock, pairs, recorder, parts } = await setUp({})
  await using _ = parts
  const { sendLowWaterBytes, replayBytes, slowReaderMs } = defaultLimits
  const most = await fill(sendLowWaterBytes)
  expect(most).toBeGreaterThan(sendLowWaterBytes)
  expect(most).toBeLessThan(sendLowWaterBytes + replayBytes + ENVELOPES)

  await clock.advance(slowReaderMs + 2_000)
  slow.wire.socket.resume()
  expect((await slow.wire.closed).code).toBe(TRY_AGAIN_LATER)
  expect(slow.next).toBeLessThanOrEqual(writer.acked)
  await slow.connect(port)
  await slow.reaches(writer.acked)
  const log = await logOverProtocol(port, pairs)
  expect(judge(recorder, pairs, [log]).violations).toEqual([])
})

it('[CON9] the proof fails on a server without a low water mark', async () => {
  const { fill, parts } = await setUp({ sendLowWaterBytes: 1e12, sendHardBytes: 1e12 })
  await using _ = parts
  const { sendLowWaterBytes, replayBytes } = defaultLimits
  const bound = sendLowWaterBytes + replayBytes + ENVELOPES
  expect(await fill(bound)).toBeGreaterThan(bound)
})
