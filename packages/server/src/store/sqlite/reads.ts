/** Queries over a connection that cannot write; each sees one snapshot. */

import { runQuery } from '../queries/index.ts'
import type { QueryData, QueryName, QueryResult } from '../store.ts'
import type { Connection } from './connection.ts'

export const readSnapshot = async <N extends QueryName>(
  { raw, db }: Connection,
  name: N,
  data: QueryData<N>,
): Promise<QueryResult<N>> => {
  raw.exec('begin')
  try {
    return await runQuery(db, name, data)
  } finally {
    // Some failures end the transaction by themselves.
    if (raw.isTransaction) raw.exec('commit')
  }
}
