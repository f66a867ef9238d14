/**
 * The client event ids of the dialogs that are being written to, so that a repeat is noticed without
 * an index: an index over ids that come from outside costs every commit a page per event. The log
 * itself is the record. A dialog's ids are read from it once, when the first event with an id
 * arrives, and only the one writer adds to them. [EV4]
 *
 * What is kept is a hash and a sequence. Equal hashes are compared in the log; different ones are
 * different ids, so that no repeat is ever missed.
 */
import type { NewEvent } from '../../domain/event.ts'
import type { EventRow } from '../tables.ts'
import type { Connection } from './connection.ts'

const IDS = `select sequence, publisher_id, client_event_id from events
  where dialog_key = ? and client_event_id is not null`
const AT = 'select * from events where dialog_key = ? and sequence = ?'
const ANYWHERE = `select * from events
  where dialog_key = ? and publisher_id = ? and client_event_id = ?`

/** Ids of all dialogs together, about 60 bytes each. */
const REMEMBERED_IDS = 500_000

const PRIME = 0x01000193
const SEED = 0x811c9dc5
const OTHER_SEED = 0x050c5d1f

/** 53 bits of two FNV-1a hashes: few enough for a number, enough to be told apart. */
const hashOf = (publisherId: string, clientEventId: string): number => {
  let one = SEED
  let other = OTHER_SEED
  for (const text of [publisherId, '\0', clientEventId])
    for (let at = 0; at < text.length; at += 1) {
      const code = text.charCodeAt(at)
      one = Math.imul(one ^ code, PRIME)
      other = Math.imul(other ^ (code + at), PRIME)
    }
  return (one >>> 0) * 2 ** 21 + (other >>> 11)
}

type IdRow = Pick<EventRow, 'sequence' | 'publisher_id' | 'client_event_id'>
type Identified = Pick<NewEvent, 'publisher' | 'clientEventId'>

export interface ClientIds {
  /** The event that had this id before. */
  first(dialogKey: number, event: Identified): EventRow | undefined
  add(dialogKey: number, event: Identified, sequence: number): void
  /** Forgets everything; it is read again when it is needed. */
  clear(): void
}

export const clientIds = (prepare: Connection['prepare']): ClientIds => {
  const dialogs = new Map<number, Map<number, number>>()
  let size = 0

  const load = (dialogKey: number): Map<number, number> => {
    const ids = new Map<number, number>()
    for (const row of prepare(IDS).iterate(dialogKey) as Iterable<unknown>) {
      const { sequence, publisher_id, client_event_id } = row as IdRow
      ids.set(hashOf(publisher_id, client_event_id as string), sequence)
    }
    size += ids.size
    return ids
  }
  /** The dialog's ids, as the most recently used; the least recently used ones make room. */
  const idsOf = (dialogKey: number): Map<number, number> => {
    const ids = dialogs.get(dialogKey) ?? load(dialogKey)
    dialogs.delete(dialogKey)
    dialogs.set(dialogKey, ids)
    for (const [oldest, { size: count }] of dialogs) {
      if (size <= REMEMBERED_IDS || oldest === dialogKey) break
      dialogs.delete(oldest)
      size -= count
    }
    return ids
  }
  return {
    first(dialogKey, { publisher, clientEventId = '' }) {
      const sequence = idsOf(dialogKey).get(hashOf(publisher.id, clientEventId))
      if (sequence === undefined) return undefined
      const found = prepare(AT).get(dialogKey, sequence) as EventRow | undefined
      const isSame = found?.publisher_id === publisher.id && found.client_event_id === clientEventId
      if (isSame) return found
      return prepare(ANYWHERE).get(dialogKey, publisher.id, clientEventId) as EventRow | undefined
    },
    add(dialogKey, { publisher, clientEventId = '' }, sequence) {
      idsOf(dialogKey).set(hashOf(publisher.id, clientEventId), sequence)
      size += 1
    },
    clear() {
      dialogs.clear()
      size = 0
    },
  }
}
