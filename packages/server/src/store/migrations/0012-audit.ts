import type { Kysely } from 'kysely'
import type { Tables } from '../tables.ts'

/** Who changed what by administration. */
export const audit = {
  async up(db: Kysely<Tables>): Promise<void> {
    await db.schema
      .createTable('audit_entries')
      .addColumn('number', 'bigint', (column) => column.notNull().primaryKey())
      .addColumn('at', 'bigint', (column) => column.notNull())
      .addColumn('account_id', 'text')
      .addColumn('changed_by', 'text', (column) => column.notNull())
      .addColumn('address', 'text', (column) => column.notNull())
      .addColumn('action', 'text', (column) => column.notNull())
      .addColumn('subjects', 'text', (column) => column.notNull())
      .addColumn('fields', 'text', (column) => column.notNull())
      .execute()
    await db.schema.createIndex('audit_entries_by_time').on('audit_entries').column('at').execute()
    await db.schema
      .createIndex('audit_entries_by_account')
      .on('audit_entries')
      .columns(['account_id', 'number'])
      .execute()
  },
}
