import type { Kysely } from 'kysely'
import type { PassView, RosterView, StoredNeed } from '../../domain/routing/stored.ts'
import type { StoredDecision } from '../port/decisions.ts'
import { parsed, present } from '../rows/optional.ts'
import { toRing, toTask } from '../rows/routing-rows.ts'
import type { QueryData, QueryResult } from '../store.ts'
import type { Tables } from '../tables.ts'

type Db = Kysely<Tables>
type Asked = QueryData<'decisions'>

const decisionRows = (db: Db, { accountId, conversationId, limit }: Asked) =>
  db
    .selectFrom('routing_decisions as decision')
    .innerJoin('routing_passes as pass', (join) =>
      join
        .onRef('pass.account_id', '=', 'decision.account_id')
        .onRef('pass.id', '=', 'decision.pass_id'),
    )
    .selectAll('decision')
    .select(['pass.at', 'pass.loads', 'pass.roster_id'])
    .where('decision.account_id', '=', accountId)
    .where('decision.conversation_id', '=', conversationId)
    .orderBy('decision.pass_id', 'desc')
    .orderBy('decision.ordinal', 'desc')
    .limit(limit)
    .execute()

type DecisionRow = Awaited<ReturnType<typeof decisionRows>>[number]
type Place = Pick<DecisionRow, 'pass_id' | 'ordinal'>

/** Many decisions were made from one roster: each is read once. */
const rostersOf = async (
  db: Db,
  accountId: string,
  rows: readonly DecisionRow[],
): Promise<ReadonlyMap<string, RosterView>> => {
  const found = await db
    .selectFrom('routing_rosters')
    .select(['id', 'body'])
    .where('account_id', '=', accountId)
    .where('id', 'in', [...new Set(rows.map((row) => row.roster_id))])
    .execute()
  return new Map(found.map(({ id, body }) => [id, parsed<RosterView>(body)]))
}

const placeOf = ({ pass_id, ordinal }: Place): string => `${pass_id}/${ordinal}`

/** Who was rung in the same pass before each of the decisions, in order. */
const rungBefore = async (
  db: Db,
  { accountId, conversationId }: Asked,
  rows: readonly DecisionRow[],
): Promise<ReadonlyMap<string, readonly { agent_id: string | null }[]>> => {
  const found = await db
    .selectFrom('routing_decisions as decision')
    .innerJoin('routing_decisions as earlier', (join) =>
      join
        .onRef('earlier.account_id', '=', 'decision.account_id')
        .onRef('earlier.pass_id', '=', 'decision.pass_id')
        .onRef('earlier.ordinal', '<', 'decision.ordinal'),
    )
    .select(['decision.pass_id', 'decision.ordinal', 'earlier.agent_id'])
    .where('decision.account_id', '=', accountId)
    .where('decision.conversation_id', '=', conversationId)
    .where('decision.pass_id', 'in', [...new Set(rows.map((row) => row.pass_id))])
    .where('earlier.agent_id', 'is not', null)
    .orderBy('decision.pass_id')
    .orderBy('earlier.ordinal')
    .execute()
  return Map.groupBy(found, placeOf)
}

export const decisions = async (db: Db, asked: Asked): Promise<QueryResult<'decisions'>> => {
  const rows = await decisionRows(db, asked)
  if (rows.length === 0) return []
  const rosters = await rostersOf(db, asked.accountId, rows)
  const rung = await rungBefore(db, asked, rows)
  return rows.toReversed().flatMap((row): StoredDecision[] => {
    const roster = rosters.get(row.roster_id)
    if (!roster) return []
    const decision = {
      ordinal: row.ordinal,
      conversationId: row.conversation_id,
      ...present({ agentId: row.agent_id, ringId: row.ring_id }),
      reason: row.reason,
      need: parsed<StoredNeed>(row.need),
      pass: {
        id: row.pass_id,
        at: row.at,
        rosterId: row.roster_id,
        loads: parsed<PassView>(row.loads),
      },
      roster,
      rungBefore: (rung.get(placeOf(row)) ?? []).map(({ agent_id }) => agent_id as string),
    }
    return [decision]
  })
}

export const routingOf = async (
  db: Kysely<Tables>,
  { accountId, conversationId }: QueryData<'routingOf'>,
): Promise<QueryResult<'routingOf'>> => {
  const tasks = await db
    .selectFrom('routing_tasks')
    .selectAll()
    .where('account_id', '=', accountId)
    .where('conversation_id', '=', conversationId)
    .orderBy('created_at')
    .orderBy('id')
    .execute()
  const rings = await db
    .selectFrom('rings')
    .selectAll()
    .where('account_id', '=', accountId)
    .where('conversation_id', '=', conversationId)
    .orderBy('created_at')
    .orderBy('id')
    .execute()
  return { tasks: tasks.map(toTask), rings: rings.map(toRing) }
}

export const suggestions = async (
  db: Kysely<Tables>,
  { limit }: QueryData<'suggestions'>,
): Promise<QueryResult<'suggestions'>> => {
  const rows = await db
    .selectFrom('routing_tasks')
    .select(['account_id', 'id', 'suggested_agent_id', 'suggested_until'])
    .where('suggested_until', 'is not', null)
    .orderBy('suggested_until')
    .limit(limit)
    .execute()
  return rows.map((row) => ({
    accountId: row.account_id,
    taskId: row.id,
    agentId: row.suggested_agent_id as string,
    until: row.suggested_until as number,
  }))
}
