/** An agent as routing sees it at one moment, and why it may not be rung for a task. */
import type {
  AgentId,
  ConversationId,
  SkillId,
  TaskId,
  Timestamp,
  UserId,
} from '@ringdown/protocol'
import { NO_SKILL } from '@ringdown/protocol/ids'
import type { Availability } from '../agent-state.ts'
import { admits } from '../agent-state.ts'

/** What a subscription to routing tasks asked for; an absent field asks for all. */
export interface RingFilter {
  readonly skillId?: SkillId
  readonly conversationId?: ConversationId
}

/** An agent as routing sees it at one moment. */
export interface Candidate {
  readonly id: AgentId
  readonly userId: UserId
  readonly isEnabled: boolean
  readonly isBot?: boolean
  readonly skillIds: readonly SkillId[]
  readonly groupId?: string
  readonly availability: Availability
  /** When that state was set. */
  readonly since: Timestamp
  /** The filters of its live subscriptions to routing tasks; none: it would not see a ring. */
  readonly listens: readonly RingFilter[]
  readonly capacity: number
  /** Assigned conversations and waiting rings. */
  readonly busy: number
  readonly lastAssignedAt: Timestamp
}

/** An agent that a task waits for alone, and until when. */
export interface Suggestion {
  readonly agentId: AgentId
  readonly until: Timestamp
}

/** What a decision has to know of a routing task. */
export interface TaskNeed {
  readonly id: TaskId
  readonly conversationId: ConversationId
  readonly skillId: SkillId
  /** New conversations are for ONLINE agents only; the others also reach OCCUPIED and BACK_SOON. */
  readonly cause: 'new' | 'transfer' | 'returned'
  /** Agents that let a ring of this task go by, latest last; they are asked last. */
  readonly passedBy: readonly AgentId[]
  readonly suggested?: Suggestion
  /** Bots are not asked. [TIM25] */
  readonly peopleOnly?: boolean
  /** Who was assigned to the consumer's conversation before this one. */
  readonly previousAgentId?: AgentId
}

export type PassedOver =
  | 'disabled'
  | 'lacks_skill'
  | 'people_only'
  | 'not_suggested'
  | 'not_listening'
  | 'availability'
  | 'rejected'
  | 'at_capacity'

/** The task as it is offered: possibly at the fallback skill, possibly to one agent alone. */
export interface Wanted {
  readonly task: TaskNeed
  readonly skillId: SkillId
  readonly onlyAgentId?: AgentId
  /** Agents that rejected a ring of this task moments ago. */
  readonly resting: readonly AgentId[]
}

const hears = ({ task }: Wanted, { listens }: Candidate): boolean =>
  listens.some(
    ({ skillId, conversationId }) =>
      (skillId === undefined || skillId === task.skillId) &&
      (conversationId === undefined || conversationId === task.conversationId),
  )

export const hasSkill = ({ skillIds }: Pick<Candidate, 'skillIds'>, skillId: SkillId): boolean =>
  skillId === NO_SKILL || skillIds.includes(skillId)

/** The first reason why the agent cannot be rung for the task; undefined when it can. [RT2] */
export const passedOver = (wanted: Wanted, one: Candidate): PassedOver | undefined => {
  if (!one.isEnabled) return 'disabled'
  if (!hasSkill(one, wanted.skillId)) return 'lacks_skill'
  if (wanted.task.peopleOnly && one.isBot) return 'people_only'
  if (wanted.onlyAgentId !== undefined && one.id !== wanted.onlyAgentId) return 'not_suggested'
  if (!hears(wanted, one)) return 'not_listening'
  if (!admits[one.availability][wanted.task.cause]) return 'availability'
  if (wanted.resting.includes(one.id)) return 'rejected'
  if (one.busy >= one.capacity) return 'at_capacity'
  return undefined
}
