import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import type { Tables } from '../tables.ts'

/** Tasks that wait for one agent alone, and when tasks and rings ended. */
const extendTasks = async (db: Kysely<Tables>): Promise<void> => {
  const add = (table: string, column: string, type: 'text' | 'bigint') =>
    db.schema.alterTable(table).addColumn(column, type).execute()
  await add('routing_tasks', 'suggested_agent_id', 'text')
  await add('routing_tasks', 'suggested_until', 'bigint')
  await add('routing_tasks', 'previous_agent_id', 'text')
  await add('routing_tasks', 'ended_at', 'bigint')
  await add('rings', 'ended_at', 'bigint')
  await db.schema
    .createIndex('suggestions_by_end')
    .on('routing_tasks')
    .column('suggested_until')
    .where(sql.ref('suggested_until'), 'is not', null)
    .execute()
}

/** What every pass saw, once, and what it decided for each task. */
export const decisionsAndRouting = {
  async up(db: Kysely<Tables>): Promise<void> {
    await extendTasks(db)
    await db.schema
      .createTable('routing_rosters')
      .addColumn('account_id', 'text', (column) => column.notNull())
      .addColumn('id', 'text', (column) => column.notNull())
      .addColumn('body', 'text', (column) => column.notNull())
      .addColumn('used_at', 'bigint', (column) => column.notNull())
      .addPrimaryKeyConstraint('routing_rosters_key', ['account_id', 'id'])
      .execute()
    await db.schema
      .createTable('routing_passes')
      .addColumn('account_id', 'text', (column) => column.notNull())
      .addColumn('id', 'text', (column) => column.notNull())
      .addColumn('at', 'bigint', (column) => column.notNull())
      .addColumn('roster_id', 'text', (column) => column.notNull())
      .addColumn('loads', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('routing_passes_key', ['account_id', 'id'])
      .execute()
    await db.schema
      .createTable('routing_decisions')
      .addColumn('account_id', 'text', (column) => column.notNull())
      .addColumn('pass_id', 'text', (column) => column.notNull())
      .addColumn('ordinal', 'integer', (column) => column.notNull())
      .addColumn('conversation_id', 'text', (column) => column.notNull())
      .addColumn('agent_id', 'text')
      .addColumn('ring_id', 'text')
      .addColumn('reason', 'text', (column) => column.notNull())
      .addColumn('need', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('routing_decisions_key', ['account_id', 'pass_id', 'ordinal'])
      .execute()
    const on = (name: string, table: string) => db.schema.createIndex(name).on(table)
    await on('decisions_by_conversation', 'routing_decisions')
      .columns(['account_id', 'conversation_id', 'pass_id'])
      .execute()
    await on('passes_by_time', 'routing_passes').column('at').execute()
    await on('rosters_by_time', 'routing_rosters').column('used_at').execute()
  },
}
