/** Everything that a signed-in agent works with: one connection and what is followed over it. */
import {
  type AgentClient,
  type AgentState,
  agentClient,
  ClientClosed,
  type ConversationSnapshot,
  type DialogEvent,
  type LinkState,
  type OutboxEntry,
  RequestRefused,
  type Ring,
  refreshLogin,
} from '@ringdown/client'
import { type Conversation, conversationOf, newestOf } from './conversation.ts'
import { Copy, fitting } from './copy.ts'
import { Directory } from './directory.ts'
import { type Unsent, unsentIn } from './given-back.ts'
import { keep } from './kept.ts'
import { Rest } from './rest.ts'
import type { Session } from './session.ts'
import { Thread } from './thread.ts'
import { each, Value } from './value.ts'

const TICK_MS = 1_000
/** Conversations that are nobody's business here any more, and are still known by their address. */
const MOST_KNOWN = 200
const MOST_KEPT = 100
/** Messages of a thread that a reload without the server shows. */
const MOST_SAID = 50
const SYNCED_EVERY_MS = 10_000
/** Threads that stay followed after one has gone on to another: going back is at once. */
const MOST_THREADS = 8

export type Conversations = ReadonlyMap<string, Conversation>

const viewPackages = [20002, 30002]
const joinPackages = [20001, 30001]
const agentPackages = [20003, 30010]

/** The newest ones; the oldest make room. */
const remember = <T>(known: Map<string, T>, id: string, value: T): void => {
  known.delete(id)
  known.set(id, value)
  const [oldest] = known.keys()
  if (known.size > MOST_KNOWN && oldest !== undefined) known.delete(oldest)
}

const byUpdate = (one: Conversation, other: Conversation) => other.updatedAt - one.updatedAt

export class Desk implements Disposable {
  readonly session: Session
  readonly client: AgentClient
  readonly rest: Rest
  readonly directory: Directory
  readonly mine: Value<Conversations | undefined>
  readonly all: Value<Conversations | undefined>
  readonly rings = new Value<readonly Ring[]>([])
  readonly ownState = new Value<AgentState | undefined>(undefined)
  readonly link: Value<LinkState>
  /** Dialogs of opened conversations in which somebody else is typing. [WSP12] */
  readonly typing = new Value<ReadonlySet<string>>(new Set())
  readonly outbox = new Value<readonly OutboxEntry[]>([])
  /** The server's time, once a second. */
  readonly now: Value<number>
  readonly #stop = new AbortController()
  readonly #copy: Copy
  readonly #threads = new Map<string, Thread>()
  /** Conversations as they were last seen, also when they are nobody's business here any more. */
  readonly #lastKnown = new Map<string, Conversation>()
  /** How far threads that are not followed any more were looked at. */
  readonly #lookedAt = new Map<string, number>()
  readonly #saidBefore: Readonly<Record<string, readonly DialogEvent[]>>
  #syncedAt: number | undefined
  readonly #discarded = new Set<string>()
  readonly #ended: () => void
  #followsAll = false
  /** The agent has gone: nothing waits in this tab any more. */
  #isOutboxOver = false

