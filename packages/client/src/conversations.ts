/**
 * Conversations as they are now, and each change of one. After a new connection the whole list comes
 * again; what is not in it any more is told as gone. A reader that is behind gets all changes as one.
 */
import { Channel } from './channel.ts'
import type { Link } from './link.ts'
import { type RequestBody, wireNames } from './requests.ts'
import { leavingById, Subscription } from './subscription.ts'
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
  /** Until another connection begins. */
  #sweeping: AbortController | undefined

  constructor(link: Link, filter: ConversationFilter, signal?: AbortSignal) {
    this.#link = link
    this.#filter = filter
    let subscription: Subscription | undefined
    this.changes = new Channel({
      ...(signal && { signal }),
      onEnd: () => {
        this.#sweeping?.abort()
        subscription?.stop()
      },
    })
    if (this.changes.isOver) return
    subscription = new Subscription(link, {
      asked: () => ({ type: wireNames.subscribeConversations, body: filter }),
      begins: () => {
        this.#sweeping?.abort()
        this.#sweeping = undefined
        this.#subscriptionId = undefined
        this.#unconfirmed = new Set(this.#known.keys())
      },
      taken: (answer) => {
        this.#subscriptionId = (answer as { subscriptionId: string }).subscriptionId
      },
      heard: (notification) => this.#hear(notification),
      ended: (failure) => this.changes.end(failure),
      leaving: leavingById,
    })
  }

  #hear({ type, body }: Notification): void {
    if (!type.endsWith('ExConversationChangeNotification')) return
    if (body.subscriptionId !== this.#subscriptionId) return
    const told = body.changes as Told[]
    for (const { result } of told) this.#unconfirmed.delete(result.convId)
    const of = (kind: Told['type']) => told.filter(({ type: one }) => one === kind)
    this.#apply(
      of('UPSERT').map(({ result }) => result),
      of('DELETE').map(({ result }) => result.convId),
    )
    if (this.#sweeping || this.#unconfirmed.size === 0) return
    this.#sweeping = new AbortController()
    this.#sweep(this.#sweeping.signal).catch((error: unknown) => this.changes.end({ error }))
  }

  /** Asks about each conversation that the new list did not name so far: it may have ended meanwhile. */
  async #sweep(signal: AbortSignal): Promise<void> {
    for (const conversationId of [...this.#unconfirmed]) {
      if (!this.#unconfirmed.has(conversationId)) continue
      const filter = { ...this.#filter, conversationId }
      for await (const { conversations } of conversationChanges(this.#link, filter, { signal })) {
        const isGone = !conversations.has(conversationId) && this.#unconfirmed.has(conversationId)
        if (isGone) this.#apply([], [conversationId])
        break
      }
      if (signal.aborted) return
    }
  }

  #apply(changed: readonly ConversationSnapshot[], gone: readonly string[]): void {
    for (const one of changed) this.#known.set(one.convId, one)
    for (const id of gone) this.#known.delete(id)
    this.changes.merge({ conversations: new Map(this.#known), changed, gone }, joined)
  }
}

/** Two changes as one: of each conversation the last word. */
const joined = (older: ConversationsChange, newer: ConversationsChange): ConversationsChange => {
  const { conversations } = newer
  const changed = new Map([...older.changed, ...newer.changed].map((one) => [one.convId, one]))
  const gone = new Set([...older.gone, ...newer.gone])
  return {
    conversations,
    changed: [...changed.values()].filter(({ convId }) => conversations.has(convId)),
    gone: [...gone].filter((id) => !conversations.has(id)),
  }
}

/** Follows conversations until its signal, or until the loop that reads it is left. */
export const conversationChanges = (
  link: Link,
  filter: ConversationFilter = {},
  { signal }: { signal?: AbortSignal } = {},
): AsyncIterableIterator<ConversationsChange, undefined> =>
  new ConversationReader(link, filter, signal).changes
