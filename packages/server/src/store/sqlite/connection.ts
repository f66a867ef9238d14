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

export const connection = (raw: DatabaseSync): Connection => {
  const statements = new Map<string, StatementSync>()
  const prepare = (sql: string): StatementSync => {
    const known = statements.get(sql)
    if (known) return known
    if (statements.size >= CACHED_STATEMENTS) statements.clear()
    const statement = raw.prepare(sql)
    statements.set(sql, statement)
    return statement
  }
  const database = {
    close: () => undefined,
    prepare(sql: string) {
      const statement = prepare(sql)
      return {
        reader: statement.columns().length > 0,
        all: (values: readonly unknown[]) => statement.all(...(values as SQLInputValue[])),
        run: (values: readonly unknown[]) => statement.run(...(values as SQLInputValue[])),
        iterate: (values: readonly unknown[]) => statement.iterate(...(values as SQLInputValue[])),
      }
    },
  }
  return {
    raw,
    db: new Kysely<Tables>({ dialect: new SqliteDialect({ database }) }),
    prepare,
    close() {
      statements.clear()
      if (raw.isOpen) raw.close()
    },
  }
}
