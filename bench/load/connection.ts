/** A WebSocket client on a bare socket, plain or TLS: what it costs must not hide what the server costs. */
import { randomBytes } from 'node:crypto'
import { connect as connectPlain, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { clientFrame, FrameReader, opcodes } from './frames.ts'

export interface Address {
  readonly host: string
  readonly port: number
  /** PEM of the authority that signed the server's certificate; absent: plain TCP. */
  readonly ca?: string
}

const END_OF_HEAD = '\r\n\r\n'

const openSocket = ({ host, port, ca }: Address): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const socket = ca
      ? connectTls({ host, port, ca, servername: 'localhost' }, () => resolve(socket))
      : connectPlain({ host, port }, () => resolve(socket))
    socket.once('error', reject)
  })

const upgrade = (socket: Socket, path: string, headers: readonly string[]): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    let head = Buffer.alloc(0)
    const onData = (chunk: Buffer) => {
      head = Buffer.concat([head, chunk])
      const end = head.indexOf(END_OF_HEAD)
      if (end < 0) return
      socket.off('data', onData)
      const status = head.toString('latin1', 0, head.indexOf('\r\n'))
      if (status.startsWith('HTTP/1.1 101')) resolve(head.subarray(end + END_OF_HEAD.length))
      else reject(new Error(`${path.slice(0, 60)}: ${status}`))
    }
    socket.on('data', onData)
    socket.once('close', () => reject(new Error('closed before the upgrade')))
    const key = randomBytes(16).toString('base64')
    const lines = [
      `GET ${path} HTTP/1.1`,
      'Host: localhost',
      'Upgrade: websocket',
      'Connection: Upgrade',
      'Sec-WebSocket-Version: 13',
      `Sec-WebSocket-Key: ${key}`,
      ...headers,
    ]
    socket.write(lines.join('\r\n') + END_OF_HEAD)
  })

export class Connection {
  /** Receives every text frame. */
  onText: (bytes: Buffer, start: number, end: number) => void = () => {}
  /** Called when the server closed it. */
  onClosed: (reason: string) => void = () => {}
  readonly #socket: Socket
  #isClosing = false

  private constructor(socket: Socket, rest: Buffer) {
    this.#socket = socket
    const reader = new FrameReader((opcode, bytes, start, end) => {
      if (opcode === opcodes.text) this.onText(bytes, start, end)
      else if (opcode === opcodes.ping)
        this.send(clientFrame(bytes.subarray(start, end), opcodes.pong))
      else if (opcode === opcodes.close) this.#closed(bytes.toString('utf8', start + 2, end))
    })
    socket.on('data', (chunk: Buffer) => reader.push(chunk))
    socket.on('error', (error) => this.#closed(error.message))
    socket.on('close', () => this.#closed('socket closed'))
    if (rest.length > 0) setImmediate(() => reader.push(rest))
  }

  static async open(
    address: Address,
    path: string,
    headers: readonly string[] = [],
  ): Promise<Connection> {
    const socket = await openSocket(address)
    socket.setNoDelay(true)
    const rest = await upgrade(socket, path, headers)
    socket.removeAllListeners('close')
    socket.removeAllListeners('error')
    return new Connection(socket, rest)
  }

  send(frame: Buffer): void {
    this.#socket.write(frame)
  }

  close(): void {
    this.#isClosing = true
    this.#socket.destroy()
  }

  #closed(reason: string): void {
    if (this.#isClosing) return
    this.#isClosing = true
    this.onClosed(reason)
  }
}
