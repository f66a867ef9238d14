/**
 * A subscription to things that have no sequence: conversations, rings, agent states. What changed
 * waits as one newest value per id, and is encoded when the socket can take it, so that a slow
 * reader costs one entry per thing, not one per change. [SUB6]
 */
import type { SubscriptionId } from '@ringdown/protocol'
import type { Feed, Outlet } from './outlet.ts'

export type ChangeType = 'UPSERT' | 'DELETE'

interface Pending<Value> {
  readonly type: ChangeType
  readonly value: Value
  /** Not yet reported at all: a DELETE that follows takes it back. */
  readonly isNew: boolean
}

export interface ConflatingFeedOptions<Value> {
  readonly id: SubscriptionId
  readonly outlet: Outlet
  readonly encodeChange: (change: { type: ChangeType; value: Value }) => string
  readonly encodeFrame: (changes: readonly string[]) => string
  /** Bytes of changes that go into one frame. */
  readonly frameBytes: number
  /** Called for every change once its frame was sent. */
  readonly onSent?: (type: ChangeType, value: Value) => void
}

interface Entry<Value> {
  readonly id: string
  readonly value: Value
}

/** What must be known while a first snapshot is still being read. */
interface Reading {
  /** Sent already: what the snapshot says of them is not news. */
  readonly reported: Set<string>
  /** Gone before they were reported: what the snapshot says of them is over. */
  readonly gone: Set<string>
}

export class ConflatingFeed<Value> implements Feed {
  readonly #options: ConflatingFeedOptions<Value>
  readonly #pending = new Map<string, Pending<Value>>()
  #isStopped = false
  /** Changes wait until something of the first snapshot has been read. */
  #isOpen = false
  /** Until the first snapshot has been read as a whole. */
  #reading: Reading | undefined = { reported: new Set(), gone: new Set() }
  #owesEmptyFrame = true

  constructor(options: ConflatingFeedOptions<Value>) {
    this.#options = options
  }

  get id(): SubscriptionId {
    return this.#options.id
  }

  get isWaiting(): boolean {
    return this.#pending.size > 0
  }

  get isStopped(): boolean {
    return this.#isStopped
  }

  /** The first snapshot or a part of it, sent at once: the changes heard meanwhile are newer and win. */
  open(snapshot: readonly Entry<Value>[], { isLast = true } = {}): void {
    const { reported, gone } = this.#reading ?? { reported: new Set(), gone: new Set() }
    for (const { id, value } of snapshot)
      if (!this.#pending.has(id) && !reported.has(id) && !gone.has(id))
        this.#pending.set(id, { type: 'UPSERT', value, isNew: true })
    this.#isOpen = true
    if (isLast) this.#reading = undefined
    this.pump()
  }

  offer(id: string, type: ChangeType, { value, isNew }: { value: Value; isNew: boolean }): void {
    if (this.#reading && !this.#reading.reported.has(id)) {
      this.#offerUnreported(this.#reading, id, { type, value })
      return
    }
    const waiting = this.#pending.get(id)
    if (type === 'DELETE' && waiting?.isNew) {
      this.#pending.delete(id)
      return
    }
    this.#pending.set(id, { type, value, isNew: waiting?.isNew ?? isNew })
    this.pump()
  }

  pump(): void {
    if (!this.#isOpen || this.#isStopped) return
    while (this.#options.outlet.isReady && (this.#pending.size > 0 || this.#isKnownEmpty))
      this.#sendFrame()
  }

  get #isKnownEmpty(): boolean {
    return this.#owesEmptyFrame && !this.#reading
  }

  /** What went before it was ever reported is nothing to the reader. [SUB8] */
  #offerUnreported(
    { gone }: Reading,
    id: string,
    { type, value }: { type: ChangeType; value: Value },
  ): void {
    if (type === 'DELETE') {
      gone.add(id)
      this.#pending.delete(id)
      return
    }
    gone.delete(id)
    this.#pending.set(id, { type, value, isNew: true })
    this.pump()
  }

  stop(): void {
    this.#isStopped = true
    this.#pending.clear()
  }

  #sendFrame(): void {
    const { outlet, encodeChange, encodeFrame, frameBytes, onSent } = this.#options
    const changes: string[] = []
    const sent: Pending<Value>[] = []
    const told: string[] = []
    let size = 0
    for (const [id, change] of this.#pending) {
      if (size >= frameBytes) break
      const text = encodeChange(change)
      size += text.length
      changes.push(text)
      sent.push(change)
      told.push(id)
      this.#pending.delete(id)
    }
    this.#owesEmptyFrame = false
    for (const id of told) this.#reading?.reported.add(id)
    outlet.send(encodeFrame(changes))
    if (onSent) for (const { type, value } of sent) onSent(type, value)
  }
}
