/** Requests and answers over a connection, in JSON: for setting up, and for reading back. */
import type { Connection } from './connection.ts'
import { clientFrame } from './frames.ts'

export interface Frame {
  readonly kind: 'resp' | 'notification'
  readonly type: string
  readonly reqId?: string
  readonly code?: number
  // biome-ignore lint/suspicious/noExplicitAny: whatever the server says; read at known places
  readonly body: any
}

const TIMEOUT_MS = 30_000

export class Session {
  onNotification: (frame: Frame) => void = () => {}
  readonly connection: Connection
  readonly #waiting = new Map<
    string,
    { resolve: (frame: Frame) => void; reject: (error: Error) => void }
  >()
  #requests = 0

  constructor(connection: Connection) {
    this.connection = connection
    this.listen()
    connection.onClosed = (reason) => this.fail(new Error(`connection lost: ${reason}`))
  }

  /** Takes the connection's frames back after a load run. */
  listen(): void {
    this.connection.onText = (bytes, start, end) => {
      const frame = JSON.parse(bytes.toString('utf8', start, end)) as Frame
      if (frame.kind === 'notification') this.onNotification(frame)
      else this.#answer(frame)
    }
  }

  fail(error: Error): void {
    for (const { reject } of this.#waiting.values()) reject(error)
    this.#waiting.clear()
  }

  /** The body of the answer; anything but a success is an error. */
  async request(type: string, body: unknown): Promise<Frame['body']> {
    const id = `s${this.#requests++}`
    const answer = new Promise<Frame>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`${type}: no answer`)), TIMEOUT_MS)
      const settle =
        <T>(act: (value: T) => void) =>
        (value: T) => {
          clearTimeout(timer)
          act(value)
        }
      this.#waiting.set(id, { resolve: settle(resolve), reject: settle(reject) })
    })
    this.connection.send(clientFrame(JSON.stringify({ kind: 'req', id, type, body })))
    const { code, body: said } = await answer
    if (code === undefined || code >= 300)
      throw new Error(`${type}: ${code} ${JSON.stringify(said)}`)
    return said
  }

  #answer(frame: Frame): void {
    const waiting = this.#waiting.get(frame.reqId ?? '')
    this.#waiting.delete(frame.reqId ?? '')
    waiting?.resolve(frame)
  }
}
