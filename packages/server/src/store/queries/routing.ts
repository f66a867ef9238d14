import type { Kysely } from 'kysely'
import { OPEN, QUEUED, WAITING } from '../constants.ts'
import { toRing, toTask } from '../rows/routing-rows.ts'
import type { QueryData, QueryResult } from '../store.ts'
import type { Tables } from '../tables.ts'

export const queuedTasks = async (
  db: Kysely<Tables>,
  { accountId, limit }: QueryData<'queuedTasks'>,
): Promise<QueryResult<'queuedTasks'>> => {
  const rows = await db
    .selectFrom('routing_tasks')
    .selectAll()
    .where('account_id', '=', accountId)
    .where('state', '=', QUEUED)
    .orderBy('deadline')
    .orderBy('created_at')
    .limit(limit)
    .execute()
  return rows.map(toTask)
}

export const accountsWithQueue = async (
  db: Kysely<Tables>,
): Promise<QueryResult<'accountsWithQueue'>> => {
  const rows = await db
    .selectFrom('routing_tasks')
    .select('account_id')
    .distinct()
    .where('state', '=', QUEUED)
    .orderBy('account_id')
    .execute()
  return rows.map(({ account_id }) => account_id)
}

export const agentLoads = async (
  db: Kysely<Tables>,
  accountId: QueryData<'agentLoads'>,
): Promise<QueryResult<'agentLoads'>> => {
  const rows = await db
    .selectFrom('agents')
    .select(({ selectFrom, fn }) => [
      'agents.id',
      'agents.last_assigned_at',
      selectFrom('conversations')
        .select(fn.countAll<number>().as('count'))
        .whereRef('conversations.account_id', '=', 'agents.account_id')
        .whereRef('conversations.assigned_agent_id', '=', 'agents.id')
        .where('conversations.state', '=', OPEN)
        .as('assigned'),
      selectFrom('rings')
        .select(fn.countAll<number>().as('count'))
        .whereRef('rings.account_id', '=', 'agents.account_id')
        .whereRef('rings.agent_id', '=', 'agents.id')
        .where('rings.state', '=', WAITING)
        .as('ringing'),
    ])
    .where('agents.account_id', '=', accountId)
    .orderBy('agents.user_id')
    .execute()
  return rows.map((row) => ({
    agentId: row.id,
    assigned: Number(row.assigned),
    ringing: Number(row.ringing),
    lastAssignedAt: row.last_assigned_at,
  }))
}

export const waitingRings = async (
  db: Kysely<Tables>,
  { accountId, agentId }: QueryData<'waitingRings'>,
): Promise<QueryResult<'waitingRings'>> => {
  const rows = await db
    .selectFrom('rings')
    .selectAll()
    .where('account_id', '=', accountId)
    .where('state', '=', WAITING)
    .$if(agentId !== undefined, (query) => query.where('agent_id', '=', agentId!))
    .orderBy('created_at')
    .orderBy('id')
    .execute()
  return rows.map(toRing)
}

export const nextRingExpiry = async (
  db: Kysely<Tables>,
): Promise<QueryResult<'nextRingExpiry'>> => {
  const row = await db
    .selectFrom('rings')
    .select('expires_at')
    .where('state', '=', WAITING)
    .orderBy('expires_at')
    .limit(1)
    .executeTakeFirst()
  return row?.expires_at
}
