/**
 * Just enough of RFC 6455 to load a server from a cheap client: masked frames out, whole unmasked
 * frames in. The mask is constant, which costs the server exactly what a random one does.
 */

export const opcodes = { text: 1, close: 8, ping: 9, pong: 10 } as const

const MASK = Buffer.from([0x5a, 0x3c, 0x96, 0xe1])

const header = (opcode: number, length: number): Buffer => {
  if (length < 126) return Buffer.from([0x80 | opcode, 0x80 | length, ...MASK])
  if (length < 65_536) {
    return Buffer.from([0x80 | opcode, 0x80 | 126, length >> 8, length & 0xff, ...MASK])
  }
  throw new Error(`a frame of ${length} bytes is beyond this client`)
}

/** One whole masked frame. */
export const clientFrame = (payload: string | Buffer, opcode: number = opcodes.text): Buffer => {
  const plain = typeof payload === 'string' ? Buffer.from(payload) : payload
  const head = header(opcode, plain.length)
  const frame = Buffer.concat([head, plain])
  for (let i = 0; i < plain.length; i++) {
    frame[head.length + i] = (plain[i] as number) ^ (MASK[i & 3] as number)
  }
  return frame
}

const OPERATION_DIGITS = 10
const PLACE = '0'.repeat(OPERATION_DIGITS)
export const MESSAGE_LENGTH = 100
/** What follows the operation's number in every message. */
export const PADDING = ' quick brown foxes jump over lazy dogs'
  .repeat(3)
  .slice(0, MESSAGE_LENGTH - OPERATION_DIGITS)

/** The text of an operation's message: its number and the padding, 100 characters. */
export const messageOf = (operation: number): string => eventIdOf(operation) + PADDING
export const eventIdOf = (operation: number): string =>
  String(operation).padStart(OPERATION_DIGITS, '0')

/** A publish, masked once; sending one is a copy and the digits of its number at three places. */
export class PublishFrame {
  readonly #template: Buffer
  readonly #places: readonly { readonly at: number; readonly maskAt: number }[]

  constructor(dialogId: string) {
    const payload = JSON.stringify({
      kind: 'req',
      id: PLACE,
      type: 'ms.PublishEvent',
      body: {
        dialogId,
        eventId: PLACE,
        event: { type: 'ContentEvent', contentType: 'text/plain', message: PLACE + PADDING },
      },
    })
    this.#template = clientFrame(payload)
    const head = this.#template.length - Buffer.byteLength(payload)
    const places: { at: number; maskAt: number }[] = []
    for (const before of ['"id":"', '"eventId":"', '"message":"']) {
      const inPayload = payload.indexOf(before + PLACE) + before.length
      places.push({ at: head + inPayload, maskAt: inPayload & 3 })
    }
    this.#places = places
  }

  /** A frame of its own for this operation. */
  make(operation: number): Buffer {
    const frame = Buffer.allocUnsafe(this.#template.length)
    this.#template.copy(frame)
    let rest = operation
    for (let digit = OPERATION_DIGITS - 1; digit >= 0; digit--) {
      const code = 48 + (rest % 10)
      rest = Math.floor(rest / 10)
      for (const { at, maskAt } of this.#places) {
        frame[at + digit] = code ^ (MASK[(maskAt + digit) & 3] as number)
      }
    }
    return frame
  }
}

type OnFrame = (opcode: number, bytes: Buffer, start: number, end: number) => void

/** Cuts a byte stream into frames; what is incomplete waits for the next chunk. */
export class FrameReader {
  #rest: Buffer | undefined
  readonly #onFrame: OnFrame

  constructor(onFrame: OnFrame) {
    this.#onFrame = onFrame
  }

  push(chunk: Buffer): void {
    const bytes = this.#rest ? Buffer.concat([this.#rest, chunk]) : chunk
    let at = 0
    while (at < bytes.length) {
      const end = this.#take(bytes, at)
      if (end < 0) break
      at = end
    }
    this.#rest = at < bytes.length ? bytes.subarray(at) : undefined
  }

  /** Hands on the frame at this offset and says where it ends; -1 when it is not all there. */
  #take(bytes: Buffer, at: number): number {
    if (bytes.length - at < 2) return -1
    const first = bytes[at] as number
    if ((first & 0x80) === 0) throw new Error('the server sent a fragment')
    let length = (bytes[at + 1] as number) & 0x7f
    let start = at + 2
    if (length === 126) {
      if (bytes.length < start + 2) return -1
      length = bytes.readUInt16BE(start)
      start += 2
    } else if (length === 127) {
      if (bytes.length < start + 8) return -1
      length = Number(bytes.readBigUInt64BE(start))
      start += 8
    }
    if (bytes.length < start + length) return -1
    this.#onFrame(first & 0x0f, bytes, start, start + length)
    return start + length
  }
}
