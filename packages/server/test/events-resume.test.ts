import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { defaultLimits } from '../src/config.ts'
import { ManualClock, testServer } from '../src/testing/index.ts'
import type { TestServer } from '../src/testing/test-server.ts'
import type { Connection } from '../src/ws/connection.ts'
import {
  change,
  consumerOf,
  eventsIn,
  follow,
  isEvents,
  joining,
  managerOf,
  open,
  range,
  readTo,
  say,
  sequencesOf,
  text,
  unhurried,
} from './given.ts'

let server: TestServer
let account: string

beforeAll(async () => {
  server = await testServer({ limits: unhurried })
  account = (await server.account()).id
})
afterAll(() => server[Symbol.asyncDispose]())

describe('a subscription from a sequence on', () => {
  it('[SUB1] replays everything from there, for every start, and goes on live', async () => {
    await using ann = await consumerOf(server, account)
    const id = await open(ann)
    for (const index of range(0, 8)) await say(ann, id, `${index}`)
    for (const from of range(0, 9)) {
      await using reader = await server.consumer(account, { token: ann.token })
      await follow({ socket: reader }, id, from)
      const next = (await say(ann, id, 'live')).body.sequence
      expect(await readTo(reader, next)).toEqual(range(from, next + 1))
    }
  })

  it('[SUB1] [EV25] an empty replay is one frame without changes', async () => {
    await using ann = await consumerOf(server, account)
    const id = await open(ann)
    await follow(ann, id)
    const frames = await ann.socket.settled()
    expect(frames).toMatchObject([
      { type: 'ms.MessagingEventNotification', body: { dialogId: id, changes: [] } },
    ])
  })

  it('[SUB11] a start beyond the next sequence is refused and names it; below 0 is 0', async () => {
    await using ann = await consumerOf(server, account)
    const id = await open(ann)
    for (const index of range(0, 3)) await say(ann, id, `${index}`)
    expect(await follow(ann, id, 4)).toMatchObject({
      code: 400,
      body: 'Bad request: body.fromSeq is beyond the next sequence 3',
    })
    expect(await follow(ann, id, 3)).toMatchObject({ code: 200 })
    expect(await sequencesOf(ann)).toEqual([])
    expect(await follow(ann, id, -7)).toMatchObject({ code: 200 })
    expect(await sequencesOf(ann)).toEqual([0, 1, 2])
  })

  it('[SUB3] another one replays again and replaces the stream', async () => {
    await using ann = await consumerOf(server, account)
    const id = await open(ann)
    for (const index of range(0, 4)) await say(ann, id, `${index}`)
    await follow(ann, id, 0)
    await follow(ann, id, 2)
    await follow(ann, id, 3)
    await say(ann, id, 'once')
    expect(await sequencesOf(ann)).toEqual([0, 1, 2, 3, 2, 3, 3, 4])
  })

  it('[SUB1] [SUB2] [SUB4] any start at any moment of a burst is whole, once and in order', async () => {
    const writers = 4
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ after: fc.nat(120), back: fc.nat(40), again: fc.boolean() }), {
          minLength: 4,
          maxLength: 8,
        }),
        async (readers) => {
          await using stack = new AsyncDisposableStack()
          const ann = stack.use(await consumerOf(server, account))
          const id = await open(ann)
          const sockets = [ann.socket]
          while (sockets.length < writers)
            sockets.push(stack.use(await server.consumer(account, { token: ann.token })))
          const total = 160
          let sent = 0
          let isRaced = false
          const follower = async ({ after, back, again }: (typeof readers)[number]) => {
            const reader = stack.use(await server.consumer(account, { token: ann.token }))
            while (sent < after) await reader.request('GetClock')
            const [last] = (
              await reader.request('ms.QueryMessages', { dialogId: id, maxQuantity: 1 })
            ).body
            const from = Math.max(0, (last?.sequence ?? -1) + 1 - back)
            if (again) {
              // Cut in the middle of the stream and taken up on another connection.
              await follow({ socket: reader }, id, from)
              const seen = eventsIn(await reader.next(isEvents)).map(({ sequence }) => sequence)
              expect(seen).toEqual(range(from, from + seen.length))
              reader.socket.terminate()
              const resumed = stack.use(await server.consumer(account, { token: ann.token }))
              await follow({ socket: resumed }, id, from + seen.length)
              if (from + seen.length < total)
                expect(await readTo(resumed, total - 1)).toEqual(range(from + seen.length, total))
              return
            }
            await follow({ socket: reader }, id, from)
            if (sent < total) isRaced = true
            if (from < total) expect(await readTo(reader, total - 1)).toEqual(range(from, total))
          }
          const burst = async () => {
            while (sent < total) {
              const batch = range(sent, Math.min(total, sent + 8))
              sent += batch.length
              await Promise.all(
                batch.map((index) =>
                  say({ socket: sockets[index % writers] as typeof ann.socket }, id, `${index}`),
                ),
              )
            }
          }
          await Promise.all([burst(), ...readers.map(follower)])
          reached ||= isRaced
        },
      ),
      { numRuns: 12, seed: 20_250_917 },
    )
    expect(reached, 'a subscription began while others wrote').toBe(true)
  })
  let reached = false
})

