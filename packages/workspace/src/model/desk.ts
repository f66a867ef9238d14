/** Everything that a signed-in agent works with: one connection and what is followed over it. */
import {
  type AgentClient,
  type AgentState,
  agentClient,
  ClientClosed,
  type ConversationSnapshot,
  type LinkState,
  type OutboxEntry,
  RequestRefused,
  type Ring,
  refreshLogin,
} from '@ringdown/client'
import { type Conversation, conversationOf } from './conversation.ts'
import { Directory } from './directory.ts'
import { Rest } from './rest.ts'
import type { Session } from './session.ts'
import { Thread } from './thread.ts'
import { each, Value } from './value.ts'

const TICK_MS = 1_000
/** Threads that stay followed after one has gone on to another: going back is at once. */
const MOST_THREADS = 8

export type Conversations = ReadonlyMap<string, Conversation>

const viewPackages = [20002, 30002]
const joinPackages = [20001, 30001]
const agentPackages = [20003, 30010]

export class Desk implements Disposable {
  readonly session: Session
  readonly client: AgentClient
  readonly rest: Rest
  readonly directory: Directory
  readonly mine = new Value<Conversations | undefined>(undefined)
  readonly all = new Value<Conversations | undefined>(undefined)
  readonly rings = new Value<readonly Ring[]>([])
  readonly ownState = new Value<AgentState | undefined>(undefined)
  readonly link: Value<LinkState>
  readonly outbox = new Value<readonly OutboxEntry[]>([])
  /** The server's time, once a second. */
  readonly now: Value<number>
  readonly #stop = new AbortController()
  readonly #threads = new Map<string, Thread>()
  /** Conversations as they were last seen, also when they are nobody's business here any more. */
  readonly #lastKnown = new Map<string, Conversation>()
  readonly #discarded = new Set<string>()
  readonly #ended: () => void
  #followsAll = false

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
    this.directory = new Directory(this.client, this.rest)
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
    const thread = new Thread({ client: this.client, dialogId, me: this.me, takesPart })
    this.#threads.set(dialogId, thread)
    const [oldest] = this.#threads.values()
    if (this.#threads.size > MOST_THREADS && oldest) {
      this.#threads.delete(oldest.dialogId)
      oldest[Symbol.dispose]()
    }
    return thread
  }

  discard(id: string): void {
    this.#discarded.add(id)
    this.client.outbox.discard(id)
  }

  [Symbol.dispose](): void {
    this.#stop.abort()
    for (const thread of this.#threads.values()) thread[Symbol.dispose]()
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
      this.link.set(state)
      if (state.kind === 'open') this.client.clock.measure(signal).catch(() => {})
    })
    this.#followConversations(this.mine, { convState: ['OPEN'], agentIds: [this.me] })
    void each(this.client.rings({ signal }), this.rings.set)
    const own = this.client.agentStates({ agentId: this.me, signal })
    void each(own, (states) => this.ownState.set(states.get(this.me)))
    void each(this.client.outbox.changes(signal), (entries) => this.#heardOutbox(entries))
    const ticks = setInterval(() => this.now.set(this.client.clock.now()), TICK_MS)
    signal.addEventListener('abort', () => clearInterval(ticks))
  }

  #followConversations(
    value: Value<Conversations | undefined>,
    filter: Parameters<AgentClient['conversations']>[0],
  ): void {
    const { signal } = this.#stop
    const shown = new Map<string, Conversation>()
    const read = (snapshot: ConversationSnapshot) => {
      const conversation = conversationOf(snapshot, this.me)
      this.#lastKnown.set(conversation.id, conversation)
      return conversation
    }
    void each(this.client.conversations(filter, { signal }), ({ changed, gone }) => {
      for (const snapshot of changed) shown.set(snapshot.convId, read(snapshot))
      for (const id of gone) {
        const last = shown.get(id)
        if (last) this.#lastKnown.set(id, { ...last, ownRole: undefined })
        shown.delete(id)
      }
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

  /** Of this tab alone: two tabs that share one would forget each other's messages. */
  #outboxStorage() {
    const key = `ringdown.outbox.${this.session.account}.${this.session.agentId}`
    return {
      load: () => sessionStorage.getItem(key) ?? undefined,
      save: (text: string) => sessionStorage.setItem(key, text),
    }
  }
}
