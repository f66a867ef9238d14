/**
 * Makes many conversations of one, past the server, while it is stopped: opening a hundred thousand
 * through the store takes minutes. The copies differ in their ids and consumers only.
 */
import { DatabaseSync } from 'node:sqlite'

export interface Copying {
  readonly database: string
  readonly accountId: string
  readonly conversationId: string
  readonly count: number
}

type Values = Readonly<Record<string, string>>

const columnsOf = (db: DatabaseSync, table: string): string[] =>
  (db.prepare(`select name from pragma_table_info('${table}')`).all() as { name: string }[]).map(
    ({ name }) => name,
  )

/** Inserts a row per number, with some columns computed from it and the others as they are. */
const copyRows = (
  db: DatabaseSync,
  table: string,
  { values, without = [], where }: { values: Values; without?: readonly string[]; where: string },
) => {
  const names = columnsOf(db, table).filter((name) => !without.includes(name))
  const selected = names.map((name) => values[name] ?? `one."${name}"`)
  return db.prepare(
    `with recursive numbers(n) as (select 1 union all select n + 1 from numbers where n < ?)
     insert into ${table} (${names.map((name) => `"${name}"`).join(', ')})
     select ${selected.join(', ')} from numbers, ${table} as one where ${where}`,
  )
}

export const copyConversation = (copying: Copying): void => {
  const { database, accountId, conversationId, count } = copying
  const db = new DatabaseSync(database)
  const id = `'kept-' || n`
  const consumer = `'keeper-' || n`
  db.exec('begin')
  copyRows(db, 'conversations', {
    values: { id, consumer_id: consumer },
    where: 'one.account_id = ? and one.id = ?',
  }).run(count, accountId, conversationId)
  copyRows(db, 'dialogs', {
    values: { id, conversation_id: id },
    without: ['key'],
    where: 'one.account_id = ? and one.id = ?',
  }).run(count, accountId, conversationId)
  const key = (of: string) =>
    `(select key from dialogs where dialogs.account_id = ? and dialogs.id = ${of})`
  copyRows(db, 'participants', {
    values: {
      dialog_key: key(id),
      id: `case one.role when 'consumer' then ${consumer} else one.id end`,
    },
    where: `one.dialog_key = ${key('?')}`,
  }).run(count, accountId, accountId, conversationId)
  db.exec('commit')
  db.close()
}
