/**
 * Brings queued tasks and free agents together. Nothing is decided here: `domain/routing-policy.ts`
 * chooses, the store's conditional commands settle races, and the queue, rings and their expiry are
 * rows, so that a restart forgets nothing.
 *
 *   woken → read queue, agents, loads → choose → offer → ring waits → answered | expired | cancelled
 *
 * A pass runs once per account at a time; a wake-up during a pass makes it run again. [RT5]
 */
import type { AccountId, AgentId } from '@ringdown/protocol'
import type { AgentStateNews, RingNews } from '../bus/subjects.ts'
import { subjects } from '../bus/subjects.ts'
import type { Context } from '../context.ts'
import type { Availability } from '../domain/agent-state.ts'
import { admits } from '../domain/agent-state.ts'
import type { AgentRef } from '../domain/change.ts'
import type { Ring, RoutingTask } from '../domain/ring.ts'
import type { Candidate } from '../domain/routing-policy.ts'
import { chooseAgent } from '../domain/routing-policy.ts'
import type { AgentPresence } from './presence.ts'

/** Tasks looked at in one pass. */
const PASS = 200
/** An agent that rejected a task is not asked for it again before this time. */
const REJECTED_PAUSE_MS = 10_000
/** What a store that was away has let fail is tried again after this. */
const RETRY_MS = 1_000

type Ports = Pick<Context, 'store' | 'bus' | 'clock' | 'ids' | 'log'>

const isNews = ({ before, after }: AgentStateNews): boolean =>
  before?.availability !== after.availability || before.description !== after.description

export class RoutingEngine implements AsyncDisposable {
  readonly #ports: Ports
  readonly #presence: AgentPresence
  /** Accounts with a pass running; true when another one is due after it. */
  readonly #passes = new Map<AccountId, boolean>()
  readonly #running = new Set<Promise<unknown>>()
  readonly #paused = new Map<string, number>()
  readonly #timers = new Map<string, Disposable>()
  readonly #listening = new Map<AccountId, Disposable>()
  #isStopped = false

  constructor(ports: Ports, presence: AgentPresence) {
    this.#ports = ports
    this.#presence = presence
  }

  /** Takes up what a former process left: queues, waiting rings, agents without a socket. */
  async start(offlineAfterMs: number): Promise<void> {
    const { store } = this.#ports
    for (const accountId of await store.read('accountsWithQueue', null)) this.wake(accountId)
    for (const { id } of await store.read('accounts', null))
      for (const state of await store.read('agentStates', id))
        if (state.availability !== 'OFFLINE')
          this.watchAbsence(
            { accountId: id, agent: { id: state.agentId, userId: state.userId } },
            offlineAfterMs,
          )
    await this.#scheduleExpiry()
  }

  /** Something changed that may let a task find an agent. */
  wake(accountId: AccountId): void {
    if (this.#isStopped) return
    this.#listen(accountId)
    if (this.#passes.has(accountId)) {
      this.#passes.set(accountId, true)
      return
    }
    this.#passes.set(accountId, false)
    this.#track(this.#passUntilQuiet(accountId))
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
      else this.#track(this.cancelRings(accountId, agent.id))
    }
  }

