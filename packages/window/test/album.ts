/**
 * Pictures of pages that are kept, and what has changed since. `npm run looks` makes them anew;
 * whoever does so looks at each that changed, as at any other part of the change.
 */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pixelmatch from 'pixelmatch'
import { PNG } from 'pngjs'
import { encode, reduceColours } from './palette.ts'
import { readPicture } from './still.ts'

/**
 * How much a pixel may differ, and how many pixels may differ more. The edges of a whole line of letters
 * can come out a little lighter; a grey of a surface that changes by 8 of 255 changes thousands of pixels,
 * and the corners of one button, made square, 32 of them a lot.
 */
const TOLERANCES = [
  { threshold: 0.03, most: 120 },
  { threshold: 0.12, most: 24 },
] as const

/** Which pictures, as a browser took them, were found to look like the ones that are kept. */
const KNOWN = 'known.json'

const nameOf = (kept: Buffer, actual: Buffer): string =>
  createHash('sha256').update(kept).update(actual).digest('base64url')

const readKnown = (file: string): Record<string, string> =>
  existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>) : {}

const isMaking = process.env['RINGDOWN_LOOKS'] === 'make'

export interface Difference {
  readonly isSeen: boolean
  /** That differ at all; all of them when the sizes differ. */
  readonly pixels: number
  /** Marks them, where that can be drawn. */
  readonly drawn: Buffer | undefined
}

/** What a reader would see differ between two pictures, as PNG. */
export const compare = (kept: Buffer, actual: Buffer): Difference => {
  const one = readPicture(kept)
  const other = reduceColours(readPicture(actual))
  const { width, height } = one
  if (width !== other.width || height !== other.height)
    return { isSeen: true, pixels: other.width * other.height, drawn: undefined }
  if (Buffer.compare(one.data, other.data) === 0)
    return { isSeen: false, pixels: 0, drawn: undefined }
  const marks = new PNG({ width, height })
  const differing = (threshold: number): number =>
    pixelmatch(one.data, other.data, marks.data, width, height, { threshold })
  const isSeen = TOLERANCES.some(({ threshold, most }) => differing(threshold) > most)
  const pixels = differing(TOLERANCES[0].threshold)
  return { isSeen, pixels, drawn: isSeen ? PNG.sync.write(marks) : undefined }
}

export class Album {
  readonly #folder: string
  readonly #output: string
  readonly #known: Record<string, string>
  readonly #seen = new Set([KNOWN])
  readonly #faults: string[] = []

  constructor(folder: string, name: string) {
    this.#folder = folder
    this.#known = readKnown(join(folder, KNOWN))
    this.#output = join(tmpdir(), 'ringdown-looks', name)
  }

  /** Compares a picture with the one kept under this name, or keeps it when pictures are made. */
  add(name: string, actual: Buffer): void {
    const file = `${name}.png`
    const path = join(this.#folder, file)
    this.#seen.add(file)
    if (isMaking) {
      this.#keep(path, name, actual)
      return
    }
    if (!existsSync(path)) {
      this.#report(name, actual, 'is not kept')
      return
    }
    const kept = readFileSync(path)
    // The same browser draws most of them the same to the last bit.
    if (this.#known[name] === nameOf(kept, actual)) return
    const { isSeen, pixels, drawn } = compare(kept, actual)
    if (!isSeen) return
    this.#report(name, actual, `differs in ${pixels} pixels`)
    if (drawn) writeFileSync(join(this.#output, `${name}.difference.png`), drawn)
  }

  /** What was found, in a line each; a kept picture that nothing makes is a fault, too. */
  close(): readonly string[] {
    const kept = existsSync(this.#folder) ? readdirSync(this.#folder) : []
    const unused = kept.filter((file) => !this.#seen.has(file))
    if (isMaking) {
      for (const file of unused) rmSync(join(this.#folder, file))
      this.#noteKnown()
    } else this.#faults.push(...unused.map((file) => `${file} is kept for nothing`))
    if (this.#faults.length === 0) return []
    return [...this.#faults, `See ${this.#output}; npm run looks keeps what is meant to be so`]
  }

  /** What looks the same stays as it is: the history of the repository keeps every version. */
  #keep(path: string, name: string, actual: Buffer): void {
    if (!existsSync(path) || compare(readFileSync(path), actual).isSeen) {
      mkdirSync(this.#folder, { recursive: true })
      writeFileSync(path, encode(readPicture(actual)))
    }
    this.#known[name] = nameOf(readFileSync(path), actual)
  }

  #noteKnown(): void {
    const names = Object.keys(this.#known).filter((name) => this.#seen.has(`${name}.png`))
    const known = Object.fromEntries(names.sort().map((name) => [name, this.#known[name]]))
    writeFileSync(join(this.#folder, KNOWN), `${JSON.stringify(known, null, 2)}\n`)
  }

  #report(name: string, actual: Buffer, fault: string): void {
    mkdirSync(this.#output, { recursive: true })
    writeFileSync(join(this.#output, `${name}.actual.png`), actual)
    this.#faults.push(`${name} ${fault}`)
  }
}
