/** Every difference between the engines that the shared SQL has to know, as a named list. */
import type { ColumnDefinitionBuilder, Kysely, RawBuilder, SqlBool } from 'kysely'
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
  /** Whether a column holds a text, great and small letters alike, those of any language too. */
  readonly holds: (column: string | RawBuilder<string>, text: string) => RawBuilder<SqlBool>
  /** A number in a column of JSON. */
  readonly numberIn: (column: string, member: string) => RawBuilder<number | null>
  /** Repeats are found by an index; without one, by the only writer, which knows the ids. */
  readonly indexesClientIds: boolean
}

const fieldOf = (error: unknown, name: string): unknown =>
  error instanceof Error ? (error as unknown as Record<string, unknown>)[name] : undefined

const SQLITE_CONSTRAINT_UNIQUE = 2067
const SQLITE_CONSTRAINT_PRIMARYKEY = 1555

const isAscii = (text: string): boolean => !/[^\0-\x7f]/.test(text)

const likeText = (text: string): string => `%${text.replaceAll(/[\\%_]/g, '\\$&')}%`

const textIn = (column: string | RawBuilder<string>): RawBuilder<unknown> =>
  typeof column === 'string' ? sql.ref(column) : column

const formsOf = (character: string): readonly string[] => {
  const forms = new Set([character, character.toLowerCase(), character.toUpperCase()])
  return [...forms].filter((form) => [...form].length === 1)
}

/** Each letter as a choice of its forms: the engines know the cases of English letters only. */
const anyCase = (text: string, escaped: (character: string) => string): string =>
  [...text]
    .map((character) => {
      const letters = formsOf(character)
      return letters.length > 1 ? `[${letters.join('')}]` : escaped(character)
    })
    .join('')

const inGlob = (character: string): string => character.replace(/[*?[]/, '[$&]')

/** By each form of the first letter: what begins with a choice is looked for much slower. */
const globs = (text: string): readonly string[] => {
  const [first = '', ...rest] = [...text]
  return formsOf(first).map((form) => `*${inGlob(form)}${anyCase(rest.join(''), inGlob)}*`)
}

const sqlite: Dialect = {
  name: 'sqlite',
  keyType: 'integer',
  // Keys rise without `autoincrement`, whose table of its own every insert would write to.
  countsUp: (column) => column.primaryKey(),
  locksRows: false,
  indexesClientIds: false,
  holds: (column, text) =>
    isAscii(text)
      ? sql`${textIn(column)} like ${likeText(text)} escape '\\'`
      : sql`(${sql.join(
          globs(text).map((glob) => sql`${textIn(column)} glob ${glob}`),
          sql` or `,
        )})`,
  numberIn: (column, member) => sql`json_extract(${sql.ref(column)}, ${`$.${member}`})`,
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
  holds: (column, text) =>
    isAscii(text)
      ? sql`${textIn(column)} ilike ${likeText(text)} escape '\\'`
      : sql`${textIn(column)} ~ ${anyCase(text, (one) => one.replace(/[^\p{L}\p{N}\s]/u, '\\$&'))}`,
  numberIn: (column, member) => sql`(${sql.ref(column)}::json->>${member})::int`,
  serialize: async (db, thing) => {
    await sql`select pg_advisory_xact_lock(hashtextextended(${thing}, 0))`.execute(db)
  },
  isUniqueViolation: (error) => fieldOf(error, 'code') === '23505',
}

export const dialectOf = (db: Pick<Kysely<Tables>, 'getExecutor'>): Dialect =>
  db.getExecutor().adapter instanceof PostgresAdapter ? postgres : sqlite
