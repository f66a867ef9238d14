import type { Kysely } from 'kysely'
import type { Tables } from '../tables.ts'

/** Agent surveys, and the order in which past conversations are searched. */
export const agentSurveys = {
  async up(db: Kysely<Tables>): Promise<void> {
    await db.schema
      .createTable('agent_surveys')
      .addColumn('account_id', 'text', (column) => column.notNull())
      .addColumn('conversation_id', 'text', (column) => column.notNull())
      .addColumn('skill_id', 'text', (column) => column.notNull())
      .addColumn('survey_id', 'text', (column) => column.notNull())
      .addColumn('status', 'text', (column) => column.notNull())
      .addColumn('revision', 'bigint', (column) => column.notNull())
      .addColumn('answers', 'text', (column) => column.notNull())
      .addColumn('agent_id', 'text', (column) => column.notNull())
      .addColumn('at', 'bigint', (column) => column.notNull())
      .addPrimaryKeyConstraint('agent_surveys_key', ['account_id', 'conversation_id', 'skill_id'])
      .execute()
    await db.schema
      .createIndex('conversations_by_start')
      .on('conversations')
      .columns(['account_id', 'started_at', 'id'])
      .execute()
  },
}
