/**
 * Conversations as they are now, and each change of one. After a new connection the whole list comes
 * again; what is not in it any more is told as gone.
 */
import { Channel } from './channel.ts'
import type { Link } from './link.ts'
import { RequestRefused } from './problems.ts'
import { type RequestBody, wireNames } from './requests.ts'
import type { Notification } from './wire.ts'

export interface ConversationSnapshot {
  readonly convId: string
  readonly effectiveTTR: number
  readonly lastUpdateTime?: number
  // biome-ignore lint/suspicious/noExplicitAny: the shape is the server's, by version and role
  readonly conversationDetails: any
  // biome-ignore lint/suspicious/noExplicitAny: an event of any kind
  readonly lastContentEventNotification?: any
}

export interface ConversationsChange {
  /** What is followed, as it is after the change. */
  readonly conversations: ReadonlyMap<string, ConversationSnapshot>
  readonly changed: readonly ConversationSnapshot[]
  readonly gone: readonly string[]
}

export type ConversationFilter = RequestBody<'subscribeConversations'>

interface Told {
  readonly type: 'UPSERT' | 'DELETE'
  readonly result: ConversationSnapshot
}

class ConversationReader {
  readonly changes: Channel<ConversationsChange>
  readonly #link: Link
  readonly #filter: ConversationFilter
  readonly #known = new Map<string, ConversationSnapshot>()
  /** Known before this connection and not told of on it yet. */
  #unconfirmed = new Set<string>()
  #subscriptionId: string | undefined
  /** What came before the answer that names the subscription. */
  #early: Notification[] = []

  constructor(link: Link, filter: ConversationFilter, signal?: AbortSignal) {
    this.#link = link
    this.#filter = filter
    const following = { stop: () => {} }
    this.changes = new Channel({
      ...(signal && { signal }),
      onEnd: () => {
        following.stop()
        this.#leave()
      },
    })
    if (this.changes.isOver) return
    const followed = link.follow({
      connected: () => void this.#ask(),
      heard: (notification) => this.#hear(notification),
    })
    following.stop = () => followed[Symbol.dispose]()
  }

  async #ask(): Promise<void> {
    this.#subscriptionId = undefined
    this.#early = []
    this.#unconfirmed = new Set(this.#known.keys())
    try {
      const type = wireNames.subscribeConversations
      const answer = await this.#link.request({ type, body: this.#filter })
      const { subscriptionId } = answer as { subscriptionId: string }
      this.#subscriptionId = subscriptionId
      for (const notification of this.#early.splice(0)) this.#hear(notification)
      await this.#sweep(subscriptionId)
    } catch (error) {
      if (error instanceof RequestRefused && error.code < 500) this.changes.end({ error })
    }
  }

  /** Asks about each conversation that the new list did not name: it may have ended meanwhile. */
  async #sweep(subscriptionId: string): Promise<void> {
    // Frames keep their order: once this is answered, the list's first frame has come.
    await this.#link.request({ type: wireNames.getClock })
    for (const conversationId of [...this.#unconfirmed]) {
      const filter = { ...this.#filter, conversationId }
      const type = wireNames.subscribeConversations
      const answer = await this.#link.request({ type, body: filter })
      const { subscriptionId: id } = answer as { subscriptionId: string }
      await this.#link.request({ type: wireNames.getClock })
      const isLeft =
        this.#subscriptionId === subscriptionId && this.#unconfirmed.has(conversationId)
      if (isLeft) this.#apply([], [conversationId])
      const body = { subscriptionId: id }
      await this.#link.request({ type: wireNames.unsubscribeConversations, body })
    }
  }

  #hear(notification: Notification): void {
    const { type, body } = notification
    if (!type.endsWith('ExConversationChangeNotification')) return
    if (this.#subscriptionId === undefined) {
      this.#early.push(notification)
      return
    }
    const told = body.changes as Told[]
    for (const { result } of told) this.#unconfirmed.delete(result.convId)
    if (body.subscriptionId !== this.#subscriptionId) return
    const isFresh = ({ result }: Told) => !this.#isOlder(result)
    const changed = told.filter((one) => one.type === 'UPSERT' && isFresh(one))
    const gone = told
      .filter(({ type: kind }) => kind === 'DELETE')
      .map(({ result }) => result.convId)
    this.#apply(
      changed.map(({ result }) => result),
      gone,
    )
  }

  #isOlder({ convId, lastUpdateTime = 0 }: ConversationSnapshot): boolean {
    return (this.#known.get(convId)?.lastUpdateTime ?? 0) > lastUpdateTime
  }

  #apply(changed: readonly ConversationSnapshot[], gone: readonly string[]): void {
    for (const one of changed) this.#known.set(one.convId, one)
    for (const id of gone) this.#known.delete(id)
    this.changes.push({ conversations: new Map(this.#known), changed, gone })
  }

  #leave(): void {
    if (this.#subscriptionId === undefined || this.#link.state.kind !== 'open') return
    const body = { subscriptionId: this.#subscriptionId }
    this.#link.request({ type: wireNames.unsubscribeConversations, body }).catch(() => {})
  }
}

/** Follows conversations until its signal, or until the loop that reads it is left. */
export const conversationChanges = (
  link: Link,
  filter: ConversationFilter = {},
  { signal }: { signal?: AbortSignal } = {},
): AsyncIterableIterator<ConversationsChange, undefined> =>
  new ConversationReader(link, filter, signal).changes
