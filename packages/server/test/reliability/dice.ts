/** Seeded chance: the seed is printed, and `RELIABILITY_SEED` plays it again. */
import { randomInt } from 'node:crypto'

/** A whole number from 1 to the given one. */
export type Dice = (sides: number) => number

export const dice = (name: string): Dice => {
  let state = Number(process.env['RELIABILITY_SEED'] ?? randomInt(2 ** 31))
  console.log(`${name}: RELIABILITY_SEED=${state}`)
  return (sides) => {
    // mulberry32
    state = (state + 0x6d2b79f5) | 0
    let bits = Math.imul(state ^ (state >>> 15), 1 | state)
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits
    return 1 + (((bits ^ (bits >>> 14)) >>> 0) % sides)
  }
}
