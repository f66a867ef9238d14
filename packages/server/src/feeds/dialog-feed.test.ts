import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { memoryBus } from '../bus/memory-bus.ts'
import { subjects } from '../bus/subjects.ts'
import { dialectFor } from '../dialects/dialects.ts'
import type { Audience, DialogEvent } from '../domain/event.ts'
import type { Store } from '../store/store.ts'
import { DialogChannel } from './dialog-channel.ts'
import { DialogFeed } from './dialog-feed.ts'
import { TestOutlet } from './test-outlet.ts'

const key = { accountId: '1', dialogId: 'd' }
const subject = subjects.dialog('1', 'd')

const eventAt = (sequence: number, over: Partial<DialogEvent> = {}): DialogEvent => ({
  accountId: '1',
  conversationId: 'd',
  dialogId: 'd',
  sequence,
  previousPublic: sequence - 1,
  publisher: { id: 'ann', role: 'consumer' },
  kind: 'content',
  audience: 'all',
  eventId: `e${sequence}`,
  payload: `{"type":"ContentEvent","message":"${sequence}"}`,
  at: sequence,
  ...over,
})

/** A dialog's log whose reads take as long as `delay` says; commits are told on the bus at once. */
const given = (delay: <T>(value: T) => Promise<T> = (value) => Promise.resolve(value)) => {
  const log: DialogEvent[] = []
  const bus = memoryBus()
  const store = {
    read: (_name: string, { from, limit }: { from: number; limit: number }) =>
      delay(log.slice(from, from + limit)),
  } as unknown as Store
  const channel = new DialogChannel(key, { store, bus }, () => {})
  const commit = (over: Partial<DialogEvent> = {}) => {
    const event = eventAt(log.length, over)
    log.push(event)
    return event
  }
  const tell = (event: DialogEvent) => bus.publish(subject, { kind: 'event', event })
  const follow = (from: number, audience: Audience = 'agents') => {
    const outlet = new TestOutlet()
    const errors: unknown[] = []
    const feed = new DialogFeed({
      channel,
      outlet,
      dialect: dialectFor(audience === 'all' ? 'consumer' : 'agent', 3),
      audience,
      from,
      announcesReplay: false,
      replayBytes: 4_096,
      onError: (error) => errors.push(error),
    })
    feed.pump()
    const seen = (): number[] =>
      outlet.sent.flatMap((frame) =>
        JSON.parse(frame).body.changes.map(({ sequence }: { sequence: number }) => sequence),
      )
    return { outlet, feed, seen, errors }
  }
  return { log, bus, channel, commit, tell, follow }
}

const settled = () => new Promise<void>((resolve) => setImmediate(resolve))
const range = (from: number, before: number) =>
  Array.from({ length: Math.max(0, before - from) }, (_, index) => from + index)

