import type { Kysely } from 'kysely'
import type { CommandData } from '../store.ts'
import type { Tables } from '../tables.ts'

/** Keeps the time of the last proof: a write that changes nothing would not reach the disk. */
export const proveWritable = async (
  db: Kysely<Tables>,
  { at }: CommandData<'proveWritable'>,
): Promise<null> => {
  const value = String(at)
  await db
    .insertInto('facts')
    .values({ name: 'writable_at', value })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
    .execute()
  return null
}
