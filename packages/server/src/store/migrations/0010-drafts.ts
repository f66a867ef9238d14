import type { Kysely } from 'kysely'
import type { Tables } from '../tables.ts'

/** What agents have begun to write. */
export const drafts = {
  async up(db: Kysely<Tables>): Promise<void> {
    await db.schema
      .createTable('drafts')
      .addColumn('account_id', 'text', (column) => column.notNull())
      .addColumn('agent_id', 'text', (column) => column.notNull())
      .addColumn('dialog_id', 'text', (column) => column.notNull())
      .addColumn('conversation_id', 'text', (column) => column.notNull())
      .addColumn('revision', 'text', (column) => column.notNull())
      .addColumn('text', 'text', (column) => column.notNull())
      .addColumn('is_note', 'integer', (column) => column.notNull())
      .addColumn('at', 'bigint', (column) => column.notNull())
      .addColumn('others', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('drafts_key', ['account_id', 'agent_id', 'dialog_id'])
      .execute()
  },
}
