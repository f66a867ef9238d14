import type { Kysely } from 'kysely'
import { suggestionDropped } from '../../domain/suggest.ts'
import type { Changed, CommandData, CommandResult } from '../store.ts'
import type { Tables } from '../tables.ts'
import { applyOutcome, lockConversation } from './conversations.ts'

type Dropping = CommandData<'dropSuggestion'>

/** The conversation of a task that waits for one agent alone. */
const conversationOf = async (
  db: Kysely<Tables>,
  { accountId, taskId }: Dropping,
): Promise<string | undefined> => {
  const row = await db
    .selectFrom('routing_tasks')
    .select('conversation_id')
    .where('account_id', '=', accountId)
    .where('id', '=', taskId)
    .where('suggested_until', 'is not', null)
    .executeTakeFirst()
  return row?.conversation_id
}

/** Drops the suggestion of a task whose conversation the caller has locked. */
const drop = async (
  db: Kysely<Tables>,
  conversationId: string,
  { accountId, taskId, at }: Dropping,
): Promise<Changed | undefined> => {
  const before = await lockConversation(db, accountId, conversationId)
  const { numUpdatedRows } = await db
    .updateTable('routing_tasks')
    .set({ suggested_until: null })
    .where('account_id', '=', accountId)
    .where('id', '=', taskId)
    .where('suggested_until', 'is not', null)
    .executeTakeFirstOrThrow()
  if (Number(numUpdatedRows) === 0) return undefined
  return applyOutcome(db, { before, outcome: suggestionDropped(before, at), taskId, at })
}

export const dropSuggestion = async (
  db: Kysely<Tables>,
  data: Dropping,
): Promise<CommandResult<'dropSuggestion'>> => {
  const conversationId = await conversationOf(db, data)
  const change = conversationId ? await drop(db, conversationId, data) : undefined
  return change ? { change } : {}
}

/** Whether the task waits for this agent alone. */
export const isSuggestedTo = async (
  db: Kysely<Tables>,
  { accountId, taskId, agentId }: { accountId: string; taskId: string; agentId: string },
): Promise<boolean> => {
  const row = await db
    .selectFrom('routing_tasks')
    .select('id')
    .where('account_id', '=', accountId)
    .where('id', '=', taskId)
    .where('suggested_agent_id', '=', agentId)
    .where('suggested_until', 'is not', null)
    .executeTakeFirst()
  return row !== undefined
}
