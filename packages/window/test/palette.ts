/** Pictures of at most 256 colours, so that many of them can be kept. */
import { crc32, deflateSync } from 'node:zlib'

export interface Picture {
  readonly width: number
  readonly height: number
  /** Red, green, blue and opacity of each pixel; screens are opaque. */
  readonly data: Uint8Array
}

const MOST_COLOURS = 256
const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])

const pixelsOf = ({ data }: Picture): Uint32Array =>
  new Uint32Array(data.buffer, data.byteOffset, data.byteLength / 4)

/** Colours by how often they stand there. Screens are flat: runs are counted at once. */
const countColours = (pixels: Uint32Array): Map<number, number> => {
  const counts = new Map<number, number>()
  let begun = 0
  for (let at = 1; at <= pixels.length; at += 1) {
    const colour = pixels[begun] as number
    if (pixels[at] === colour) continue
    counts.set(colour, (counts.get(colour) ?? 0) + at - begun)
    begun = at
  }
  return counts
}

const channels = (colour: number) => [colour & 255, (colour >> 8) & 255, (colour >> 16) & 255]

/** Of the nearest colour, the first of those that are equally near: pictures have thousands of rare ones. */
const nearest = (colour: number, kept: readonly number[]): number => {
  let [place, least] = [0, Number.POSITIVE_INFINITY]
  for (let at = 0; at < kept.length; at += 1) {
    const other = kept[at] as number
    const red = (colour & 255) - (other & 255)
    const green = ((colour >> 8) & 255) - ((other >> 8) & 255)
    const blue = ((colour >> 16) & 255) - ((other >> 16) & 255)
    const distance = red * red + green * green + blue * blue
    if (distance < least) [place, least] = [at, distance]
  }
  return place
}

/** The most frequent colours, and for each colour of the picture the place of the nearest of them. */
const chooseColours = (pixels: Uint32Array) => {
  const counts = [...countColours(pixels)].sort(([a, m], [b, n]) => n - m || a - b)
  const kept = counts.slice(0, MOST_COLOURS).map(([colour]) => colour)
  const places = new Map(kept.map((colour, place) => [colour, place]))
  for (const [colour] of counts.slice(MOST_COLOURS)) places.set(colour, nearest(colour, kept))
  return { kept, places }
}

/** The same picture in its most frequent colours; the others, those of edges, become the nearest. */
export const reduceColours = (picture: Picture): Picture => {
  const pixels = pixelsOf(picture)
  const { kept, places } = chooseColours(pixels)
  const data = new Uint32Array(pixels.length)
  let [before, reduced] = [-1, 0]
  pixels.forEach((colour, at) => {
    if (colour !== before) reduced = kept[places.get(colour) as number] as number
    before = colour
    data[at] = reduced
  })
  return { ...picture, data: new Uint8Array(data.buffer) }
}

const chunk = (type: string, data: Buffer): Buffer => {
  const body = Buffer.concat([Buffer.from(type), data])
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(data.length)
  sum.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, sum])
}

export interface Indexed {
  readonly width: number
  readonly height: number
  /** Red, green and blue of each colour. */
  readonly entries: readonly (readonly number[])[]
  /** Which of them the pixel has. */
  readonly entryAt: (pixel: number) => number
}

/** A PNG with a palette. */
export const indexedPng = ({ width, height, entries, entryAt }: Indexed): Buffer => {
  const header = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 8, 3, 0, 0, 0])
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  const lines = Buffer.alloc(height * (width + 1))
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1) lines[y * (width + 1) + x + 1] = entryAt(y * width + x)
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('PLTE', Buffer.from(entries.flat())),
    chunk('IDAT', deflateSync(lines, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

/** The picture in its most frequent colours, as a file. */
export const encode = (picture: Picture): Buffer => {
  const { width, height } = picture
  const pixels = pixelsOf(picture)
  const { kept, places } = chooseColours(pixels)
  const entryAt = (pixel: number) => places.get(pixels[pixel] as number) as number
  return indexedPng({ width, height, entries: kept.map(channels), entryAt })
}
