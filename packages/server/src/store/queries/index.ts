/** Every query, written once for both engines. */
import type { Kysely } from 'kysely'
import type { QueryData, QueryName, QueryResult } from '../store.ts'
import type { Tables } from '../tables.ts'
import * as accounts from './accounts.ts'
import * as conversations from './conversations.ts'
import * as routing from './routing.ts'

const queries: {
  readonly [N in QueryName]: (db: Kysely<Tables>, data: QueryData<N>) => Promise<QueryResult<N>>
} = { ...accounts, ...conversations, ...routing }

/** Queries of more than one statement: they need one snapshot for all of them. */
export const severalStatements: ReadonlySet<QueryName> = new Set([
  'conversation',
  'conversationOfDialog',
  'conversations',
])

export const runQuery = <N extends QueryName>(
  db: Kysely<Tables>,
  name: N,
  data: QueryData<N>,
): Promise<QueryResult<N>> => queries[name](db, data)
