/** Routing tasks and their rings, as conversations change. Locks go: conversation, task, ring. */
import type { AgentId } from '@ringdown/protocol'
import type { Kysely } from 'kysely'
import { type AccountSettings, defaultSettings } from '../../domain/account.ts'
import type { Conversation } from '../../domain/conversation.ts'
import type { Ring, RoutingTask } from '../../domain/ring.ts'
import { effectiveTtr, NO_DEADLINE } from '../../domain/ttr.ts'
import { WAITING } from '../constants.ts'
import { parsed } from '../rows/optional.ts'
import { toRing, toTask, toTaskRow } from '../rows/routing-rows.ts'
import type { Tables } from '../tables.ts'

const settingsOf = async (db: Kysely<Tables>, accountId: string): Promise<AccountSettings> => {
  const row = await db
    .selectFrom('accounts')
    .select('settings')
    .where('id', '=', accountId)
    .executeTakeFirst()
  return { ...defaultSettings, ...(row && parsed<Partial<AccountSettings>>(row.settings)) }
}

export interface NewTask {
  readonly id: string
  readonly cause: RoutingTask['cause']
  readonly at: number
  /** Who gave the conversation back: somebody else is asked first. [RT3] */
  readonly passedBy?: AgentId
}

/** Queues the need for an agent; its deadline is the effective time to respond. */
export const queueTask = async (
  db: Kysely<Tables>,
  conversation: Conversation,
  { id, cause, at, passedBy }: NewTask,
): Promise<RoutingTask> => {
  const due = effectiveTtr(conversation, await settingsOf(db, conversation.accountId))
  const task: RoutingTask = {
    accountId: conversation.accountId,
    id,
    conversationId: conversation.id,
    consumerId: conversation.consumerId,
    skillId: conversation.skillId,
    state: 'queued',
    cause,
    deadline: due === NO_DEADLINE ? at + conversation.ttr.seconds * 1000 : due,
    createdAt: at,
    passedBy: passedBy === undefined ? [] : [passedBy],
  }
  await db.insertInto('routing_tasks').values(toTaskRow(task)).execute()
  return task
}

/** Ends the conversation's task and cancels the rings that wait for it. [RG4] */
export const endTasks = async (
  db: Kysely<Tables>,
  { accountId, id }: Conversation,
): Promise<{ task?: RoutingTask; rings: Ring[] }> => {
  const [task] = await db
    .updateTable('routing_tasks')
    .set({ state: 'done' })
    .where('account_id', '=', accountId)
    .where('conversation_id', '=', id)
    .where('state', '!=', 'done')
    .returningAll()
    .execute()
  if (!task) return { rings: [] }
  const rings = await db
    .updateTable('rings')
    .set({ state: 'cancelled' })
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
