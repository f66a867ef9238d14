import type { Kysely } from 'kysely'
import { OPEN, QUEUED, WAITING } from '../constants.ts'
import { toRing, toTask, toTtrFacts } from '../rows/routing-rows.ts'
import type { QueryData, QueryResult } from '../store.ts'
import type { Tables } from '../tables.ts'

export const queuedTasks = async (
  db: Kysely<Tables>,
  { accountId, limit, skillIds, after }: QueryData<'queuedTasks'>,
): Promise<QueryResult<'queuedTasks'>> => {
  const rows = await db
    .selectFrom('routing_tasks as task')
    .innerJoin('conversations as conversation', (join) =>
      join
        .onRef('conversation.account_id', '=', 'task.account_id')
        .onRef('conversation.id', '=', 'task.conversation_id'),
    )
    // The main dialog has the conversation's id.
    .innerJoin('dialogs as main', (join) =>
      join
        .onRef('main.account_id', '=', 'task.account_id')
        .onRef('main.id', '=', 'task.conversation_id'),
    )
    .selectAll('task')
    .select([
      'conversation.started_at',
      'conversation.ttr_seconds',
      'conversation.manual_ettr',
      'conversation.delay',
      'main.unanswered_since',
      'main.unanswered_latest',
      'main.last_content_sequence',
    ])
    .where('task.account_id', '=', accountId)
    .where('task.state', '=', QUEUED)
    .$if(skillIds !== undefined, (query) => query.where('task.skill_id', 'in', [...skillIds!]))
    .$if(after !== undefined, (query) =>
      query.where(({ eb, refTuple, tuple }) =>
        eb(
          refTuple('task.deadline', 'task.created_at', 'task.id'),
          '>',
          tuple(after!.deadline, after!.createdAt, after!.id),
        ),
      ),
    )
    .orderBy('task.deadline')
    .orderBy('task.created_at')
    .orderBy('task.id')
    .limit(limit)
    .execute()
  return rows.map((row) => ({ ...toTask(row), ttrFacts: toTtrFacts(row) }))
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

export const ring = async (
  db: Kysely<Tables>,
  { accountId, id }: QueryData<'ring'>,
): Promise<QueryResult<'ring'>> => {
  const row = await db
    .selectFrom('rings')
    .selectAll()
    .where('account_id', '=', accountId)
    .where('id', '=', id)
    .executeTakeFirst()
  return row && toRing(row)
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
