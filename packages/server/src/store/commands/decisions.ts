import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import { QUEUED } from '../constants.ts'
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

/** Takes away the oldest passes, one statement for all of them, and tells which they were. */
const takeOldPasses = (
  db: Kysely<Tables>,
  { before, limit }: CommandData<'pruneDecisions'>,
): Promise<{ account_id: string; id: string }[]> =>
  db
    .deleteFrom('routing_passes')
    .where(({ eb, refTuple, selectFrom }) =>
      eb(
        refTuple('account_id', 'id'),
        'in',
        selectFrom('routing_passes as old')
          .select(['old.account_id', 'old.id'])
          .where('old.at', '<', before)
          .orderBy('old.at')
          .limit(limit)
          .$if(dialectOf(db).locksRows, (query) => query.forUpdate().skipLocked())
          .$asTuple('account_id', 'id'),
      ),
    )
    .returning(['account_id', 'id'])
    .execute()

/** Old passes with their decisions, then rosters that no pass needs any more. [RT22] */
export const pruneDecisions = async (
  db: Kysely<Tables>,
  data: CommandData<'pruneDecisions'>,
): Promise<CommandResult<'pruneDecisions'>> => {
  const old = await takeOldPasses(db, data)
  const byAccount = Map.groupBy(old, ({ account_id }) => account_id)
  for (const [accountId, passes] of byAccount)
    await db
      .deleteFrom('routing_decisions')
      .where('account_id', '=', accountId)
      .where(
        'pass_id',
        'in',
        passes.map(({ id }) => id),
      )
      .execute()
  if (old.length < data.limit)
    await db
      .deleteFrom('routing_rosters')
      .where('used_at', '<', data.before - ROSTER_GRACE_MS)
      .execute()
  return { passes: old.length }
}

type Moved = CommandData<'moveDeadlines'>['tasks']

/** Rows are locked in one order, so that no two commands wait for each other. */
const lockTasks = async (db: Kysely<Tables>, accountId: string, tasks: Moved): Promise<void> => {
  await db
    .selectFrom('routing_tasks')
    .select('id')
    .where('account_id', '=', accountId)
    .where(
      'id',
      'in',
      tasks.map(({ id }) => id),
    )
    .orderBy('id')
    .forUpdate()
    .execute()
}

/** One statement: both engines call the columns of `values` the same. */
const moveAll = async (db: Kysely<Tables>, accountId: string, tasks: Moved): Promise<number> => {
  const rows = sql.join(
    tasks.map(({ id, deadline }) => sql`(cast(${id} as text), cast(${deadline} as bigint))`),
  )
  const { numAffectedRows } = await sql`update routing_tasks set deadline = moved.column2
    from (values ${rows}) as moved
    where routing_tasks.account_id = ${accountId} and routing_tasks.id = moved.column1
      and routing_tasks.state = ${QUEUED}`.execute(db)
  return Number(numAffectedRows ?? 0)
}

/** Queued tasks follow their conversations; what is offered meanwhile keeps its ring's weight. [RT14] */
export const moveDeadlines = async (
  db: Kysely<Tables>,
  { accountId, tasks }: CommandData<'moveDeadlines'>,
): Promise<CommandResult<'moveDeadlines'>> => {
  let moved = 0
  for (let from = 0; from < tasks.length; from += ROWS_PER_STATEMENT) {
    const some = tasks.slice(from, from + ROWS_PER_STATEMENT)
    if (dialectOf(db).locksRows) await lockTasks(db, accountId, some)
    moved += await moveAll(db, accountId, some)
  }
  return { moved }
}
