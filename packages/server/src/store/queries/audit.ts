import type { Kysely } from 'kysely'
import { parsed } from '../rows/optional.ts'
import type { QueryData, QueryResult } from '../store.ts'
import type { Tables } from '../tables.ts'

export const auditEntries = async (
  db: Kysely<Tables>,
  { accountId, from, before, after, limit }: QueryData<'auditEntries'>,
): Promise<QueryResult<'auditEntries'>> => {
  let query = db
    .selectFrom('audit_entries')
    .selectAll()
    .where('at', '>=', from)
    .where('at', '<', before)
    .orderBy('number', 'desc')
    .limit(limit)
  if (accountId !== undefined) query = query.where('account_id', '=', accountId)
  if (after !== undefined) query = query.where('number', '<', after)
  return (await query.execute()).map((row) => ({
    number: row.number,
    at: row.at,
    by: row.changed_by,
    from: row.address,
    ...(row.account_id !== null && { accountId: row.account_id }),
    action: row.action,
    subjects: parsed(row.subjects),
    fields: parsed(row.fields),
  }))
}
