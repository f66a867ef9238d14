import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ChangeType } from './conflating-feed.ts'
import { ConflatingFeed } from './conflating-feed.ts'
import { TestOutlet } from './test-outlet.ts'

interface Thing {
  readonly id: string
  readonly value: number
}
type Change = readonly [ChangeType, string, number]

const given = (frameBytes = 1_000) => {
  const outlet = new TestOutlet()
  const sent: Change[] = []
  const feed = new ConflatingFeed<Thing>({
    id: 's',
    outlet,
    encodeChange: ({ type, value }) => JSON.stringify([type, value.id, value.value]),
    encodeFrame: (changes) => `[${changes.join(',')}]`,
    frameBytes,
    onSent: (type, { id, value }) => sent.push([type, id, value]),
  })
  const upsert = (id: string, value: number, isNew = false) =>
    feed.offer(id, 'UPSERT', { value: { id, value }, isNew })
  const remove = (id: string, value: number) =>
    feed.offer(id, 'DELETE', { value: { id, value }, isNew: false })
  const frames = (): Change[][] => outlet.sent.map((frame) => JSON.parse(frame))
  return { outlet, feed, sent, upsert, remove, frames }
}
const of = (id: string, value: number) => ({ id, value: { id, value } })

describe('a conflating feed', () => {
  it('[SUB5] sends its snapshot at once, an empty one too, and then every change', () => {
    const { feed, upsert, frames } = given()
    feed.open([])
    expect(frames()).toEqual([[]])
    upsert('a', 1, true)
    upsert('a', 2)
    expect(frames().slice(1)).toEqual([[['UPSERT', 'a', 1]], [['UPSERT', 'a', 2]]])
  })

  it('[SUB5] changes heard while the snapshot is read are newer than it', () => {
    const { feed, upsert, frames } = given()
    upsert('a', 2)
    feed.open([of('a', 1), of('b', 1)])
    expect(frames()).toEqual([
      [
        ['UPSERT', 'a', 2],
        ['UPSERT', 'b', 1],
      ],
    ])
  })

  it('[SUB5] [SUB8] sends each part of its snapshot, and between them what changes', () => {
    const { feed, upsert, remove, frames } = given()
    feed.open([of('a', 1), of('b', 1)], { isLast: false })
    upsert('c', 2)
    remove('d', 2)
    remove('b', 2)
    upsert('a', 2)
    feed.open([of('c', 1), of('d', 1), of('b', 1), of('e', 1)])
    remove('e', 2)
    expect(frames().flat()).toEqual([
      ['UPSERT', 'a', 1],
      ['UPSERT', 'b', 1],
      ['UPSERT', 'c', 2],
      ['DELETE', 'b', 2],
      ['UPSERT', 'a', 2],
      ['UPSERT', 'e', 1],
      ['DELETE', 'e', 2],
    ])
  })

  it('[SUB5] says that the list is empty when all of it was read', () => {
    const { feed, frames } = given()
    feed.open([], { isLast: false })
    expect(frames()).toEqual([])
    feed.open([])
    expect(frames()).toEqual([[]])
  })

  it('[SUB8] what goes while the snapshot is read was never there', () => {
    const { feed, remove, frames } = given()
    remove('a', 2)
    feed.open([of('a', 1)])
    expect(frames()).toEqual([[]])
  })

  it('[SUB6] keeps one newest value of each while the outlet is full', () => {
    const { outlet, feed, upsert, remove, frames } = given()
    feed.open([of('a', 1), of('b', 1)])
    outlet.isReady = false
    for (let value = 2; value < 50; value += 1) upsert('a', value)
    remove('b', 9)
    upsert('c', 1, true)
    remove('c', 2)
    expect(frames()).toHaveLength(1)
    outlet.isReady = true
    feed.pump()
    expect(frames()[1]).toEqual([
      ['UPSERT', 'a', 49],
      ['DELETE', 'b', 9],
    ])
  })

  it('[SUB5] cuts a large snapshot into frames and sends no more than the outlet takes', () => {
    const { outlet, feed, frames } = given(20)
    outlet.room = 2
    feed.open(Array.from({ length: 6 }, (_, index) => of(`${index}`, index)))
    expect(frames().map((frame) => frame.length)).toEqual([2, 2])
    outlet.room = 9
    outlet.isReady = true
    feed.pump()
    expect(frames().flat()).toHaveLength(6)
  })

  it('[SUB13] says nothing after it was stopped', () => {
    const { feed, upsert, frames } = given()
    feed.open([])
    feed.stop()
    upsert('a', 1, true)
    feed.pump()
    expect(frames()).toEqual([[]])
  })

  it('[SUB6] [SUB8] whatever happens, the reader ends with what is there, and no DELETE surprises it', () => {
    const move = fc.oneof(
      fc.record({ kind: fc.constant('set' as const), id: fc.constantFrom('a', 'b', 'c') }),
      fc.record({ kind: fc.constant('remove' as const), id: fc.constantFrom('a', 'b', 'c') }),
      fc.record({ kind: fc.constantFrom('full' as const, 'free' as const), id: fc.constant('') }),
    )
    fc.assert(
      fc.property(fc.array(move, { maxLength: 40 }), fc.nat(10), (moves, openAt) => {
        const { outlet, feed, upsert, remove, frames } = given()
        const truth = new Map<string, number>([['a', 0]])
        const play = ({ kind, id }: (typeof moves)[number], value: number) => {
          if (kind === 'set') {
            const isNew = !truth.has(id)
            truth.set(id, value)
            upsert(id, value, isNew)
          } else if (kind === 'remove' && truth.delete(id)) remove(id, value)
          else if (kind === 'full') outlet.isReady = false
          else if (kind === 'free') {
            outlet.isReady = true
            feed.pump()
          }
        }
        const early = [...truth]
        for (const [index, one] of moves.slice(0, openAt).entries()) play(one, index + 1)
        feed.open(early.map(([id, value]) => of(id, value)))
        for (const [index, one] of moves.slice(openAt).entries()) play(one, 100 + index)
        outlet.isReady = true
        feed.pump()
        const picture = new Map<string, number>()
        for (const [type, id, value] of frames().flat())
          if (type === 'UPSERT') picture.set(id, value)
          else expect(picture.delete(id)).toBe(true)
        expect(new Map([...picture].toSorted())).toEqual(new Map([...truth].toSorted()))
      }),
      { seed: 6 },
    )
  })
})
