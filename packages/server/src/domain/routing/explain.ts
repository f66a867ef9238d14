/** Decisions in words, and a conversation's way through routing as a list of steps. [RT23] */
import type { AgentId, RingId, SkillId, TaskId, Timestamp, UserId } from '@ringdown/protocol'
import type { Ring, RoutingTask, TaskReason } from '../ring.ts'
import type { Candidate } from './candidate.ts'
import type { Considered, Decision, RoutingInput, WaitReason } from './decide.ts'
import { decide } from './decide.ts'
import type { Rule } from './order.ts'
import type { PassView, RosterView, StoredNeed } from './stored.ts'
import { inputOf } from './stored.ts'

export interface ConsideredAgent {
  readonly userId: UserId
  readonly verdict: Considered['verdict']
  /** The verdict in words, with the numbers behind it. */
  readonly why: string
  /** The numbers themselves, for those who put them into other words. */
  readonly availability: Candidate['availability']
  readonly since: Timestamp
  readonly busy: number
  readonly capacity: number
}

export interface DecidedStep {
  readonly at: Timestamp
  readonly step: 'decided'
  readonly taskId: TaskId
  readonly skillId: SkillId
  readonly outcome: Decision['outcome']
  /** The rule that chose, or why nobody was rung. */
  readonly reason: Rule | WaitReason
  readonly why: string
  readonly userId?: UserId
  readonly ringId?: RingId
  readonly considered: readonly ConsideredAgent[]
  /** False when the program that reads would decide otherwise than the one that decided. */
  readonly isReproduced: boolean
}

export type RoutingStep =
  | {
      readonly at: Timestamp
      readonly step: 'queued'
      readonly taskId: TaskId
      readonly skillId: SkillId
      readonly cause: RoutingTask['cause']
      readonly deadline: Timestamp
      readonly reason?: TaskReason
    }
  | DecidedStep
  | {
      readonly at: Timestamp
      readonly step: 'ring'
      readonly ringId: RingId
      readonly userId: UserId
      readonly state: Ring['state']
      /** What the agent gave as its reason for declining. */
      readonly reason?: string
    }
  | { readonly at: Timestamp; readonly step: 'done'; readonly taskId: TaskId }

/** A decision with everything it was made from. */
export interface KeptDecision {
  readonly conversationId: string
  readonly agentId?: AgentId
  readonly ringId?: RingId
  readonly reason: string
  readonly need: StoredNeed
  readonly pass: { readonly at: Timestamp; readonly loads: PassView }
  readonly roster: RosterView
  readonly rungBefore: readonly AgentId[]
}

const rules: Readonly<Record<Rule, string>> = {
  suggested: 'the conversation was suggested to this agent',
  only_one: 'nobody else could be rung',
  not_asked_before: 'the others had let it go by',
  group: 'its group comes first at this skill',
  least_busy: 'the least busy',
  longest_idle: 'the longest without a new conversation',
  previous_agent: 'had this consumer before',
  listed_first: 'equal to the next one in all rules',
}

const waits: Readonly<Record<WaitReason, string>> = {
  no_agents: 'the account has no agents',
  disabled: 'all agents are disabled',
  lacks_skill: 'nobody has the skill',
  people_only: 'only bots have the skill, and it waits for a person',
  not_suggested: 'it waits for one agent alone',
  not_listening: 'nobody with the skill takes rings',
  availability: 'nobody who is there takes such work',
  rejected: 'whoever could take it has just rejected it',
  at_capacity: 'everybody who could take it is full',
}

