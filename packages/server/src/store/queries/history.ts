import type { Kysely } from 'kysely'
import type { PastParticipant } from '../port/history.ts'
import { present } from '../rows/optional.ts'
import type { QueryData, QueryResult } from '../store.ts'
import type { Tables } from '../tables.ts'
import { matching, noneOf, sorted } from './history-matching.ts'
import { withDialogs } from './load-conversations.ts'

/** The brand's side of these conversations, by conversation. */
const pastAgents = async (
  db: Kysely<Tables>,
  accountId: string,
  conversationIds: readonly string[],
): Promise<Map<string, PastParticipant[]>> => {
  const rows = await db
    .selectFrom('participants')
    .innerJoin('dialogs', 'dialogs.key', 'participants.dialog_key')
    .selectAll('participants')
    .select(['dialogs.id as dialog_id', 'dialogs.conversation_id'])
    .where('dialogs.account_id', '=', accountId)
    .where('dialogs.conversation_id', 'in', conversationIds)
    .where('participants.role', '!=', 'consumer')
    .orderBy('dialogs.key')
    .orderBy('participants.position')
    .execute()
  const found = new Map<string, PastParticipant[]>()
  const leaving = (at: number | null) => at ?? Number.MAX_SAFE_INTEGER
  for (const row of rows.toSorted((a, b) => leaving(a.left_at) - leaving(b.left_at))) {
    const { id, role, state, dialog_id: dialogId, user_id: userId, left_at: leftAt } = row
    const list = found.get(row.conversation_id) ?? []
    found.set(row.conversation_id, list)
    list.push({ id, role, state, dialogId, ...present({ userId, leftAt }) })
  }
  return found
}

export const history = async (
  db: Kysely<Tables>,
  filter: QueryData<'history'>,
): Promise<QueryResult<'history'>> => {
  if (noneOf(filter)) return { count: 0, records: [] }
  const { count } = await matching(db, filter)
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  const rows = await sorted(matching(db, filter).selectAll(), filter.sort)
    .limit(filter.limit)
    .offset(filter.offset)
    .execute()
  if (rows.length === 0) return { count: Number(count), records: [] }
  const agents = await pastAgents(
    db,
    filter.accountId,
    rows.map(({ id }) => id),
  )
  const records = (await withDialogs(db, rows)).map((conversation) => ({
    conversation,
    agents: agents.get(conversation.id) ?? [],
  }))
  return { count: Number(count), records }
}
