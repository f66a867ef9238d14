import type { Kysely, Selectable } from 'kysely'
import type { AppKey } from '../port/sessions.ts'
import { parsed } from '../rows/optional.ts'
import type { QueryData, QueryResult } from '../store.ts'
import type { Tables } from '../tables.ts'
import type { AppKeyRow } from '../tables-logins.ts'

const toAppKey = (row: Selectable<AppKeyRow>): AppKey => ({
  accountId: row.account_id,
  id: row.id,
  name: row.name,
  accessToken: row.access_token,
  secretHash: row.secret_hash,
  accessTokenSecretHash: row.access_token_secret_hash,
  userIds: parsed(row.user_ids),
  createdAt: row.created_at,
})

export const appKey = async (
  db: Kysely<Tables>,
  { accountId, id }: QueryData<'appKey'>,
): Promise<QueryResult<'appKey'>> => {
  const row = await db
    .selectFrom('app_keys')
    .selectAll()
    .where('account_id', '=', accountId)
    .where('id', '=', id)
    .executeTakeFirst()
  return row && toAppKey(row)
}

export const appKeys = async (
  db: Kysely<Tables>,
  accountId: QueryData<'appKeys'>,
): Promise<QueryResult<'appKeys'>> => {
  const rows = await db
    .selectFrom('app_keys')
    .selectAll()
    .where('account_id', '=', accountId)
    .orderBy('created_at')
    .orderBy('id')
    .execute()
  return rows.map(toAppKey)
}
