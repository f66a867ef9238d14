import type { Kysely } from 'kysely'
import { expiredDialog } from '../../domain/dialogs.ts'
import type { CommandData, CommandResult } from '../store.ts'
import type { Tables } from '../tables.ts'
import { applyOutcome, lockConversation } from './conversations.ts'

export const expireDialog = async (
  db: Kysely<Tables>,
  { accountId, dialogId, at }: CommandData<'expireDialog'>,
): Promise<CommandResult<'expireDialog'>> => {
  const row = await db
    .selectFrom('dialogs')
    .select('conversation_id')
    .where('account_id', '=', accountId)
    .where('id', '=', dialogId)
    .executeTakeFirst()
  if (!row) return {}
  const before = await lockConversation(db, accountId, row.conversation_id)
  const outcome = expiredDialog(before, dialogId, at)
  // Nobody is needed for what ended: no task is queued and none has to be named.
  const change = await applyOutcome(db, { before, outcome, taskId: '', at })
  return change.after === before ? {} : { change }
}
