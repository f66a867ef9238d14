/**
 * Fills the embedded store with a long history, past the server, while it is stopped: millions of
 * publishes over the protocol would take an hour. Dialogs take turns, so that the events of one lie
 * as far apart as they can: a catch-up then touches a page per event.
 *
 * Usage: load-events.ts --database FILE --events N --per-dialog N --dialogs FILE
 * FILE holds a JSON array of ids of existing, empty dialogs; the rest of the events go to dialogs
 * that have no row of their own.
 */
import { readFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'

export interface Filling {
  readonly database: string
  readonly events: number
  readonly perDialog: number
  readonly dialogIds: readonly string[]
}

interface Writer {
  readonly key: number
  readonly publisherId: string
}

const INSERT = `insert into events (dialog_key, sequence, kind, publisher_id, publisher_role,
  client_event_id, event_id, audience, at, previous_public, payload)
  values (?, ?, 'content', ?, 'consumer', ?, ?, 'all', ?, ?, ?)`

const PAYLOAD = JSON.stringify({
  type: 'ContentEvent',
  contentType: 'text/plain',
  message:
    'What was said here some time ago, in a sentence or two of a hundred letters, and kept since. '.padEnd(
      100,
      '.',
    ),
})

const ROWS_PER_COMMIT = 200_000

/** Indexes are made once at the end: sorting is faster than ten million insertions. */
const takeIndexes = (db: DatabaseSync): string[] => {
  const rows = db
    .prepare(
      `select name, sql from sqlite_master where type = 'index' and tbl_name = 'events' and sql is not null`,
    )
    .all() as { name: string; sql: string }[]
  for (const { name } of rows) db.exec(`drop index "${name}"`)
  return rows.map(({ sql }) => sql)
}

const writersOf = (db: DatabaseSync, { dialogIds, events, perDialog }: Filling): Writer[] => {
  const find = db.prepare(`select d.key as key, c.consumer_id as publisherId from dialogs d
    join conversations c on c.account_id = d.account_id and c.id = d.conversation_id where d.id = ?`)
  const owned = dialogIds.map((id) => find.get(id) as unknown as Writer)
  const { last } = db.prepare('select max(key) as last from dialogs').get() as { last: number }
  const others = Math.max(0, Math.ceil(events / perDialog) - owned.length)
  const nobody = owned[0]?.publisherId ?? 'nobody'
  const rest = Array.from({ length: others }, (_, i) => ({
    key: last + 1 + i,
    publisherId: nobody,
  }))
  // Spread the dialogs that will be read among those that will not.
  const stride = Math.max(1, Math.floor(rest.length / Math.max(owned.length, 1)))
  for (const [i, writer] of owned.entries())
    rest.splice(Math.min(i * (stride + 1), rest.length), 0, writer)
  return rest
}

const insertAll = (db: DatabaseSync, writers: readonly Writer[], perDialog: number): void => {
  const insert = db.prepare(INSERT)
  const startedAt = Date.now() - 86_400_000
  let rows = 0
  db.exec('begin')
  for (let sequence = 0; sequence < perDialog; sequence++) {
    for (const { key, publisherId } of writers) {
      const eventId = `past-${key}-${sequence}`
      insert.run(
        key,
        sequence,
        publisherId,
        eventId,
        eventId,
        startedAt + sequence,
        sequence - 1,
        PAYLOAD,
      )
      if (++rows % ROWS_PER_COMMIT === 0) db.exec('commit; begin')
    }
  }
  db.exec('commit')
}

/** Makes the dialogs' rows agree with their events. */
const moveTails = (db: DatabaseSync, { dialogIds, perDialog }: Filling): void => {
  const update = db.prepare(`update dialogs set next_sequence = ?, last_public_sequence = ?,
    last_content_sequence = ?, last_at = ? where id = ?`)
  for (const id of dialogIds) {
    update.run(perDialog, perDialog - 1, perDialog - 1, Date.now() - 86_400_000 + perDialog, id)
  }
}

export const loadEvents = (filling: Filling): number => {
  const db = new DatabaseSync(filling.database)
  db.exec('pragma synchronous = off; pragma cache_size = -1000000; pragma temp_store = memory')
  const indexes = takeIndexes(db)
  insertAll(db, writersOf(db, filling), filling.perDialog)
  moveTails(db, filling)
  for (const sql of indexes) db.exec(sql)
  db.exec('pragma wal_checkpoint(truncate); analyze')
  const { count } = db.prepare('select count(*) as count from events').get() as { count: number }
  db.close()
  return count
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const text = { type: 'string' } as const
  const { values } = parseArgs({
    options: { database: text, events: text, 'per-dialog': text, dialogs: text },
  })
  const count = loadEvents({
    database: values.database ?? '',
    events: Number(values.events),
    perDialog: Number(values['per-dialog'] ?? 100),
    dialogIds: JSON.parse(readFileSync(values.dialogs ?? '', 'utf8')) as string[],
  })
  process.stderr.write(`${count} events stored\n`)
}
