/** What surveys and co-browsing keep with their dialogs. */
import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import type { Tables } from '../tables.ts'

export const dialogs = {
  async up(db: Kysely<Tables>): Promise<void> {
    await db.schema.alterTable('dialogs').addColumn('app_id', 'text').execute()
    await db.schema.alterTable('dialogs').addColumn('co_browse', 'text').execute()
    await db.schema
      .createIndex('dialogs_by_app')
      .on('dialogs')
      .columns(['account_id', 'app_id'])
      .where(sql.ref('app_id'), 'is not', null)
      .execute()
  },
}
