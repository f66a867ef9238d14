/** A socket of one person, with the few frames that these tests need. */
import { WebSocket } from 'ws'

export interface WireEvent {
  readonly sequence: number
  readonly previousSequence?: number
  readonly publisherId: string
  readonly eventId: string
  readonly body: string
  readonly dialogId: string
  readonly audience: 'all' | 'agents'
  readonly at: number
}

export interface Answer {
  readonly code: number
  readonly sequence: number
  // biome-ignore lint/suspicious/noExplicitAny: a test reads what it expects to find
  readonly body: any
}

export interface Closed {
  readonly code: number
  readonly reason: string
}

/** How somebody gets in, whatever port the server has at the moment. */
export interface Door {
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
}

interface RawEvent {
  sequence?: number
  previousSequence?: number
  originatorPId: string
  eventId: string
  serverTimestamp: number
  event: { type: string; message: string }
  dialogId: string
  messageAudience: string
}

const readEvent = (raw: RawEvent): WireEvent => ({
  sequence: raw.sequence!,
  ...(raw.previousSequence !== undefined && { previousSequence: raw.previousSequence }),
  publisherId: raw.originatorPId,
  eventId: raw.eventId,
  body: raw.event.message,
  dialogId: raw.dialogId,
  audience: raw.messageAudience === 'ALL' ? 'all' : 'agents',
  at: raw.serverTimestamp,
})

/** Events of a list; chat states have no sequence and are left out. */
export const readEvents = (list: readonly RawEvent[]): readonly WireEvent[] =>
  list.filter(({ sequence }) => sequence !== undefined).map(readEvent)

export class Wire implements AsyncDisposable {
  readonly socket: WebSocket
  readonly closed: Promise<Closed>
  onEvent: (event: WireEvent) => void = () => {}
  readonly #waiting = new Map<string, (answer: Answer | undefined) => void>()
  #lastId = 0
  #isClosed = false

  private constructor(socket: WebSocket) {
    this.socket = socket
    this.closed = new Promise((resolve) => {
      socket.on('close', (code, reason) => {
        this.#isClosed = true
        const waiting = [...this.#waiting.values()]
        this.#waiting.clear()
        for (const settle of waiting) settle(undefined)
        resolve({ code, reason: String(reason) })
      })
    })
    socket.on('error', () => {})
    socket.on('message', (data) => this.#hear(String(data)))
  }

  static async open(port: number, { path, headers }: Door): Promise<Wire> {
    const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, {
      headers,
      perMessageDeflate: false,
    })
    const wire = new Wire(socket)
    await new Promise<void>((resolve, reject) => {
      socket.once('open', resolve)
      socket.once('error', reject)
      socket.once('close', (code) => reject(new Error(`closed with ${code} while opening`)))
    })
    return wire
  }

  get isClosed(): boolean {
    return this.#isClosed
  }

  /** The answer; undefined when the socket closed first, so that nobody knows. */
  ask(type: string, body: object): Promise<Answer | undefined> {
    return new Promise((settle) => this.send({ type, body, settle }))
  }

  /** As `ask`, but without a turn of the event loop between the answer and `settle`. */
  send(request: {
    type: string
    body: object
    settle: (answer: Answer | undefined) => void
  }): void {
    const { type, body, settle } = request
    if (this.#isClosed) {
      settle(undefined)
      return
    }
    this.#lastId += 1
    const id = String(this.#lastId)
    this.#waiting.set(id, settle)
    this.socket.send(JSON.stringify({ kind: 'req', id, type, body }))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.socket.terminate()
    await this.closed
  }

  #hear(text: string): void {
    const frame = JSON.parse(text)
    if (frame.kind === 'resp') {
      const settle = this.#waiting.get(frame.reqId)
      this.#waiting.delete(frame.reqId)
      settle?.({ code: frame.code, sequence: frame.body?.sequence ?? -1, body: frame.body })
      return
    }
    if (!/MessagingEventNotification|OnlineEventDistribution/.test(frame.type)) return
    for (const event of readEvents(frame.body.changes ?? [frame.body])) this.onEvent(event)
  }
}
