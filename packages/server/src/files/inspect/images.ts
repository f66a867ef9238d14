/** The other images: their size, and their bytes without notes about where they were taken. */
import { checkPixels, type Inspected, reading, refuseContent } from './inspected.ts'

/** Notes in text or in the form that cameras write. */
const pngNotes: ReadonlySet<string> = new Set(['eXIf', 'tEXt', 'zTXt', 'iTXt'])

const walkPng = (bytes: Buffer): readonly Buffer[] => {
  const pieces = [bytes.subarray(0, 8)]
  let at = 8
  for (;;) {
    const length = bytes.readUInt32BE(at)
    const name = bytes.toString('latin1', at + 4, at + 8)
    const next = at + 12 + length
    if (next > bytes.length || (at === 8) !== (name === 'IHDR'))
      return refuseContent('the file is damaged')
    if (name === 'IHDR') checkPixels(bytes.readUInt32BE(at + 8), bytes.readUInt32BE(at + 12))
    if (!pngNotes.has(name)) pieces.push(bytes.subarray(at, next))
    // What follows the end is no part of the picture.
    if (name === 'IEND') return pieces
    at = next
  }
}

export const inspectPng = (bytes: Buffer): Inspected => reading(() => walkPng(bytes))

const colourTableBytes = (flags: number): number => (flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0)

/** Past a list of blocks, each with its length in front, to behind the empty one that ends it. */
const afterBlocks = (bytes: Buffer, from: number): number => {
  let at = from
  for (;;) {
    const length = bytes.readUInt8(at)
    at += 1 + length
    if (length === 0) return at
  }
}

const EXTENSION = 0x21
const FRAME = 0x2c
const TRAILER = 0x3b

const walkGif = (bytes: Buffer): readonly Buffer[] => {
  checkPixels(bytes.readUInt16LE(6), bytes.readUInt16LE(8))
  let at = 13 + colourTableBytes(bytes.readUInt8(10))
  for (;;) {
    const kind = bytes.readUInt8(at)
    if (kind === TRAILER) return [bytes.subarray(0, at + 1)]
    if (kind === EXTENSION) {
      at = afterBlocks(bytes, at + 2)
    } else if (kind === FRAME) {
      checkPixels(bytes.readUInt16LE(at + 5), bytes.readUInt16LE(at + 7))
      at = afterBlocks(bytes, at + 11 + colourTableBytes(bytes.readUInt8(at + 9)))
    } else return refuseContent('the file is damaged')
  }
}

export const inspectGif = (bytes: Buffer): Inspected => reading(() => walkGif(bytes))

const webpNotes: ReadonlySet<string> = new Set(['EXIF', 'XMP '])
const WEBP_NOTE_FLAGS = 0x0c

const webpSizes: Readonly<Record<string, (chunk: Buffer) => readonly [number, number]>> = {
  VP8X: (chunk) => [chunk.readUIntLE(12, 3) + 1, chunk.readUIntLE(15, 3) + 1],
  'VP8 ': (chunk) => [chunk.readUInt16LE(14) & 0x3fff, chunk.readUInt16LE(16) & 0x3fff],
  VP8L: (chunk) => {
    const bits = chunk.readUInt32LE(9)
    return [(bits & 0x3fff) + 1, ((bits >>> 14) & 0x3fff) + 1]
  },
}

/** The header of an extended file, saying no more that there are notes. */
const withoutNotes = (chunk: Buffer): Buffer => {
  const copy = Buffer.from(chunk)
  copy.writeUInt8(copy.readUInt8(8) & ~WEBP_NOTE_FLAGS, 8)
  return copy
}

const walkWebp = (bytes: Buffer): readonly Buffer[] => {
  const end = Math.min(bytes.length, bytes.readUInt32LE(4) + 8)
  const chunks: Buffer[] = []
  let at = 12
  while (at < end) {
    const name = bytes.toString('latin1', at, at + 4)
    const length = bytes.readUInt32LE(at + 4)
    const next = at + 8 + length + (length % 2)
    if (at + 8 + length > bytes.length) return refuseContent('the file is damaged')
    const chunk = bytes.subarray(at, next)
    const size = webpSizes[name]?.(chunk)
    if (size) checkPixels(...size)
    if (!webpNotes.has(name)) chunks.push(name === 'VP8X' ? withoutNotes(chunk) : chunk)
    at = next
  }
  const header = Buffer.from(bytes.subarray(0, 12))
  header.writeUInt32LE(
    chunks.reduce((sum, { length }) => sum + length, 4),
    4,
  )
  return [header, ...chunks]
}

export const inspectWebp = (bytes: Buffer): Inspected => reading(() => walkWebp(bytes))
