/**
 * One pass over an account's queue: reads it, decides task by task as if each ring had been given
 * before the next decision, and then hands all offers and the decisions to the store at once, so
 * that they share a commit. [RT17]
 */
import type { AccountId, AgentId, SkillId, TaskId, Timestamp } from '@ringdown/protocol'
import { NO_SKILL } from '@ringdown/protocol'
import type { Context } from '../context.ts'
import type { Ring } from '../domain/ring.ts'
import type { Candidate } from '../domain/routing/candidate.ts'
import type { Decision, RoutingInput } from '../domain/routing/decide.ts'
import { decide } from '../domain/routing/decide.ts'
import { passView, storedNeed } from '../domain/routing/stored.ts'
import { dueAt, NO_DEADLINE } from '../domain/ttr.ts'
import type { Changed, CommandData, QueuedTask } from '../store/store.ts'
import type { AccountRoster } from './account-roster.ts'
import type { WaitingReasons } from './waiting-reasons.ts'

/** Tasks read at once. */
const PAGE = 200
/** Pages of one pass; what is behind them is less urgent, and its turn comes with the next pass. */
const PAGES = 10

export interface PassPorts extends Pick<Context, 'store' | 'clock' | 'ids' | 'log'> {
  readonly roster: AccountRoster
  readonly reasons: WaitingReasons
  readonly resting: (taskId: TaskId) => readonly AgentId[]
  readonly keepsDecisions: boolean
  /** Called as soon as a ring was given; a change comes with one that was accepted by the server. */
  readonly given: (ring: Ring, change?: Changed) => void
  readonly changed: (change: Changed) => void
}

export interface PassResult {
  /** Something was found that this pass did not see: another one is due. */
  readonly isStale: boolean
  readonly isQueueEmpty: boolean
  /** When the first of the tasks that wait for one agent alone stops doing so. */
  readonly nextSuggestionEnd?: Timestamp
}

interface Decided {
  readonly task: QueuedTask
  readonly input: RoutingInput
  readonly decision: Decision
  readonly ringId?: string
}

type Record = CommandData<'recordDecisions'>['decisions'][number]

/** The queue's page in the order that holds now, and what the store has to learn of it. [RT14] */
const inOrder = (tasks: readonly QueuedTask[], settings: AccountRoster['settings']) => {
  const moved: { id: TaskId; deadline: Timestamp }[] = []
  const current = tasks.map((task) => {
    const due = dueAt(task.ttrFacts, settings)
    if (due === NO_DEADLINE || due === task.deadline) return task
    moved.push({ id: task.id, deadline: due })
    return { ...task, deadline: due }
  })
  current.sort(
    (one, other) =>
      one.deadline - other.deadline ||
      one.createdAt - other.createdAt ||
      (one.id < other.id ? -1 : 1),
  )
  return { tasks: current, moved }
}

/** Skills at which somebody has room; fallback skills stand for those that fall back on them. */
const staffedSkills = (
  candidates: readonly Candidate[],
  skills: RoutingInput['skills'],
): readonly SkillId[] => {
  const free = candidates.filter(
    ({ isEnabled, listens, busy, capacity, availability }) =>
      isEnabled && listens.length > 0 && busy < capacity && availability !== 'OFFLINE',
  )
  if (free.length === 0) return []
  const staffed = new Set([NO_SKILL, ...free.flatMap(({ skillIds }) => skillIds)])
  const falling = Object.entries(skills).filter(
    ([, { fallbackSkillId: fallback }]) => fallback !== undefined && staffed.has(fallback),
  )
  return [...new Set([...staffed, ...falling.map(([id]) => id)])]
}

export class RoutingPass {
  readonly #ports: PassPorts
  readonly #accountId: AccountId
  readonly #at: Timestamp
  readonly #candidates: Candidate[]
  readonly #seen: readonly Candidate[]
  readonly #roster: ReturnType<AccountRoster['kept']> | undefined
  readonly #places: ReadonlyMap<AgentId, number>
  readonly #decided: Decided[] = []
  readonly #work: Promise<unknown>[] = []
  #isStale = false
  #nextSuggestionEnd: Timestamp | undefined

  constructor(accountId: AccountId, ports: PassPorts) {
    this.#ports = ports
    this.#accountId = accountId
    this.#at = ports.clock.now()
    this.#seen = ports.roster.candidates()
    this.#candidates = [...this.#seen]
    // Before anything is awaited: places in it are those of the agents seen now.
    if (ports.keepsDecisions) this.#roster = ports.roster.kept(this.#seen)
    this.#places = new Map(this.#seen.map(({ id }, place) => [id, place]))
  }

