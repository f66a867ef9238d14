import type { Selectable } from 'kysely'
import type { Ring, RoutingTask } from '../../domain/ring.ts'
import type { TtrFacts } from '../../domain/ttr.ts'
import type { ConversationRow, DialogRow, RingRow, RoutingTaskRow } from '../tables.ts'
import { flag, orNull, parsed, parsedOrNull, present } from './optional.ts'

export const toRing = (row: Selectable<RingRow>): Ring => ({
  accountId: row.account_id,
  id: row.id,
  taskId: row.task_id,
  conversationId: row.conversation_id,
  consumerId: row.consumer_id,
  skillId: row.skill_id,
  agentId: row.agent_id,
  agentUserId: row.agent_user_id,
  state: row.state,
  weight: row.weight,
  createdAt: row.created_at,
  expiresAt: row.expires_at,
  ...present({ endedAt: row.ended_at, declineReason: row.decline_reason }),
})

export const toRingRow = (ring: Ring): RingRow => ({
  account_id: ring.accountId,
  id: ring.id,
  task_id: ring.taskId,
  conversation_id: ring.conversationId,
  consumer_id: ring.consumerId,
  skill_id: ring.skillId,
  agent_id: ring.agentId,
  agent_user_id: ring.agentUserId,
  state: ring.state,
  weight: ring.weight,
  created_at: ring.createdAt,
  expires_at: ring.expiresAt,
  ended_at: orNull(ring.endedAt),
  decline_reason: orNull(ring.declineReason),
})

export const toTask = (row: Selectable<RoutingTaskRow>): RoutingTask => ({
  accountId: row.account_id,
  id: row.id,
  conversationId: row.conversation_id,
  consumerId: row.consumer_id,
  skillId: row.skill_id,
  state: row.state,
  cause: row.cause,
  deadline: row.deadline,
  createdAt: row.created_at,
  passedBy: parsed(row.passed_by),
  ...(row.suggested_agent_id !== null &&
    row.suggested_until !== null && {
      suggested: { agentId: row.suggested_agent_id, until: row.suggested_until },
    }),
  ...present({
    previousAgentId: row.previous_agent_id,
    endedAt: row.ended_at,
    reason: row.reason,
  }),
  ...(row.people_only === 1 && { peopleOnly: true }),
})

export const toTaskRow = (task: RoutingTask): RoutingTaskRow => ({
  account_id: task.accountId,
  id: task.id,
  conversation_id: task.conversationId,
  consumer_id: task.consumerId,
  skill_id: task.skillId,
  state: task.state,
  cause: task.cause,
  deadline: task.deadline,
  created_at: task.createdAt,
  passed_by: JSON.stringify(task.passedBy),
  suggested_agent_id: orNull(task.suggested?.agentId),
  suggested_until: orNull(task.suggested?.until),
  previous_agent_id: orNull(task.previousAgentId),
  ended_at: orNull(task.endedAt),
  reason: orNull(task.reason),
  people_only: flag(task.peopleOnly ?? false),
})

/** What a task's deadline follows from, in the rows of its conversation and main dialog. */
export const toTtrFacts = (
  row: Pick<
    Selectable<ConversationRow & DialogRow>,
    | 'started_at'
    | 'ttr_seconds'
    | 'manual_ettr'
    | 'delay'
    | 'unanswered_since'
    | 'unanswered_latest'
    | 'last_content_sequence'
  >,
): TtrFacts => ({
  startedAt: row.started_at,
  ttrSeconds: row.ttr_seconds,
  hasContent: row.last_content_sequence >= 0,
  ...present({
    manualEttr: row.manual_ettr,
    delayUntil: parsedOrNull<{ until: number }>(row.delay)?.until,
    unansweredSince: row.unanswered_since,
    unansweredLatest: row.unanswered_latest,
  }),
})
