import { describe, expect, it } from 'vitest'
import { median, percentile, spread } from './percentile.ts'
import { random, schedule } from './schedule.ts'

describe('percentiles', () => {
  it.each([
    [[1], 0.99, 1],
    [[1, 2, 3, 4], 0.5, 2],
    [[1, 2, 3, 4], 0.51, 3],
    [[1, 2, 3, 4], 1, 4],
    [[1, 2, 3, 4], 0, 1],
  ])('of %j at %d is %d', (sorted, share, expected) => {
    expect(percentile(sorted, share)).toBe(expected)
  })

  it('of nothing is not a number', () => {
    expect(percentile([], 0.5)).toBeNaN()
  })

  it('do not depend on the order of the values', () => {
    const values = Array.from({ length: 1000 }, (_, i) => (i * 7919) % 1000)
    expect(spread(values)).toEqual({ p50: 499, p99: 989, p999: 998, max: 999, count: 1000 })
  })

  it('give the middle of a few runs', () => {
    expect(median([9, 1, 5])).toBe(5)
    expect(median([4, 1, 2, 3])).toBe(2.5)
  })
})

describe('the schedule', () => {
  const options = { perSecond: 500, seconds: 20, arrivals: 'poisson', seed: 1 } as const

  it('keeps equal gaps when asked to', () => {
    const times = schedule({ ...options, perSecond: 4, seconds: 1, arrivals: 'even' })
    expect([...times]).toEqual([0, 250, 500, 750])
  })

  it('has the rate it was given and ends in time', () => {
    const times = schedule(options)
    expect(times.length).toBeGreaterThan(9_700)
    expect(times.length).toBeLessThan(10_300)
    expect(times.at(-1)).toBeLessThan(20_000)
  })

  it('ascends, with gaps as uneven as independent arrivals have them', () => {
    const times = schedule(options)
    const gaps = [...times.subarray(1)].map((time, i) => time - (times[i] as number))
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(0)
    const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length
    const deviation = Math.sqrt(gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length)
    expect(deviation / mean).toBeCloseTo(1, 1)
  })

  it('is the same for the same seed and another for another', () => {
    expect(schedule(options)).toEqual(schedule(options))
    expect(schedule({ ...options, seed: 2 })).not.toEqual(schedule(options))
  })

  it('draws from dice that are fair enough', () => {
    const dice = random(7)
    const sum = Array.from({ length: 10_000 }, dice).reduce((total, value) => total + value, 0)
    expect(sum / 10_000).toBeCloseTo(0.5, 1)
  })
})
