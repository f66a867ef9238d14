/** Every query, written once for both engines. */
import type { Kysely } from 'kysely'
import type { QueryData, QueryName, QueryResult } from '../store.ts'
import type { Tables } from '../tables.ts'
import * as accounts from './accounts.ts'
import * as agentSurveys from './agent-surveys.ts'
import * as appKeys from './app-keys.ts'
import * as audit from './audit.ts'
import * as configuration from './configuration.ts'
import * as conversations from './conversations.ts'
import * as decisions from './decisions.ts'
import * as drafts from './drafts.ts'
import * as files from './files.ts'
import * as history from './history.ts'
import * as historyWords from './history-words.ts'
import * as routing from './routing.ts'
import * as timers from './timers.ts'

const queries: {
  readonly [N in QueryName]: (db: Kysely<Tables>, data: QueryData<N>) => Promise<QueryResult<N>>
} = {
  ...accounts,
  ...agentSurveys,
  ...appKeys,
  ...audit,
  ...history,
  ...historyWords,
  ...configuration,
  ...conversations,
  ...drafts,
  ...files,
  ...decisions,
  ...routing,
  ...timers,
}

/** Queries of more than one statement: they need one snapshot for all of them. */
export const severalStatements: ReadonlySet<QueryName> = new Set([
  'conversation',
  'conversationOfDialog',
  'conversations',
  'history',
  'searchedConversations',
  'decisions',
  'routingOf',
])

export const runQuery = <N extends QueryName>(
  db: Kysely<Tables>,
  name: N,
  data: QueryData<N>,
): Promise<QueryResult<N>> => queries[name](db, data)
