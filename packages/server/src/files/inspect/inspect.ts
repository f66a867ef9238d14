/** Judges the bytes of an upload, and says which of them are kept. Pure. [FIL6] [FIL8] [FIL9] */
import { type FileType, fileTypeOf, isListed, signedType } from '../file-types.ts'
import { inspectArchive } from './archive.ts'
import { inspectGif, inspectPng, inspectWebp } from './images.ts'
import { type Inspected, refuseContent } from './inspected.ts'
import { inspectJpeg } from './jpeg.ts'

const inspectors: Readonly<Record<string, (bytes: Buffer) => Inspected>> = {
  JPG: inspectJpeg,
  PNG: inspectPng,
  GIF: inspectGif,
  WEBP: inspectWebp,
  DOCX: inspectArchive,
  XLSX: inspectArchive,
  PPTX: inspectArchive,
}

/** Control characters that no text has. */
const isTextByte = (byte: number): boolean =>
  byte >= 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d || byte === 0x0c

/** Signed bytes are what they say; unsigned ones only text, and only when they were declared so. */
const typeOf = (bytes: Buffer, declared: string): FileType => {
  const signed = signedType(bytes)
  if (signed) return signed
  const text = fileTypeOf('TXT')
  if (declared === 'TXT' && text && bytes.every(isTextByte)) return text
  return refuseContent(`the bytes are no ${declared}`)
}

interface Wanted {
  readonly declared: string
  /** The types that the account takes. */
  readonly listed: readonly string[]
}

export const inspect = (
  bytes: Buffer,
  { declared, listed }: Wanted,
): Inspected & { readonly type: FileType } => {
  const type = typeOf(bytes, declared)
  if (!isListed(type, listed)) refuseContent(`${type.name} is not shared here`)
  const inspected = inspectors[type.name]?.(bytes) ?? { pieces: [bytes] }
  return { type, ...inspected }
}
