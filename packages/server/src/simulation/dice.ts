/** Numbers by chance, the same for the same seed. */
export interface Dice {
  /** Evenly spread in [0, 1). */
  even(): number
  /** Exponentially distributed with this mean. */
  exponential(mean: number): number
}

/** SplitMix32: small, fast, and good enough for queues. */
export const dice = (seed: number): Dice => {
  let state = seed >>> 0
  const even = (): number => {
    state = (state + 0x9e3779b9) >>> 0
    let mixed = state ^ (state >>> 16)
    mixed = Math.imul(mixed, 0x21f0aaad)
    mixed ^= mixed >>> 15
    mixed = Math.imul(mixed, 0x735a2d97)
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32
  }
  return { even, exponential: (mean) => -Math.log(1 - even()) * mean }
}
