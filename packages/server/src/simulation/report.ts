/** What a simulation says: waiting, breaches, occupancy, fairness. */
import type { Worked } from './desks.ts'
import type { Outcome, Served } from './simulate.ts'

/** Seconds; of those who were assigned. */
export interface WaitingTimes {
  readonly mean: number
  readonly p50: number
  readonly p90: number
  readonly p99: number
  readonly max: number
}

export interface SkillReport {
  readonly skillId: string
  readonly arrived: number
  readonly assigned: number
  /** Consumers who left before an agent came. */
  readonly left: number
  readonly waiting: WaitingTimes
  /** Share of the arrivals that waited beyond the time to respond, left or not. */
  readonly breaches: number
}

export interface AgentReport {
  readonly name: string
  readonly conversations: number
  /** Share of its offered places and time that was taken. */
  readonly occupancy: number
}

export interface Report {
  readonly all: Omit<SkillReport, 'skillId'>
  readonly skills: readonly SkillReport[]
  readonly agents: readonly AgentReport[]
  readonly occupancy: number
  /** Jain's index of the agents' occupancies: 1 when all are equal, 1/n when one does it all. */
  readonly fairness: number
  readonly decisions: number
  /** Arrivals that nobody was ever there for. */
  readonly stillWaiting: number
  readonly hours: number
}

const at = (sorted: Float64Array, share: number): number =>
  sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0

export const waitingTimes = (served: readonly Served[]): WaitingTimes => {
  const waits = served.flatMap(({ at: came, assignedAt }) =>
    assignedAt === undefined ? [] : [assignedAt - came],
  )
  const sorted = Float64Array.from(waits).sort()
  const sum = sorted.reduce((total, one) => total + one, 0)
  return {
    mean: sorted.length > 0 ? sum / sorted.length : 0,
    p50: at(sorted, 0.5),
    p90: at(sorted, 0.9),
    p99: at(sorted, 0.99),
    max: at(sorted, 1),
  }
}

/** (Σx)² / (n·Σx²) */
export const jain = (values: readonly number[]): number => {
  const sum = values.reduce((total, one) => total + one, 0)
  const squares = values.reduce((total, one) => total + one * one, 0)
  return squares === 0 ? 1 : (sum * sum) / (values.length * squares)
}

const isBreach = ({ assignedAt, dueAt }: Served): boolean =>
  assignedAt === undefined || assignedAt > dueAt

const summary = (served: readonly Served[]): Omit<SkillReport, 'skillId'> => {
  const assigned = served.filter(({ assignedAt }) => assignedAt !== undefined).length
  return {
    arrived: served.length,
    assigned,
    left: served.length - assigned,
    waiting: waitingTimes(served),
    breaches: served.length > 0 ? served.filter(isBreach).length / served.length : 0,
  }
}

const occupancyOf = ({ taken, offered }: Pick<Worked, 'taken' | 'offered'>): number =>
  offered > 0 ? taken / offered : 0

const SECONDS_PER_HOUR = 3600

export const report = ({ served, agents, arrived, decisions, endedAt }: Outcome): Report => {
  const bySkill = Map.groupBy(served, ({ skillId }) => skillId)
  const occupancies = agents.map(occupancyOf)
  const sum = (pick: (one: Worked) => number) => agents.reduce((total, one) => total + pick(one), 0)
  return {
    all: summary(served),
    skills: [...bySkill]
      .map(([skillId, some]) => ({ skillId, ...summary(some) }))
      .toSorted((one, other) => one.skillId.localeCompare(other.skillId)),
    agents: agents.map((agent, index) => ({
      name: agent.name,
      conversations: agent.conversations,
      occupancy: occupancies[index]!,
    })),
    occupancy: occupancyOf({
      taken: sum(({ taken }) => taken),
      offered: sum((one) => one.offered),
    }),
    fairness: jain(occupancies),
    decisions,
    stillWaiting: arrived - served.length,
    hours: endedAt / SECONDS_PER_HOUR,
  }
}
