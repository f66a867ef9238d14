import type { Kysely } from 'kysely'
import { byNumber, FIRST_REVISION } from '../../domain/configuration.ts'
import { toConfigurationItem } from '../rows/configuration-rows.ts'
import type { QueryData, QueryResult } from '../store.ts'
import type { Tables } from '../tables.ts'

export const configurationItems = async (
  db: Kysely<Tables>,
  { accountId, kind, includeDeleted = false }: QueryData<'configurationItems'>,
): Promise<QueryResult<'configurationItems'>> => {
  const rows = await db
    .selectFrom('configuration_items')
    .selectAll()
    .where('account_id', '=', accountId)
    .where('kind', '=', kind)
    .$if(!includeDeleted, (query) => query.where('is_deleted', '=', 0))
    .execute()
  return rows.map(toConfigurationItem).toSorted(byNumber)
}

export const configurationItem = async (
  db: Kysely<Tables>,
  { accountId, kind, id }: QueryData<'configurationItem'>,
): Promise<QueryResult<'configurationItem'>> => {
  const row = await db
    .selectFrom('configuration_items')
    .selectAll()
    .where('account_id', '=', accountId)
    .where('kind', '=', kind)
    .where('id', '=', id)
    .where('is_deleted', '=', 0)
    .executeTakeFirst()
  return row && toConfigurationItem(row)
}

export const configurationRevision = async (
  db: Kysely<Tables>,
  { accountId, collection }: QueryData<'configurationRevision'>,
): Promise<QueryResult<'configurationRevision'>> => {
  const row = await db
    .selectFrom('configuration_revisions')
    .select('revision')
    .where('account_id', '=', accountId)
    .where('collection', '=', collection)
    .executeTakeFirst()
  return row?.revision ?? FIRST_REVISION
}
