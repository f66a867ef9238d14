import type { Kysely } from 'kysely'
import { toFile, toFileUse } from '../rows/file-rows.ts'
import type { QueryData, QueryResult } from '../store.ts'
import type { Tables } from '../tables.ts'

export const file = async (
  db: Kysely<Tables>,
  { accountId, path }: QueryData<'file'>,
): Promise<QueryResult<'file'>> => {
  const row = await db
    .selectFrom('files')
    .selectAll()
    .where('account_id', '=', accountId)
    .where('path', '=', path)
    .executeTakeFirst()
  return row && toFile(row)
}

export const fileUses = async (
  db: Kysely<Tables>,
  { accountId, path, participantId, consumerId, dialogId, limit }: QueryData<'fileUses'>,
): Promise<QueryResult<'fileUses'>> => {
  const rows = await db
    .selectFrom('file_uses')
    .selectAll()
    .where('account_id', '=', accountId)
    .where('path', '=', path)
    .$if(dialogId !== undefined, (query) => query.where('dialog_id', '=', dialogId!))
    .$if(consumerId !== undefined, (query) =>
      query.where('conversation_id', 'in', (eb) =>
        eb
          .selectFrom('conversations')
          .select('id')
          .where('account_id', '=', accountId)
          .where('consumer_id', '=', consumerId!),
      ),
    )
    .$if(participantId !== undefined, (query) =>
      query.where('dialog_id', 'in', (eb) =>
        eb
          .selectFrom('participants')
          .innerJoin('dialogs', 'dialogs.key', 'participants.dialog_key')
          .select('dialogs.id')
          .where('participants.account_id', '=', accountId)
          .where('participants.id', '=', participantId!)
          .where('participants.left_at', 'is', null),
      ),
    )
    .limit(limit)
    .execute()
  return rows.map(toFileUse)
}

export const leftoverFiles = async (
  db: Kysely<Tables>,
  { dueAt, limit }: QueryData<'leftoverFiles'>,
): Promise<QueryResult<'leftoverFiles'>> => {
  const rows = await db
    .selectFrom('file_leftovers')
    .select('key')
    .where('due_at', '<=', dueAt)
    .orderBy('due_at')
    .limit(limit)
    .execute()
  return rows.map(({ key }) => key)
}
