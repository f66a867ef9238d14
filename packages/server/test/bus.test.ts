import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Bus, Hear } from '../src/bus/bus.ts'
import { memoryBus } from '../src/bus/memory-bus.ts'
import type { DialogNews } from '../src/bus/subjects.ts'
import { testServer } from '../src/testing/index.ts'
import {
  change,
  consumerOf,
  follow,
  joining,
  managerOf,
  open,
  range,
  readTo,
  say,
  sequencesOf,
  unhurried,
} from './given.ts'

type Mishap = 'none' | 'lost' | 'doubled' | 'late'

/** A bus whose news of events is lost, doubled or overtaken as it is told. */
class UnreliableBus implements Bus {
  readonly #bus = memoryBus()
  readonly #mishaps: Mishap[] = []
  readonly #hearers = new Set<Hear<never>>()
  #late: (() => void)[] = []
  happened = 0

  plan(mishaps: readonly Mishap[]): void {
    this.#mishaps.splice(0, Number.POSITIVE_INFINITY, ...mishaps)
  }

  publish(subject: string, news: unknown): void {
    const pass = () => this.#bus.publish(subject, news)
    const isEvent = (news as DialogNews).kind === 'event'
    const mishap = isEvent ? (this.#mishaps.shift() ?? 'none') : 'none'
    if (mishap !== 'none') this.happened += 1
    if (mishap === 'late') {
      this.#late.push(pass)
      return
    }
    if (mishap !== 'lost') pass()
    if (mishap === 'doubled') pass()
    for (const late of this.#late.splice(0)) late()
  }

  listen<News>(subject: string, hear: Hear<News>): Disposable {
    const listening = this.#bus.listen(subject, hear)
    this.#hearers.add(hear as Hear<never>)
    return {
      [Symbol.dispose]: () => {
        this.#hearers.delete(hear as Hear<never>)
        listening[Symbol.dispose]()
      },
    }
  }

  /** What a real bus says after it was away. */
  reconnect(): void {
    this.#late = []
    for (const hear of this.#hearers) hear('gap')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#bus[Symbol.asyncDispose]()
  }
}

const mishap = fc.constantFrom<Mishap>('none', 'none', 'lost', 'doubled', 'late')

it('[BUS2] [SUB4] lost, doubled and overtaken news never shows to a reader', async () => {
  await using bus = new UnreliableBus()
  await using server = await testServer({ bus, limits: unhurried })
  const { id: account } = await server.account()
  await fc.assert(
    fc.asyncProperty(fc.array(mishap, { minLength: 10, maxLength: 40 }), async (mishaps) => {
      await using ann = await consumerOf(server, account)
      await using max = await managerOf(server, account)
      const id = await open(ann)
      await change(max, id, joining('ASSIGNED_AGENT'))
      await follow(ann, id)
      await ann.socket.settled()
      bus.plan(mishaps)
      for (const index of range(0, mishaps.length)) await say(ann, id, `${index}`)
      bus.plan([])
      bus.reconnect()
      const last = (await say(ann, id, 'last')).body.sequence
      expect(await readTo(ann.socket, last)).toEqual(range(0, last + 1))
      expect(await readTo(max.socket, last)).toEqual(range(0, last + 1))
      expect(await sequencesOf(ann)).toEqual([])
      expect(await sequencesOf(max)).toEqual([])
    }),
    { numRuns: 25, seed: 9_001 },
  )
  expect(bus.happened).toBeGreaterThan(100)
})