describe('a feed of a dialog', () => {
  it('[SUB1] pulls page after page, then is live', async () => {
    const { commit, tell, follow } = given()
    for (const _ of range(0, 450)) commit()
    const { seen } = follow(7)
    await settled()
    tell(commit())
    expect(seen()).toEqual(range(7, 451))
  })

  it('[SUB2] what is told while a page is read comes after it, once', async () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    const { commit, tell, follow } = given(async (value) => {
      await promise
      return value
    })
    for (const _ of range(0, 3)) commit()
    const { seen } = follow(0)
    for (const _ of range(0, 4)) tell(commit())
    expect(seen()).toEqual([])
    resolve()
    await settled()
    tell(commit())
    await settled()
    expect(seen()).toEqual(range(0, 8))
  })

  it('[SUB4] an outlet that is full costs a number, and gets what it lacks when it is free', async () => {
    const { commit, tell, follow } = given()
    const { outlet, feed, seen } = follow(0)
    await settled()
    outlet.isReady = false
    for (const _ of range(0, 600)) tell(commit())
    expect(outlet.sent).toEqual([])
    expect(feed.next).toBe(0)
    outlet.isReady = true
    feed.pump()
    await settled()
    expect(seen()).toEqual(range(0, 600))
  })

  it('[CON9] [SUB4] a page is not sent further than the outlet takes it', async () => {
    const { commit, follow } = given()
    const payload = JSON.stringify({ message: 'x'.repeat(3_000) })
    for (const _ of range(0, 50)) commit({ payload })
    const { outlet, feed, seen } = follow(0)
    outlet.room = 3
    await settled()
    expect(seen()).toEqual(range(0, 3))
    while (seen().length < 50) {
      outlet.room = 4
      outlet.isReady = true
      feed.pump()
      await settled()
    }
    expect(seen()).toEqual(range(0, 50))
  })

  it('[BUS2] a hole and a gap are read from the log', async () => {
    const { bus, commit, tell, follow } = given()
    const { seen } = follow(0)
    await settled()
    tell(commit())
    commit()
    tell(commit())
    await settled()
    expect(seen()).toEqual([0, 1, 2])
    commit()
    bus.publish(subject, 'gap')
    await settled()
    expect(seen()).toEqual([0, 1, 2, 3])
  })

  it.each(range(0, 16))(
    '[SUB4] a hole that shows %d steps after the tail was read is not forgotten',
    async (steps) => {
      const { commit, tell, follow } = given()
      const { seen } = follow(0)
      for (const _ of range(0, steps)) await Promise.resolve()
      commit()
      tell(commit())
      await settled()
      expect(seen()).toEqual([0, 1])
    },
  )

  it('[EV9] what the server observes of a consumer is for agents only', async () => {
    const { bus, follow } = given()
    const [consumer, agent] = [follow(0, 'all'), follow(0)]
    await settled()
    const state = {
      accountId: '1',
      conversationId: 'd',
      dialogId: 'd',
      publisher: { id: 'ann', role: 'consumer' },
      payload: '{"type":"ChatStateEvent","chatState":"BACKGROUND"}',
      from: '',
      isForAgentsOnly: true,
    } as const
    bus.publish(subject, { kind: 'chat_state', state })
    expect(consumer.outlet.sent).toEqual([])
    expect(agent.outlet.sent).toHaveLength(1)
  })

  it('[EV8] the projection leaves private events out, on every path', async () => {
    const { commit, tell, follow } = given()
    const hidden = { audience: 'agents' } as const
    commit()
    commit(hidden)
    const { outlet, feed, seen } = follow(0, 'all')
    await settled()
    tell(commit(hidden))
    tell(commit())
    outlet.isReady = false
    tell(commit(hidden))
    tell(commit())
    outlet.isReady = true
    feed.pump()
    await settled()
    expect(seen()).toEqual([0, 3, 5])
  })

  it('[SUB13] is silent once stopped, also in the middle of a page', async () => {
    const { commit, tell, follow } = given()
    commit()
    const { feed, seen } = follow(0)
    feed.stop()
    await settled()
    tell(commit())
    expect(seen()).toEqual([])
  })

  it('[SUB4] tells of a log that cannot be read', async () => {
    const { follow } = given(() => Promise.reject(new Error('away')))
    const { errors } = follow(0)
    await settled()
    expect(errors).toHaveLength(1)
  })

  it('[SUB1] [SUB2] [BUS2] in whatever order reads, news and a full outlet come, it is whole', async () => {
    let raced = 0
    const move = fc.constantFrom('commit', 'commit', 'lose', 'gap', 'full', 'free', 'yield')
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.array(move, { minLength: 5, maxLength: 40 }),
        fc.nat(5),
        async (scheduler, moves, from) => {
          const { log, bus, commit, tell, follow } = given((value) =>
            scheduler.schedule(Promise.resolve(value)),
          )
          for (const _ of range(0, 5)) commit()
          const { outlet, feed, seen } = follow(from)
          for (const one of moves) {
            if (one === 'commit') {
              if (scheduler.count() > 0) raced += 1
              tell(commit())
            } else if (one === 'lose') commit()
            else if (one === 'gap') bus.publish(subject, 'gap')
            else if (one === 'full') outlet.isReady = false
            else if (one === 'free') {
              outlet.isReady = true
              feed.pump()
            } else if (scheduler.count() > 0) await scheduler.waitOne()
          }
          outlet.isReady = true
          feed.pump()
          bus.publish(subject, 'gap')
          do {
            if (scheduler.count() > 0) await scheduler.waitOne()
            await settled()
          } while (scheduler.count() > 0)
          expect(seen()).toEqual(range(from, log.length))
        },
      ),
      { seed: 2, numRuns: 200 },
    )
    expect(raced, 'news came while a page was read').toBeGreaterThan(50)
  })
})
