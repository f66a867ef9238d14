/** When an open-loop load sends, decided before it starts, so that a slow server cannot slow it. */

/** A small generator of evenly spread numbers in [0, 1), the same for the same seed. */
export const random = (seed: number): (() => number) => {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = state
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

export interface ScheduleOptions {
  readonly perSecond: number
  readonly seconds: number
  /** `poisson`: independent arrivals, bursts included. `even`: equal gaps. */
  readonly arrivals: 'poisson' | 'even'
  readonly seed: number
}

/** Milliseconds from the start, ascending. */
export const schedule = ({ perSecond, seconds, arrivals, seed }: ScheduleOptions): Float64Array => {
  const mean = 1000 / perSecond
  const dice = random(seed)
  const times: number[] = []
  const end = seconds * 1000
  let at = arrivals === 'even' ? 0 : -Math.log(1 - dice()) * mean
  while (at < end) {
    times.push(at)
    at = arrivals === 'even' ? times.length * mean : at - Math.log(1 - dice()) * mean
  }
  return Float64Array.from(times)
}
