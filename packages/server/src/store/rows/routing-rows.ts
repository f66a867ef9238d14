import type { Selectable } from 'kysely'
import type { Ring, RoutingTask } from '../../domain/ring.ts'
import type { RingRow, RoutingTaskRow } from '../tables.ts'
import { parsed } from './optional.ts'

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
})
