/** The pool of connections, with what has to be true of the server. */
import { Kysely, PostgresDialect } from 'kysely'
import { Pool, types } from 'pg'
import type { Tables } from '../tables.ts'

const MAX_CONNECTIONS = 10
const CONNECT_TIMEOUT_MS = 3_000
/** A server that has stopped without closing its sockets must not hold answers for ever. */
const QUERY_TIMEOUT_MS = 30_000
const INT8 = 20

type Format = Parameters<typeof types.getTypeParser>[1]

/** Keys, times and sequences fit into a number. */
const asNumbers = {
  getTypeParser: (oid: number, format?: Format) =>
    oid === INT8 ? Number : types.getTypeParser(oid, format),
} as typeof types

export interface Connected {
  readonly pool: Pool
  readonly db: Kysely<Tables>
}

export const connect = (url: string): Connected => {
  const pool = new Pool({
    connectionString: url,
    max: MAX_CONNECTIONS,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: QUERY_TIMEOUT_MS,
    keepAlive: true,
    types: asNumbers,
  })
  // An idle connection that breaks is replaced; who uses one hears of it from its query.
  pool.on('error', () => undefined)
  return { pool, db: new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) }) }
}

const durable: Readonly<Record<string, readonly string[]>> = {
  fsync: ['on'],
  synchronous_commit: ['on', 'remote_write', 'remote_apply'],
}

/** Refuses a server that would confirm commits before they are durable. [ST3] */
export const checkDurability = async (pool: Pool): Promise<void> => {
  for (const [name, allowed] of Object.entries(durable)) {
    const { rows } = await pool.query<{ value: string }>('select current_setting($1) as value', [
      name,
    ])
    const value = rows[0]?.value ?? ''
    if (!allowed.includes(value))
      throw new Error(`PostgreSQL runs with ${name}=${value}: messages could be lost`)
  }
}
