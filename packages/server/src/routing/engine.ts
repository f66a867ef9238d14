/**
 * Brings queued tasks and free agents together. Nothing is decided here: `domain/routing/decide.ts`
 * chooses, the store's conditional commands settle races, and the queue, rings and their expiry are
 * rows, so that a restart forgets nothing.
 *
 *   woken → roster in memory, queue from the store → decide → offer → ring waits → answered | expired | cancelled
 *
 * A pass runs once per account at a time; a wake-up during a pass makes it run again. [RT5]
 */
import type { AccountId, AgentId, TaskId, Timestamp } from '@ringdown/protocol'
import type { AgentStateNews, RingNews } from '../bus/subjects.ts'
import { subjects } from '../bus/subjects.ts'
import type { Context } from '../context.ts'
import type { Availability } from '../domain/agent-state.ts'
import { admits } from '../domain/agent-state.ts'
import type { AgentRef } from '../domain/change.ts'
import type { Ring } from '../domain/ring.ts'
import { isAccepted } from '../domain/ring.ts'
import type { Changed } from '../store/store.ts'
import { AccountRoster } from './account-roster.ts'
import { Alarms, RETRY_MS } from './alarms.ts'
import type { AgentPresence } from './presence.ts'
import { RoutingPass } from './routing-pass.ts'
import { WaitingReasons } from './waiting-reasons.ts'

/** An agent that rejected a task is not asked for it again before this time. */
const REJECTED_PAUSE_MS = 10_000
/** While nobody is free, new reasons for waiting are looked for no more often than this. */
const IDLE_MS = 1_000
/** Passes in a row that found the store to know better; the next waits a moment. */
const STALE_PASSES = 3
const DAY_MS = 86_400_000
const PRUNE_EVERY_MS = 3_600_000
/** Passes forgotten in one command. */
const PRUNED_AT_ONCE = 500
/** Accounts that had no work for so long are forgotten; a task makes them known again. */
const UNUSED_MS = 600_000

type Ports = Pick<Context, 'store' | 'bus' | 'clock' | 'ids' | 'log' | 'config'>

/** What the engine remembers of an account that had work. */
interface Known {
  readonly roster: AccountRoster
  readonly reasons: WaitingReasons
  idleSince: number
  usedAt: number
  /** As the last pass found it; while something waits, only this account's news may let it go on. */
  isQueueEmpty: boolean
}

const isNews = ({ before, after }: AgentStateNews): boolean =>
  before?.availability !== after.availability || before.description !== after.description

export class RoutingEngine implements AsyncDisposable {
  readonly #ports: Ports
  readonly #presence: AgentPresence
  readonly #announce: (changed: Changed) => void
  readonly #alarms: Alarms
  /** Accounts with a pass running; true when another one is due after it. */
  readonly #passes = new Map<AccountId, boolean>()
  readonly #resting = new Map<TaskId, Map<AgentId, Timestamp>>()
  readonly #accounts = new Map<AccountId, Known>()
  #nextExpiry = Number.POSITIVE_INFINITY
  #nextSuggestionEnd = Number.POSITIVE_INFINITY

  /** `announce` tells of conversations that routing itself has changed. */
  constructor(ports: Ports, presence: AgentPresence, announce: (changed: Changed) => void) {
    this.#ports = ports
    this.#presence = presence
    this.#announce = announce
    this.#alarms = new Alarms(ports)
  }

  /** Takes up what a former process left: queues, waiting rings, agents without a socket. */
  async start(offlineAfterMs: number): Promise<void> {
    const { store } = this.#ports
    for (const accountId of await store.read('accountsWithQueue', null)) this.wake(accountId)
    for (const { accountId, agentId: id, userId } of await store.read('statesOfPresent', null))
      this.watchAbsence({ accountId, agent: { id, userId } }, offlineAfterMs)
    await this.#scheduleExpiry()
    await this.#scheduleSuggestions()
    this.#schedulePruning()
    this.#scheduleForgetting()
  }

