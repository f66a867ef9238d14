/**
 * The agents of one account as routing sees them, kept in memory: read once, then moved along by the
 * news of the bus, so that a pass need not read them. [RT17]
 *
 * Counts of what agents carry may be wrong for a moment, or longer when news was lost. They only
 * choose: the store counts again before it rings anybody, and what it refuses makes this count again.
 */
import type { AccountId, AgentId, RingId, SkillId, Timestamp } from '@ringdown/protocol'
import type { AgentStateNews, ConversationNews, RingNews } from '../bus/subjects.ts'
import { subjects } from '../bus/subjects.ts'
import type { Context } from '../context.ts'
import type { AccountSettings, Agent } from '../domain/account.ts'
import { defaultSettings } from '../domain/account.ts'
import type { AgentState } from '../domain/agent-state.ts'
import type { Conversation } from '../domain/conversation.ts'
import { assignedAgent } from '../domain/conversation.ts'
import type { Candidate } from '../domain/routing/candidate.ts'
import type { RoutingRules } from '../domain/routing/decide.ts'
import type { RosterView } from '../domain/routing/stored.ts'
import { rosterView } from '../domain/routing/stored.ts'
import type { AgentPresence } from './presence.ts'

/** How soon a change of configuration that nobody told of takes effect. [OPS40] */
const MAX_AGE_MS = 5_000
/** How often agents that seem full are counted again. */
const RECOUNT_MS = 30_000
/** Conversations whose last structural change is remembered, against news that comes twice. */
const REMEMBERED = 10_000

export interface RosterPorts extends Pick<Context, 'store' | 'bus' | 'clock' | 'ids'> {
  readonly presence: AgentPresence
}

interface Hooks {
  /** Something changed that may let a task find an agent. */
  readonly wake: () => void
  readonly ringWaits: (expiresAt: Timestamp) => void
}

interface Load {
  assigned: number
  lastAssignedAt: Timestamp
  readonly ringing: Set<RingId>
}

/** Who carries the conversation. */
const carrierOf = (conversation: Conversation | undefined): AgentId | undefined =>
  conversation?.state === 'open' ? assignedAgent(conversation)?.id : undefined

export class AccountRoster implements Disposable {
  readonly #accountId: AccountId
  readonly #ports: RosterPorts
  readonly #listening: readonly Disposable[]
  readonly #states = new Map<AgentId, AgentState>()
  readonly #revisions = new Map<string, number>()
  #loads = new Map<AgentId, Load>()
  #agents: readonly Agent[] = []
  #skills: Readonly<Record<SkillId, RoutingRules>> = {}
  #settings: AccountSettings = defaultSettings
  #configuredAt = Number.NEGATIVE_INFINITY
  #countedAt = Number.NEGATIVE_INFINITY
  /** Grows with every piece of news about loads: a count during which it grew is not to be trusted. */
  #newsOfLoads = 0
  #kept: { view: RosterView; text: string; id: string } | undefined

  constructor(accountId: AccountId, ports: RosterPorts, hooks: Hooks) {
    this.#accountId = accountId
    this.#ports = ports
    const { bus } = ports
    this.#listening = [
      bus.listen(subjects.routing(accountId), () => {
        this.#configuredAt = Number.NEGATIVE_INFINITY
        hooks.wake()
      }),
      bus.listen<AgentStateNews>(subjects.agentStates(accountId), (news) => {
        if (news === 'gap') this.forget()
        else this.#hearState(news)
        hooks.wake()
      }),
      bus.listen<RingNews>(subjects.rings(accountId), (news) => {
        if (news === 'gap') {
          this.forget()
          hooks.wake()
        } else {
          this.#hearRing(news)
          if (news.ring.state === 'waiting') hooks.ringWaits(news.ring.expiresAt)
        }
      }),
      bus.listen<ConversationNews>(subjects.conversations(accountId), (news) => {
        if (news === 'gap') {
          this.forget()
          hooks.wake()
        } else if (news.cause === 'structure' && this.#hearConversation(news)) hooks.wake()
      }),
    ]
  }

  get settings(): AccountSettings {
    return this.#settings
  }

  get skills(): Readonly<Record<SkillId, RoutingRules>> {
    return this.#skills
  }

