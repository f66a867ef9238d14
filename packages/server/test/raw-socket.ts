/** A TCP connection that says exactly what it is told, and a few words of WebSocket. */
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

export class RawSocket implements AsyncDisposable {
  readonly socket: Socket
  readonly closed: Promise<void>
  #received: Buffer = Buffer.alloc(0)
  #changed: () => void = () => {}
  #isClosed = false

  private constructor(socket: Socket) {
    this.socket = socket
    socket.on('data', (data) => {
      this.#received = Buffer.concat([this.#received, data])
      this.#changed()
    })
    socket.on('error', () => {})
    this.closed = new Promise((resolve) => {
      socket.on('close', () => {
        this.#isClosed = true
        this.#changed()
        resolve()
      })
    })
  }

  static async open(port: number): Promise<RawSocket> {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true })
    const raw = new RawSocket(socket)
    await once(socket, 'connect')
    return raw
  }

  /** Upgraded and ready for frames. */
  static async upgraded(port: number, path: string, headers: readonly string[] = []) {
    const raw = await RawSocket.open(port)
    raw.write(upgradeRequest(path, headers))
    const head = await raw.head()
    if (!head.startsWith('HTTP/1.1 101')) throw new Error(head)
    return raw
  }

  get received(): Buffer {
    return this.#received
  }

  write(data: string | Buffer): void {
    this.socket.write(data)
  }

  /** Waits until what was received satisfies `wanted`, or the connection is closed. */
  async until(wanted: (received: Buffer) => boolean): Promise<Buffer> {
    while (!wanted(this.#received) && !this.#isClosed)
      await new Promise<void>((resolve) => {
        this.#changed = resolve
      })
    return this.#received
  }

  /** The head of an HTTP answer, taken off what was received. */
  async head(): Promise<string> {
    await this.until((received) => received.includes('\r\n\r\n'))
    const end = this.#received.indexOf('\r\n\r\n')
    const head = this.#received.subarray(0, end < 0 ? undefined : end).toString('latin1')
    this.#received = end < 0 ? Buffer.alloc(0) : this.#received.subarray(end + 4)
    return head
  }

  /** The next frame that the server sent. */
  async frame(): Promise<{ opcode: number; payload: Buffer } | undefined> {
    const sizeOf = (data: Buffer): { head: number; length: number } | undefined => {
      if (data.length < 2) return undefined
      const short = (data[1] as number) & 0x7f
      if (short < 126) return { head: 2, length: short }
      if (short === 126)
        return data.length < 4 ? undefined : { head: 4, length: data.readUInt16BE(2) }
      return data.length < 10 ? undefined : { head: 10, length: Number(data.readBigUInt64BE(2)) }
    }
    const received = await this.until((data) => {
      const size = sizeOf(data)
      return size !== undefined && data.length >= size.head + size.length
    })
    const size = sizeOf(received)
    if (!size || received.length < size.head + size.length) return undefined
    const opcode = (received[0] as number) & 0x0f
    const payload = received.subarray(size.head, size.head + size.length)
    this.#received = received.subarray(size.head + size.length)
    return { opcode, payload }
  }

  /** Code and reason of the close frame, or undefined when the connection was cut without one. */
  async closeFrame(): Promise<{ code: number; reason: string } | undefined> {
    for (;;) {
      const frame = await this.frame()
      if (!frame) return undefined
      if (frame.opcode !== 8) continue
      const { payload } = frame
      return { code: payload.readUInt16BE(0), reason: payload.subarray(2).toString() }
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.socket.destroy()
    await this.closed
  }
}

export const upgradeRequest = (path: string, headers: readonly string[] = []): string =>
  [
    `GET ${path} HTTP/1.1`,
    'Host: localhost',
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    ...headers,
    '',
    '',
  ].join('\r\n')

interface FrameParts {
  readonly isFinal?: boolean
  readonly rsv?: number
  readonly isMasked?: boolean
  /** Announced instead of the payload's own length. */
  readonly length?: bigint
}

/** A client's frame, as right or wrong as wanted. */
export const clientFrame = (
  opcode: number,
  payload: string | Buffer,
  { isFinal = true, rsv = 0, isMasked = true, length }: FrameParts = {},
): Buffer => {
  const data = Buffer.from(payload)
  const announced = length ?? BigInt(data.length)
  const maskBit = isMasked ? 0x80 : 0
  const first = (isFinal ? 0x80 : 0) | (rsv << 4) | opcode
  const head =
    announced < 126n
      ? Buffer.from([first, maskBit | Number(announced)])
      : announced < 65_536n
        ? Buffer.from([first, maskBit | 126, Number(announced >> 8n), Number(announced & 255n)])
        : Buffer.concat([Buffer.from([first, maskBit | 127]), bigEndian(announced)])
  if (!isMasked) return Buffer.concat([head, data])
  const mask = randomBytes(4)
  const masked = data.map((byte, index) => byte ^ (mask[index % 4] as number))
  return Buffer.concat([head, mask, masked])
}

const bigEndian = (value: bigint): Buffer => {
  const buffer = Buffer.alloc(8)
  buffer.writeBigUInt64BE(value)
  return buffer
}
