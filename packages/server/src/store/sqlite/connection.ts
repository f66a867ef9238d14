/** One connection to SQLite, for prepared statements and for Kysely alike. Only microtasks: no timers. */
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite'
import { Kysely, SqliteDialect } from 'kysely'
import type { Tables } from '../tables.ts'

/** Texts differ by the length of their lists; beyond this many the cache starts anew. */
const CACHED_STATEMENTS = 500
export interface Connection {
  readonly raw: DatabaseSync
  readonly db: Kysely<Tables>
  /** Prepares once per text. */
  prepare(sql: string): StatementSync
  close(): void
}

/** Makes a thing once per text, and again after many others. */
const once = <Made>(make: (sql: string) => Made): ((sql: string) => Made) => {
  const made = new Map<string, Made>()
  return (sql) => {
    const known = made.get(sql)
    if (known) return known
    if (made.size >= CACHED_STATEMENTS) made.clear()
    const fresh = make(sql)
    made.set(sql, fresh)
    return fresh
  }
}

export const connection = (raw: DatabaseSync): Connection => {
  const prepare = once((sql) => raw.prepare(sql))
  const database = {
    close: () => undefined,
    prepare: once((sql) => {
      const statement = prepare(sql)
      return {
        reader: statement.columns().length > 0,
        all: (values: readonly unknown[]) => statement.all(...(values as SQLInputValue[])),
        run: (values: readonly unknown[]) => statement.run(...(values as SQLInputValue[])),
        iterate: (values: readonly unknown[]) => statement.iterate(...(values as SQLInputValue[])),
      }
    }),
  }
  return {
    raw,
    db: new Kysely<Tables>({ dialect: new SqliteDialect({ database }) }),
    prepare,
    close() {
      if (raw.isOpen) raw.close()
    },
  }
}
