/** Follows one dialog and remembers where it is; each new connection resumes there. [SUB1] */
import type { Recorder } from './recorder.ts'
import { type Closed, type Door, Wire, type WireEvent } from './wire.ts'

export interface ReaderOptions {
  readonly recorder: Recorder
  readonly name: string
  readonly actorId: string
  readonly dialogId: string
  readonly door: Door
}

export class Reader implements AsyncDisposable {
  readonly options: ReaderOptions
  /** The next sequence that it lacks. */
  next = 0
  lastAt = 0
  /** Runs after each event. */
  onEvent: (event: WireEvent) => void = () => {}
  #wire: Wire | undefined
  #connections = 0
  readonly #waiting: { sequence: number; resolve: () => void }[] = []

  constructor(options: ReaderOptions) {
    this.options = options
  }

  get wire(): Wire {
    return this.#wire!
  }

  /** Opens a socket and subscribes from `from`, or from where it was. */
  async connect(port: number, from = this.next): Promise<void> {
    const wire = await Wire.open(port, this.options.door)
    this.#wire = wire
    await this.subscribe(from)
  }

  async subscribe(from: number): Promise<void> {
    const { recorder, name, actorId, dialogId } = this.options
    const wire = this.wire
    const subscription = Promise.withResolvers<void>()
    wire.onEvent = () => {}
    wire.send({
      type: 'ms.SubscribeMessagingEvents',
      body: { dialogId, fromSeq: from },
      settle: (answer) => {
        if (answer?.code !== 200) {
          const why = answer ? `${answer.code} ${answer.body}` : 'the socket closed'
          subscription.reject(new Error(`${name} from ${from}: ${why}`))
          return
        }
        // What came before the answer was for a stream that nobody asked for.
        this.#connections += 1
        const reader = `${name}#${this.#connections}`
        recorder.subscribe({ reader, actorId, dialogId, from })
        this.next = from
        wire.onEvent = (event) => this.#hear(reader, event)
        wire.closed.then(() => recorder.end(reader))
        subscription.resolve()
      },
    })
    await subscription.promise
  }

  /** Resolves when it was shown `sequence` or a later one. */
  reaches(sequence: number): Promise<void> {
    if (this.next > sequence) return Promise.resolve()
    return new Promise((resolve) => this.#waiting.push({ sequence, resolve }))
  }

  async cut(): Promise<Closed> {
    this.wire.socket.terminate()
    return this.wire.closed
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#wire?.[Symbol.asyncDispose]()
  }

  #hear(reader: string, event: WireEvent): void {
    if (event.dialogId !== this.options.dialogId) return
    const { sequence, eventId, body, previousSequence } = event
    const previous = previousSequence === undefined ? {} : { previousSequence }
    this.options.recorder.event({ reader, sequence, eventId, body, ...previous })
    this.lastAt = event.at
    this.next = Math.max(this.next, sequence + 1)
    this.onEvent(event)
    for (let at = this.#waiting.length - 1; at >= 0; at -= 1) {
      const { sequence: wanted, resolve } = this.#waiting[at]!
      if (this.next <= wanted) continue
      this.#waiting.splice(at, 1)
      resolve()
    }
  }
}
