/** What every bus keeps, whatever carries it: run by each adapter's tests. */
import { describe, expect, it } from 'vitest'
import type { Bus } from './bus.ts'

export interface BusWorld extends AsyncDisposable {
  /** Two nodes' views of one bus; the same one twice where there is only one node. */
  readonly nodes: readonly [Bus, Bus]
  /** Resolves when everything that was published has arrived or was lost. */
  settled(): Promise<void>
  /** Makes the second node miss what is published while `during` runs; absent: it loses nothing. */
  readonly interrupt?: (during: () => void) => Promise<void>
}

interface News {
  readonly from: string
  readonly number: number
}

const COUNT = 500
const numbers = Array.from({ length: COUNT }, (_, index) => index)

/** Collects what a listener hears. */
const listen = (bus: Bus, subject: string) => {
  const heard: (News | 'gap')[] = []
  const listening = bus.listen<News>(subject, (news) => heard.push(news))
  return {
    heard,
    numbersFrom: (from: string) =>
      heard.flatMap((news) => (news !== 'gap' && news.from === from ? [news.number] : [])),
    [Symbol.dispose]: () => listening[Symbol.dispose](),
  }
}

const isRising = (list: readonly number[]): boolean =>
  list.every((number, index) => index === 0 || number > (list[index - 1] as number))

const losesOpenly = (openWorld: () => Promise<BusWorld>): void => {
  it('[BUS2] after a possible loss the listener is told of a gap', async () => {
    await using world = await openWorld()
    const [one, other] = world.nodes
    using listener = listen(other, 's')
    await world.settled()
    one.publish('s', { from: 'one', number: 1 })
    await world.settled()
    await world.interrupt?.(() => one.publish('s', { from: 'one', number: 2 }))
    one.publish('s', { from: 'one', number: 3 })
    await world.settled()
    expect(listener.heard).toContain('gap')
    expect(isRising(listener.numbersFrom('one'))).toBe(true)
  })
}

export const busContract = (
  name: string,
  openWorld: () => Promise<BusWorld>,
  { canLose }: { readonly canLose: boolean },
): void => {
  describe(`the bus of ${name}`, () => {
    it('[BUS1] brings news to every listener of the subject, on every node, and to no other', async () => {
      await using world = await openWorld()
      const [one, other] = world.nodes
      using here = listen(one, 'a.1.d.x')
      using twice = listen(one, 'a.1.d.x')
      using there = listen(other, 'a.1.d.x')
      using elsewhere = listen(other, 'a.1.d.xy')
      using broad = listen(other, 'a.1.d')
      await world.settled()
      one.publish('a.1.d.x', { from: 'one', number: 1 })
      await world.settled()
      const news = [{ from: 'one', number: 1 }]
      expect([here.heard, twice.heard, there.heard]).toEqual([news, news, news])
      expect([elsewhere.heard, broad.heard]).toEqual([[], []])
    })

    it('[BUS1] arrives at most once and in the order of its publisher', async () => {
      await using world = await openWorld()
      const [one, other] = world.nodes
      using listener = listen(other, 'busy')
      await world.settled()
      for (const number of numbers) {
        one.publish('busy', { from: 'one', number })
        other.publish('busy', { from: 'other', number })
      }
      await world.settled()
      for (const from of ['one', 'other']) {
        expect(listener.numbersFrom(from).length).toBeGreaterThan(0)
        expect(isRising(listener.numbersFrom(from))).toBe(true)
      }
    })

    it('[BUS1] is heard on the publishing node before publish returns', async () => {
      await using world = await openWorld()
      const [one] = world.nodes
      using listener = listen(one, 'now')
      one.publish('now', { from: 'one', number: 1 })
      expect(listener.heard).toHaveLength(1)
    })

    it('[BUS1] stops with its listener, also when that stops while listening', async () => {
      await using world = await openWorld()
      const [one] = world.nodes
      const heard: string[] = []
      const first = one.listen('s', () => {
        heard.push('first')
        first[Symbol.dispose]()
      })
      using _ = one.listen('s', () => heard.push('second'))
      for (const number of [1, 2]) one.publish('s', { from: 'one', number })
      first[Symbol.dispose]()
      await world.settled()
      expect(heard).toEqual(['first', 'second', 'second'])
    })

    it('[BUS1] a listener may begin another one and publish while it hears', async () => {
      await using world = await openWorld()
      const [one] = world.nodes
      const heard: string[] = []
      using stack = new DisposableStack()
      stack.use(
        one.listen<News>('s', (news) => {
          heard.push(`s${news === 'gap' ? news : news.number}`)
          stack.use(one.listen('t', () => heard.push('t')))
          if (news !== 'gap') one.publish('t', { from: 'one', number: news.number })
        }),
      )
      one.publish('s', { from: 'one', number: 1 })
      await world.settled()
      expect(heard).toEqual(['s1', 't'])
    })

    it('[BUS1] without listeners nothing happens', async () => {
      await using world = await openWorld()
      world.nodes[0].publish('nobody', { from: 'one', number: 1 })
      await world.settled()
      using late = listen(world.nodes[1], 'nobody')
      await world.settled()
      expect(late.heard).toEqual([])
    })

    if (canLose) losesOpenly(openWorld)
  })
}
