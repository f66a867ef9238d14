/**
 * The append on PostgreSQL. Records of dialogs are remembered from batch to batch; when another
 * node wrote in between, the version does not hold and the dialog's part of the batch is planned
 * again. Some node's attempt always succeeds, so that this ends.
 */
import { Refusal } from '@ringdown/protocol/errors'
import type { Kysely } from 'kysely'
import type { Pool } from 'pg'
import type { NewEvent } from '../../domain/event.ts'
import type { DialogRecord } from '../append/dialog-record.ts'
import { loadDialogRecords, recordKey } from '../append/dialog-record.ts'
import { needsAudience, unstorable } from '../append/place-event.ts'
import { type RecordCache, recordCache } from '../append/record-cache.ts'
import { BY_COLLEAGUE, mayBeStale } from '../append/stale-reply.ts'
import { StoreFailure, type Verdict } from '../batch.ts'
import type { Tables } from '../tables.ts'
import type { DialogPlan, Incoming } from './append-plan.ts'
import { planDialog, repeatKey } from './append-plan.ts'
import type { AppendOutcome, Repeat } from './append-statement.ts'
import { appendQuery } from './append-statement.ts'
import { isUniqueViolation } from './failures.ts'

/** Other nodes would have to win this often in a row. */
const MAX_ATTEMPTS = 100

const HIDDEN = `select dialog_key, sequence from events
  join unnest($1::bigint[], $2::bigint[]) as named (dialog_key, sequence)
  using (dialog_key, sequence) where audience = 'agents'`

const STALE = `select guarded.index from unnest($1::int[], $2::bigint[], $3::bigint[], $4::text[])
    as guarded (index, dialog_key, last_seen, author)
  where exists (select from events where events.dialog_key = guarded.dialog_key
    and events.sequence > guarded.last_seen and events.publisher_id <> guarded.author
    and ${BY_COLLEAGUE})`

export interface Appender {
  append(events: readonly NewEvent[]): Promise<readonly Verdict[]>
  forget(accountId: string, dialogIds: readonly string[]): void
  clear(): void
}

interface Batch {
  readonly verdicts: (Verdict | undefined)[]
  /** What is not decided yet, by dialog. */
  readonly open: Map<string, Incoming[]>
  readonly repeats: Map<string, Repeat>
}

const unknownDialog = (): Verdict => ({ ok: false, error: new Refusal('dialog_not_found') })

const refusedAtOnce = (event: NewEvent): Verdict | undefined => {
  const error = unstorable(event)
  return error && { ok: false, error }
}

/** What is not answered yet, by dialog. */
const byDialog = (
  events: readonly NewEvent[],
  verdicts: readonly (Verdict | undefined)[],
): Map<string, Incoming[]> => {
  const dialogs = new Map<string, Incoming[]>()
  for (const [index, event] of events.entries()) {
    if (verdicts[index]) continue
    const name = recordKey(event.accountId, event.dialogId)
    const incoming = dialogs.get(name)
    if (incoming) incoming.push({ index, event })
    else dialogs.set(name, [{ index, event }])
  }
  return dialogs
}

interface Parts {
  readonly pool: Pool
  readonly db: Kysely<Tables>
  readonly records: RecordCache
}

type Found = ReadonlyMap<string, DialogRecord>

/** Answers events for dialogs that do not exist; they leave the batch. */
const dropUnknown = ({ open, verdicts }: Batch, found: Found): void => {
  for (const [name, incoming] of open) {
    const conversationId = found.get(name)?.conversationId
    const known: Incoming[] = []
    for (const one of incoming)
      if (one.event.conversationId === conversationId) known.push(one)
      else verdicts[one.index] = unknownDialog()
    if (known.length === 0) open.delete(name)
    else open.set(name, known)
  }
}

const findRecords = async ({ db, records }: Parts, batch: Batch): Promise<Found> => {
  const found = new Map<string, DialogRecord>()
  const missing: NewEvent[] = []
  for (const [name, incoming] of batch.open) {
    const known = records.get(name)
    if (known) found.set(name, known)
    else missing.push((incoming[0] as Incoming).event)
  }
  const loaded = missing.length > 0 ? await loadDialogRecords(db, missing) : []
  for (const record of loaded) {
    const name = recordKey(record.accountId, record.id)
    found.set(name, record)
    records.set(name, record)
  }
  dropUnknown(batch, found)
  return found
}

