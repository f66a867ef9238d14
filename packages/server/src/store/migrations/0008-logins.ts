import type { Kysely } from 'kysely'
import type { Tables } from '../tables.ts'

/** Application keys, and which of them opened a session. */
export const logins = {
  async up(db: Kysely<Tables>): Promise<void> {
    await db.schema
      .createTable('app_keys')
      .addColumn('account_id', 'text', (column) => column.notNull())
      .addColumn('id', 'text', (column) => column.notNull())
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('access_token', 'text', (column) => column.notNull())
      .addColumn('secret_hash', 'text', (column) => column.notNull())
      .addColumn('access_token_secret_hash', 'text', (column) => column.notNull())
      .addColumn('user_ids', 'text', (column) => column.notNull())
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .addPrimaryKeyConstraint('app_keys_key', ['account_id', 'id'])
      .execute()
    await db.schema.alterTable('sessions').addColumn('app_key_id', 'text').execute()
  },
}
