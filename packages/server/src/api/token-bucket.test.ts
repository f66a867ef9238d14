import fc from 'fast-check'
import { expect, it } from 'vitest'
import { TokenBucket } from './token-bucket.ts'

it('[LIM1] lets a burst through, then as many as time has brought', () => {
  const bucket = new TokenBucket(20, 50, 0)
  const taken = (now: number, tries: number) =>
    Array.from({ length: tries }, () => bucket.take(now)).filter(Boolean).length
  expect(taken(0, 60)).toBe(50)
  expect(taken(49, 5)).toBe(0)
  expect(taken(50, 5)).toBe(1)
  expect(taken(1_050, 100)).toBe(20)
  expect(taken(1_000_000, 100)).toBe(50)
})

it('[LIM1] never lets through more than burst and rate allow, in any window', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(200), { maxLength: 300 }), (pauses) => {
      const bucket = new TokenBucket(20, 50, 0)
      let now = 0
      const taken: number[] = []
      for (const pause of pauses) {
        now += pause
        if (bucket.take(now)) taken.push(now)
      }
      for (const [index, from] of taken.entries())
        for (const [later, until] of taken.entries())
          if (later >= index)
            expect(later - index + 1).toBeLessThanOrEqual(51 + ((until - from) / 1_000) * 20)
    }),
    { seed: 1, numRuns: 30 },
  )
})