/** Which of the sequences that receipts name consumers may not see, by dialog. */
const findHidden = async (
  pool: Pool,
  { open }: Batch,
  found: Found,
): Promise<Map<number, Set<number>>> => {
  const named: [number, number][] = []
  for (const [name, incoming] of open)
    for (const { event } of incoming) {
      const record = found.get(name) as DialogRecord
      if (!needsAudience(record, event)) continue
      for (const sequence of event.receipt?.sequences ?? []) named.push([record.key, sequence])
    }
  const hidden = new Map<number, Set<number>>()
  if (named.length === 0) return hidden
  const columns = [named.map(([key]) => key), named.map(([, sequence]) => sequence)]
  const { rows } = await pool.query<{ dialog_key: number; sequence: number }>(HIDDEN, columns)
  for (const { dialog_key, sequence } of rows) {
    const known = hidden.get(dialog_key) ?? new Set()
    hidden.set(dialog_key, known.add(sequence))
  }
  return hidden
}

/** Which of the guarded appends have a colleague's event before them, by index. [CNT21] */
const findStale = async (
  pool: Pool,
  { open }: Batch,
  found: Found,
): Promise<ReadonlySet<number>> => {
  const guarded: (readonly [number, number, number, string])[] = []
  for (const [name, incoming] of open) {
    const record = found.get(name) as DialogRecord
    for (const { index, event } of incoming)
      if (mayBeStale(record, event))
        guarded.push([index, record.key, event.lastSeen, event.publisher.id])
  }
  if (guarded.length === 0) return new Set()
  const columns = [0, 1, 2, 3].map((column) => guarded.map((row) => row[column]))
  const { rows } = await pool.query<{ index: number }>(STALE, columns)
  return new Set(rows.map(({ index }) => index))
}

const send = async (pool: Pool, plans: readonly DialogPlan[]): Promise<AppendOutcome> => {
  const query = appendQuery(
    plans.map(({ dialog }) => dialog),
    plans.flatMap(({ events }) => events),
    plans.flatMap(({ ids }) => ids),
  )
  try {
    const { rows } = await pool.query<AppendOutcome>(query)
    return rows[0] as AppendOutcome
  } catch (error) {
    // A repeat that another node committed since the statement began: it is seen the next time.
    if (isUniqueViolation(error)) return { done: [], repeats: [] }
    throw error
  }
}

/** Takes over the verdicts of the dialogs whose version held; the others stay open. */
const settle = (
  records: RecordCache,
  batch: Batch,
  { plans, outcome }: { plans: ReadonlyMap<string, DialogPlan>; outcome: AppendOutcome },
): void => {
  const done = new Set(outcome.done)
  const repeated = new Set<number>()
  for (const repeat of outcome.repeats) {
    const { dialog_key, publisher_id, client_event_id } = repeat
    batch.repeats.set(repeatKey(dialog_key, publisher_id, client_event_id ?? ''), repeat)
    repeated.add(dialog_key)
  }
  for (const [name, { dialog, verdicts }] of plans) {
    const { key } = dialog.before
    if (done.has(key)) {
      records.set(name, dialog.after)
      for (const [index, verdict] of verdicts) batch.verdicts[index] = verdict
      batch.open.delete(name)
    } else if (!repeated.has(key)) records.drop(name)
  }
}

const attempt = async ({ pool, db, records }: Parts, batch: Batch): Promise<void> => {
  const found = await findRecords({ pool, db, records }, batch)
  const hidden = await findHidden(pool, batch, found)
  const stale = await findStale(pool, batch, found)
  const plans = new Map<string, DialogPlan>()
  for (const [name, incoming] of batch.open) {
    const record = found.get(name) as DialogRecord
    const hiddenHere = hidden.get(record.key) ?? new Set<number>()
    const known = { repeats: batch.repeats, hidden: hiddenHere, stale }
    plans.set(name, planDialog(record, incoming, known))
  }
  if (plans.size === 0) return
  const outcome = await send(pool, [...plans.values()])
  settle(records, batch, { plans, outcome })
}

export const appender = (pool: Pool, db: Kysely<Tables>): Appender => {
  const records = recordCache()
  return {
    async append(events) {
      const verdicts = events.map(refusedAtOnce)
      const open = byDialog(events, verdicts)
      const batch: Batch = { verdicts, open, repeats: new Map() }
      for (let attempts = 0; batch.open.size > 0; attempts += 1) {
        if (attempts === MAX_ATTEMPTS)
          throw new StoreFailure('Other nodes kept writing to the same dialogs', false)
        await attempt({ pool, db, records }, batch)
      }
      return batch.verdicts as readonly Verdict[]
    },
    forget: records.forget,
    clear: records.clear,
  }
}
