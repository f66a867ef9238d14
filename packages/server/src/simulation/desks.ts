/** The agents of a simulation: how routing sees them, and how their time is spent. */
import type { Candidate } from '../domain/routing/candidate.ts'
import type { AgentPlan } from './plan.ts'

/** An agent's stretch of work. */
export interface Worked {
  readonly name: string
  readonly conversations: number
  /** Seconds of places that were there to be taken, and seconds of them that were. */
  readonly offered: number
  readonly taken: number
}

const DEFAULT_CAPACITY = 1

/** A kind with a count becomes that many agents. */
const expanded = (plans: readonly AgentPlan[]): readonly AgentPlan[] =>
  plans.flatMap(({ count, ...plan }) =>
    count === undefined
      ? [plan]
      : Array.from({ length: count }, (_, index) => ({
          ...plan,
          name: `${plan.name}-${index + 1}`,
        })),
  )

const candidateOf = ({ name, skillIds = [], capacity, groupId, shifts }: AgentPlan): Candidate => ({
  id: name,
  userId: name,
  isEnabled: true,
  skillIds,
  ...(groupId !== undefined && { groupId }),
  availability: shifts ? 'OFFLINE' : 'ONLINE',
  since: 0,
  listens: [{}],
  capacity: capacity ?? DEFAULT_CAPACITY,
  busy: 0,
  lastAssignedAt: 0,
})

export interface Shift {
  readonly agent: number
  readonly at: number
  readonly isOnline: boolean
}

export class Desks {
  /** Replaced, never changed, so that a decision's input stays what it was. */
  readonly candidates: Candidate[]
  readonly shifts: readonly Shift[]
  readonly #index: ReadonlyMap<string, number>
  readonly #conversations: number[]
  readonly #offered: number[]
  readonly #taken: number[]
  readonly #since: number[]

  constructor(plans: readonly AgentPlan[]) {
    const agents = expanded(plans)
    const none = (): number[] => agents.map(() => 0)
    this.candidates = agents.map(candidateOf)
    this.#index = new Map(agents.map(({ name }, index) => [name, index]))
    this.#conversations = none()
    this.#offered = none()
    this.#taken = none()
    this.#since = none()
    this.shifts = agents.flatMap(({ shifts = [] }, agent) =>
      shifts.flatMap(({ from, to }) => [
        { agent, at: from, isOnline: true },
        { agent, at: to, isOnline: false },
      ]),
    )
  }

  get hasRoom(): boolean {
    return this.candidates.some(({ busy, capacity }) => busy < capacity)
  }

  get isIdle(): boolean {
    return this.candidates.every(({ busy }) => busy === 0)
  }

  numberOf(id: string): number {
    return this.#index.get(id) as number
  }

  /** A place is taken, by a ring or a conversation. */
  take(agent: number, now: number): void {
    this.#change(agent, now, { busy: this.#at(agent).busy + 1 })
  }

  free(agent: number, now: number): void {
    this.#change(agent, now, { busy: this.#at(agent).busy - 1 })
  }

  assign(agent: number, now: number): void {
    this.#change(agent, now, { lastAssignedAt: now })
    this.#conversations[agent]! += 1
  }

  shift({ agent, isOnline }: Shift, now: number): void {
    this.#change(agent, now, { availability: isOnline ? 'ONLINE' : 'OFFLINE', since: now })
  }

  report(now: number): readonly Worked[] {
    return this.candidates.map(({ id }, agent) => {
      this.#account(agent, now)
      return {
        name: id,
        conversations: this.#conversations[agent]!,
        offered: this.#offered[agent]!,
        taken: this.#taken[agent]!,
      }
    })
  }

  #at(agent: number): Candidate {
    return this.candidates[agent]!
  }

  #change(agent: number, now: number, change: Partial<Candidate>): void {
    this.#account(agent, now)
    this.candidates[agent] = { ...this.#at(agent), ...change }
  }

  /** Adds up the agent's time since its last change. */
  #account(agent: number, now: number): void {
    const { availability, busy, capacity } = this.#at(agent)
    const seconds = now - this.#since[agent]!
    this.#since[agent] = now
    this.#taken[agent]! += busy * seconds
    // What is finished after the shift was offered as well.
    this.#offered[agent]! += (availability === 'ONLINE' ? capacity : busy) * seconds
  }
}
