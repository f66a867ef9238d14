import type { ExpressionBuilder, Kysely } from 'kysely'
import type { Between, HistoryFilter, PastParticipant } from '../port/history.ts'
import { present } from '../rows/optional.ts'
import type { QueryData, QueryResult } from '../store.ts'
import type { Tables } from '../tables.ts'
import { withDialogs } from './load-conversations.ts'

type Builder = ExpressionBuilder<Tables, 'conversations'>

const isBetween = (eb: Builder, column: 'started_at' | 'ended_at', { from, to }: Between = {}) => [
  ...(from === undefined ? [] : [eb(column, '>=', from)]),
  ...(to === undefined ? [] : [eb(column, '<=', to)]),
]

/** Conversations in which one of these takes or took part, as the assigned agent or at all. */
const tookPart = (
  eb: Builder,
  filter: Pick<HistoryFilter, 'accountId'>,
  { ids, assigned }: { ids: readonly string[]; assigned: boolean },
) =>
  eb(
    'conversations.id',
    'in',
    eb
      .selectFrom('participants')
      .innerJoin('dialogs', 'dialogs.key', 'participants.dialog_key')
      .select('dialogs.conversation_id')
      .where('participants.account_id', '=', filter.accountId)
      .where('participants.id', 'in', ids)
      .where('participants.role', '!=', 'consumer')
      .where('participants.state', '=', 'active')
      .$if(assigned, (query) => query.where('participants.role', '=', 'assigned_agent')),
  )

const isVisible = (eb: Builder, filter: HistoryFilter) => {
  const { visibleTo } = filter
  if (!visibleTo) return []
  const own = tookPart(eb, filter, { ids: [visibleTo.agentId], assigned: false })
  const { agentIds = [], skillIds = [] } = visibleTo.groups ?? {}
  return [
    eb.or([
      own,
      ...(agentIds.length > 0 ? [eb('assigned_agent_id', 'in', agentIds)] : []),
      ...(skillIds.length > 0
        ? [eb.and([eb('assigned_agent_id', 'is', null), eb('skill_id', 'in', skillIds)])]
        : []),
    ]),
  ]
}

const matching = (db: Kysely<Tables>, filter: HistoryFilter) =>
  db
    .selectFrom('conversations')
    .where((eb) =>
      eb.and([
        eb('account_id', '=', filter.accountId),
        ...isVisible(eb, filter),
        ...isBetween(eb, 'started_at', filter.started),
        ...isBetween(eb, 'ended_at', filter.ended),
        ...(filter.conversationId === undefined ? [] : [eb('id', '=', filter.conversationId)]),
        ...(filter.consumerId === undefined ? [] : [eb('consumer_id', '=', filter.consumerId)]),
        ...(filter.states ? [eb('state', 'in', filter.states)] : []),
        ...(filter.skillIds ? [eb('skill_id', 'in', filter.skillIds)] : []),
        ...(filter.latestAgentIds ? [eb('assigned_agent_id', 'in', filter.latestAgentIds)] : []),
        ...(filter.agentIds
          ? [tookPart(eb, filter, { ids: filter.agentIds, assigned: true })]
          : []),
      ]),
    )

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

const emptyLists = ({ states, skillIds, agentIds, latestAgentIds }: HistoryFilter): boolean =>
  [states, skillIds, agentIds, latestAgentIds].some((list) => list?.length === 0)

export const history = async (
  db: Kysely<Tables>,
  filter: QueryData<'history'>,
): Promise<QueryResult<'history'>> => {
  if (emptyLists(filter)) return { count: 0, records: [] }
  const { count } = await matching(db, filter)
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  const { by, direction } = filter.sort
  const rows = await matching(db, filter)
    .selectAll()
    .$if(by === 'end', (query) =>
      // The engines disagree on where nulls go; open conversations are the latest to end.
      query.orderBy((eb) => eb.fn.coalesce('ended_at', eb.lit(Number.MAX_SAFE_INTEGER)), direction),
    )
    .$if(by === 'start', (query) => query.orderBy('started_at', direction))
    .orderBy('id', direction)
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
