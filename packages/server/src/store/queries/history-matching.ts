/** Which conversations a search of the history finds, and in which order. */
import type { ExpressionBuilder, Kysely, RawBuilder, SelectQueryBuilder } from 'kysely'
import { sql } from 'kysely'
import { POINTS_PER_STAR, UNRATED } from '../../domain/score.ts'
import { dialectOf } from '../dialect.ts'
import type { Between, HistoryFilter } from '../port/history.ts'
import type { Tables } from '../tables.ts'

export type Wanted = Omit<HistoryFilter, 'offset' | 'limit'>

type Builder = ExpressionBuilder<Tables, 'conversations'>

type Measure = 'started_at' | 'ended_at' | RawBuilder<number | null>

const isBetween = (eb: Builder, measure: Measure, { from, to }: Between = {}) => [
  ...(from === undefined ? [] : [eb(measure, '>=', from)]),
  ...(to === undefined ? [] : [eb(measure, '<=', to)]),
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

/** Whether it was ever anybody's: asked of each, since all participants of an account are many. */
const wasAssigned = (eb: Builder) =>
  eb.exists(
    eb
      .selectFrom('dialogs')
      .innerJoin('participants', 'participants.dialog_key', 'dialogs.key')
      .select('dialogs.key')
      .whereRef('dialogs.account_id', '=', 'conversations.account_id')
      .whereRef('dialogs.conversation_id', '=', 'conversations.id')
      .where('participants.role', '=', 'assigned_agent')
      .where('participants.state', '=', 'active'),
  )

const isVisible = (eb: Builder, filter: Wanted) => {
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

/** How well it went: by the stars, else by whether it is open and was ever anybody's. [HIS6] */
const scoreIn = (db: Kysely<Tables>, eb: Builder): RawBuilder<number> => {
  const stars = dialectOf(db).numberIn('csat', 'rate')
  return sql`case when ${stars} is not null then (${stars} - 1) * ${sql.lit(POINTS_PER_STAR)}
    when not (${wasAssigned(eb)}) then ${sql.lit(UNRATED.unassigned)}
    when state = 'open' then ${sql.lit(UNRATED.open)} else ${sql.lit(UNRATED.closed)} end`
}

const SPACES = ['\n', '\r', '\t']
/** Stands in no text that somebody wrote. */
const MARK = '\u001f'

/** The text with one space wherever there are several or a line ends: phrases are asked for so. */
const inOneLine = (column: string): RawBuilder<string> => {
  const replaced = (text: RawBuilder<string>, [from, to]: readonly [string, string]) =>
    sql<string>`replace(${text}, ${from}, ${to})`
  const steps = [
    ...SPACES.map((space) => [space, ' '] as const),
    [' ', ` ${MARK}`],
    [`${MARK} `, ''],
    [MARK, ''],
  ] as const
  return steps.reduce(replaced, sql.ref<string>(column))
}

/** How it went and what was noted. */
const isLike = (db: Kysely<Tables>, eb: Builder, filter: Wanted) => {
  const { csat, score, noteWords = [], isAssigned, updatedFrom } = filter
  const { holds, numberIn } = dialectOf(db)
  return [
    ...isBetween(eb, numberIn('csat', 'rate'), csat),
    ...(score ? isBetween(eb, scoreIn(db, eb), score) : []),
    ...noteWords.map((word) => holds(word.includes(' ') ? inOneLine('note') : 'note', word)),
    ...(isAssigned === undefined
      ? []
      : [eb('assigned_agent_id', isAssigned ? 'is not' : 'is', null)]),
    ...(updatedFrom === undefined ? [] : [eb('updated_at', '>=', updatedFrom)]),
  ]
}

/** The conversations that a search finds, in no order. [HIS3] */
export const matching = (db: Kysely<Tables>, filter: Wanted) =>
  db
    .selectFrom('conversations')
    .where((eb) =>
      eb.and([
        eb('account_id', '=', filter.accountId),
        ...isVisible(eb, filter),
        ...isBetween(eb, 'started_at', filter.started),
        ...isBetween(eb, 'ended_at', filter.ended),
        ...isLike(db, eb, filter),
        ...(filter.conversationId === undefined ? [] : [eb('id', '=', filter.conversationId)]),
        ...(filter.conversationIds ? [eb('id', 'in', filter.conversationIds)] : []),
        ...(filter.consumerId === undefined ? [] : [eb('consumer_id', '=', filter.consumerId)]),
        ...(filter.states ? [eb('state', 'in', filter.states)] : []),
        ...(filter.skillIds ? [eb('skill_id', 'in', filter.skillIds)] : []),
        ...(filter.latestAgentIds ? [eb('assigned_agent_id', 'in', filter.latestAgentIds)] : []),
        ...(filter.agentIds
          ? [tookPart(eb, filter, { ids: filter.agentIds, assigned: true })]
          : []),
      ]),
    )

export const sorted = <O>(
  query: SelectQueryBuilder<Tables, 'conversations', O>,
  { by, direction }: HistoryFilter['sort'],
): SelectQueryBuilder<Tables, 'conversations', O> =>
  query
    .$if(by === 'end', (one) =>
      // The engines disagree on where nulls go; open conversations are the latest to end.
      one.orderBy((eb) => eb.fn.coalesce('ended_at', eb.lit(Number.MAX_SAFE_INTEGER)), direction),
    )
    .$if(by === 'start', (one) => one.orderBy('started_at', direction))
    .orderBy('id', direction)

/** An empty list finds nothing. */
export const noneOf = (filter: Wanted): boolean => {
  const { states, skillIds, agentIds, latestAgentIds, conversationIds } = filter
  return [states, skillIds, agentIds, latestAgentIds, conversationIds].some(
    (list) => list?.length === 0,
  )
}
