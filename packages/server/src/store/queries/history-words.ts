import type { Kysely } from 'kysely'
import { dialectOf } from '../dialect.ts'
import type { SearchedConversation } from '../port/history.ts'
import type { QueryData, QueryResult } from '../store.ts'
import type { Tables } from '../tables.ts'
import { matching, noneOf, sorted } from './history-matching.ts'

/** SQLite takes so many values in one statement at most. */
const CONVERSATIONS_PER_STATEMENT = 10_000

type Dialogs = Map<string, { id: string; events: number }[]>

const dialogsOf = async (
  db: Kysely<Tables>,
  accountId: string,
  ids: readonly string[],
): Promise<Dialogs> => {
  const found: Dialogs = new Map(ids.map((id) => [id, []]))
  for (let from = 0; from < ids.length; from += CONVERSATIONS_PER_STATEMENT) {
    const rows = await db
      .selectFrom('dialogs')
      .select(['id', 'conversation_id', 'next_sequence'])
      .where('account_id', '=', accountId)
      .where('conversation_id', 'in', ids.slice(from, from + CONVERSATIONS_PER_STATEMENT))
      .orderBy('key')
      .execute()
    for (const { id, conversation_id, next_sequence } of rows)
      found.get(conversation_id)?.push({ id, events: next_sequence })
  }
  return found
}

export const searchedConversations = async (
  db: Kysely<Tables>,
  filter: QueryData<'searchedConversations'>,
): Promise<QueryResult<'searchedConversations'>> => {
  if (noneOf(filter)) return []
  const query = matching(db, filter).select(['id', 'started_at as startedAt'])
  const rows = await sorted(query, filter.sort).limit(filter.limit).execute()
  const dialogs = await dialogsOf(
    db,
    filter.accountId,
    rows.map(({ id }) => id),
  )
  return rows.map((row): SearchedConversation => ({ ...row, dialogs: dialogs.get(row.id) ?? [] }))
}

/** As the word stands in JSON. */
const inJson = (word: string): string => JSON.stringify(word).slice(1, -1)

export const saidWords = async (
  db: Kysely<Tables>,
  { accountId, dialogIds, from, before, words }: QueryData<'saidWords'>,
): Promise<QueryResult<'saidWords'>> => {
  if (dialogIds.length === 0) return []
  // A phrase may be broken over lines in the text: its words are looked for here.
  const pieces = [...new Set(words.flatMap((word) => word.split(' ')))].map(inJson)
  const { holds } = dialectOf(db)
  return db
    .selectFrom('dialogs')
    .innerJoin('events', 'events.dialog_key', 'dialogs.key')
    .select(['dialogs.id as dialogId', 'events.sequence', 'events.payload'])
    .where('dialogs.account_id', '=', accountId)
    .where('dialogs.id', 'in', dialogIds)
    .where('events.sequence', '>=', from)
    .where('events.sequence', '<', before)
    .where('events.kind', '=', 'content')
    .where(({ and }) => and(pieces.map((piece) => holds('events.payload', piece))))
    .orderBy('dialogs.key')
    .orderBy('events.sequence')
    .execute()
}
