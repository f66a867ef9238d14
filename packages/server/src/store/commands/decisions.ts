import type { Kysely } from 'kysely'
import { dialectOf } from '../dialect.ts'
import { orNull } from '../rows/optional.ts'
import type { CommandData, CommandResult } from '../store.ts'
import type { Tables } from '../tables.ts'

/** How old `used_at` of a roster in use may get, and with room for clocks that differ. */
const ROSTER_GRACE_MS = 2 * 3_600_000
/** SQLite binds at most 32,766 values in one statement. */
const ROWS_PER_STATEMENT = 500

export const recordDecisions = async (
  db: Kysely<Tables>,
  { accountId, pass, roster, decisions }: CommandData<'recordDecisions'>,
): Promise<null> => {
  if (roster)
    await db
      .insertInto('routing_rosters')
      .values({
        account_id: accountId,
        id: pass.rosterId,
        body: JSON.stringify(roster),
        used_at: pass.at,
      })
      .onConflict((conflict) =>
        conflict.columns(['account_id', 'id']).doUpdateSet({ used_at: pass.at }),
      )
      .execute()
  await db
    .insertInto('routing_passes')
    .values({
      account_id: accountId,
      id: pass.id,
      at: pass.at,
      roster_id: pass.rosterId,
      loads: JSON.stringify(pass.loads),
    })
    .execute()
  const rows = decisions.map((one) => ({
    account_id: accountId,
    pass_id: pass.id,
    ordinal: one.ordinal,
    conversation_id: one.conversationId,
    agent_id: orNull(one.agentId),
    ring_id: orNull(one.ringId),
    reason: one.reason,
    need: JSON.stringify(one.need),
  }))
  for (let from = 0; from < rows.length; from += ROWS_PER_STATEMENT)
    await db
      .insertInto('routing_decisions')
      .values(rows.slice(from, from + ROWS_PER_STATEMENT))
      .execute()
  return null
}

/** Old passes with their decisions, then rosters that no pass needs any more. [RT22] */
export const pruneDecisions = async (
  db: Kysely<Tables>,
  { before, limit }: CommandData<'pruneDecisions'>,
): Promise<CommandResult<'pruneDecisions'>> => {
  const old = await db
    .selectFrom('routing_passes')
    .select(['account_id', 'id'])
    .where('at', '<', before)
    .orderBy('at')
    .limit(limit)
    .execute()
  for (const { account_id, id } of old) {
    await db
      .deleteFrom('routing_decisions')
      .where('account_id', '=', account_id)
      .where('pass_id', '=', id)
      .execute()
    await db
      .deleteFrom('routing_passes')
      .where('account_id', '=', account_id)
      .where('id', '=', id)
      .execute()
  }
  if (old.length < limit)
    await db
      .deleteFrom('routing_rosters')
      .where('used_at', '<', before - ROSTER_GRACE_MS)
      .execute()
  return { passes: old.length }
}

/** Queued tasks follow their conversations; what is offered meanwhile keeps its ring's weight. [RT14] */
export const moveDeadlines = async (
  db: Kysely<Tables>,
  { accountId, tasks }: CommandData<'moveDeadlines'>,
): Promise<CommandResult<'moveDeadlines'>> => {
  let moved = 0
  // Rows are locked in one order, so that no two commands wait for each other.
  const ordered = dialectOf(db).locksRows
    ? tasks.toSorted((one, other) => (one.id < other.id ? -1 : 1))
    : tasks
  for (const { id, deadline } of ordered) {
    const { numUpdatedRows } = await db
      .updateTable('routing_tasks')
      .set({ deadline })
      .where('account_id', '=', accountId)
      .where('id', '=', id)
      .where('state', '=', 'queued')
      .executeTakeFirstOrThrow()
    moved += Number(numUpdatedRows)
  }
  return { moved }
}