  constructor(session: Session, ended: () => void) {
    this.session = session
    this.#ended = ended
    const place = { origin: location.origin, account: session.account }
    this.client = agentClient({
      ...place,
      token: (need) => (need === 'first' ? Promise.resolve(session.bearer) : this.#renew()),
      storage: this.#outboxStorage(),
    })
    this.link = new Value(this.client.state)
    this.now = new Value(this.client.clock.now())
    this.rest = new Rest(session)
    this.#copy = new Copy(session)
    this.directory = new Directory(this.client, this.rest, this.#copy)
    this.mine = new Value(this.#before('mine'))
    this.all = new Value(this.#before('all'))
    this.#saidBefore = this.#copy.read('threads') ?? {}
    this.#syncedAt = this.#copy.read('syncedAt')
    this.#follow()
  }

  get me(): string {
    return this.session.agentId
  }

  get mayView(): boolean {
    return this.#holds(viewPackages)
  }

  get mayJoin(): boolean {
    return this.#holds(joinPackages)
  }

  get maySeeAgents(): boolean {
    return this.#holds(agentPackages)
  }

  /** Follows every conversation that the agent may see, from the first time it is asked for. */
  followAll(): void {
    if (this.#followsAll) return
    this.#followsAll = true
    this.#followConversations(this.all, { convState: ['OPEN'] })
  }

  /** When what is shown was last what the server had, by this machine's clock. */
  get syncedAt(): number | undefined {
    return this.#syncedAt
  }

  find(id: string): Conversation | undefined {
    return this.mine.get()?.get(id) ?? this.all.get()?.get(id) ?? this.#lastKnown.get(id)
  }

  thread({ id, dialogId }: Conversation): Thread {
    const known = this.#threads.get(dialogId)
    if (known) {
      this.#threads.delete(dialogId)
      this.#threads.set(dialogId, known)
      return known
    }
    const takesPart = () => {
      const role = this.find(id)?.ownRole
      return role === 'ASSIGNED_AGENT' || role === 'MANAGER'
    }
    const thread = new Thread({
      client: this.client,
      dialogId,
      me: this.me,
      takesPart,
      newest: () => newestOf(this.find(id)),
      before: this.#saidBefore[dialogId] ?? [],
      lookedAt: this.#lookedAt.get(dialogId) ?? -1,
    })
    this.#threads.set(dialogId, thread)
    thread.state.subscribe(() => {
      this.#keepThreads()
      this.#noteTyping(dialogId, thread.state.get().typing.length > 0)
    })
    const [oldest] = this.#threads.values()
    if (this.#threads.size > MOST_THREADS && oldest) this.#leave(oldest)
    return thread
  }

  discard(id: string): void {
    // What is under way goes out, and is told like any other.
    if (this.client.outbox.discard(id)) this.#discarded.add(id)
  }

  /** Resolves once nothing waits any more but what was refused. */
  async emptied(): Promise<void> {
    const { signal } = this.#stop
    const { outbox } = this.client
    const changes = outbox.changes(signal)
    // What was put in a moment ago is in the entries, and not in the list that was made before.
    while (!(await changes.next()).done)
      if (outbox.entries.every(({ state }) => state === 'failed')) break
    await changes.return?.()
  }

  /** What was not sent when the agent goes; this tab knows nothing of it from then on. [WSP41] */
  takeUnsent(): readonly Unsent[] {
    const { entries } = this.client.outbox
    this.#isOutboxOver = true
    keep('tab', this.#outboxKey, undefined)
    for (const { id } of entries) this.discard(id)
    return unsentIn(entries)
  }

  [Symbol.dispose](): void {
    this.#stop.abort()
    for (const thread of this.#threads.values()) thread[Symbol.dispose]()
    this.#copy[Symbol.dispose]()
    this.client.close()
  }

  #holds(packages: readonly number[]): boolean {
    return packages.some((one) => this.session.privileges.includes(one))
  }

  /** The login may still live: a connection also fails while the server is away. */
  async #renew(): Promise<string> {
    try {
      await refreshLogin({ origin: location.origin, account: this.session.account }, this.session)
      return this.session.bearer
    } catch (error) {
      // The network, a store that is away, too many at once: asked again later.
      const isOver = error instanceof RequestRefused && error.code < 500 && error.code !== 429
      if (!isOver) throw error
      this.#ended()
      throw new ClientClosed('The login has ended')
    }
  }

  #follow(): void {
    const { signal } = this.#stop
    void each(this.client.states(signal), (state) => {
      if (this.link.get().kind === 'open') this.#synced()
      this.link.set(state)
      if (state.kind !== 'open') return
      this.client.clock.measure(signal).catch(() => {})
      this.directory.reconnected()
    })
    this.#followConversations(this.mine, { convState: ['OPEN'], agentIds: [this.me] })
    void each(this.client.rings({ signal }), this.rings.set)
    const own = this.client.agentStates({ agentId: this.me, signal })
    void each(own, (states) => this.ownState.set(states.get(this.me)))
    void each(this.client.outbox.changes(signal), (entries) => this.#heardOutbox(entries))
    this.#keepLists()
    const ticks = setInterval(() => this.#tick(), TICK_MS)
    signal.addEventListener('abort', () => clearInterval(ticks))
  }

  #tick(): void {
    this.now.set(this.client.clock.now())
    const isDue = Date.now() - (this.#syncedAt ?? 0) > SYNCED_EVERY_MS
    if (isDue && this.link.get().kind === 'open') this.#synced()
  }

  #synced(): void {
    this.#syncedAt = Date.now()
    this.#copy.save('syncedAt', () => this.#syncedAt)
  }

  /** What a reload found of before, until the server has told it anew. [WSP41] */
  #before(part: 'mine' | 'all'): Conversations | undefined {
    const before = this.#copy.read<readonly Conversation[]>(part)
    return before && new Map(before.map((one) => [one.id, one]))
  }

  #keepLists(): void {
    for (const part of ['mine', 'all'] as const)
      this[part].subscribe(() =>
        this.#copy.save(part, () => {
          const newest = [...(this[part].get()?.values() ?? [])].sort(byUpdate)
          return fitting(newest, MOST_KEPT)
        }),
      )
  }

  #keepThreads(): void {
    this.#copy.save('threads', () => {
      const newestFirst = [...this.#threads.values()].reverse()
      const kept = newestFirst.map(({ dialogId, state }) => {
        const said = state.get().said.slice(-MOST_SAID).toReversed()
        return [dialogId, fitting(said, MOST_SAID).toReversed()] as const
      })
      return Object.fromEntries(fitting(kept, MOST_THREADS))
    })
  }

