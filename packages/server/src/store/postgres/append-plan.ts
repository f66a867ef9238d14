/** Works out what a batch of appends does to one dialog, from what is known of it. */

import { Refusal } from '@ringdown/protocol/errors'
import type { Audience, NewEvent } from '../../domain/event.ts'
import type { DialogRecord } from '../append/dialog-record.ts'
import { needsAudience, placeEvent, refusalOf, repeatOf } from '../append/place-event.ts'
import { isByColleague } from '../append/stale-reply.ts'
import type { Verdict } from '../batch.ts'
import type { ClientId, PlannedDialog, PlannedEvent, Repeat } from './append-statement.ts'

/** An append and where its verdict goes. */
export interface Incoming {
  readonly index: number
  readonly event: NewEvent
}

export interface DialogPlan {
  readonly dialog: PlannedDialog
  readonly events: readonly PlannedEvent[]
  readonly ids: readonly ClientId[]
  /** What is answered if the dialog's version holds. */
  readonly verdicts: ReadonlyMap<number, Verdict>
}

export const repeatKey = (key: number, publisherId: string, clientEventId: string): string =>
  JSON.stringify([key, publisherId, clientEventId])

/** What earlier attempts and lookups found. */
export interface Known {
  /** Events that were there before, by `repeatKey`. */
  readonly repeats: ReadonlyMap<string, Repeat>
  /** Sequences, of those that receipts name, that consumers may not see. */
  readonly hidden: ReadonlySet<number>
  /** Appends, by index, that a colleague's stored event came before. */
  readonly stale: ReadonlySet<number>
}

const judged = (judge: () => Verdict): Verdict => {
  try {
    return judge()
  } catch (error) {
    if (error instanceof Refusal) return { ok: false, error }
    throw error
  }
}

const asRepeat = ({ key, event, appended }: PlannedEvent): Repeat => ({
  dialog_key: key,
  publisher_id: event.publisher.id,
  client_event_id: event.clientEventId ?? null,
  kind: event.kind,
  payload: event.payload,
  metadata: event.metadata ?? null,
  encoded_metadata: event.encodedMetadata ?? null,
  sequence: appended.sequence,
  previous_public: appended.previousPublic,
  at: appended.at,
  audience: appended.audience,
})

/** Whether a colleague's event of this batch, placed before, makes the reply stale. [CNT21] */
const isStaleAfter = (
  placed: readonly PlannedEvent[],
  { lastSeen, publisher }: NewEvent,
): boolean =>
  lastSeen !== undefined &&
  placed.some(
    ({ event, appended }) => appended.sequence > lastSeen && isByColleague(event, publisher),
  )

export const planDialog = (
  before: DialogRecord,
  incoming: readonly Incoming[],
  { repeats, hidden, stale }: Known,
): DialogPlan => {
  const { key } = before
  const verdicts = new Map<number, Verdict>()
  const events: PlannedEvent[] = []
  const ids: ClientId[] = []
  const earlier = new Map<string, Repeat>()
  const hiddenHere = new Set(hidden)
  let record = before

  const audienceOf = (event: NewEvent): Audience =>
    needsAudience(record, event) && event.receipt!.sequences.every((one) => hiddenHere.has(one))
      ? 'agents'
      : event.audience

  const place = (event: NewEvent): Verdict => {
    const placed = placeEvent(record, event, audienceOf(event))
    const planned = { key, event, appended: placed.appended }
    record = placed.record
    events.push(planned)
    if (placed.appended.audience === 'agents') hiddenHere.add(placed.appended.sequence)
    if (event.clientEventId !== undefined)
      earlier.set(repeatKey(key, event.publisher.id, event.clientEventId), asRepeat(planned))
    return { ok: true, result: placed.appended }
  }

  const judge = ({ index, event }: Incoming): Verdict => {
    const { clientEventId, publisher } = event
    if (clientEventId !== undefined) {
      const name = repeatKey(key, publisher.id, clientEventId)
      const first = repeats.get(name) ?? earlier.get(name)
      if (first) return { ok: true, result: repeatOf(first, event) }
      ids.push({ key, publisherId: publisher.id, clientEventId })
    }
    const code = refusalOf(record, event)
    if (code) throw new Refusal(code)
    if (stale.has(index) || isStaleAfter(events, event)) throw new Refusal('stale_reply')
    return place(event)
  }

  for (const one of incoming)
    verdicts.set(
      one.index,
      judged(() => judge(one)),
    )
  return { dialog: { before, after: record }, events, ids, verdicts }
}
