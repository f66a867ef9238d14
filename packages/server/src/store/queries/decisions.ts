import type { Kysely } from 'kysely'
import type { PassView, RosterView, StoredNeed } from '../../domain/routing/stored.ts'
import type { StoredDecision } from '../port/decisions.ts'
import { parsed, present } from '../rows/optional.ts'
import { toRing, toTask } from '../rows/routing-rows.ts'
import type { QueryData, QueryResult } from '../store.ts'
import type { Tables } from '../tables.ts'

/** Who was rung in each of the passes, in order. */
const rungIn = async (db: Kysely<Tables>, accountId: string, passIds: readonly string[]) => {
  const rows =
    passIds.length === 0
      ? []
      : await db
          .selectFrom('routing_decisions')
          .select(['pass_id', 'ordinal', 'agent_id'])
          .where('account_id', '=', accountId)
          .where('pass_id', 'in', passIds)
          .where('agent_id', 'is not', null)
          .orderBy('pass_id')
          .orderBy('ordinal')
          .execute()
  return (passId: string, before: number): string[] =>
    rows
      .filter((row) => row.pass_id === passId && row.ordinal < before)
      .map((row) => row.agent_id as string)
}

export const decisions = async (
  db: Kysely<Tables>,
  { accountId, conversationId, limit }: QueryData<'decisions'>,
): Promise<QueryResult<'decisions'>> => {
  const rows = await db
    .selectFrom('routing_decisions as decision')
    .innerJoin('routing_passes as pass', (join) =>
      join
        .onRef('pass.account_id', '=', 'decision.account_id')
        .onRef('pass.id', '=', 'decision.pass_id'),
    )
    .innerJoin('routing_rosters as roster', (join) =>
      join
        .onRef('roster.account_id', '=', 'pass.account_id')
        .onRef('roster.id', '=', 'pass.roster_id'),
    )
    .selectAll('decision')
    .select(['pass.at', 'pass.loads', 'pass.roster_id', 'roster.body'])
    .where('decision.account_id', '=', accountId)
    .where('decision.conversation_id', '=', conversationId)
    .orderBy('decision.pass_id', 'desc')
    .orderBy('decision.ordinal', 'desc')
    .limit(limit)
    .execute()
  const rungBefore = await rungIn(
    db,
    accountId,
    rows.map((row) => row.pass_id),
  )
  return rows.toReversed().map(
    (row): StoredDecision => ({
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
      roster: parsed<RosterView>(row.body),
      rungBefore: rungBefore(row.pass_id, row.ordinal),
    }),
  )
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