  async run(): Promise<PassResult> {
    const { store, roster } = this.#ports
    const accountId = this.#accountId
    let page = await store.read('queuedTasks', { accountId, limit: PAGE })
    const isQueueEmpty = page.length === 0
    for (let number = 1; page.length > 0; number += 1) {
      this.#decidePage(page)
      const last = page.at(-1) as QueuedTask
      const skillIds = staffedSkills(this.#candidates, roster.skills)
      if (page.length < PAGE || number === PAGES || skillIds.length === 0) break
      const { deadline, createdAt, id } = last
      const after = { deadline, createdAt, id }
      page = await store.read('queuedTasks', { accountId, limit: PAGE, skillIds, after })
    }
    this.#offerAll()
    this.#keep()
    await Promise.all(this.#work)
    const end = this.#nextSuggestionEnd
    return {
      isStale: this.#isStale,
      isQueueEmpty,
      ...(end !== undefined && { nextSuggestionEnd: end }),
    }
  }

  #decidePage(page: readonly QueuedTask[]): void {
    const { store, roster } = this.#ports
    const { tasks, moved } = inOrder(page, roster.settings)
    const accountId = this.#accountId
    if (moved.length > 0) this.#work.push(store.write('moveDeadlines', { accountId, tasks: moved }))
    for (const task of tasks) if (!this.#endsSuggestion(task)) this.#decideOne(task)
  }

  /** A suggestion ends with its time and with its agent; the next pass asks everybody. [RT13] */
  #endsSuggestion({ id, suggested }: QueuedTask): boolean {
    if (!suggested) return false
    const place = this.#places.get(suggested.agentId)
    const isThere = place !== undefined && this.#candidates[place]?.isEnabled === true
    if (isThere && suggested.until > this.#at) {
      const next = this.#nextSuggestionEnd ?? Number.POSITIVE_INFINITY
      this.#nextSuggestionEnd = Math.min(next, suggested.until)
      return false
    }
    this.#isStale = true
    this.#work.push(this.#dropSuggestion(id))
    return true
  }

  async #dropSuggestion(taskId: TaskId): Promise<void> {
    const { store, changed } = this.#ports
    const dropping = { accountId: this.#accountId, taskId, at: this.#at }
    const { change } = await store.write('dropSuggestion', dropping)
    if (change) changed(change)
  }

  #decideOne(task: QueuedTask): void {
    const { ids, roster, resting } = this.#ports
    const input = {
      task,
      candidates: this.#candidates,
      skills: roster.skills,
      resting: resting(task.id),
      at: this.#at,
    }
    const decision = decide(input)
    if (decision.outcome === 'wait') {
      this.#decided.push({ task, input, decision })
      return
    }
    const place = this.#places.get(decision.agentId) as number
    const chosen = this.#candidates[place] as Candidate
    this.#candidates[place] = { ...chosen, busy: chosen.busy + 1 }
    const ringId = `${task.conversationId}_${task.accountId}_${this.#at}_${ids.secret(4)}`
    this.#decided.push({ task, input, decision, ringId })
  }

  #offerAll(): void {
    for (const { task, decision, ringId } of this.#decided)
      if (decision.outcome === 'ring' && ringId !== undefined)
        this.#work.push(this.#offer(task, decision.agentId, ringId))
  }

  async #offer(task: QueuedTask, agentId: AgentId, ringId: string): Promise<void> {
    const { store, roster, log, given } = this.#ports
    const { userId, capacity } = this.#candidates[this.#places.get(agentId) as number] as Candidate
    const { autoAccept, ringExpirationMs } = roster.settings
    const offer = {
      accountId: this.#accountId,
      taskId: task.id,
      ringId,
      agent: { id: agentId, userId },
      capacity,
      at: this.#at,
      expiresAt: this.#at + ringExpirationMs,
    }
    const result = autoAccept
      ? await store.write('assignTask', { ...offer, conversationId: task.conversationId })
      : await store.write('offerRing', offer).then((ring) => ring && { ring, change: undefined })
    if (!result) {
      this.#isStale = true
      roster.recount()
      return
    }
    log.debug({ conversation: task.conversationId, agent: userId }, 'ring offered')
    given(result.ring, result.change)
  }

  /** Rings always, waiting only when its reason is another one than before. [RT21] */
  #records(): Record[] {
    const { reasons } = this.#ports
    const records: Record[] = []
    for (const { task, input, decision, ringId } of this.#decided) {
      const isNews = reasons.note(task.id, decision)
      if (decision.outcome === 'wait' && !isNews) continue
      records.push({
        ordinal: records.length,
        conversationId: task.conversationId,
        reason: decision.outcome === 'ring' ? decision.rule : decision.reason,
        need: storedNeed(input),
        ...(decision.outcome === 'ring' && { agentId: decision.agentId }),
        ...(ringId !== undefined && { ringId }),
      })
    }
    return records
  }

  #keep(): void {
    const { store, ids, reasons, log } = this.#ports
    if (!this.#roster) return
    const decisions = this.#records()
    if (decisions.length === 0) return
    const { id: rosterId, view } = this.#roster
    const isKnown = reasons.knowsRoster(rosterId, this.#at)
    const pass = {
      id: ids.timeUuid(this.#at),
      at: this.#at,
      rosterId,
      loads: passView(this.#seen, this.#at),
    }
    const kept = store
      .write('recordDecisions', {
        accountId: this.#accountId,
        pass,
        decisions,
        ...(!isKnown && { roster: view }),
      })
      .then(
        () => reasons.rosterIsKept(rosterId, this.#at),
        (error: unknown) => {
          // Who is rung matters more than the record of why; why they wait is stored next time.
          log.warn({ err: error }, 'routing decisions could not be kept')
          reasons.forget(this.#decided.map(({ task }) => task.id))
        },
      )
    this.#work.push(kept)
  }
}
