import type { Kysely } from 'kysely'
import type { Tables } from '../tables.ts'

/** The second kind of metadata that a request may carry. */
export const encodedMetadata = {
  async up(db: Kysely<Tables>): Promise<void> {
    await db.schema.alterTable('events').addColumn('encoded_metadata', 'text').execute()
  },
}
