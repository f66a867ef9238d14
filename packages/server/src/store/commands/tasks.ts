/** Routing tasks and their rings, as conversations change. Locks go: conversation, task, ring. */
import type { AgentId } from '@ringdown/protocol'
import type { Kysely } from 'kysely'
import { type AccountSettings, defaultSettings } from '../../domain/account.ts'
import type { Conversation } from '../../domain/conversation.ts'
import type { Ring, RoutingTask, TaskReason } from '../../domain/ring.ts'
import type { Suggestion } from '../../domain/routing/candidate.ts'
import { effectiveTtr, NO_DEADLINE } from '../../domain/ttr.ts'
import { WAITING } from '../constants.ts'
import { parsed } from '../rows/optional.ts'
import { toRing, toTask, toTaskRow } from '../rows/routing-rows.ts'
import type { Tables } from '../tables.ts'

export const settingsOf = async (
  db: Kysely<Tables>,
  accountId: string,
): Promise<AccountSettings> => {
  const row = await db
    .selectFrom('accounts')
    .select('settings')
    .where('id', '=', accountId)
    .executeTakeFirst()
  return { ...defaultSettings, ...(row && parsed<Partial<AccountSettings>>(row.settings)) }
}

/** Why the server put a conversation back into the queue, and for whom. [TIM25] */
export interface Because {
  readonly reason: TaskReason
  readonly peopleOnly: boolean
}

export interface NewTask {
  readonly id: string
  readonly cause: RoutingTask['cause']
  readonly at: number
  /** Who gave the conversation back: somebody else is asked first. [RT3] */
  readonly passedBy?: AgentId
  readonly because?: Because
  /** Waits for this agent alone. [RT13] */
  readonly suggested?: Suggestion
}

/** Who was assigned to the consumer's conversation before this one. [RT10] */
const previousAgent = async (
  db: Kysely<Tables>,
  { accountId, consumerId, id }: Conversation,
): Promise<AgentId | undefined> => {
  const row = await db
    .selectFrom('conversations')
    .select('assigned_agent_id')
    .where('account_id', '=', accountId)
    .where('consumer_id', '=', consumerId)
    .where('id', '!=', id)
    .where('assigned_agent_id', 'is not', null)
    .orderBy('started_at', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.assigned_agent_id ?? undefined
}

const deadlineOf = async (
  db: Kysely<Tables>,
  conversation: Conversation,
  at: number,
): Promise<number> => {
  const due = effectiveTtr(conversation, await settingsOf(db, conversation.accountId))
  return due === NO_DEADLINE ? at + conversation.ttr.seconds * 1000 : due
}

/** Queues the need for an agent; its deadline is the effective time to respond. */
export const queueTask = async (
  db: Kysely<Tables>,
  conversation: Conversation,
  { id, cause, at, passedBy, because, suggested }: NewTask,
): Promise<RoutingTask> => {
  // A first conversation has none before it.
  const previousAgentId = conversation.isFirst ? undefined : await previousAgent(db, conversation)
  const task: RoutingTask = {
    accountId: conversation.accountId,
    id,
    conversationId: conversation.id,
    consumerId: conversation.consumerId,
    skillId: conversation.skillId,
    state: 'queued',
    cause,
    deadline: await deadlineOf(db, conversation, at),
    createdAt: at,
    passedBy: passedBy === undefined ? [] : [passedBy],
    ...(because && { reason: because.reason, ...(because.peopleOnly && { peopleOnly: true }) }),
    ...(suggested && { suggested }),
    ...(previousAgentId !== undefined && { previousAgentId }),
  }
  await db.insertInto('routing_tasks').values(toTaskRow(task)).execute()
  return task
}

/** A waiting task moves in the queue when its conversation's time to respond was changed. [RT14] */
export const followDeadline = async (
  db: Kysely<Tables>,
  before: Conversation,
  after: Conversation,
): Promise<void> => {
  const isMoved =
    before.ttr !== after.ttr ||
    before.delay !== after.delay ||
    before.manualEttr !== after.manualEttr
  if (!isMoved || after.state === 'closed') return
  await db
    .updateTable('routing_tasks')
    .set({ deadline: await deadlineOf(db, after, after.updatedAt) })
    .where('account_id', '=', after.accountId)
    .where('conversation_id', '=', after.id)
    .where('state', '!=', 'done')
    .execute()
}

/** Ends the conversation's task and cancels the rings that wait for it. [RG4] */
export const endTasks = async (
  db: Kysely<Tables>,
  { accountId, id, updatedAt }: Conversation,
): Promise<{ task?: RoutingTask; rings: Ring[] }> => {
  const [task] = await db
    .updateTable('routing_tasks')
    .set({ state: 'done', suggested_until: null, ended_at: updatedAt })
    .where('account_id', '=', accountId)
    .where('conversation_id', '=', id)
    .where('state', '!=', 'done')
    .returningAll()
    .execute()
  if (!task) return { rings: [] }
  const rings = await db
    .updateTable('rings')
    .set({ state: 'cancelled', ended_at: updatedAt })
    .where('account_id', '=', accountId)
    .where('conversation_id', '=', id)
    .where('state', '=', WAITING)
    .returningAll()
    .execute()
  return { task: toTask(task), rings: rings.map(toRing) }
}

/** Puts an offered task back; agents that let it go by are asked last. */
export const requeueTask = async (
  db: Kysely<Tables>,
  ring: Pick<Ring, 'accountId' | 'taskId' | 'agentId'>,
  isPassed: boolean,
): Promise<void> => {
  const lookup = db
    .selectFrom('routing_tasks')
    .select('passed_by')
    .where('account_id', '=', ring.accountId)
    .where('id', '=', ring.taskId)
    .where('state', '=', 'offered')
  const row = await lookup.executeTakeFirst()
  if (!row) return
  const others = parsed<string[]>(row.passed_by).filter((id) => id !== ring.agentId)
  await db
    .updateTable('routing_tasks')
    .set({
      state: 'queued',
      ...(isPassed && { passed_by: JSON.stringify([...others, ring.agentId]) }),
    })
    .where('account_id', '=', ring.accountId)
    .where('id', '=', ring.taskId)
    .where('state', '=', 'offered')
    .execute()
}
