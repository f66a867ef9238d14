/**
 * Plays a plan through the function that routes real conversations. Time jumps from event to event,
 * so that a week takes seconds; the same plan and seed give the same result. [SIM2]
 */
import type { Decision, RoutingInput, RoutingRules } from '../domain/routing/decide.ts'
import { decide } from '../domain/routing/decide.ts'
import { Agenda } from './agenda.ts'
import { type Arrival, arrivalsOf } from './arrivals.ts'
import { Desks, type Shift, type Worked } from './desks.ts'
import { type Dice, dice } from './dice.ts'
import type { Plan, SkillPlan } from './plan.ts'
import { type QueueMoment, Queues, type Waiting } from './queues.ts'

/** What became of one conversation; seconds from the start. */
export interface Served {
  readonly skillId: string
  readonly at: number
  /** When an agent had it; absent: its consumer left, or nobody ever came. */
  readonly assignedAt?: number
  readonly dueAt: number
}

export interface Outcome {
  readonly served: readonly Served[]
  readonly agents: readonly Worked[]
  /** Every change of the queue's length. */
  readonly queue: readonly QueueMoment[]
  readonly arrived: number
  readonly decisions: number
  readonly endedAt: number
}

export interface Watching {
  onDecision?(input: RoutingInput, decision: Decision): void
  /** Called now and then with the number of conversations that have come. */
  onProgress?(arrived: number): void
}

type Happening =
  | { readonly kind: 'arrive'; readonly arrival: Arrival }
  | { readonly kind: 'answer' | 'expire'; readonly waiting: Waiting; readonly agent: number }
  | { readonly kind: 'finish'; readonly agent: number }
  | { readonly kind: 'leave'; readonly waiting: Waiting }
  | { readonly kind: 'shift'; readonly shift: Shift }

const DEFAULT_TTR_SECONDS = 3600
const RING_EXPIRATION_SECONDS = 72
const PROGRESS_EVERY = 1000
/** Answers are drawn apart from arrivals, so that another answering time changes nobody's coming. */
const ANSWERS = 0x5bd1e995

const rulesOf = ({ groups = [], fallbackSkillId, ...skill }: SkillPlan): RoutingRules => ({
  groups: groups.map(({ splitPercentage, ...group }) => ({
    ...group,
    ...(splitPercentage !== undefined && { splitPercentage }),
  })),
  fallbackWhenAllAway: skill.fallbackWhenAllAway ?? true,
  ...(fallbackSkillId !== undefined && { fallbackSkillId }),
})

class Simulation {
  readonly #plan: Plan
  readonly #watching: Watching
  readonly #chance: Dice
  readonly #skills: Readonly<Record<string, RoutingRules>>
  readonly #ttr: ReadonlyMap<string, number | undefined>
  readonly #desks: Desks
  readonly #queues = new Queues()
  readonly #agenda = new Agenda<Happening>()
  readonly #arrivals: Iterator<Arrival>
  readonly #served: Served[] = []
  #now = 0
  #arrived = 0
  #haveAllCome = false
  #decisions = 0

  constructor(plan: Plan, watching: Watching) {
    const { skills = [], seed = 1 } = plan
    this.#plan = plan
    this.#watching = watching
    this.#chance = dice(seed ^ ANSWERS)
    this.#skills = Object.fromEntries(skills.map((skill) => [skill.id, rulesOf(skill)]))
    this.#ttr = new Map(skills.map(({ id, ttrSeconds }) => [id, ttrSeconds]))
    this.#desks = new Desks(plan.agents)
    this.#arrivals = arrivalsOf(plan)
    for (const shift of this.#desks.shifts) this.#agenda.add(shift.at, { kind: 'shift', shift })
  }

  run(): Outcome {
    this.#expectArrival()
    while (!this.#isOver) {
      const at = this.#agenda.firstKey
      const happening = this.#agenda.take()
      if (at === undefined || !happening) break
      this.#now = at
      this.#happen(happening)
      this.#queues.offer((waiting) => this.#offer(waiting))
      this.#queues.settle(this.#now)
    }
    return {
      served: this.#served,
      agents: this.#desks.report(this.#now),
      queue: this.#queues.moments,
      arrived: this.#arrived,
      decisions: this.#decisions,
      endedAt: this.#now,
    }
  }

  /** Later shifts change nothing any more. */
  get #isOver(): boolean {
    return this.#haveAllCome && this.#served.length === this.#arrived && this.#desks.isIdle
  }

