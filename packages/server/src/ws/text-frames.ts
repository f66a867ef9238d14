/** Text messages as the bytes of WebSocket frames: whole, unmasked, as servers send them (RFC 6455 §5.2). */

const FINAL_TEXT = 0x81
const SHORT = 126
const MEDIUM = 65_536
const MEDIUM_MARK = 126
const LONG_MARK = 127

const headerLength = (bytes: number): number => (bytes < SHORT ? 2 : bytes < MEDIUM ? 4 : 10)

const writeHeader = (into: Buffer, at: number, bytes: number): number => {
  into[at] = FINAL_TEXT
  if (bytes < SHORT) {
    into[at + 1] = bytes
    return at + 2
  }
  if (bytes < MEDIUM) {
    into[at + 1] = MEDIUM_MARK
    return into.writeUInt16BE(bytes, at + 2)
  }
  into[at + 1] = LONG_MARK
  return into.writeBigUInt64BE(BigInt(bytes), at + 2)
}

/** Where a text has a byte per character it is ASCII, and the shorter way copies the same. */
const writeText = (into: Buffer, at: number, { text, bytes }: { text: string; bytes: number }) => {
  into.write(text, at, bytes === text.length ? 'latin1' : 'utf8')
  return at + bytes
}

/** All texts in one buffer, a frame each, in order. */
export const textFrames = (texts: readonly string[]): Buffer => {
  const sizes = texts.map((text) => Buffer.byteLength(text))
  const total = sizes.reduce((sum, bytes) => sum + headerLength(bytes) + bytes, 0)
  const frames = Buffer.allocUnsafe(total)
  let at = 0
  for (const [index, text] of texts.entries()) {
    const bytes = sizes[index]!
    at = writeText(frames, writeHeader(frames, at, bytes), { text, bytes })
  }
  return frames
}
