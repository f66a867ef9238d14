/** The order of agents that may all be rung, rule by rule; the first rule that tells two apart counts. */
import type { AgentId } from '@ringdown/protocol'
import type { SkillGroup } from '../account.ts'
import type { Candidate, TaskNeed } from './candidate.ts'

/** What made the chosen agent come before the next one. */
export type Rule =
  | 'suggested'
  | 'only_one'
  | 'not_asked_before'
  | 'group'
  | 'least_busy'
  | 'longest_idle'
  | 'previous_agent'
  | 'listed_first'

type Compare = (one: Candidate, other: Candidate) => number
export type Order = readonly (readonly [Rule, Compare])[]

/** A number in [0, 1) that the text alone decides: draws repeat when they are replayed. */
const drawnFrom = (text: string): number => {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index += 1)
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  // Neighbouring ids differ in their last digits only: spread them over all bits.
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d)
  hash = Math.imul(hash ^ (hash >>> 12), 0x297a2d39)
  return ((hash ^ (hash >>> 15)) >>> 0) / 2 ** 32
}

/** Draws one group by its share; shares need not add up to 100, and none at all count as equal. */
const drawGroup = (groups: readonly SkillGroup[], draw: number): SkillGroup | undefined => {
  const total = groups.reduce((sum, group) => sum + (group.splitPercentage ?? 0), 0)
  const shareOf = ({ splitPercentage = 0 }: SkillGroup) => (total > 0 ? splitPercentage / total : 1)
  const all = total > 0 ? 1 : groups.length
  let rest = draw * all
  for (const group of groups) {
    rest -= shareOf(group)
    if (rest < 0) return group
  }
  return groups.at(-1)
}

/**
 * Ranks of groups, smaller first: by priority, and among groups of one priority the drawn one before
 * the others. Only groups that have somebody take part in the draw. [RT11]
 */
const groupRanks = (
  task: TaskNeed,
  groups: readonly SkillGroup[],
  able: readonly Candidate[],
): ReadonlyMap<string | undefined, number> => {
  const ranks = new Map<string | undefined, number>()
  if (groups.length === 0) return ranks
  const present = new Set(able.map(({ groupId }) => groupId))
  const draw = drawnFrom(task.id)
  const priorities = [...new Set(groups.map(({ priority }) => priority))].sort((a, b) => a - b)
  for (const [index, priority] of priorities.entries()) {
    const level = groups.filter(
      (group) => group.priority === priority && present.has(group.groupId),
    )
    const drawn = drawGroup(level, draw)
    for (const group of level) ranks.set(group.groupId, 2 * index + (group === drawn ? 0 : 1))
  }
  return ranks
}

/** Agents that let the task go by come after all others, the latest last. */
const passes = (passedBy: readonly AgentId[], { id }: Candidate): number => passedBy.lastIndexOf(id)

const byId: Compare = (one, other) => (one.id < other.id ? -1 : one.id > other.id ? 1 : 0)

/** The rules in the order in which they count. [RT3] [RT10] */
export const orderOf = (
  task: TaskNeed,
  groups: readonly SkillGroup[],
  able: readonly Candidate[],
): Order => {
  const ranks = groupRanks(task, groups, able)
  const rank = ({ groupId }: Candidate) => ranks.get(groupId) ?? Number.MAX_SAFE_INTEGER
  const wasNotPrevious = ({ id }: Candidate) => (id === task.previousAgentId ? 0 : 1)
  return [
    ['not_asked_before', (a, b) => passes(task.passedBy, a) - passes(task.passedBy, b)],
    ['group', (a, b) => rank(a) - rank(b)],
    ['least_busy', (a, b) => a.busy / a.capacity - b.busy / b.capacity],
    ['longest_idle', (a, b) => a.lastAssignedAt - b.lastAssignedAt],
    ['previous_agent', (a, b) => wasNotPrevious(a) - wasNotPrevious(b)],
    ['listed_first', byId],
  ]
}

interface Compared {
  readonly rule: Rule
  readonly sign: number
}

const compared = (order: Order, one: Candidate, other: Candidate): Compared => {
  for (const [rule, compare] of order) {
    const sign = compare(one, other)
    if (sign !== 0) return { rule, sign }
  }
  return { rule: 'listed_first', sign: 0 }
}

/** The first of the agents, and the rule that put it before the second. */
export const firstOf = (
  able: readonly Candidate[],
  order: Order,
): { one: Candidate; rule: Rule } | undefined => {
  const [start, ...others] = able
  if (!start) return undefined
  let first = start
  let second: Candidate | undefined
  for (const other of others) {
    if (compared(order, other, first).sign < 0) [first, second] = [other, first]
    else if (!second || compared(order, other, second).sign < 0) second = other
  }
  return { one: first, rule: second ? compared(order, first, second).rule : 'only_one' }
}