  /** Makes the agent OFFLINE unless it connects again in time. [RT7] */
  watchAbsence(
    { accountId, agent }: { accountId: AccountId; agent: AgentRef },
    offlineAfterMs: number,
  ): void {
    const key = `absent/${accountId}/${agent.id}`
    this.#restartTimer(key, offlineAfterMs, async () => {
      if (this.#presence.isConnected(accountId, agent.id)) return
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
        isTaskDone: ring.state === 'accepted',
      } satisfies RingNews)
  }

  /** After a rejection the agent is left in peace for a while, and then may be asked again. */
  pauseFor(ring: Ring): void {
    this.#paused.set(`${ring.taskId}/${ring.agentId}`, this.#ports.clock.now() + REJECTED_PAUSE_MS)
    this.#restartTimer(`paused/${ring.taskId}/${ring.agentId}`, REJECTED_PAUSE_MS, async () => {
      this.#paused.delete(`${ring.taskId}/${ring.agentId}`)
      this.wake(ring.accountId)
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isStopped = true
    for (const timer of this.#timers.values()) timer[Symbol.dispose]()
    for (const listening of this.#listening.values()) listening[Symbol.dispose]()
    await Promise.allSettled(this.#running)
  }

  /** Accounts that had work here once are told of new capacity and skills, too. [RT5] */
  #listen(accountId: AccountId): void {
    if (this.#listening.has(accountId)) return
    const { bus } = this.#ports
    const listening = bus.listen(subjects.routing(accountId), () => this.wake(accountId))
    this.#listening.set(accountId, listening)
  }

  async #passUntilQuiet(accountId: AccountId): Promise<void> {
    try {
      do {
        this.#passes.set(accountId, false)
        await this.#pass(accountId)
      } while (this.#passes.get(accountId) && !this.#isStopped)
    } catch (error) {
      this.#logFailure(error)
      this.#restartTimer(`pass/${accountId}`, RETRY_MS, async () => this.wake(accountId))
    } finally {
      this.#passes.delete(accountId)
    }
  }

  async #pass(accountId: AccountId): Promise<void> {
    const { store } = this.#ports
    const tasks = await store.read('queuedTasks', { accountId, limit: PASS })
    if (tasks.length === 0) return
    const candidates = await this.#candidates(accountId)
    let isOffered = false
    for (const task of tasks) {
      const free = candidates.filter(({ agent }) => !this.#paused.has(`${task.id}/${agent.id}`))
      const chosen = chooseAgent(task, free)
      if (!chosen || this.#isStopped) continue
      const ring = await this.#offer(task, chosen)
      if (!ring) continue
      isOffered = true
      candidates[candidates.indexOf(chosen)] = { ...chosen, busy: chosen.busy + 1 }
    }
    if (isOffered) await this.#scheduleExpiry()
  }

  async #offer(task: RoutingTask, { agent, capacity }: Candidate): Promise<Ring | undefined> {
    const { store, clock, ids, log } = this.#ports
    const account = await store.read('account', task.accountId)
    if (!account) return undefined
    const at = clock.now()
    const ring = await store.write('offerRing', {
      accountId: task.accountId,
      taskId: task.id,
      ringId: `${task.conversationId}_${task.accountId}_${at}_${ids.secret(4)}`,
      agent: { id: agent.id, userId: agent.userId },
      capacity,
      at,
      expiresAt: at + account.settings.ringExpirationMs,
    })
    if (!ring) return undefined
    log.debug({ conversation: task.conversationId, agent: agent.userId }, 'ring offered')
    this.announceRings([ring])
    return ring
  }

  async #candidates(accountId: AccountId): Promise<Candidate[]> {
    const { store } = this.#ports
    const [account, agents, states, loads] = await Promise.all([
      store.read('account', accountId),
      store.read('agents', accountId),
      store.read('agentStates', accountId),
      store.read('agentLoads', accountId),
    ])
    const stateOf = new Map(states.map((state) => [state.agentId, state.availability]))
    const loadOf = new Map(loads.map((load) => [load.agentId, load]))
    return agents
      .filter((agent) => this.#presence.isListening(accountId, agent.id))
      .map((agent) => {
        const load = loadOf.get(agent.id)
        return {
          agent,
          availability: stateOf.get(agent.id) ?? 'OFFLINE',
          isListening: true,
          capacity: agent.capacity ?? account?.settings.defaultCapacity ?? 0,
          busy: (load?.assigned ?? 0) + (load?.ringing ?? 0),
          lastAssignedAt: load?.lastAssignedAt ?? 0,
        }
      })
  }

  /** One timer for the earliest waiting ring; it ends all that are due. [RG3] */
  async #scheduleExpiry(): Promise<void> {
    const { store, clock } = this.#ports
    const due = await store.read('nextRingExpiry', null)
    if (due === undefined) return
    this.#restartTimer('expiry', due - clock.now(), async () => {
      const now = clock.now()
      const rings = await store.write('endRings', { input: 'expire', at: now, of: { dueAt: now } })
      this.announceRings(rings)
      for (const accountId of new Set(rings.map((ring) => ring.accountId))) this.wake(accountId)
      await this.#scheduleExpiry()
    })
  }

  #restartTimer(key: string, delayMs: number, work: () => Promise<void>): void {
    this.#timers.get(key)?.[Symbol.dispose]()
    if (this.#isStopped) return
    const timer = this.#ports.clock.after(delayMs, () => {
      if (this.#timers.get(key) === timer) this.#timers.delete(key)
      this.#track(this.#workOrRetry(key, work))
    })
    this.#timers.set(key, timer)
  }

  /** Whatever has its time must happen, if later: nothing else would bring it back. [RT5] */
  async #workOrRetry(key: string, work: () => Promise<void>): Promise<void> {
    try {
      await work()
    } catch (error) {
      this.#logFailure(error)
      this.#restartTimer(key, RETRY_MS, work)
    }
  }

  #logFailure(error: unknown): void {
    if (!this.#isStopped) this.#ports.log.error({ err: error }, 'routing failed')
  }

  /** Stopping waits for what was begun. */
  #track(work: Promise<unknown>): void {
    const tracked = work
      .catch((error: unknown) => this.#logFailure(error))
      .finally(() => this.#running.delete(tracked))
    this.#running.add(tracked)
  }
}
