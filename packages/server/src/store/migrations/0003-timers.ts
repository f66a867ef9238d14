import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import type { Tables } from '../tables.ts'

const WEEK_MS = 604_800_000

/** Timers, and what a routing task says about why it is there and whom it is for. */
export const timers = {
  async up(db: Kysely<Tables>): Promise<void> {
    await db.schema
      .createTable('timers')
      .addColumn('account_id', 'text', (column) => column.notNull())
      .addColumn('kind', 'text', (column) => column.notNull())
      .addColumn('subject_id', 'text', (column) => column.notNull())
      .addColumn('due_at', 'bigint', (column) => column.notNull())
      .addColumn('data', 'text', (column) => column.notNull())
      .addColumn('version', 'bigint', (column) => column.notNull())
      .addPrimaryKeyConstraint('timers_key', ['account_id', 'kind', 'subject_id'])
      .execute()
    await db.schema.createIndex('timers_by_due').on('timers').columns(['due_at']).execute()
    await db.schema.alterTable('routing_tasks').addColumn('reason', 'text').execute()
    await db.schema
      .alterTable('routing_tasks')
      .addColumn('people_only', 'integer', (column) => column.notNull().defaultTo(0))
      .execute()
    // Conversations that are open already are closed by inactivity like those to come.
    await db
      .insertInto('timers')
      .columns(['account_id', 'kind', 'subject_id', 'due_at', 'data', 'version'])
      .expression(
        db
          .selectFrom('conversations')
          .select(({ ref }) => [
            'account_id',
            sql.lit('auto_close').as('kind'),
            'id',
            sql<number>`${ref('updated_at')} + ${sql.lit(WEEK_MS)}`.as('due_at'),
            sql.lit('{}').as('data'),
            sql.lit(1).as('version'),
          ])
          .where('state', '=', 'open'),
      )
      .execute()
  },
}