  #noteTyping(dialogId: string, isTyping: boolean): void {
    this.typing.update((known) => {
      if (known.has(dialogId) === isTyping) return known
      const others = [...known].filter((one) => one !== dialogId)
      return new Set(isTyping ? [...others, dialogId] : others)
    })
  }

  #leave(thread: Thread): void {
    const { dialogId, lookedAt } = thread
    this.#noteTyping(dialogId, false)
    this.#threads.delete(dialogId)
    remember(this.#lookedAt, dialogId, lookedAt)
    thread[Symbol.dispose]()
  }

  #followConversations(
    value: Value<Conversations | undefined>,
    filter: Parameters<AgentClient['conversations']>[0],
  ): void {
    const { signal } = this.#stop
    const shown = new Map<string, Conversation>()
    // A conversation that is open here stays in reach when it is not in the list any more.
    let before = value.get()
    const read = (snapshot: ConversationSnapshot) => conversationOf(snapshot, this.me)
    void each(this.client.conversations(filter, { signal }), ({ changed, gone }) => {
      for (const snapshot of changed) {
        const conversation = read(snapshot)
        const isBack = !shown.has(conversation.id) && this.#lastKnown.has(conversation.id)
        if (isBack) this.#threads.get(conversation.dialogId)?.regained()
        shown.set(conversation.id, conversation)
      }
      for (const id of gone) {
        const last = shown.get(id)
        if (last) remember(this.#lastKnown, id, { ...last, ownRole: undefined })
        shown.delete(id)
      }
      for (const [id, last] of before ?? [])
        if (!shown.has(id)) remember(this.#lastKnown, id, { ...last, ownRole: undefined })
      before = undefined
      value.set(new Map(shown))
    })
  }

  #heardOutbox(entries: readonly OutboxEntry[]): void {
    const left = new Set(entries.map(({ id }) => id))
    for (const before of this.outbox.get()) {
      if (left.has(before.id) || this.#discarded.delete(before.id)) continue
      this.#threads.get(before.dialogId)?.settle(before)
    }
    this.outbox.set(entries)
  }

  get #outboxKey(): string {
    return `ringdown.outbox.${this.session.account}.${this.session.agentId}`
  }

  /** Of this tab alone: two tabs that share one would forget each other's messages. */
  #outboxStorage() {
    const key = this.#outboxKey
    return {
      load: () => sessionStorage.getItem(key) ?? undefined,
      save: (text: string) => {
        if (!this.#isOutboxOver) sessionStorage.setItem(key, text)
      },
    }
  }
}
