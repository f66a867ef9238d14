import type { Kysely } from 'kysely'
import type { Tables } from '../tables.ts'

/** Items of configuration, and a revision for each collection of them. */
export const configurationTables = {
  async up(db: Kysely<Tables>): Promise<void> {
    await db.schema
      .createTable('configuration_items')
      .addColumn('account_id', 'text', (column) => column.notNull())
      .addColumn('kind', 'text', (column) => column.notNull())
      .addColumn('id', 'text', (column) => column.notNull())
      .addColumn('body', 'text', (column) => column.notNull())
      .addColumn('is_deleted', 'integer', (column) => column.notNull())
      .addColumn('revision', 'bigint', (column) => column.notNull())
      .addColumn('updated_at', 'bigint', (column) => column.notNull())
      .addPrimaryKeyConstraint('configuration_items_key', ['account_id', 'kind', 'id'])
      .execute()
    await db.schema
      .createTable('configuration_revisions')
      .addColumn('account_id', 'text', (column) => column.notNull())
      .addColumn('collection', 'text', (column) => column.notNull())
      .addColumn('revision', 'bigint', (column) => column.notNull())
      .addColumn('next_number', 'bigint', (column) => column.notNull())
      .addPrimaryKeyConstraint('configuration_revisions_key', ['account_id', 'collection'])
      .execute()
  },
}
