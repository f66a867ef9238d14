/**
 * One connection: who is behind it, how it speaks, and what it follows. It begins without an actor
 * when the token comes in the first frame; subscriptions die with it.
 */
import type { AccountId, CloseCause, DialogId, SubscriptionId } from '@ringdown/protocol'
import { Refusal } from '@ringdown/protocol'
import type { Dialect } from '../dialects/dialect.ts'
import type { Actor, AgentActor, ConsumerActor } from '../domain/actor.ts'
import type { DialogFeed } from '../feeds/dialog-feed.ts'
import type { Feed, Outlet } from '../feeds/outlet.ts'
import { eachSettled } from './settled.ts'

export interface Subscription {
  readonly kind: 'conversations' | 'rings' | 'agent_states'
  readonly feed: Feed
  readonly stop: () => void
  /** The agent's rights changed: shows what it may see by now, and takes back the rest. [PRM11] */
  readonly judgeAgain?: (shownTo: readonly Actor[]) => Promise<void>
}

interface OpenFeed {
  readonly feed: DialogFeed
  /** Nobody asked for an implicit feed; an explicit subscription replaces it. */
  readonly isImplicit: boolean
}

export interface SessionOptions {
  readonly id: string
  readonly accountId: AccountId
  readonly dialect: Dialect
  readonly outlet: Outlet
  /** The peer's address. */
  readonly address: string
  readonly maxSubscriptions: number
}

export class Session {
  readonly id: string
  readonly accountId: AccountId
  readonly dialect: Dialect
  readonly outlet: Outlet
  readonly address: string
  /** What the client told about itself. */
  properties: Readonly<Record<string, unknown>> = {}
  readonly #maxSubscriptions: number
  readonly #subscriptions = new Map<SubscriptionId, Subscription>()
  readonly #dialogs = new Map<DialogId, OpenFeed>()
  readonly #ending: (() => void)[] = []
  #actor: Actor | undefined
  #shownTo: readonly Actor[] = []
  #isEnded = false

  constructor(options: SessionOptions) {
    this.id = options.id
    this.accountId = options.accountId
    this.dialect = options.dialect
    this.outlet = options.outlet
    this.address = options.address
    this.#maxSubscriptions = options.maxSubscriptions
  }

  get role(): Dialect['role'] {
    return this.dialect.role
  }

  /** Absent until the client has shown a token. */
  get identity(): Actor | undefined {
    return this.#actor
  }

  get actor(): Actor {
    if (!this.#actor) throw new Refusal('not_authenticated')
    return this.#actor
  }

  get consumer(): ConsumerActor {
    const { actor } = this
    if (actor.kind !== 'consumer') throw new Refusal('not_permitted')
    return actor
  }

  get agent(): AgentActor {
    const { actor } = this
    if (actor.kind !== 'agent') throw new Refusal('not_permitted')
    return actor
  }

  get isEnded(): boolean {
    return this.#isEnded
  }

  authenticate(actor: Actor): void {
    this.#actor = actor
    this.#shownTo = [...this.#shownTo, actor]
  }

  /** By whose rights something may be shown still: several until all of it was judged again. [PRM11] */
  get shownTo(): readonly Actor[] {
    return this.#shownTo
  }

  /** Has everything that the connection follows look at the actor's new rights. [PRM11] */
  judgeAgain(): Promise<void> {
    const shownTo = this.#shownTo
    return eachSettled([...this.#subscriptions.values()], (one) => one.judgeAgain?.(shownTo))
  }

  /** By this one's rights all that is shown was judged, unless somebody's came later. */
  markJudged(actor: Actor): void {
    if (this.#actor === actor) this.#shownTo = [actor]
  }

  /** Runs `work` when the connection is over. */
  onEnd(work: () => void): void {
    if (this.#isEnded) work()
    else this.#ending.push(work)
  }

  subscribe(id: SubscriptionId, subscription: Subscription): void {
    if (this.#isEnded) {
      subscription.stop()
      return
    }
    this.#subscriptions.set(id, subscription)
  }

  /** Refuses what would be one subscription too many. [LIM7] */
  assertRoomForSubscription(): void {
    if (this.#subscriptions.size + this.#dialogs.size >= this.#maxSubscriptions)
      throw new Refusal('too_many_requests', 'Too many subscriptions on this connection')
  }

  subscription(id: SubscriptionId): Subscription | undefined {
    return this.#subscriptions.get(id)
  }

  hasSubscription(kind: Subscription['kind']): boolean {
    return this.subscriptions(kind).length > 0
  }

  subscriptions(kind: Subscription['kind']): readonly Subscription[] {
    return [...this.#subscriptions.values()].filter((one) => one.kind === kind)
  }

  unsubscribe(id: SubscriptionId): void {
    const subscription = this.#subscriptions.get(id)
    this.#subscriptions.delete(id)
    subscription?.stop()
  }

  dialogFeed(dialogId: DialogId): OpenFeed | undefined {
    return this.#dialogs.get(dialogId)
  }

  /** One live stream per dialog: a new one replaces the old one. [SUB3] */
  follow(dialogId: DialogId, feed: DialogFeed, { isImplicit }: { isImplicit: boolean }): void {
    this.#dialogs.get(dialogId)?.feed.stop()
    if (this.#isEnded) {
      feed.stop()
      return
    }
    this.#dialogs.set(dialogId, { feed, isImplicit })
    feed.pump()
  }

  unfollow(dialogId: DialogId): void {
    this.#dialogs.get(dialogId)?.feed.stop()
    this.#dialogs.delete(dialogId)
  }

  /** The outlet can take more. Conversations go first: events follow what they belong to. */
  pump(): void {
    for (const { feed } of this.#subscriptions.values()) feed.pump()
    for (const { feed } of this.#dialogs.values()) feed.pump()
  }

  close(cause: CloseCause): void {
    this.outlet.close(cause)
  }

  end(): void {
    if (this.#isEnded) return
    this.#isEnded = true
    for (const { stop } of this.#subscriptions.values()) stop()
    for (const { feed } of this.#dialogs.values()) feed.stop()
    this.#subscriptions.clear()
    this.#dialogs.clear()
    for (const work of this.#ending) work()
  }
}
