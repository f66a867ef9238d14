/**
 * Timers as rows. `armTimer` and `disarmTimer` run inside the commands that need them, in their
 * transaction. Who claims a timer holds it by its version: arming it again takes it away.
 */
import type { Kysely } from 'kysely'
import type { Timer, TimerName } from '../../domain/timer.ts'
import { dialectOf } from '../dialect.ts'
import type { ClaimedTimer } from '../port/timers.ts'
import { parsed } from '../rows/optional.ts'
import type { CommandData } from '../store.ts'
import type { Tables } from '../tables.ts'

export const armTimer = async (
  db: Kysely<Tables>,
  { accountId, kind, subjectId, dueAt, data }: Timer,
): Promise<null> => {
  const row = { due_at: dueAt, data: JSON.stringify(data) }
  await db
    .insertInto('timers')
    .values({ account_id: accountId, kind, subject_id: subjectId, ...row, version: 1 })
    .onConflict((conflict) =>
      conflict
        .columns(['account_id', 'kind', 'subject_id'])
        .doUpdateSet((eb) => ({ ...row, version: eb('timers.version', '+', 1) })),
    )
    .execute()
  return null
}

export const disarmTimer = async (
  db: Kysely<Tables>,
  { accountId, kind, subjectId }: TimerName,
): Promise<{ disarmed: boolean }> => {
  const { numDeletedRows } = await db
    .deleteFrom('timers')
    .where('account_id', '=', accountId)
    .where('kind', '=', kind)
    .where('subject_id', '=', subjectId)
    .executeTakeFirstOrThrow()
  return { disarmed: numDeletedRows > 0n }
}

/** One statement: of several nodes that sweep at once each gets other timers. [TIM2] */
export const claimTimers = async (
  db: Kysely<Tables>,
  { dueAt, until, limit }: CommandData<'claimTimers'>,
): Promise<readonly ClaimedTimer[]> => {
  const rows = await db
    .updateTable('timers')
    .set((eb) => ({ due_at: until, version: eb('version', '+', 1) }))
    .where(({ eb, refTuple, selectFrom }) =>
      eb(
        refTuple('account_id', 'kind', 'subject_id'),
        'in',
        selectFrom('timers as due')
          .select(['due.account_id', 'due.kind', 'due.subject_id'])
          .where('due.due_at', '<=', dueAt)
          .orderBy('due.due_at')
          .limit(limit)
          .$if(dialectOf(db).locksRows, (query) => query.forUpdate().skipLocked())
          .$asTuple('account_id', 'kind', 'subject_id'),
      ),
    )
    .returningAll()
    .execute()
  return rows.map((row) => ({
    accountId: row.account_id,
    kind: row.kind,
    subjectId: row.subject_id,
    dueAt: row.due_at,
    data: parsed<Timer['data']>(row.data),
    version: row.version,
  }))
}

export const settleTimer = async (
  db: Kysely<Tables>,
  { accountId, kind, subjectId, version, next }: CommandData<'settleTimer'>,
): Promise<null> => {
  if (next === undefined) {
    await db
      .deleteFrom('timers')
      .where('account_id', '=', accountId)
      .where('kind', '=', kind)
      .where('subject_id', '=', subjectId)
      .where('version', '=', version)
      .execute()
    return null
  }
  await db
    .updateTable('timers')
    .set({ due_at: next })
    .where('account_id', '=', accountId)
    .where('kind', '=', kind)
    .where('subject_id', '=', subjectId)
    .where('version', '=', version)
    .execute()
  return null
}
