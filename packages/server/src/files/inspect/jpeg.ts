/**
 * A JPEG is a list of segments. Those with notes about the picture (where it was taken, by whom, with
 * what) are left out, all but which way up it is; so is what follows its end. [FIL9]
 */
import { checkPixels, type Inspected, reading, refuseContent } from './inspected.ts'

const MARKER = 0xff
const EOI = 0xd9
const SOS = 0xda
const APP1 = 0xe1
const APP2 = 0xe2
const APP13 = 0xed
const COMMENT = 0xfe
const ORIENTATION = 0x0112

/** Frame headers; C4, C8 and CC in this range are something else. */
const isFrame = (code: number): boolean =>
  code >= 0xc0 && code <= 0xcf && code !== 0xc4 && code !== 0xc8 && code !== 0xcc

const isWithoutLength = (code: number): boolean => code === 0x01 || (code >= 0xd0 && code <= 0xd8)

const isNote = (code: number, segment: Buffer): boolean =>
  code === APP1 ||
  code === APP13 ||
  code === COMMENT ||
  // An index of further pictures behind the end, which are cut off.
  (code === APP2 && segment.toString('latin1', 4, 7) === 'MPF')

interface Tiff {
  readonly short: (at: number) => number
  readonly long: (at: number) => number
}

const tiffOf = (bytes: Buffer): Tiff => {
  const isLittle = bytes.toString('latin1', 0, 2) === 'II'
  return {
    short: (at) => (isLittle ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at)),
    long: (at) => (isLittle ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at)),
  }
}

/** 1 to 8, or undefined when the notes do not say or cannot be read. */
const orientationOf = (segment: Buffer): number | undefined => {
  if (segment.toString('latin1', 4, 10) !== 'Exif\0\0') return undefined
  try {
    const { short, long } = tiffOf(segment.subarray(10))
    const start = long(4)
    const entries = Array.from({ length: short(start) }, (_, index) => start + 2 + 12 * index)
    const entry = entries.find((at) => short(at) === ORIENTATION)
    const value = entry === undefined ? undefined : short(entry + 8)
    return value !== undefined && value > 1 && value <= 8 ? value : undefined
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

/** Notes that say nothing but which way up the picture is. */
const orientationNote = (value: number): Buffer => {
  const note = Buffer.alloc(36)
  note.writeUInt16BE(0xff00 + APP1, 0)
  note.writeUInt16BE(34, 2)
  note.write('Exif\0\0MM\0*', 4, 'latin1')
  note.writeUInt32BE(8, 14)
  note.writeUInt16BE(1, 18)
  note.writeUInt16BE(ORIENTATION, 20)
  note.writeUInt16BE(3, 22)
  note.writeUInt32BE(1, 24)
  note.writeUInt16BE(value, 28)
  return note
}

/** Where the coded picture that begins here ends: at the next marker that is not part of it. */
const endOfScan = (bytes: Buffer, from: number): number => {
  let at = bytes.indexOf(MARKER, from)
  while (at >= 0 && at + 1 < bytes.length) {
    const code = bytes[at + 1] as number
    if (code !== 0 && code !== MARKER && !isWithoutLength(code)) return at
    at = bytes.indexOf(MARKER, code === MARKER ? at + 1 : at + 2)
  }
  return bytes.length
}

/** The segments that stay. */
class Kept {
  readonly pieces: Buffer[] = []
  #hasFrame = false

  take(code: number, segment: Buffer): void {
    if (isFrame(code)) {
      checkPixels(segment.readUInt16BE(7), segment.readUInt16BE(5))
      this.#hasFrame = true
    }
    if (!isNote(code, segment)) {
      this.pieces.push(segment)
      return
    }
    const orientation = code === APP1 ? orientationOf(segment) : undefined
    if (orientation !== undefined) this.pieces.push(orientationNote(orientation))
  }

  checkComplete(): void {
    if (!this.#hasFrame) refuseContent('the file is damaged')
  }
}

const walk = (bytes: Buffer): readonly Buffer[] => {
  const kept = new Kept()
  kept.pieces.push(bytes.subarray(0, 2))
  let at = 2
  while (at < bytes.length) {
    if (bytes.readUInt8(at) !== MARKER) refuseContent('the file is damaged')
    const code = bytes.readUInt8(at + 1)
    if (code === MARKER) {
      at += 1
      continue
    }
    if (code === EOI) {
      kept.pieces.push(bytes.subarray(at, at + 2))
      break
    }
    const length = isWithoutLength(code) ? 0 : bytes.readUInt16BE(at + 2)
    const next = at + 2 + length
    if (next > bytes.length) refuseContent('the file is damaged')
    kept.take(code, bytes.subarray(at, next))
    at = next
    if (code !== SOS) continue
    const end = endOfScan(bytes, at)
    kept.pieces.push(bytes.subarray(at, end))
    at = end
  }
  kept.checkComplete()
  return kept.pieces
}

export const inspectJpeg = (bytes: Buffer): Inspected => reading(() => walk(bytes))