  #happen(happening: Happening): void {
    const { kind } = happening
    if (kind === 'arrive') this.#arrive(happening.arrival)
    else if (kind === 'answer') this.#answer(happening.waiting, happening.agent)
    else if (kind === 'expire') this.#expire(happening.waiting, happening.agent)
    else if (kind === 'finish') this.#desks.free(happening.agent, this.#now)
    else if (kind === 'leave') this.#leave(happening.waiting)
    else if (kind === 'shift') this.#desks.shift(happening.shift, this.#now)
  }

  #expectArrival(): void {
    const { value, done } = this.#arrivals.next()
    if (done) this.#haveAllCome = true
    else this.#agenda.add(value.at, { kind: 'arrive', arrival: value })
  }

  #arrive(arrival: Arrival): void {
    this.#arrived += 1
    if (this.#arrived % PROGRESS_EVERY === 0) this.#watching.onProgress?.(this.#arrived)
    const { skillId, patienceSeconds } = arrival
    const ttr = this.#ttr.get(skillId) ?? this.#plan.ttrSeconds ?? DEFAULT_TTR_SECONDS
    const id = `c${this.#arrived}`
    const waiting: Waiting = {
      arrival,
      dueAt: this.#now + ttr,
      task: { id, conversationId: id, skillId, cause: 'new', passedBy: [] },
      state: 'queued',
    }
    if (patienceSeconds !== undefined)
      this.#agenda.add(this.#now + patienceSeconds, { kind: 'leave', waiting })
    this.#queues.add(waiting)
    this.#expectArrival()
  }

  /** False when nobody takes it. */
  #offer(waiting: Waiting): boolean {
    if (!this.#desks.hasRoom) return false
    const input: RoutingInput = {
      task: waiting.task,
      candidates: this.#desks.candidates,
      skills: this.#skills,
      resting: [],
      at: this.#now,
    }
    const decision = decide(input)
    this.#decisions += 1
    this.#watching.onDecision?.(input, decision)
    if (decision.outcome === 'wait') return false
    this.#ring(waiting, this.#desks.numberOf(decision.agentId))
    return true
  }

  #ring(waiting: Waiting, agent: number): void {
    const { answerSeconds = 0, ringExpirationSeconds = RING_EXPIRATION_SECONDS } = this.#plan
    this.#queues.leave(waiting, 'ringing')
    this.#desks.take(agent, this.#now)
    const after = answerSeconds === 0 ? 0 : this.#chance.exponential(answerSeconds)
    if (after === 0) {
      this.#answer(waiting, agent)
      return
    }
    const kind = after < ringExpirationSeconds ? 'answer' : 'expire'
    this.#agenda.add(this.#now + Math.min(after, ringExpirationSeconds), { kind, waiting, agent })
  }

  #answer(waiting: Waiting, agent: number): void {
    const { arrival, dueAt } = waiting
    if (waiting.state === 'over') {
      // Whoever accepts after the consumer left finds that nobody is there.
      this.#desks.free(agent, this.#now)
      return
    }
    waiting.state = 'over'
    this.#desks.assign(agent, this.#now)
    this.#served.push({ skillId: arrival.skillId, at: arrival.at, assignedAt: this.#now, dueAt })
    this.#agenda.add(this.#now + arrival.handleSeconds, { kind: 'finish', agent })
  }

  /** The ring went by: another agent is asked first. */
  #expire(waiting: Waiting, agent: number): void {
    this.#desks.free(agent, this.#now)
    if (waiting.state === 'over') return
    const { id } = this.#desks.candidates[agent]!
    const passedBy = [...waiting.task.passedBy.filter((one) => one !== id), id]
    waiting.task = { ...waiting.task, passedBy }
    this.#queues.add(waiting)
  }

  #leave(waiting: Waiting): void {
    if (waiting.state === 'over') return
    const { arrival, dueAt, state } = waiting
    this.#served.push({ skillId: arrival.skillId, at: arrival.at, dueAt })
    if (state === 'queued') this.#queues.leave(waiting, 'over')
    else waiting.state = 'over'
  }
}

export const simulate = (plan: Plan, watching: Watching = {}): Outcome =>
  new Simulation(plan, watching).run()
