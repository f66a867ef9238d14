/** A WebSocket client that keeps every frame, for tests that speak the wire themselves. */
import { WebSocket } from 'ws'

export interface Frame {
  readonly kind: 'resp' | 'notification'
  readonly type: string
  readonly reqId?: string
  readonly code?: number
  // biome-ignore lint/suspicious/noExplicitAny: a test reads what it expects to find
  readonly body: any
}

export interface Closed {
  readonly code: number
  readonly reason: string
}

type Wanted = (frame: Frame) => boolean

interface Waiter {
  readonly wanted: Wanted
  readonly resolve: (frame: Frame) => void
  readonly reject: (error: Error) => void
}

export class SocketClient implements AsyncDisposable {
  readonly frames: Frame[] = []
  readonly closed: Promise<Closed>
  readonly socket: WebSocket
  readonly #waiting = new Set<Waiter>()
  #lastId = 0

  private constructor(socket: WebSocket) {
    this.socket = socket
    this.closed = new Promise((resolve) => {
      socket.on('close', (code, reason) => {
        const closed = { code, reason: reason.toString() }
        for (const { reject } of this.#waiting)
          reject(new Error(`closed with ${code} ${closed.reason} while waiting for a frame`))
        this.#waiting.clear()
        resolve(closed)
      })
    })
    socket.on('error', () => {})
    socket.on('message', (data) => this.#receive(JSON.parse(String(data))))
  }

  /** Resolves when open; rejects with the HTTP status when the upgrade was refused. */
  static async open(
    url: string,
    options: { headers?: Record<string, string>; ca?: string } = {},
  ): Promise<SocketClient> {
    const socket = new WebSocket(url, { ...options, perMessageDeflate: false })
    const client = new SocketClient(socket)
    await new Promise<void>((resolve, reject) => {
      socket.once('open', resolve)
      socket.once('unexpected-response', (_request, response) => {
        reject(new Error(`upgrade refused with ${response.statusCode}`))
        socket.terminate()
      })
      socket.once('error', reject)
    })
    return client
  }

  /** Sends a request and waits for its response. */
  async request(type: string, body?: unknown, extra: Record<string, unknown> = {}): Promise<Frame> {
    this.#lastId += 1
    const id = String(extra['id'] ?? `r${this.#lastId}`)
    const answer = this.next((frame) => frame.kind === 'resp' && frame.reqId === id)
    this.send({
      kind: 'req',
      type,
      ...(body !== undefined && { body }),
      ...extra,
      id: extra['id'] ?? id,
    })
    return answer
  }

  send(frame: unknown): void {
    this.socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame))
  }

  /** The first frame of this kind that no call of `next` has had yet. */
  next(wanted: Wanted | string): Promise<Frame> {
    const fits: Wanted =
      typeof wanted === 'string' ? (frame) => frame.type.endsWith(wanted) : wanted
    const index = this.frames.findIndex(fits)
    if (index >= 0) return Promise.resolve(this.frames.splice(index, 1)[0] as Frame)
    return new Promise((resolve, reject) => {
      if (this.socket.readyState > WebSocket.OPEN) {
        reject(new Error('the socket is closed'))
        return
      }
      this.#waiting.add({ wanted: fits, resolve, reject })
    })
  }

  /** Everything that has come and was not taken, after a round trip to the server. */
  async settled(): Promise<readonly Frame[]> {
    await this.request('GetClock')
    return this.frames.splice(0)
  }

  close(): void {
    this.socket.close()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.socket.terminate()
    await this.closed
  }

  #receive(frame: Frame): void {
    for (const waiter of this.#waiting)
      if (waiter.wanted(frame)) {
        this.#waiting.delete(waiter)
        waiter.resolve(frame)
        return
      }
    this.frames.push(frame)
  }
}
