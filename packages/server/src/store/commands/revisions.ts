/** The revision of a collection of configuration, and the numbers of its items. */
import { Refusal } from '@ringdown/protocol/errors'
import type { Kysely } from 'kysely'
import { type ConfigurationCollection, FIRST_REVISION } from '../../domain/configuration.ts'
import type { Tables } from '../tables.ts'

interface Counted {
  readonly accountId: string
  readonly collection: ConfigurationCollection
  readonly expectedRevision?: number
}

/** Numbers below are kept for what every account has. */
const FIRST_NUMBERS: Partial<Record<ConfigurationCollection, number>> = { profiles: 101 }

/**
 * Counts a change. Comes first in its command, so that changes of one collection wait for each other
 * and never for each other's rows.
 */
export const nextRevision = async (
  db: Kysely<Tables>,
  { accountId, collection, expectedRevision }: Counted,
): Promise<number> => {
  const { revision } = await db
    .insertInto('configuration_revisions')
    .values({
      account_id: accountId,
      collection,
      revision: FIRST_REVISION + 1,
      next_number: FIRST_NUMBERS[collection] ?? 1,
    })
    .onConflict((conflict) =>
      conflict.columns(['account_id', 'collection']).doUpdateSet((eb) => ({
        revision: eb('configuration_revisions.revision', '+', 1),
      })),
    )
    .returning('revision')
    .executeTakeFirstOrThrow()
  if (expectedRevision !== undefined && expectedRevision !== revision - 1)
    throw new Refusal('revision_changed', `The revision is ${revision - 1}`)
  return revision
}

/** The next number of a collection that was counted before in the same command. */
export const nextNumber = async (
  db: Kysely<Tables>,
  { accountId, collection }: Counted,
): Promise<string> => {
  const { next_number } = await db
    .updateTable('configuration_revisions')
    .set((eb) => ({ next_number: eb('next_number', '+', 1) }))
    .where('account_id', '=', accountId)
    .where('collection', '=', collection)
    .returning('next_number')
    .executeTakeFirstOrThrow()
  return String(next_number - 1)
}

interface Named {
  readonly accountId: string
  readonly kind: ConfigurationCollection
  readonly id: string
}

/** Takes away the mark of what was deleted. */
export const forgetDeleted = async (
  db: Kysely<Tables>,
  { accountId, kind, id }: Named,
): Promise<void> => {
  await db
    .deleteFrom('configuration_items')
    .where('account_id', '=', accountId)
    .where('kind', '=', kind)
    .where('id', '=', id)
    .execute()
}

/** Leaves the mark of an agent or a skill that was deleted. */
export const rememberDeleted = async (
  db: Kysely<Tables>,
  { accountId, kind, id }: Named,
  { body, revision, at }: { body: object; revision: number; at: number },
): Promise<void> => {
  await db
    .insertInto('configuration_items')
    .values({
      account_id: accountId,
      kind,
      id,
      body: JSON.stringify(body),
      is_deleted: 1,
      revision,
      updated_at: at,
    })
    .execute()
}
