import type { Kysely } from 'kysely'
import type { Tables } from '../tables.ts'

/** Why an agent declined what rang. */
export const declineReasons = {
  async up(db: Kysely<Tables>): Promise<void> {
    await db.schema.alterTable('rings').addColumn('decline_reason', 'text').execute()
  },
}
