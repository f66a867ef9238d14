/**
 * Whom to ring for a task. Pure: the same input gives the same decision, so that a decision can be
 * explained, repeated from what was stored, and tried with other settings.
 *
 *   skill or fallback skill → who may be rung → the order of the rules → ring one, or wait
 */
import type { AgentId, SkillId, Timestamp } from '@ringdown/protocol'
import { NO_SKILL } from '@ringdown/protocol/ids'
import type { SkillRules } from '../account.ts'
import { admits } from '../agent-state.ts'
import type { Candidate, PassedOver, TaskNeed, Wanted } from './candidate.ts'
import { hasSkill, passedOver } from './candidate.ts'
import type { Rule } from './order.ts'
import { firstOf, orderOf } from './order.ts'

/** The part of a skill's rules that chooses agents. */
export type RoutingRules = Pick<SkillRules, 'groups' | 'fallbackSkillId' | 'fallbackWhenAllAway'>

export interface RoutingInput {
  readonly task: TaskNeed
  readonly candidates: readonly Candidate[]
  /** Rules by skill; a skill that is absent has none. */
  readonly skills: Readonly<Record<SkillId, RoutingRules>>
  /** Agents that rejected a ring of this task moments ago. */
  readonly resting: readonly AgentId[]
  readonly at: Timestamp
}

/** Why nobody is rung: what the agents that came nearest were passed over for. */
export type WaitReason = PassedOver | 'no_agents'

/** What became of one agent in a decision. */
export interface Considered {
  readonly agentId: AgentId
  /** `not_first`: it could have been rung, and another came first. */
  readonly verdict: 'chosen' | 'not_first' | PassedOver
}

interface Traced {
  /** Every candidate, in the order in which they were given. */
  readonly considered: readonly Considered[]
  /** The skill that agents were looked for at: the fallback skill when that is in force. */
  readonly skillId: SkillId
  /** True while only the suggested agent is asked. */
  readonly isSuggestion: boolean
}

export type Decision =
  | (Traced & {
      readonly outcome: 'ring'
      readonly agentId: AgentId
      /** The first rule by which the agent came before the next one. */
      readonly rule: Rule
    })
  | (Traced & { readonly outcome: 'wait'; readonly reason: WaitReason })

/** Nearer to being rung is later in this list. */
const distance: Readonly<Record<WaitReason, number>> = {
  no_agents: 0,
  disabled: 1,
  lacks_skill: 2,
  people_only: 3,
  not_suggested: 4,
  not_listening: 5,
  availability: 6,
  rejected: 7,
  at_capacity: 8,
}

/** Whether nobody of the skill is there: logged in, or, as the skill's rules say, other than away. */
const isDeserted = (skillId: SkillId, rules: RoutingRules, candidates: readonly Candidate[]) =>
  !candidates.some(
    (one) =>
      one.isEnabled &&
      hasSkill(one, skillId) &&
      one.listens.length > 0 &&
      one.availability !== 'OFFLINE' &&
      !(rules.fallbackWhenAllAway && one.availability === 'AWAY'),
  )

/** The fallback skill while nobody is at the task's own and somebody is at that one. [RT12] */
const skillFor = ({ task, skills, candidates: all }: RoutingInput): SkillId => {
  const candidates = task.peopleOnly ? all.filter(({ isBot }) => !isBot) : all
  const rules = skills[task.skillId]
  const fallback = rules?.fallbackSkillId
  if (task.skillId === NO_SKILL || !rules || fallback === undefined) return task.skillId
  if (!isDeserted(task.skillId, rules, candidates)) return task.skillId
  const isStaffed = candidates.some(
    (one) =>
      one.isEnabled &&
      hasSkill(one, fallback) &&
      one.listens.length > 0 &&
      admits[one.availability][task.cause],
  )
  return isStaffed ? fallback : task.skillId
}

/** A suggestion in force leaves one agent; its skill is the conversation's own. [RT13] */
const wantedOf = (input: RoutingInput): Wanted => {
  const { task, resting, at } = input
  if (task.suggested && at < task.suggested.until)
    return { task, resting, skillId: task.skillId, onlyAgentId: task.suggested.agentId }
  return { task, resting, skillId: skillFor(input) }
}

const reasonOf = (verdicts: readonly (PassedOver | undefined)[]): WaitReason => {
  let nearest: WaitReason = 'no_agents'
  for (const verdict of verdicts)
    if (verdict && distance[verdict] > distance[nearest]) nearest = verdict
  return nearest
}

/** Chooses the agent to ring, and says why each of the others was not. [RT2] [RT3] [RT9] */
export const decide = (input: RoutingInput): Decision => {
  const { candidates, skills } = input
  const wanted = wantedOf(input)
  const verdicts = candidates.map((one) => passedOver(wanted, one))
  const able = candidates.filter((_, index) => verdicts[index] === undefined)
  const isSuggestion = wanted.onlyAgentId !== undefined
  const groups = skills[wanted.skillId]?.groups ?? []
  const first = firstOf(able, orderOf(input.task, groups, able))
  const considered = candidates.map(({ id }, index): Considered => {
    const verdict = verdicts[index]
    return { agentId: id, verdict: verdict ?? (id === first?.one.id ? 'chosen' : 'not_first') }
  })
  const trace = { considered, skillId: wanted.skillId, isSuggestion }
  if (!first) return { ...trace, outcome: 'wait', reason: reasonOf(verdicts) }
  const rule = isSuggestion ? 'suggested' : first.rule
  return { ...trace, outcome: 'ring', agentId: first.one.id, rule }
}