  /** Accounts that are known here, since they have work or had some a short while ago. */
  get knownAccounts(): readonly AccountId[] {
    return [...this.#accounts.keys()]
  }

  /** Something changed that may let a task find an agent. */
  wake(accountId: AccountId): void {
    if (this.#alarms.isStopped) return
    const known = this.#known(accountId)
    known.isQueueEmpty = false
    if (this.#passes.has(accountId)) {
      this.#passes.set(accountId, true)
      return
    }
    this.#passes.set(accountId, false)
    this.#alarms.track(this.#passUntilQuiet(accountId, known))
  }

  /** Ends the agent's waiting rings, e.g. since its last socket is gone, and asks others. [RG4] */
  async cancelRings(accountId: AccountId, agentId: AgentId): Promise<void> {
    const { store, clock } = this.#ports
    const of = { accountId, agentId }
    const rings = await store.write('endRings', { input: 'cancel', at: clock.now(), of })
    this.announceRings(rings)
    if (rings.length > 0) this.wake(accountId)
  }

  /** Sets the state; a state that takes no work returns the agent's rings to the queue. [RT6] */
  async setState(
    accountId: AccountId,
    agent: AgentRef,
    { availability, description }: { availability: Availability; description: string },
  ): Promise<() => void> {
    const { store, clock, bus } = this.#ports
    const at = clock.now()
    const state = await store.write('setAgentState', {
      accountId,
      agent,
      availability,
      description,
      at,
    })
    return () => {
      if (isNews(state)) bus.publish(subjects.agentStates(accountId), state)
      if (admits[availability].new || admits[availability].transfer) this.wake(accountId)
      else this.#alarms.track(this.cancelRings(accountId, agent.id))
    }
  }

  /** Makes the agent OFFLINE unless it connects again in time. [RT7] */
  watchAbsence(
    { accountId, agent }: { accountId: AccountId; agent: AgentRef },
    offlineAfterMs: number,
  ): void {
    const { store } = this.#ports
    this.#alarms.set(`absent/${accountId}/${agent.id}`, offlineAfterMs, async () => {
      if (this.#presence.isConnected(accountId, agent.id)) return
      const state = await store.read('agentState', { accountId, agentId: agent.id })
      // It stays as it said itself; what it was given since has its timer. [TIM28]
      if (state?.availability === 'OFFLINE') return
      const announce = await this.setState(accountId, agent, {
        availability: 'OFFLINE',
        description: '',
      })
      announce()
    })
  }

  announceRings(rings: readonly Ring[]): void {
    for (const ring of rings)
      this.#ports.bus.publish(subjects.rings(ring.accountId), {
        ring,
        isTaskDone: isAccepted(ring),
      } satisfies RingNews)
  }

  /** After a rejection the agent is left in peace for a while, and then may be asked again. */
  pauseFor({ accountId, taskId, agentId }: Ring): void {
    const resting = this.#resting.get(taskId) ?? new Map<AgentId, Timestamp>()
    this.#resting.set(taskId, resting.set(agentId, this.#ports.clock.now() + REJECTED_PAUSE_MS))
    this.#alarms.set(`resting/${taskId}/${agentId}`, REJECTED_PAUSE_MS, async () => {
      resting.delete(agentId)
      if (resting.size === 0) this.#resting.delete(taskId)
      this.wake(accountId)
    })
  }

  /** Agents that rejected the task moments ago. */
  restingFor(taskId: TaskId): readonly AgentId[] {
    return [...(this.#resting.get(taskId)?.keys() ?? [])]
  }

  /** The account's agents as routing sees them. */
  async roster(accountId: AccountId): Promise<AccountRoster> {
    const { roster } = this.#known(accountId)
    await roster.refresh()
    return roster
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { roster } of this.#accounts.values()) roster[Symbol.dispose]()
    await this.#alarms[Symbol.asyncDispose]()
  }

  /** Accounts that had work here once are told of new capacity and skills, too. [RT5] */
  #known(accountId: AccountId): Known {
    const usedAt = this.#ports.clock.monotonic()
    const known = this.#accounts.get(accountId)
    if (known) {
      known.usedAt = usedAt
      return known
    }
    const roster = new AccountRoster(
      accountId,
      { ...this.#ports, presence: this.#presence },
      {
        wake: () => this.wake(accountId),
        ringWaits: (expiresAt) => this.#expectExpiry(expiresAt),
      },
    )
    const made: Known = {
      roster,
      reasons: new WaitingReasons(),
      idleSince: Number.NEGATIVE_INFINITY,
      usedAt,
      isQueueEmpty: true,
    }
    this.#accounts.set(accountId, made)
    return made
  }

  async #passUntilQuiet(accountId: AccountId, known: Known): Promise<void> {
    let stale = 0
    try {
      do {
        this.#passes.set(accountId, false)
        await known.roster.refresh()
        if (this.#isIdle(accountId, known)) break
        const isStale = await this.#pass(accountId, known)
        stale = isStale ? stale + 1 : 0
        if (isStale && stale < STALE_PASSES) this.#passes.set(accountId, true)
        else if (isStale) this.#wakeLater(accountId, RETRY_MS)
      } while (this.#passes.get(accountId) && !this.#alarms.isStopped)
    } catch (error) {
      this.#alarms.logFailure(error)
      known.roster.forget()
      this.#wakeLater(accountId, RETRY_MS)
    } finally {
      this.#passes.delete(accountId)
    }
  }

  #wakeLater(accountId: AccountId, delayMs: number): void {
    this.#alarms.set(`pass/${accountId}`, delayMs, async () => this.wake(accountId))
  }

  /** While nobody can take anything, a pass only finds reasons: now and then is enough. [RT21] */
  #isIdle(accountId: AccountId, known: Known): boolean {
    const isAnybodyFree = known.roster
      .candidates()
      .some(({ isEnabled, listens, busy, capacity, availability }) => {
        const isOpen = admits[availability].new || admits[availability].transfer
        return isEnabled && isOpen && listens.length > 0 && busy < capacity
      })
    if (isAnybodyFree) return false
    const now = this.#ports.clock.monotonic()
    const restMs = IDLE_MS - (now - known.idleSince)
    if (restMs <= 0) {
      known.idleSince = now
      // What seems full may not be: news can be lost.
      if (known.roster.doubt()) this.#passes.set(accountId, true)
      return false
    }
    if (!this.#alarms.has(`pass/${accountId}`)) this.#wakeLater(accountId, restMs)
    return true
  }

  /** True when another pass is due: something was not as it seemed. */
  async #pass(accountId: AccountId, known: Known): Promise<boolean> {
    const { config } = this.#ports
    const { roster, reasons } = known
    const pass = new RoutingPass(accountId, {
      ...this.#ports,
      roster,
      reasons,
      resting: (taskId) => this.restingFor(taskId),
      keepsDecisions: config.limits.decisionDays > 0,
      given: (ring, change) => {
        this.announceRings([ring])
        if (change) this.#announce(change)
      },
      changed: this.#announce,
    })
    const { isStale, isQueueEmpty, nextSuggestionEnd } = await pass.run()
    known.isQueueEmpty = isQueueEmpty
    if (nextSuggestionEnd !== undefined) this.#expectSuggestionEnd(nextSuggestionEnd)
    return isStale
  }

  /** One timer for the earliest waiting ring; it ends all that are due. [RG3] */
  #expectExpiry(due: Timestamp): void {
    if (due >= this.#nextExpiry) return
    const { store, clock } = this.#ports
    this.#nextExpiry = due
    this.#alarms.set('expiry', due - clock.now(), async () => {
      const now = clock.now()
      const rings = await store.write('endRings', { input: 'expire', at: now, of: { dueAt: now } })
      this.announceRings(rings)
      for (const accountId of new Set(rings.map((ring) => ring.accountId))) this.wake(accountId)
      this.#nextExpiry = Number.POSITIVE_INFINITY
      await this.#scheduleExpiry()
    })
  }

  async #scheduleExpiry(): Promise<void> {
    const due = await this.#ports.store.read('nextRingExpiry', null)
    if (due !== undefined) this.#expectExpiry(due)
  }

  /** One timer for the suggestion that ends first; it drops all that are over. [RT13] */
  #expectSuggestionEnd(due: Timestamp): void {
    if (due >= this.#nextSuggestionEnd) return
    this.#nextSuggestionEnd = due
    this.#alarms.set('suggestions', due - this.#ports.clock.now(), async () => {
      await this.#dropSuggestions()
      this.#nextSuggestionEnd = Number.POSITIVE_INFINITY
      await this.#scheduleSuggestions()
    })
  }

  async #scheduleSuggestions(): Promise<void> {
    const [first] = await this.#ports.store.read('suggestions', { limit: 1 })
    if (first) this.#expectSuggestionEnd(first.until)
  }

  async #dropSuggestions(): Promise<void> {
    const { store, clock } = this.#ports
    const at = clock.now()
    for (const { accountId, taskId, until } of await store.read('suggestions', { limit: 100 })) {
      if (until > at) return
      const { change } = await store.write('dropSuggestion', { accountId, taskId, at })
      if (change) this.#announce(change)
      this.wake(accountId)
    }
  }

  /** Old decisions go little by little, so that nobody waits for it. [RT22] */
  #schedulePruning(): void {
    const { store, clock, config } = this.#ports
    this.#alarms.set('pruning', PRUNE_EVERY_MS, async () => {
      const before = clock.now() - config.limits.decisionDays * DAY_MS
      const forgetting = { before, limit: PRUNED_AT_ONCE }
      while (!this.#alarms.isStopped) {
        const { passes } = await store.write('pruneDecisions', forgetting)
        if (passes < PRUNED_AT_ONCE) break
      }
      this.#schedulePruning()
    })
  }

  /** A task that is queued after a pass found none wakes its account, and is not missed. [RT5] */
  #scheduleForgetting(): void {
    this.#alarms.set('unused', UNUSED_MS, async () => {
      const before = this.#ports.clock.monotonic() - UNUSED_MS
      for (const [accountId, { roster, isQueueEmpty, usedAt }] of this.#accounts) {
        if (!isQueueEmpty || usedAt > before || this.#passes.has(accountId)) continue
        roster[Symbol.dispose]()
        this.#accounts.delete(accountId)
      }
      this.#scheduleForgetting()
    })
  }
}
