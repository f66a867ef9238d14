/**
 * Publishes into one dialog, some at once, each with an event id of its own. After its socket is
 * gone it opens another and sends everything again that was not answered, in the same order.
 */
import type { Recorder } from './recorder.ts'
import { type Answer, type Door, Wire } from './wire.ts'

export interface WriterOptions {
  readonly recorder: Recorder
  readonly name: string
  readonly actorId: string
  readonly dialogId: string
  readonly door: Door
  /** Publishes under way at once. */
  readonly window: number
  /** Bytes that are added to each text. */
  readonly padding?: number
  /** Every so many publishes is for agents only; 0: none. */
  readonly privateEvery?: number
  /** Codes after which a publish is sent again at once. */
  readonly retries?: readonly number[]
}

interface Publish {
  readonly eventId: string
  readonly text: string
  readonly isPrivate: boolean
}

export class Writer implements AsyncDisposable {
  readonly options: WriterOptions
  /** The newest sequence that was answered. */
  acked = -1
  answered = 0
  readonly codes = new Map<number, number>()
  #unsettled: Publish[] = []
  #wire: Wire | undefined
  #connections = 0
  #published = 0
  #underWay = 0
  #left = 0
  #idle = Promise.withResolvers<void>()
  #isIdle = true

  constructor(options: WriterOptions) {
    this.options = options
    this.#idle.resolve()
  }

  get wire(): Wire {
    return this.#wire!
  }

  get unsettled(): number {
    return this.#unsettled.length
  }

  get published(): number {
    return this.#published
  }

  async connect(port: number): Promise<void> {
    this.#wire = await Wire.open(port, this.options.door)
    this.#connections += 1
    const again = this.#unsettled
    this.#unsettled = []
    for (const publish of again) this.#send(publish)
  }

  /** Publishes `count` more. Resolves when all that was sent is answered, or the socket is gone. */
  async write(count: number): Promise<void> {
    this.#left += count
    this.#pump()
    await this.settled()
  }

  /** Sends nothing new. */
  stop(): void {
    this.#left = 0
  }

  settled(): Promise<void> {
    return this.#idle.promise
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.stop()
    await this.#wire?.[Symbol.asyncDispose]()
  }

  #pump(): void {
    while (this.#left > 0 && this.#underWay < this.options.window) {
      this.#left -= 1
      const number = this.#published++
      const { name, padding = 0, privateEvery = 0 } = this.options
      const eventId = `${name}.${number}`
      const isPrivate = privateEvery > 0 && number % privateEvery === privateEvery - 1
      this.#send({ eventId, text: `<${eventId}>${'.'.repeat(padding)}`, isPrivate })
    }
  }

  #send(publish: Publish): void {
    const { recorder, actorId, dialogId, name } = this.options
    const { eventId, text, isPrivate } = publish
    if (this.#isIdle) this.#idle = Promise.withResolvers<void>()
    this.#isIdle = false
    this.#underWay += 1
    const connection = `${name}#${this.#connections}`
    const attempt = { connection, actorId, dialogId, eventId, body: text }
    const operation = recorder.invoke(attempt)
    this.wire.send({
      type: 'ms.PublishEvent',
      body: {
        dialogId,
        eventId,
        event: { type: 'ContentEvent', contentType: 'text/plain', message: text },
        ...(isPrivate && { messageAudience: 'AGENTS_AND_MANAGERS' }),
      },
      settle: (answer) => this.#settle(publish, operation, answer),
    })
  }

  #settle(publish: Publish, operation: number, answer: Answer | undefined): void {
    const { recorder, retries = [] } = this.options
    this.#underWay -= 1
    if (!answer) {
      recorder.unknown(operation)
      this.#unsettled.push(publish)
      this.stop()
    } else {
      recorder.answer(operation, answer.code, answer.sequence)
      this.answered += 1
      this.codes.set(answer.code, (this.codes.get(answer.code) ?? 0) + 1)
      if (answer.code === 200) this.acked = Math.max(this.acked, answer.sequence)
      else if (retries.includes(answer.code)) this.#send(publish)
      this.#pump()
    }
    this.#isIdle = this.#underWay === 0
    if (this.#isIdle) this.#idle.resolve()
  }
}