describe('a reader that is slow', () => {
  const message = 'm'.repeat(60_000)
  const slowServer = (clock: ManualClock) => testServer({ clock, limits: unhurried })
  const unsent = (own: TestServer) =>
    [...own.services.sessions.all].map(({ outlet }) => (outlet as Connection).unsentBytes)

  it('[CON9] [SUB4] costs no memory, hinders nobody, and resumes without a gap', async () => {
    const clock = new ManualClock()
    await using own = await slowServer(clock)
    const { id: tenant } = await own.account()
    await using ann = await consumerOf(own, tenant)
    const id = await open(ann)
    await using slow = await own.consumer(tenant, { token: ann.token })
    await using quick = await own.consumer(tenant, { token: ann.token })
    await follow({ socket: slow }, id)
    await follow({ socket: quick }, id)
    slow.socket.pause()
    const count = 300
    for (const index of range(0, count)) await say(ann, id, `${index}${message}`)
    expect(await readTo(quick, count - 1)).toEqual(range(0, count))
    quick.frames.splice(0)
    const streams = [...own.services.sessions.all].map(({ outlet }) => outlet.isReady)
    expect(streams.filter((isReady) => !isReady)).toHaveLength(1)
    // 18 MB were published; what the kernel did not take must not be kept here.
    const { sendLowWaterBytes, replayBytes } = defaultLimits
    const bound = sendLowWaterBytes + replayBytes + 70_000
    expect(Math.max(...unsent(own))).toBeLessThan(bound)
    slow.socket.resume()
    const seen: number[] = []
    while (seen.length < count) {
      seen.push(...eventsIn(await slow.next(isEvents)).map(({ sequence }) => sequence))
      expect(Math.max(...unsent(own))).toBeLessThan(bound)
    }
    expect(seen).toEqual(range(0, count))
  })

  it('[CON9] that takes nothing for 60 seconds is closed with 1013, and resumes elsewhere', async () => {
    const clock = new ManualClock()
    await using own = await slowServer(clock)
    const { id: tenant } = await own.account()
    await using ann = await consumerOf(own, tenant)
    const id = await open(ann)
    await using slow = await own.consumer(tenant, { token: ann.token })
    await follow({ socket: slow }, id)
    slow.socket.pause()
    const count = 300
    for (const index of range(0, count)) await say(ann, id, `${index}${message}`)
    await clock.advance(58_000)
    await ann.socket.settled()
    expect([...own.services.sessions.all]).toHaveLength(2)
    const readyBefore = [...own.services.sessions.all].filter(({ outlet }) => outlet.isReady)
    expect(readyBefore).toHaveLength(1)
    await clock.advance(3_000)
    slow.socket.resume()
    expect(await slow.closed).toEqual({ code: 1013, reason: 'Reading too slowly' })
    const seen = slow.frames.flatMap(eventsIn).map(({ sequence }) => sequence)
    expect(seen).toEqual(range(0, seen.length))
    expect(seen.length).toBeLessThan(count)
    await using again = await own.consumer(tenant, { token: ann.token })
    await follow({ socket: again }, id, seen.length)
    expect(await readTo(again, count - 1)).toEqual(range(seen.length, count))
  })

  it('[CON9] that keeps asking is not read either: its requests wait in the network', async () => {
    const clock = new ManualClock()
    await using own = await slowServer(clock)
    const { id: tenant } = await own.account()
    await using ann = await consumerOf(own, tenant)
    const id = await open(ann)
    for (const index of range(0, 4)) await say(ann, id, `${index}${message}`)
    ann.socket.socket.pause()
    const before = own.services.store.stats()
    const asked = 150
    for (const index of range(0, asked))
      ann.socket.send({ id: `q${index}`, type: 'ms.QueryMessages', body: { dialogId: id } })
    ann.socket.send({ id: 'last', type: 'ms.PublishEvent', body: text(id, 'last') })
    await using other = await consumerOf(own, tenant)
    for (const _ of range(0, 50)) await other.socket.request('GetClock')
    expect(own.services.store.stats().eventsAppended).toBe(before.eventsAppended)
    ann.socket.socket.resume()
    for (const index of range(0, asked))
      expect((await ann.socket.next((frame) => frame.kind === 'resp')).reqId).toBe(`q${index}`)
    expect(await ann.socket.next((frame) => frame.reqId === 'last')).toMatchObject({ code: 200 })
  })

  it('[EV7] [SUB4] is not sent the chat states that it was too slow for', async () => {
    const clock = new ManualClock()
    await using own = await slowServer(clock)
    const { id: tenant } = await own.account()
    await using ann = await consumerOf(own, tenant)
    await using max = await managerOf(own, tenant)
    const id = await open(ann)
    await change(max, id, joining('ASSIGNED_AGENT'))
    await follow(max, id)
    await max.socket.settled()
    max.socket.socket.pause()
    const count = 200
    for (const index of range(0, count)) await say(ann, id, `${index}${message}`)
    const typing = { dialogId: id, event: { type: 'ChatStateEvent', chatState: 'COMPOSING' } }
    for (const _ of range(0, 50)) await ann.socket.request('ms.PublishEvent', typing)
    max.socket.socket.resume()
    const seen = await readTo(max.socket, count - 1)
    expect(seen).toEqual(range(0, count))
    await ann.socket.request('ms.PublishEvent', typing)
    expect((await max.socket.settled()).flatMap(eventsIn)).toHaveLength(1)
  })
})
