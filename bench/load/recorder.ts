/**
 * Everything that happened in a load run, in arrays of numbers: nothing is sampled, and recording
 * costs the generator next to nothing. Rows for the history checker are made afterwards.
 */
import type { HistoryRow } from '../../packages/server/src/testing/history.ts'
import { eventIdOf, messageOf } from './frames.ts'
import type { Heard } from './read-text.ts'

export interface Party {
  /** Its place among all sockets of the run. */
  readonly socket: number
  readonly actorId: string
}

export interface Pair {
  readonly dialogId: string
  readonly consumer: Party
  readonly agent: Party
}

const CONSUMER = 0
const AGENT = 1
export type Side = typeof CONSUMER | typeof AGENT

/** Answers: 0 = none, otherwise the code. */
export class Recorder {
  readonly invokedAt: Float64Array
  readonly answeredAt: Float64Array
  readonly #code: Uint16Array
  readonly #sequence: Int32Array
  readonly #pairOf: Uint16Array
  readonly #side: Uint8Array
  readonly #eventAt: Float64Array
  readonly #eventSocket: Uint16Array
  readonly #eventOperation: Int32Array
  readonly #eventSequence: Int32Array
  readonly #eventPrevious: Int32Array
  readonly #eventIntact: Uint8Array
  readonly #pairs: readonly Pair[]
  operations = 0
  answered = 0
  events = 0
  /** Events whose text names no operation of this run. */
  strangers = 0

  constructor(pairs: readonly Pair[], capacity: number) {
    this.#pairs = pairs
    this.invokedAt = new Float64Array(capacity)
    this.answeredAt = new Float64Array(capacity)
    this.#code = new Uint16Array(capacity)
    this.#sequence = new Int32Array(capacity)
    this.#pairOf = new Uint16Array(capacity)
    this.#side = new Uint8Array(capacity)
    const events = capacity * 3
    this.#eventAt = new Float64Array(events)
    this.#eventSocket = new Uint16Array(events)
    this.#eventOperation = new Int32Array(events)
    this.#eventSequence = new Int32Array(events)
    this.#eventPrevious = new Int32Array(events)
    this.#eventIntact = new Uint8Array(events)
  }

  invoke(pair: number, side: Side): number {
    const operation = this.operations++
    if (operation >= this.invokedAt.length) throw new Error('the recorder is full')
    this.#pairOf[operation] = pair
    this.#side[operation] = side
    this.invokedAt[operation] = performance.now()
    return operation
  }

  pairOf(operation: number): number {
    return this.#pairOf[operation] as number
  }

  /** The socket that published. */
  senderOf(operation: number): number {
    const pair = this.#pairs[this.pairOf(operation)] as Pair
    return (this.#side[operation] === CONSUMER ? pair.consumer : pair.agent).socket
  }

  codeOf(operation: number): number {
    return this.#code[operation] as number
  }

  /** Records what one socket hears; `react` learns of each event that names an operation. */
  hearing(socket: number, react: (operation: number, now: number) => void): Heard {
    return {
      answer: (operation, code, sequence) => {
        if (!(operation >= 0 && operation < this.operations)) return
        this.answeredAt[operation] = performance.now()
        this.#code[operation] = code
        this.#sequence[operation] = sequence
        this.answered += 1
      },
      event: (operation, sequence, previous, isIntact) => {
        if (!(operation >= 0 && operation < this.operations)) {
          this.strangers += 1
          return
        }
        const now = performance.now()
        const at = this.events++
        this.#eventAt[at] = now
        this.#eventSocket[at] = socket
        this.#eventOperation[at] = operation
        this.#eventSequence[at] = sequence
        this.#eventPrevious[at] = previous
        this.#eventIntact[at] = isIntact ? 1 : 0
        react(operation, now)
      },
    }
  }

  /** True when every publish was answered and shown to both sides. */
  get isSettled(): boolean {
    return this.answered >= this.operations && this.events >= 2 * this.operations
  }

  *rows(): Generator<HistoryRow> {
    for (const [index, pair] of this.#pairs.entries()) {
      for (const party of [pair.consumer, pair.agent]) yield this.#subscribe(index, party)
    }
    for (let operation = 0; operation < this.operations; operation++)
      yield* this.#attempt(operation)
    yield* this.#shown()
  }

  #subscribe(pair: number, { socket, actorId }: Party): HistoryRow {
    const { dialogId } = this.#pairs[pair] as Pair
    return { kind: 'subscribe', at: 0, reader: `${socket}/${pair}`, actorId, dialogId, from: 0 }
  }

  *#attempt(operation: number): Generator<HistoryRow> {
    const pair = this.#pairs[this.pairOf(operation)] as Pair
    const { socket, actorId } = this.#side[operation] === CONSUMER ? pair.consumer : pair.agent
    yield {
      kind: 'invoke',
      at: this.invokedAt[operation] as number,
      operation,
      connection: String(socket),
      actorId,
      dialogId: pair.dialogId,
      eventId: eventIdOf(operation),
      body: messageOf(operation),
    }
    const code = this.codeOf(operation)
    const at = this.answeredAt[operation] as number
    if (code === 200)
      yield { kind: 'ok', at, operation, sequence: this.#sequence[operation] as number }
    // A 5xx leaves open whether the event was kept; a 4xx does not.
    else if (code >= 400 && code < 500) yield { kind: 'fail', at, operation }
    else yield { kind: 'info', at, operation }
  }

  *#shown(): Generator<HistoryRow> {
    const parties = new Map<string, true>()
    for (const [index, { consumer, agent }] of this.#pairs.entries()) {
      for (const party of [consumer, agent]) parties.set(`${party.socket}/${index}`, true)
    }
    for (let at = 0; at < this.events; at++) {
      const operation = this.#eventOperation[at] as number
      const pair = this.pairOf(operation)
      const socket = this.#eventSocket[at] as number
      const reader = `${socket}/${pair}`
      if (!parties.has(reader)) {
        // Nobody let this socket into the dialog; the checker shall say so.
        parties.set(reader, true)
        yield this.#subscribe(pair, { socket, actorId: `socket ${socket}` })
      }
      const previous = this.#eventPrevious[at] as number
      yield {
        kind: 'event',
        at: this.#eventAt[at] as number,
        reader,
        sequence: this.#eventSequence[at] as number,
        ...(previous >= -1 ? { previousSequence: previous } : {}),
        eventId: eventIdOf(operation),
        body: this.#eventIntact[at] ? messageOf(operation) : 'changed on the way',
      }
    }
  }
}
