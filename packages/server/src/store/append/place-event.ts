/** The rules of an append that need no database; both engines share them. */
import type { ErrorCode } from '@ringdown/protocol/errors'
import { Refusal } from '@ringdown/protocol/errors'
import { afterContent, afterReceipt } from '../../domain/activity.ts'
import type { Audience, DialogEvent, NewEvent } from '../../domain/event.ts'
import type { Appended } from '../store.ts'
import type { EventRow } from '../tables.ts'
import type { DialogRecord } from './dialog-record.ts'

/** Why the dialog does not take the event, apart from a client event id that was used before. [ST4] */
export const refusalOf = (record: DialogRecord, event: NewEvent): ErrorCode | undefined => {
  const { publisher, kind } = event
  if (record.state === 'closed' && kind !== 'receipt') return 'dialog_closed'
  // The server speaks wherever it is asked to.
  if (publisher.role === 'controller') return undefined
  const takesPart = record.participants.some(
    ({ id, state }) => id === publisher.id && state === 'active',
  )
  if (takesPart) return undefined
  const mayAcknowledge = record.state === 'closed' && record.everyone.has(publisher.id)
  return mayAcknowledge ? undefined : 'not_participant'
}

/** PostgreSQL keeps no NUL in texts, and one such event must not fail its batch. */
const hasNul = ({ clientEventId, eventId }: NewEvent): boolean =>
  eventId.includes('\0') || (clientEventId?.includes('\0') ?? false)

/** Refuses what no engine should be asked to keep. */
export const unstorable = (event: NewEvent): Refusal | undefined =>
  hasNul(event) ? new Refusal('bad_request', 'The event id must not contain NUL') : undefined

export interface Placed {
  readonly appended: Appended
  readonly record: DialogRecord
}

/** Gives the event its place and says what the dialog is like after it. [ST5] */
export const placeEvent = (record: DialogRecord, event: NewEvent, audience: Audience): Placed => {
  const sequence = record.activity.nextSequence
  // A wall clock that was set back must not make the log's time go back. [ST7]
  const at = Math.max(event.at, record.lastAt)
  const previousPublic = record.lastPublic
  const placed: DialogEvent = {
    accountId: event.accountId,
    conversationId: event.conversationId,
    dialogId: event.dialogId,
    sequence,
    previousPublic,
    publisher: event.publisher,
    kind: event.kind,
    audience,
    eventId: event.eventId,
    payload: '',
    at,
  }
  const { activity, participants } = record
  const isPublic = audience === 'all'
  return {
    appended: { sequence, previousPublic, at, audience, isDuplicate: false },
    record: {
      ...record,
      activity:
        event.kind === 'content'
          ? afterContent(activity, placed, participants, event.isAutomatic)
          : event.receipt
            ? afterReceipt(activity, placed, event.receipt)
            : { ...activity, nextSequence: sequence + 1 },
      lastPublic: isPublic ? sequence : previousPublic,
      privateCount: isPublic ? record.privateCount : record.privateCount + 1,
      lastAt: at,
    },
  }
}

/** Whether a receipt may name hidden events, so that its audience has to be looked up. [EV8] */
export const needsAudience = (record: DialogRecord, event: NewEvent): boolean =>
  event.audience === 'all' &&
  record.privateCount > 0 &&
  event.receipt !== undefined &&
  event.receipt.sequences.length > 0

type Stored = Pick<
  EventRow,
  | 'sequence'
  | 'previous_public'
  | 'at'
  | 'audience'
  | 'kind'
  | 'payload'
  | 'metadata'
  | 'encoded_metadata'
>

/** The first answer again when the content is the same. A receipt's audience is not its content. [EV4] */
export const repeatOf = (stored: Stored, event: NewEvent): Appended => {
  const isSame =
    stored.kind === event.kind &&
    stored.payload === event.payload &&
    stored.metadata === (event.metadata ?? null) &&
    stored.encoded_metadata === (event.encodedMetadata ?? null) &&
    (event.kind === 'receipt' || stored.audience === event.audience)
  if (!isSame) throw new Refusal('event_id_reused')
  return {
    sequence: stored.sequence,
    previousPublic: stored.previous_public,
    at: stored.at,
    audience: stored.audience,
    isDuplicate: true,
  }
}
