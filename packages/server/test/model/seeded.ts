/** Chance that is the same for the same words, on every machine. */

/** A whole number from 1 to the given one. */
export type Dice = (sides: number) => number

export const seeded = (words: string): Dice => {
  let state = 0x811c9dc5
  for (const letter of words) state = Math.imul(state ^ letter.charCodeAt(0), 0x01000193)
  return (sides) => {
    state = (state + 0x9e3779b9) | 0
    let bits = Math.imul(state ^ (state >>> 16), 0x21f0aaad)
    bits = Math.imul(bits ^ (bits >>> 15), 0x735a2d97)
    return 1 + (((bits ^ (bits >>> 15)) >>> 0) % sides)
  }
}
