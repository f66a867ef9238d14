/**
 * Tells subscriptions which conversations changed. Structural changes go out at once; changes that
 * only follow from messages at most a few times per second and conversation. [SUB7]
 */
import type { AccountId, ConversationId } from '@ringdown/protocol'
import type { Bus } from '../bus/bus.ts'
import type { ConversationNews } from '../bus/subjects.ts'
import { subjects } from '../bus/subjects.ts'
import type { Clock } from '../clock.ts'
import type { Actor } from '../domain/actor.ts'
import type { Conversation } from '../domain/conversation.ts'
import type { ConflatingFeed } from './conflating-feed.ts'
import type { ConversationCache } from './conversation-cache.ts'
import type { SubscriptionFilter } from './conversation-filter.ts'
import { appPlace, participantsOf } from './conversation-filter.ts'

export interface ConversationSubscription {
  readonly actor: Actor
  readonly filter: SubscriptionFilter
  readonly feed: ConflatingFeed<Conversation>
  readonly isWanted: (conversation: Conversation) => boolean
}

interface Thinned {
  before?: Conversation
  after: Conversation
  isDirty: boolean
}

const everyone = (conversation: Conversation): string[] =>
  conversation.dialogs.flatMap(({ participants, appId }) => {
    const people = participants.map(({ id }) => id)
    return appId === undefined ? people : [...people, appPlace(appId)]
  })

export class ConversationHub implements Disposable {
  readonly #all = new Set<ConversationSubscription>()
  readonly #byParticipant = new Map<string, Set<ConversationSubscription>>()
  readonly #thinned = new Map<ConversationId, Thinned>()
  readonly #listening: Disposable
  readonly #timers = new Set<Disposable>()
  readonly #clock: Clock
  readonly #quietMs: number
  readonly #cache: ConversationCache

  constructor(
    accountId: AccountId,
    ports: { bus: Bus; clock: Clock; cache: ConversationCache },
    updatesPerSecond: number,
  ) {
    this.#clock = ports.clock
    this.#cache = ports.cache
    this.#quietMs = 1000 / updatesPerSecond
    this.#listening = ports.bus.listen<ConversationNews>(
      subjects.conversations(accountId),
      (news) => this.#hear(news),
    )
  }

  add(subscription: ConversationSubscription): Disposable {
    const { actor, filter } = subscription
    const filed = participantsOf(actor, filter)
    const sets = filed === 'all' ? [this.#all] : filed.map((id) => this.#participantSet(id))
    for (const set of sets) set.add(subscription)
    return {
      [Symbol.dispose]: () => {
        for (const set of sets) set.delete(subscription)
        if (filed === 'all') return
        for (const id of filed)
          if (this.#byParticipant.get(id)?.size === 0) this.#byParticipant.delete(id)
      },
    }
  }

  [Symbol.dispose](): void {
    this.#listening[Symbol.dispose]()
    for (const timer of this.#timers) timer[Symbol.dispose]()
  }

  #participantSet(id: string): Set<ConversationSubscription> {
    const known = this.#byParticipant.get(id) ?? new Set()
    this.#byParticipant.set(id, known)
    return known
  }

  #hear(news: ConversationNews | 'gap'): void {
    // A lost change shows with the next one; a lost last change with the client's next snapshot.
    if (news === 'gap') return
    const after = this.#cache.put(news.after)
    const thinned = this.#thinned.get(after.id)
    if (news.cause === 'structure') {
      this.#deliver(news.before, after)
      // What was waiting went out with it; later changes are judged against this. [SUB8]
      if (thinned) Object.assign(thinned, { before: after, after, isDirty: false })
      return
    }
    if (thinned) {
      thinned.after = after
      thinned.isDirty = true
      return
    }
    this.#deliver(news.before ?? after, after)
    this.#thinned.set(after.id, { before: after, after, isDirty: false })
    this.#quietly(after.id)
  }

  /** Opens the window in which further messages only mark the conversation. */
  #quietly(id: ConversationId): void {
    const timer = this.#clock.after(this.#quietMs, () => {
      this.#timers.delete(timer)
      const thinned = this.#thinned.get(id)
      if (!thinned?.isDirty) {
        this.#thinned.delete(id)
        return
      }
      this.#deliver(thinned.before, this.#cache.put(thinned.after))
      thinned.isDirty = false
      thinned.before = thinned.after
      this.#quietly(id)
    })
    this.#timers.add(timer)
  }

  #deliver(before: Conversation | undefined, after: Conversation): void {
    for (const subscription of this.#all) deliverTo(subscription, before, after)
    const interested = new Set<ConversationSubscription>()
    for (const id of [...(before ? everyone(before) : []), ...everyone(after)])
      for (const one of this.#byParticipant.get(id) ?? []) interested.add(one)
    for (const subscription of interested) deliverTo(subscription, before, after)
  }
}

/** UPSERT while it matches, one DELETE when it stops matching. [SUB8] */
const deliverTo = (
  { isWanted, feed }: ConversationSubscription,
  before: Conversation | undefined,
  after: Conversation,
): void => {
  const matched = before !== undefined && isWanted(before)
  if (isWanted(after)) feed.offer(after.id, 'UPSERT', { value: after, isNew: !matched })
  else if (matched) feed.offer(after.id, 'DELETE', { value: after, isNew: false })
}
