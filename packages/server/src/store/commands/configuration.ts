/** Items of configuration: written and deleted in bulk, all or none. [ADM4] */
import { Refusal } from '@ringdown/protocol/errors'
import type { Kysely } from 'kysely'
import type { ConfigurationItem } from '../../domain/configuration.ts'
import type { ItemWrite } from '../port/configuration.ts'
import { toConfigurationItem } from '../rows/configuration-rows.ts'
import type { CommandData, CommandResult } from '../store.ts'
import type { Tables } from '../tables.ts'
import { nextNumber, nextRevision } from './revisions.ts'

type Save = CommandData<'saveConfigurationItems'>
type Delete = CommandData<'deleteConfigurationItems'>

const rowOf = (db: Kysely<Tables>, { accountId, kind }: Save | Delete, id: string) =>
  db
    .selectFrom('configuration_items')
    .selectAll()
    .where('account_id', '=', accountId)
    .where('kind', '=', kind)
    .where('id', '=', id)
    .executeTakeFirst()

const freeId = async (db: Kysely<Tables>, data: Save): Promise<string> => {
  for (;;) {
    const id = await nextNumber(db, { accountId: data.accountId, collection: data.kind })
    if (!(await rowOf(db, data, id))) return id
  }
}

/** The id to write, if the mode allows it. */
const idFor = async (
  db: Kysely<Tables>,
  data: Save,
  { mode, id }: Pick<ItemWrite, 'mode' | 'id'>,
): Promise<string> => {
  if (id === undefined) return freeId(db, data)
  const row = await rowOf(db, data, id)
  const exists = row?.is_deleted === 0
  if (mode === 'create' && exists) throw new Refusal('already_exists', `${id} already exists`)
  if (mode === 'replace' && !exists) throw new Refusal('item_not_found', `There is no ${id}`)
  return id
}

const write = async (
  db: Kysely<Tables>,
  { accountId, kind, at }: Save | Delete,
  item: Pick<ConfigurationItem, 'id' | 'body' | 'isDeleted' | 'revision'>,
): Promise<ConfigurationItem> => {
  const content = {
    body: JSON.stringify(item.body),
    is_deleted: item.isDeleted ? 1 : 0,
    revision: item.revision,
    updated_at: at,
  } as const
  const row = await db
    .insertInto('configuration_items')
    .values({ account_id: accountId, kind, id: item.id, ...content })
    .onConflict((conflict) => conflict.columns(['account_id', 'kind', 'id']).doUpdateSet(content))
    .returningAll()
    .executeTakeFirstOrThrow()
  return toConfigurationItem(row)
}

export const saveConfigurationItems = async (
  db: Kysely<Tables>,
  data: Save,
): Promise<CommandResult<'saveConfigurationItems'>> => {
  const revision = await nextRevision(db, { ...data, collection: data.kind })
  const items: ConfigurationItem[] = []
  for (const one of data.writes) {
    const id = await idFor(db, data, one)
    items.push(await write(db, data, { id, body: one.body, isDeleted: false, revision }))
  }
  return { revision, items }
}

export const deleteConfigurationItems = async (
  db: Kysely<Tables>,
  data: Delete,
): Promise<CommandResult<'deleteConfigurationItems'>> => {
  const revision = await nextRevision(db, { ...data, collection: data.kind })
  const items: ConfigurationItem[] = []
  for (const id of data.ids) {
    const row = await rowOf(db, data, id)
    if (row?.is_deleted !== 0) throw new Refusal('item_not_found', `There is no ${id}`)
    const { body } = toConfigurationItem(row)
    items.push(await write(db, data, { id, body, isDeleted: true, revision }))
  }
  return { revision, items }
}
