import { describe, expect, it } from 'vitest'
import { NewestFirst } from '../model/newest-first.ts'
import { holdOrder } from './held-order.ts'
import { rowsDrawn } from './windowed.ts'

/** What was promised has been done, and what follows from it. */
const settled = async () => {
  for (let turn = 0; turn < 5; turn += 1) await Promise.resolve()
}

const ids = (count: number) => Array.from({ length: count }, (_, index) => `${index}`)

describe('a list of ten thousand', () => {
  it('[WSP7] counts what would be taken from its place, not what stands elsewhere because of it', () => {
    const shown = ids(10_000)
    const [first = '', ...others] = shown
    expect(holdOrder(shown, [...others, first]).moved).toBe(1)
    expect(holdOrder(shown, shown.toReversed()).moved).toBe(9_999)
    const [second = '', third = '', ...rest] = others
    expect(holdOrder(shown, [third, ...rest, second, first])).toEqual({ ids: shown, moved: 2 })
    expect(holdOrder(shown, shown)).toEqual({ ids: shown, moved: 0 })
  })

  it('[WSP5] [WSP30] draws what is in view and the row to which Tab leads, with its neighbours', () => {
    expect(rowsDrawn({ from: 2, to: 5 }, 3, 10_000)).toEqual([2, 3, 4])
    expect(rowsDrawn({ from: 2, to: 5 }, 5, 10_000)).toEqual([2, 3, 4, 5, 6])
    expect(rowsDrawn({ from: 50, to: 52 }, 0, 10_000)).toEqual([0, 1, 50, 51])
    expect(rowsDrawn({ from: 0, to: 2 }, 9_999, 10_000)).toEqual([0, 1, 9_998, 9_999])
    expect(rowsDrawn({ from: 0, to: 1 }, 0, 1)).toEqual([0])
  })
})

describe('what is shown while a list flies by', () => {
  it('[WSP61] is read newest first and a few at a time, and not at all once it is far away', async () => {
    const begun: number[] = []
    const waiting: (() => void)[] = []
    const reads = new NewestFirst<number>((key) => {
      begun.push(key)
      return new Promise((resolve) => waiting.push(resolve))
    })
    for (let key = 0; key < 1_000; key += 1) reads.want(key)
    await Promise.resolve()
    expect(begun).toEqual([999, 998, 997, 996])
    reads.want(5)
    for (const done of waiting.splice(0)) done()
    await settled()
    expect(begun.slice(4)).toEqual([5, 995, 994, 993])
    while (waiting.length > 0) {
      for (const done of waiting.splice(0)) done()
      await settled()
    }
    expect(begun.length).toBeLessThan(100)
    expect(Math.min(...begun.filter((key) => key !== 5))).toBeGreaterThan(900)
  })
})
