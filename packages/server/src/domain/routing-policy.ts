/** Whom to ring for a task. Pure, so that a decision can be explained and repeated. */

import { NO_SKILL } from '@ringdown/protocol'
import type { Agent } from './account.ts'
import type { AgentState } from './agent-state.ts'
import { admits } from './agent-state.ts'
import type { RoutingTask } from './ring.ts'

/** An agent as routing sees it at one moment. */
export interface Candidate {
  readonly agent: Pick<Agent, 'id' | 'userId' | 'isEnabled' | 'skillIds'>
  readonly availability: AgentState['availability']
  /** Has a live socket that asked for routing tasks. */
  readonly isListening: boolean
  readonly capacity: number
  /** Assigned conversations and waiting rings. */
  readonly busy: number
  readonly lastAssignedAt: number
}

export type PassedOver =
  | 'disabled'
  | 'not_listening'
  | 'availability'
  | 'lacks_skill'
  | 'at_capacity'

/** Why the agent cannot be rung for the task, or undefined when it can. [RT2] */
export const passedOver = (task: RoutingTask, one: Candidate): PassedOver | undefined => {
  if (!one.agent.isEnabled) return 'disabled'
  if (!one.isListening) return 'not_listening'
  if (!admits[one.availability][task.cause]) return 'availability'
  if (task.skillId !== NO_SKILL && !one.agent.skillIds.includes(task.skillId)) return 'lacks_skill'
  if (one.busy >= one.capacity) return 'at_capacity'
  return undefined
}

/** Agents that let the task go by come after all others, the latest last. */
const passes = (task: RoutingTask, { agent }: Candidate): number =>
  task.passedBy.lastIndexOf(agent.id)

/** The agent to ring: not yet asked, then least busy, then longest without work. [RT3] */
export const chooseAgent = (
  task: RoutingTask,
  candidates: readonly Candidate[],
): Candidate | undefined =>
  candidates
    .filter((one) => passedOver(task, one) === undefined)
    .toSorted(
      (one, other) =>
        passes(task, one) - passes(task, other) ||
        one.busy / one.capacity - other.busy / other.capacity ||
        one.lastAssignedAt - other.lastAssignedAt ||
        one.agent.id.localeCompare(other.agent.id),
    )[0]
