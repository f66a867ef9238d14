/** The append on SQLite: one insert per event, one update per touched dialog and batch. */
import { Refusal } from '@ringdown/protocol/errors'
import type { Audience, NewEvent } from '../../domain/event.ts'
import type { DialogRecord } from '../append/dialog-record.ts'
import { activityColumns, loadDialogRecords, recordKey } from '../append/dialog-record.ts'
import {
  needsAudience,
  placeEvent,
  refusalOf,
  repeatOf,
  unstorable,
} from '../append/place-event.ts'
import { recordCache } from '../append/record-cache.ts'
import { BY_COLLEAGUE, mayBeStale } from '../append/stale-reply.ts'
import type { Appended } from '../store.ts'
import { clientIds } from './client-ids.ts'
import type { Connection } from './connection.ts'

const INSERT = `insert into events (dialog_key, sequence, kind, publisher_id, publisher_role,
  publisher_user_id, client_event_id, event_id, audience, at, previous_public, payload, metadata,
  encoded_metadata) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
const HIDDEN = `select count(*) as count from events
  where dialog_key = ? and audience = 'agents' and sequence in (select value from json_each(?))`
const STALE = `select 1 from events where dialog_key = ? and sequence > ? and publisher_id <> ?
  and ${BY_COLLEAGUE} limit 1`
const UPDATE = `update dialogs set next_sequence = ?, last_public_sequence = ?,
  last_content_sequence = ?, last_agent_content_sequence = ?, unanswered_since = ?,
  unanswered_latest = ?, unread = ?, private_count = ?, last_at = ? where key = ?`

export interface Appender {
  append(event: NewEvent): Promise<Appended>
  /** Writes the rows of the dialogs that were touched. Before any other command, and the commit. */
  flush(): void
  /** Drops what is known of dialogs that another command changed. */
  forget(accountId: string, dialogIds: readonly string[]): void
  /** Drops everything, after a rollback. */
  clear(): void
}

type Prepare = Connection['prepare']

const audienceOf = (prepare: Prepare, record: DialogRecord, event: NewEvent): Audience => {
  if (!needsAudience(record, event)) return event.audience
  const named = [...new Set(event.receipt?.sequences)]
  const { count } = prepare(HIDDEN).get(record.key, JSON.stringify(named)) as { count: number }
  return count === named.length ? 'agents' : 'all'
}

/** Sees what this batch inserted before, so that of two replies at once the second is late. [CNT21] */
const isStale = (prepare: Prepare, record: DialogRecord, event: NewEvent): boolean =>
  mayBeStale(record, event) &&
  prepare(STALE).get(record.key, event.lastSeen, event.publisher.id) !== undefined

const insert = (prepare: Prepare, key: number, event: NewEvent, placed: Appended): void => {
  const { publisher } = event
  prepare(INSERT).run(
    key,
    placed.sequence,
    event.kind,
    publisher.id,
    publisher.role,
    publisher.userId ?? null,
    event.clientEventId ?? null,
    event.eventId,
    placed.audience,
    placed.at,
    placed.previousPublic,
    event.payload,
    event.metadata ?? null,
    event.encodedMetadata ?? null,
  )
}

export const appender = ({ db, prepare }: Connection): Appender => {
  const touched = new Set<string>()
  // What is not written yet is known nowhere else.
  const records = recordCache((name) => touched.has(name))
  const ids = clientIds(prepare)

  const recordOf = async (name: string, event: NewEvent): Promise<DialogRecord> => {
    const record = records.get(name) ?? (await loadDialogRecords(db, [event]))[0]
    if (record?.conversationId !== event.conversationId) throw new Refusal('dialog_not_found')
    return record
  }

  return {
    async append(event) {
      const refusal = unstorable(event)
      if (refusal) throw refusal
      const name = recordKey(event.accountId, event.dialogId)
      const record = await recordOf(name, event)
      const hasId = event.clientEventId !== undefined
      const first = hasId ? ids.first(record.key, event) : undefined
      if (first) return repeatOf(first, event)
      const code = refusalOf(record, event)
      if (code) throw new Refusal(code)
      if (isStale(prepare, record, event)) throw new Refusal('stale_reply')
      const placed = placeEvent(record, event, audienceOf(prepare, record, event))
      insert(prepare, record.key, event, placed.appended)
      if (hasId) ids.add(record.key, event, placed.appended.sequence)
      touched.add(name)
      records.set(name, placed.record)
      return placed.appended
    },
    flush() {
      for (const name of touched) {
        const record = records.get(name) as DialogRecord
        prepare(UPDATE).run(...Object.values(activityColumns(record)), record.key)
      }
      touched.clear()
    },
    forget: records.forget,
    clear() {
      touched.clear()
      records.clear()
      ids.clear()
    },
  }
}
