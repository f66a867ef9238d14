import type { Kysely } from 'kysely'
import type { QueryResult } from '../store.ts'
import type { Tables } from '../tables.ts'

export const nextTimerDue = async (db: Kysely<Tables>): Promise<QueryResult<'nextTimerDue'>> => {
  const row = await db
    .selectFrom('timers')
    .select('due_at')
    .orderBy('due_at')
    .limit(1)
    .executeTakeFirst()
  return row?.due_at
}
