/** Office documents are zip archives: judged by their table of contents, never unpacked. [FIL8] */
import { type Inspected, reading, refuseContent } from './inspected.ts'

const MAX_ENTRIES = 10_000
const MAX_UNPACKED_BYTES = 256 * 1024 * 1024
/** Unpacked to packed; XML rarely packs better. */
const MAX_RATIO = 100
const END = 0x06054b50
const ENTRY = 0x02014b50
const END_BYTES = 22
const ENTRY_BYTES = 46
const MAX_COMMENT = 65_535
/** In a 32-bit field: the real value stands elsewhere. */
const ELSEWHERE = 0xffffffff
const nested = /\.(zip|jar|7z|rar|gz|bz2|xz|docx|xlsx|pptx|docm|xlsm)$/i

/** Where the end record begins. */
const findEnd = (bytes: Buffer): number => {
  const least = Math.max(0, bytes.length - END_BYTES - MAX_COMMENT)
  for (let at = bytes.length - END_BYTES; at >= least; at -= 1)
    if (bytes.readUInt32LE(at) === END) return at
  return refuseContent('the file is damaged')
}

interface Totals {
  packed: number
  unpacked: number
}

/** Adds an entry of the table to the totals; says where the next one begins. */
const addEntry = (bytes: Buffer, at: number, totals: Totals): number => {
  if (bytes.readUInt32LE(at) !== ENTRY) return refuseContent('the file is damaged')
  const [packed, unpacked] = [bytes.readUInt32LE(at + 20), bytes.readUInt32LE(at + 24)]
  if (packed === ELSEWHERE || unpacked === ELSEWHERE) refuseContent('the archive is too large')
  totals.packed += packed
  totals.unpacked += unpacked
  const nameEnd = at + ENTRY_BYTES + bytes.readUInt16LE(at + 28)
  if (nested.test(bytes.toString('latin1', at + ENTRY_BYTES, nameEnd)))
    refuseContent('it holds another archive')
  return nameEnd + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32)
}

const check = (bytes: Buffer): readonly Buffer[] => {
  const end = findEnd(bytes)
  const entries = bytes.readUInt16LE(end + 10)
  if (entries > MAX_ENTRIES) refuseContent('the archive has too many entries')
  const totals: Totals = { packed: 0, unpacked: 0 }
  let at = bytes.readUInt32LE(end + 16)
  for (let entry = 0; entry < entries; entry += 1) at = addEntry(bytes, at, totals)
  // Entries that share their bytes add up to more than there are.
  const isBomb =
    totals.packed > bytes.length ||
    totals.unpacked > MAX_UNPACKED_BYTES ||
    totals.unpacked > MAX_RATIO * bytes.length
  return isBomb ? refuseContent('the archive unpacks to too much') : [bytes]
}

export const inspectArchive = (bytes: Buffer): Inspected => reading(() => check(bytes))