const span = (ms: number): string => {
  const seconds = Math.max(0, Math.round(ms / 1000))
  if (seconds < 120) return `${seconds} s`
  return seconds < 7200 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3600)} h`
}

const stateOf = ({ availability, since }: Candidate, at: Timestamp): string => {
  const word = availability.toLowerCase().replace('_', ' ')
  return availability === 'ONLINE' || availability === 'OFFLINE'
    ? word
    : `${word} for ${span(at - since)}`
}

const loadOf = ({ busy, capacity }: Candidate): string => `${busy}/${capacity}`

/** Why one agent was rung or not, in words. */
const whyOf = (verdict: Considered['verdict'], one: Candidate, input: RoutingInput): string => {
  const words: Readonly<Record<Considered['verdict'], () => string>> = {
    chosen: () => `chosen at ${loadOf(one)}`,
    not_first: () => `could take it at ${loadOf(one)}, another came first`,
    disabled: () => 'disabled',
    lacks_skill: () => 'lacks the skill',
    people_only: () => 'a bot, and it waits for a person',
    not_suggested: () => 'not the suggested agent',
    not_listening: () =>
      one.listens.length === 0 ? 'takes no rings' : 'takes rings of other skills only',
    availability: () => stateOf(one, input.at),
    rejected: () => 'has just rejected it',
    at_capacity: () => `at capacity ${loadOf(one)}`,
  }
  return words[verdict]()
}

/** What was decided, decided again from what was kept. [RT20] */
export const explainDecision = (kept: KeptDecision): DecidedStep => {
  const input = inputOf(kept)
  const decision = decide(input)
  const reason = decision.outcome === 'ring' ? decision.rule : decision.reason
  const agentId = decision.outcome === 'ring' ? decision.agentId : undefined
  const user = (id: AgentId | undefined) => input.candidates.find((one) => one.id === id)?.userId
  const userId = user(kept.agentId)
  const outcome = kept.agentId === undefined ? 'wait' : 'ring'
  const stored = kept.reason as Rule & WaitReason
  return {
    at: kept.pass.at,
    step: 'decided',
    taskId: kept.need.id,
    skillId: decision.skillId,
    outcome,
    reason: stored,
    why: (outcome === 'ring' ? rules[stored] : waits[stored]) ?? stored,
    ...(userId !== undefined && { userId }),
    ...(kept.ringId !== undefined && { ringId: kept.ringId }),
    considered: decision.considered.map(({ verdict }, place) => {
      const one = input.candidates[place] as Candidate
      const { userId, availability, since, busy, capacity } = one
      const why = whyOf(verdict, one, input)
      return { userId, verdict, why, availability, since, busy, capacity }
    }),
    isReproduced: reason === kept.reason && agentId === kept.agentId,
  }
}

/** Those who came nearest to the conversation first: they are what is asked about. */
const nearness: Readonly<Record<Considered['verdict'], number>> = {
  chosen: 0,
  not_first: 1,
  at_capacity: 2,
  rejected: 3,
  availability: 4,
  not_listening: 5,
  not_suggested: 6,
  lacks_skill: 7,
  people_only: 8,
  disabled: 9,
}

export interface ShortenedStep extends DecidedStep {
  /** How many agents beside those named were passed over, by the reason. */
  readonly others: Readonly<Partial<Record<Considered['verdict'], number>>>
}

/** A decision with as many agents by name as are read; the others as numbers. */
export const shortened = (step: DecidedStep, most: number): ShortenedStep => {
  const all = step.considered.toSorted(
    (one, other) => nearness[one.verdict] - nearness[other.verdict],
  )
  const others: Partial<Record<Considered['verdict'], number>> = {}
  for (const { verdict } of all.slice(most)) others[verdict] = (others[verdict] ?? 0) + 1
  return { ...step, considered: all.slice(0, most), others }
}

/** A step and where it stands among those of the same millisecond: by task, cause before effect. */
interface Placed {
  readonly step: RoutingStep
  readonly taskId: TaskId
  readonly rank: number
}

const stepsOfTask = (task: RoutingTask): Placed[] => {
  const { id: taskId, createdAt: at, skillId, cause, deadline, reason, endedAt } = task
  const queued = { at, step: 'queued', taskId, skillId, cause, deadline } as const
  return [
    { step: { ...queued, ...(reason && { reason }) }, taskId, rank: 0 },
    ...(endedAt === undefined
      ? []
      : [{ step: { at: endedAt, step: 'done', taskId } as const, taskId, rank: 4 }]),
  ]
}

const stepsOfRing = (ring: Ring): Placed[] => {
  const { id: ringId, agentUserId: userId, taskId, state, createdAt, endedAt, declineReason } = ring
  const of = { step: 'ring', ringId, userId } as const
  const why = declineReason === undefined ? {} : { reason: declineReason }
  const begun = { step: { ...of, at: createdAt, state: 'waiting' } as const, taskId, rank: 2 }
  return [
    ...(state === 'auto_accepted' ? [] : [begun]),
    ...(endedAt === undefined
      ? []
      : [{ step: { ...of, ...why, at: endedAt, state }, taskId, rank: 3 }]),
  ]
}

/** Everything that routing did for a conversation, oldest first. */
export const routingHistory = (known: {
  readonly tasks: readonly RoutingTask[]
  readonly rings: readonly Ring[]
  readonly decisions: readonly KeptDecision[]
}): RoutingStep[] => {
  const place = new Map(known.tasks.map(({ id }, index) => [id, index]))
  const order = ({ taskId }: Placed) => place.get(taskId) ?? -1
  return [
    ...known.tasks.flatMap(stepsOfTask),
    ...known.decisions.map((one) => ({ step: explainDecision(one), taskId: one.need.id, rank: 1 })),
    ...known.rings.flatMap(stepsOfRing),
  ]
    .toSorted(
      (one, other) =>
        one.step.at - other.step.at || order(one) - order(other) || one.rank - other.rank,
    )
    .map(({ step }) => step)
}
