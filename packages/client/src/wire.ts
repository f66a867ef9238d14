/** One socket for as long as it lives: requests and their answers, and what comes unasked. */
import { ConnectionLost, RequestRefused, RequestTimedOut } from './problems.ts'
import type { OpenSocket, SocketLike } from './socket.ts'

export interface Notification {
  readonly type: string
  // biome-ignore lint/suspicious/noExplicitAny: checked where it is read
  readonly body: any
}

interface Response {
  readonly kind: 'resp'
  readonly reqId: string
  readonly type: string
  readonly code?: number
  readonly body: unknown
}

type Frame = Response | (Notification & { readonly kind: 'notification' })

export interface Asked {
  readonly type: string
  readonly body?: unknown
  readonly metadata?: readonly object[]
  readonly headers?: readonly object[]
  readonly signal?: AbortSignal
  /**
   * Called with the body of a success before the next frame is read, also when it comes too late for
   * whoever asked.
   */
  readonly onTaken?: (body: unknown) => void
}

export interface Closed {
  readonly code: number
  readonly reason: string
}

interface Pending {
  answered(response: Response): void
  lost(error: Error): void
}

/** From this status on an answer is a refusal. */
const REFUSED = 400
/** What a browser says of a connection that ended without a word. */
const ABNORMAL = 1006

export interface WireOptions {
  readonly url: string
  readonly open: OpenSocket
  readonly timeoutMs: number
  onNotification(notification: Notification): void
  /** Called before anybody who waits for an answer hears that the connection is lost. */
  onEnd?(): void
}

export class Wire {
  readonly closed: Promise<Closed>
  readonly opened: Promise<void>
  /** How many frames have come. */
  heard = 0
  readonly #socket: SocketLike
  readonly #options: WireOptions
  readonly #pending = new Map<string, Pending>()
  readonly #opening = Promise.withResolvers<void>()
  readonly #closing = Promise.withResolvers<Closed>()
  #requests = 0
  #isOpen = false
  #isOver = false

  constructor(options: WireOptions) {
    this.#options = options
    this.opened = this.#opening.promise
    this.closed = this.#closing.promise
    // Who waits for `closed` need not wait for `opened`.
    this.opened.catch(() => {})
    const socket = options.open(options.url)
    this.#socket = socket
    socket.onopen = () => {
      this.#isOpen = !this.#isOver
      this.#opening.resolve()
    }
    socket.onmessage = ({ data }) => this.#hear(String(data))
    // The close that follows says what there is to say.
    socket.onerror = () => {}
    socket.onclose = ({ code, reason }) => {
      const lost = new ConnectionLost(`The connection closed with ${code} ${reason}`.trimEnd())
      this.#end(lost, { code, reason })
    }
  }

  /** Resolves with the body of a success. Rejects with a refusal, a lost connection, or a timeout. */
  request({ signal, onTaken, ...asked }: Asked): Promise<unknown> {
    if (!this.#isOpen) return Promise.reject(new ConnectionLost('The connection is not open'))
    if (signal?.aborted) return Promise.reject(signal.reason)
    this.#requests += 1
    const id = String(this.#requests)
    return new Promise((resolve, reject) => {
      const settle = (act: () => void) => {
        clearTimeout(timer)
        signal?.removeEventListener('abort', abort)
        if (!onTaken) this.#pending.delete(id)
        act()
      }
      const late = () =>
        settle(() => reject(new RequestTimedOut(`${asked.type}: no answer in time`)))
      const abort = () => settle(() => reject(signal?.reason))
      const timer = setTimeout(late, this.#options.timeoutMs)
      signal?.addEventListener('abort', abort)
      this.#pending.set(id, {
        answered: ({ code = 200, body }) => {
          this.#pending.delete(id)
          const isTaken = code < REFUSED
          if (isTaken) onTaken?.(body)
          settle(() =>
            isTaken ? resolve(body) : reject(new RequestRefused(asked.type, code, body)),
          )
        },
        lost: (error) => settle(() => reject(error)),
      })
      this.#socket.send(JSON.stringify({ kind: 'req', id, ...asked }))
    })
  }

  /** Ends it at once: a peer that is gone does not answer the closing of a socket either. */
  drop(error: Error = new ConnectionLost('The connection was given up')): void {
    if (this.#isOver) return
    this.#socket.onopen = null
    this.#socket.onmessage = null
    this.#socket.onclose = null
    this.#socket.close(1000, '')
    this.#end(error, { code: ABNORMAL, reason: error.message })
  }

  #end(error: Error, closed: Closed): void {
    this.#isOver = true
    this.#isOpen = false
    this.#options.onEnd?.()
    this.#opening.reject(error)
    for (const { lost } of [...this.#pending.values()]) lost(error)
    this.#pending.clear()
    this.#closing.resolve(closed)
  }

  #hear(text: string): void {
    this.heard += 1
    const frame = readFrame(text)
    if (frame?.kind === 'notification') this.#options.onNotification(frame)
    else if (frame) this.#pending.get(frame.reqId)?.answered(frame)
  }
}

/** Something on the way may put words of its own into a connection: they are no frames. */
const readFrame = (text: string): Frame | undefined => {
  try {
    return JSON.parse(text) as Frame
  } catch {
    return undefined
  }
}