  /** Reads what is missing or too old. */
  async refresh(): Promise<void> {
    const now = this.#ports.clock.monotonic()
    if (now - this.#configuredAt >= MAX_AGE_MS) await this.#configure(now)
    if (this.#countedAt === Number.NEGATIVE_INFINITY) await this.#count()
  }

  /** Reads everything again: news was lost, or the store knows better. */
  forget(): void {
    this.#configuredAt = Number.NEGATIVE_INFINITY
    this.#countedAt = Number.NEGATIVE_INFINITY
  }

  /** Counts again unless that was done a short while ago; true when it is to be done. */
  doubt(): boolean {
    if (this.#ports.clock.monotonic() - this.#countedAt < RECOUNT_MS) return false
    this.#countedAt = Number.NEGATIVE_INFINITY
    return true
  }

  recount(): void {
    this.#countedAt = Number.NEGATIVE_INFINITY
  }

  candidates(): Candidate[] {
    const { presence } = this.#ports
    return this.#agents.map((agent) => {
      const state = this.#states.get(agent.id)
      const load = this.#loads.get(agent.id)
      return {
        id: agent.id,
        userId: agent.userId,
        isEnabled: agent.isEnabled,
        ...(agent.isBot && { isBot: true }),
        skillIds: agent.skillIds,
        ...(agent.groupId !== undefined && { groupId: agent.groupId }),
        availability: state?.availability ?? 'OFFLINE',
        since: state?.since ?? agent.createdAt,
        listens: presence.listens(this.#accountId, agent.id),
        capacity: agent.capacity ?? this.#settings.defaultCapacity,
        busy: (load?.assigned ?? 0) + (load?.ringing.size ?? 0),
        lastAssignedAt: load?.lastAssignedAt ?? 0,
      }
    })
  }

  /** What is to be stored of the configuration, and the id under which it is: one while it is the same. */
  kept(candidates: readonly Candidate[]): { view: RosterView; id: string } {
    if (this.#kept) return this.#kept
    const view = rosterView(candidates, this.#skills)
    this.#kept = { view, text: JSON.stringify(view), id: this.#ports.ids.uuid() }
    return this.#kept
  }

  [Symbol.dispose](): void {
    for (const listening of this.#listening) listening[Symbol.dispose]()
  }

  async #configure(now: number): Promise<void> {
    const { store } = this.#ports
    const accountId = this.#accountId
    this.#configuredAt = now
    try {
      const [account, agents, states, skills] = await Promise.all([
        store.read('account', accountId),
        store.read('agents', accountId),
        store.read('agentStates', accountId),
        store.read('skills', accountId),
      ])
      this.#settings = account?.settings ?? defaultSettings
      this.#agents = agents
      this.#forgetGone()
      // News that came while this was read is newer.
      for (const state of states)
        if (state.since > (this.#states.get(state.agentId)?.since ?? -1))
          this.#states.set(state.agentId, state)
      this.#skills = Object.fromEntries(
        skills.map(({ id, rules: { groups, fallbackSkillId, fallbackWhenAllAway } }) => [
          id,
          {
            groups,
            fallbackWhenAllAway,
            ...(fallbackSkillId !== undefined && { fallbackSkillId }),
          },
        ]),
      )
    } catch (error) {
      this.#configuredAt = Number.NEGATIVE_INFINITY
      throw error
    }
    this.#compareKept()
  }

  /** States of agents that were deleted. Of who was hired meanwhile the state is read once more. */
  #forgetGone(): void {
    const ids = new Set(this.#agents.map(({ id }) => id))
    for (const id of this.#states.keys()) if (!ids.has(id)) this.#states.delete(id)
  }

  /** The same configuration keeps its id, however often it is read. */
  #compareKept(): void {
    if (!this.#kept) return
    const view = rosterView(this.candidates(), this.#skills)
    if (JSON.stringify(view) !== this.#kept.text) this.#kept = undefined
  }

  /** Counts until nothing happened meanwhile, which soon is the case; the store has the last word. */
  async #count(): Promise<void> {
    const { store, clock } = this.#ports
    const accountId = this.#accountId
    for (let attempt = 0; attempt < 3; attempt += 1) {
      const before = this.#newsOfLoads
      const [loads, rings] = await Promise.all([
        store.read('agentLoads', accountId),
        store.read('waitingRings', { accountId }),
      ])
      this.#loads = new Map(
        loads.map(({ agentId, assigned, lastAssignedAt }) => [
          agentId,
          { assigned, lastAssignedAt, ringing: new Set() },
        ]),
      )
      for (const ring of rings) this.#loadOf(ring.agentId).ringing.add(ring.id)
      this.#countedAt = clock.monotonic()
      if (before === this.#newsOfLoads) return
    }
  }

  #loadOf(agentId: AgentId): Load {
    const known = this.#loads.get(agentId)
    if (known) return known
    const load: Load = { assigned: 0, lastAssignedAt: 0, ringing: new Set() }
    this.#loads.set(agentId, load)
    return load
  }

  #hearState({ after }: AgentStateNews): void {
    this.#states.set(after.agentId, after)
    // Somebody who was hired after the agents were read.
    if (!this.#agents.some(({ id }) => id === after.agentId))
      this.#configuredAt = Number.NEGATIVE_INFINITY
  }

  #hearRing({ ring }: RingNews): void {
    this.#newsOfLoads += 1
    const { ringing } = this.#loadOf(ring.agentId)
    if (ring.state === 'waiting') ringing.add(ring.id)
    else ringing.delete(ring.id)
  }

  /** True when somebody carries less than before. */
  #hearConversation({ before, after }: ConversationNews): boolean {
    if ((this.#revisions.get(after.id) ?? -1) >= after.revision) return false
    this.#remember(after)
    const [from, to] = [carrierOf(before), carrierOf(after)]
    if (from === to) return false
    this.#newsOfLoads += 1
    if (to !== undefined) {
      const load = this.#loadOf(to)
      load.assigned += 1
      load.lastAssignedAt = Math.max(load.lastAssignedAt, after.updatedAt)
    }
    if (from === undefined) return false
    const load = this.#loadOf(from)
    load.assigned = Math.max(0, load.assigned - 1)
    return true
  }

  #remember({ id, revision }: Conversation): void {
    this.#revisions.delete(id)
    this.#revisions.set(id, revision)
    if (this.#revisions.size <= REMEMBERED) return
    const [oldest] = this.#revisions.keys()
    if (oldest !== undefined) this.#revisions.delete(oldest)
  }
}
