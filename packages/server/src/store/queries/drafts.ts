import type { Kysely } from 'kysely'
import { toDraft } from '../rows/draft-rows.ts'
import type { QueryData, QueryResult } from '../store.ts'
import type { Tables } from '../tables.ts'

export const drafts = async (
  db: Kysely<Tables>,
  { accountId, agentId }: QueryData<'drafts'>,
): Promise<QueryResult<'drafts'>> => {
  const rows = await db
    .selectFrom('drafts')
    .selectAll()
    .where('account_id', '=', accountId)
    .where('agent_id', '=', agentId)
    .orderBy('at', 'desc')
    .orderBy('dialog_id')
    .execute()
  return rows.map(toDraft)
}
