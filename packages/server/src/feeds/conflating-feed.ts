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

export class ConflatingFeed<Value> implements Feed {
  readonly #options: ConflatingFeedOptions<Value>
  readonly #pending = new Map<string, Pending<Value>>()
  #isStopped = false
  /** Changes wait while the first snapshot is being read. */
  #isOpen = false
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

  /** The first snapshot, sent at once: the changes heard meanwhile are newer and win. */
  open(snapshot: readonly { id: string; value: Value }[]): void {
    for (const { id, value } of snapshot)
      if (!this.#pending.has(id)) this.#pending.set(id, { type: 'UPSERT', value, isNew: true })
    // What went before it was ever reported is nothing to the reader. [SUB8]
    for (const [id, { type }] of this.#pending) if (type === 'DELETE') this.#pending.delete(id)
    this.#isOpen = true
    this.pump()
  }

  offer(id: string, type: ChangeType, { value, isNew }: { value: Value; isNew: boolean }): void {
    if (!this.#isOpen) {
      this.#pending.set(id, { type, value, isNew: true })
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
    while (this.#options.outlet.isReady && (this.#pending.size > 0 || this.#owesEmptyFrame))
      this.#sendFrame()
  }

  stop(): void {
    this.#isStopped = true
    this.#pending.clear()
  }

  #sendFrame(): void {
    const { outlet, encodeChange, encodeFrame, frameBytes, onSent } = this.#options
    const changes: string[] = []
    const sent: Pending<Value>[] = []
    let size = 0
    for (const [id, change] of this.#pending) {
      if (size >= frameBytes) break
      const text = encodeChange(change)
      size += text.length
      changes.push(text)
      sent.push(change)
      this.#pending.delete(id)
    }
    this.#owesEmptyFrame = false
    outlet.send(encodeFrame(changes))
    if (onSent) for (const { type, value } of sent) onSent(type, value)
  }
}
