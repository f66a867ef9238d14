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
}

export interface Closed {
  readonly code: number
  readonly reason: string
}

interface Pending {
  readonly type: string
  readonly resolve: (body: unknown) => void
  readonly reject: (error: Error) => void
}

/** From this status on an answer is a refusal. */
const REFUSED = 400

export interface WireOptions {
  readonly url: string
  readonly open: OpenSocket
  readonly timeoutMs: number
  onNotification(notification: Notification): void
}

export class Wire {
  readonly closed: Promise<Closed>
  readonly opened: Promise<void>
  readonly #socket: SocketLike
  readonly #options: WireOptions
  readonly #pending = new Map<string, Pending>()
  #requests = 0
  #isOpen = false

  constructor(options: WireOptions) {
    this.#options = options
    const socket = options.open(options.url)
    this.#socket = socket
    const opened = Promise.withResolvers<void>()
    const closed = Promise.withResolvers<Closed>()
    this.opened = opened.promise
    this.closed = closed.promise
    socket.onopen = () => {
      this.#isOpen = true
      opened.resolve()
    }
    socket.onmessage = ({ data }) => this.#hear(String(data))
    // The close that follows says what there is to say.
    socket.onerror = () => {}
    socket.onclose = ({ code, reason }) => {
      this.#isOpen = false
      const lost = new ConnectionLost(`The connection closed with ${code} ${reason}`.trimEnd())
      opened.reject(lost)
      for (const { reject } of this.#pending.values()) reject(lost)
      this.#pending.clear()
      closed.resolve({ code, reason })
    }
    // Who waits for `closed` need not wait for `opened`.
    this.opened.catch(() => {})
  }

  /** Resolves with the body of a success. Rejects with a refusal, a lost connection, or a timeout. */
  request({ signal, ...asked }: Asked): Promise<unknown> {
    if (!this.#isOpen) return Promise.reject(new ConnectionLost('The connection is not open'))
    if (signal?.aborted) return Promise.reject(signal.reason)
    this.#requests += 1
    const id = String(this.#requests)
    return new Promise((resolve, reject) => {
      const settle = (act: () => void) => {
        clearTimeout(timer)
        signal?.removeEventListener('abort', abort)
        this.#pending.delete(id)
        act()
      }
      const late = () =>
        settle(() => reject(new RequestTimedOut(`${asked.type}: no answer in time`)))
      const abort = () => settle(() => reject(signal?.reason))
      const timer = setTimeout(late, this.#options.timeoutMs)
      signal?.addEventListener('abort', abort)
      this.#pending.set(id, {
        type: asked.type,
        resolve: (body) => settle(() => resolve(body)),
        reject: (error) => settle(() => reject(error)),
      })
      this.#socket.send(JSON.stringify({ kind: 'req', id, ...asked }))
    })
  }

  close(code = 1000, reason = ''): void {
    this.#socket.close(code, reason)
  }

  #hear(text: string): void {
    const frame = JSON.parse(text) as Frame
    if (frame.kind === 'notification') {
      this.#options.onNotification(frame)
      return
    }
    const pending = this.#pending.get(frame.reqId)
    if (!pending) return
    const { code = 200, body } = frame
    if (code < REFUSED) pending.resolve(body)
    else pending.reject(new RequestRefused(pending.type, code, body))
  }
}
