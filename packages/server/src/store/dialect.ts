/** Every difference between the engines that the shared SQL has to know, as a named list. */
import type { ColumnDefinitionBuilder, Kysely } from 'kysely'
import { PostgresAdapter, sql } from 'kysely'
import type { Tables } from './tables.ts'

export interface Dialect {
  readonly name: 'sqlite' | 'postgres'
  /** Type of a key that the database counts up itself. */
  readonly keyType: 'integer' | 'bigint'
  readonly countsUp: (column: ColumnDefinitionBuilder) => ColumnDefinitionBuilder
  /** Whether `select … for update` is needed: one writer at a time needs no row locks. */
  readonly locksRows: boolean
  /**
   * Makes commands about one thing wait for each other until their transactions end, where more
   * than one can run. For facts about several rows, such as how many an agent carries.
   */
  readonly serialize: (db: Kysely<Tables>, thing: string) => Promise<void>
  readonly isUniqueViolation: (error: unknown) => boolean
  /** Repeats are found by an index; without one, by the only writer, which knows the ids. */
  readonly indexesClientIds: boolean
}

const fieldOf = (error: unknown, name: string): unknown =>
  error instanceof Error ? (error as unknown as Record<string, unknown>)[name] : undefined

const SQLITE_CONSTRAINT_UNIQUE = 2067
const SQLITE_CONSTRAINT_PRIMARYKEY = 1555

const sqlite: Dialect = {
  name: 'sqlite',
  keyType: 'integer',
  // Keys rise without `autoincrement`, whose table of its own every insert would write to.
  countsUp: (column) => column.primaryKey(),
  locksRows: false,
  indexesClientIds: false,
  serialize: async () => undefined,
  isUniqueViolation: (error) =>
    [SQLITE_CONSTRAINT_UNIQUE, SQLITE_CONSTRAINT_PRIMARYKEY].includes(
      fieldOf(error, 'errcode') as number,
    ),
}

const postgres: Dialect = {
  name: 'postgres',
  keyType: 'bigint',
  countsUp: (column) => column.primaryKey().generatedAlwaysAsIdentity(),
  locksRows: true,
  indexesClientIds: true,
  serialize: async (db, thing) => {
    await sql`select pg_advisory_xact_lock(hashtextextended(${thing}, 0))`.execute(db)
  },
  isUniqueViolation: (error) => fieldOf(error, 'code') === '23505',
}

export const dialectOf = (db: Pick<Kysely<Tables>, 'getExecutor'>): Dialect =>
  db.getExecutor().adapter instanceof PostgresAdapter ? postgres : sqlite
