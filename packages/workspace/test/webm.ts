/** A film in a WebM file: pictures that an encoder has made, in the container that browsers play. */

export interface Chunk {
  readonly bytes: Uint8Array
  readonly atMs: number
  /** Can be shown without those before it. */
  readonly isKey: boolean
}

export interface Track {
  readonly width: number
  readonly height: number
  readonly durationMs: number
}

const EBML = 0x1a45dfa3
const SEGMENT = 0x18538067
const INFO = 0x1549a966
const TRACKS = 0x1654ae6b
const CUES = 0x1c53bb6b
const CLUSTER = 0x1f43b675

/** Big-endian, as short as it may be. */
const plain = (value: number): Buffer => {
  const text = value.toString(16)
  return Buffer.from(text.length % 2 === 0 ? text : `0${text}`, 'hex')
}

const wide = (value: number): Buffer => {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64BE(BigInt(value))
  return bytes
}

const double = (value: number): Buffer => {
  const bytes = Buffer.alloc(8)
  bytes.writeDoubleBE(value)
  return bytes
}

/** Name, length in eight bytes, content. */
const element = (id: number, ...parts: readonly Uint8Array[]): Buffer => {
  const content = Buffer.concat(parts)
  const length = wide(content.length)
  length[0] = 0x01
  return Buffer.concat([plain(id), length, content])
}

const head = element(
  EBML,
  element(0x4286, plain(1)),
  element(0x42f7, plain(1)),
  element(0x42f2, plain(4)),
  element(0x42f3, plain(8)),
  element(0x4282, Buffer.from('webm')),
  element(0x4287, plain(4)),
  element(0x4285, plain(2)),
)

const info = ({ durationMs }: Track): Buffer =>
  element(
    INFO,
    // A tick is a millisecond.
    element(0x2ad7b1, plain(1_000_000)),
    element(0x4d80, Buffer.from('ringdown')),
    element(0x5741, Buffer.from('ringdown')),
    element(0x4489, double(durationMs)),
  )

const tracks = ({ width, height }: Track): Buffer => {
  const picture = element(0xe0, element(0xb0, plain(width)), element(0xba, plain(height)))
  const kind = [element(0x83, plain(1)), element(0x86, Buffer.from('V_VP8'))]
  return element(
    TRACKS,
    element(0xae, element(0xd7, plain(1)), element(0x73c5, plain(1)), ...kind, picture),
  )
}

interface Timed extends Chunk {
  readonly lengthMs: number
  /** How long before it the one before began. */
  readonly sinceMs: number
}

/** With its length: a player that seeks into a long one knows that it lasts. */
const block = ({ bytes, atMs, isKey, lengthMs, sinceMs }: Timed, fromMs: number): Buffer => {
  const start = Buffer.from([0x81, 0, 0, 0])
  start.writeInt16BE(atMs - fromMs, 1)
  const before = Buffer.alloc(4)
  before.writeInt32BE(-sinceMs)
  const needs = isKey ? [] : [element(0xfb, before)]
  return element(0xa0, element(0xa1, start, bytes), element(0x9b, plain(lengthMs)), ...needs)
}

const timed = (chunks: readonly Chunk[], endMs: number): readonly Timed[] =>
  chunks.map((chunk, at) => ({
    ...chunk,
    lengthMs: (chunks[at + 1]?.atMs ?? endMs) - chunk.atMs,
    sinceMs: chunk.atMs - (chunks[at - 1]?.atMs ?? 0),
  }))

/** One from each picture that can be shown alone to the next. */
const clustersOf = (chunks: readonly Timed[]): readonly { atMs: number; bytes: Buffer }[] => {
  const groups: Timed[][] = []
  for (const chunk of chunks) {
    if (chunk.isKey || groups.length === 0) groups.push([])
    groups.at(-1)?.push(chunk)
  }
  return groups.map((group) => {
    const atMs = group[0]?.atMs ?? 0
    const blocks = group.map((chunk) => block(chunk, atMs))
    return { atMs, bytes: element(CLUSTER, element(0xe7, plain(atMs)), ...blocks) }
  })
}

const cues = (points: readonly { atMs: number; position: number }[]): Buffer =>
  element(
    CUES,
    ...points.map(({ atMs, position }) => {
      const place = element(0xb7, element(0xf7, plain(1)), element(0xf1, wide(position)))
      return element(0xbb, element(0xb3, wide(atMs)), place)
    }),
  )

export const webm = (chunks: readonly Chunk[], track: Track): Buffer => {
  const clusters = clustersOf(timed(chunks, track.durationMs))
  const before = [info(track), tracks(track)]
  const pointsFrom = (start: number) => {
    let position = start
    return clusters.map(({ atMs, bytes }) => {
      const point = { atMs, position }
      position += bytes.length
      return point
    })
  }
  // Their length does not depend on what they say.
  const start = [...before, cues(pointsFrom(0))].reduce((sum, { length }) => sum + length, 0)
  const parts = [...before, cues(pointsFrom(start)), ...clusters.map(({ bytes }) => bytes)]
  return Buffer.concat([head, element(SEGMENT, ...parts)])
}
