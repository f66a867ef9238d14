/**
 * The append as one statement, so that a batch is one round trip. The caller has worked out what
 * each dialog becomes from the versions it knows; the statement locks the dialogs in the order of
 * their keys and writes those alone whose version still is that one. [ST5]
 */

import type { NewEvent } from '../../domain/event.ts'
import type { DialogRecord } from '../append/dialog-record.ts'
import { activityColumns } from '../append/dialog-record.ts'
import type { Appended } from '../store.ts'
import type { EventRow } from '../tables.ts'

export interface PlannedEvent {
  readonly key: number
  readonly event: NewEvent
  readonly appended: Appended
}

/** One dialog of the batch: as it was known, and as it is to be. Equal when all was refused. */
export interface PlannedDialog {
  readonly before: DialogRecord
  readonly after: DialogRecord
}

/** A client event id to look for. */
export interface ClientId {
  readonly key: number
  readonly publisherId: string
  readonly clientEventId: string
}

export type Repeat = Omit<
  EventRow,
  'position' | 'event_id' | 'publisher_role' | 'publisher_user_id'
>

export interface AppendOutcome {
  /** Keys of the dialogs whose version held: their events are in, their refusals are right. */
  readonly done: readonly number[]
  /** Events with client event ids of the batch that were there before. */
  readonly repeats: readonly Repeat[]
}

const dialogColumns = [
  ['key', 'bigint'],
  ['known_sequence', 'bigint'],
  ['known_revision', 'bigint'],
  ['next_sequence', 'bigint'],
  ['last_public_sequence', 'bigint'],
  ['last_content_sequence', 'bigint'],
  ['last_agent_content_sequence', 'bigint'],
  ['unanswered_since', 'bigint'],
  ['unanswered_latest', 'bigint'],
  ['unread', 'text'],
  ['private_count', 'bigint'],
  ['last_at', 'bigint'],
] as const

const eventColumns = [
  ['dialog_key', 'bigint'],
  ['sequence', 'bigint'],
  ['kind', 'text'],
  ['publisher_id', 'text'],
  ['publisher_role', 'text'],
  ['publisher_user_id', 'text'],
  ['client_event_id', 'text'],
  ['event_id', 'text'],
  ['audience', 'text'],
  ['at', 'bigint'],
  ['previous_public', 'bigint'],
  ['payload', 'text'],
  ['metadata', 'text'],
  ['encoded_metadata', 'text'],
] as const

const clientIdColumns = [
  ['dialog_key', 'bigint'],
  ['publisher_id', 'text'],
  ['client_event_id', 'text'],
] as const

type Columns = readonly (readonly [string, string])[]

const names = (columns: Columns): string => columns.map(([name]) => name).join(', ')

const table = (name: string, columns: Columns, firstParameter: number): string => {
  const arrays = columns.map(([, type], index) => `$${firstParameter + index}::${type}[]`)
  return `${name} (${names(columns)}) as (select * from unnest(${arrays.join(', ')}))`
}

const activity = dialogColumns.slice(3).map(([name]) => `${name} = planned.${name}`)

const statement = `with
${table('planned', dialogColumns, 1)},
${table('incoming', eventColumns, 1 + dialogColumns.length)},
${table('client_ids', clientIdColumns, 1 + dialogColumns.length + eventColumns.length)},
repeats as (
  select found.* from client_ids cross join lateral (
    select dialog_key, sequence, kind, publisher_id, client_event_id, audience, at,
      previous_public, payload, metadata, encoded_metadata
    from events where events.dialog_key = client_ids.dialog_key
      and events.publisher_id = client_ids.publisher_id
      and events.client_event_id = client_ids.client_event_id limit 1) as found),
current as (
  select dialogs.key from dialogs join planned on planned.key = dialogs.key
  where dialogs.next_sequence = planned.known_sequence
    and dialogs.revision = planned.known_revision
    and not exists (select from repeats where repeats.dialog_key = dialogs.key)
  order by dialogs.key for update of dialogs),
inserted as (
  insert into events (${names(eventColumns)})
  select ${names(eventColumns)} from incoming
  where dialog_key in (select key from current) order by dialog_key, sequence),
updated as (
  update dialogs set ${activity.join(', ')} from planned
  where dialogs.key = planned.key and planned.next_sequence > planned.known_sequence
    and dialogs.key in (select key from current))
select (select coalesce(json_agg(key), '[]') from current) as done,
  (select coalesce(json_agg(repeats), '[]') from repeats) as repeats`

/** With 1,000 events the plan for short lists takes four times as long as one made for them. */
const KEPT_PLAN_EVENTS = 16

/** Rows to one array per column. */
const transposed = (columns: Columns, rows: readonly (readonly unknown[])[]): unknown[][] =>
  columns.map((_, index) => rows.map((row) => row[index]))

const dialogValues = ({ before, after }: PlannedDialog): unknown[] => [
  before.key,
  before.activity.nextSequence,
  before.revision,
  ...Object.values(activityColumns(after)),
]

const eventValues = ({ key, event, appended }: PlannedEvent): unknown[] => [
  key,
  appended.sequence,
  event.kind,
  event.publisher.id,
  event.publisher.role,
  event.publisher.userId ?? null,
  event.clientEventId ?? null,
  event.eventId,
  appended.audience,
  appended.at,
  appended.previousPublic,
  event.payload,
  event.metadata ?? null,
  event.encodedMetadata ?? null,
]

/** The query for one attempt; its only row is an `AppendOutcome`. */
export const appendQuery = (
  dialogs: readonly PlannedDialog[],
  events: readonly PlannedEvent[],
  ids: readonly ClientId[],
) => ({
  // A named statement's plan is kept, which saves a millisecond; but it is a plan for short lists.
  ...(events.length <= KEPT_PLAN_EVENTS && { name: 'ringdown-append' }),
  text: statement,
  values: [
    ...transposed(dialogColumns, dialogs.map(dialogValues)),
    ...transposed(eventColumns, events.map(eventValues)),
    ...transposed(
      clientIdColumns,
      ids.map(({ key, publisherId, clientEventId }) => [key, publisherId, clientEventId]),
    ),
  ],
})
