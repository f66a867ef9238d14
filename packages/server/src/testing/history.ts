import { Findings } from './history-findings.ts'
import { checkLogsAgree, LogIndex } from './history-log.ts'
import { Streams } from './history-streams.ts'
import {
  checkConnectionOrder,
  checkOutcomes,
  checkRealTime,
  placeWrites,
  Writes,
} from './history-writes.ts'

/**
 * Judges a recorded history against the log that was left behind. A dialog is an append-only list
 * with numbered places, so every rule can be checked in one pass over the rows and one over the log.
 *
 * What makes a history sound: all times come from one monotonic clock; the rows of one connection
 * and of one reader are in the order in which they happened; a timeout or a cut socket is `info`
 * and never `fail`; every publish carries an event id, and a retry carries the same one.
 */

/** Something a client did or was told. */
export type HistoryRow =
  | {
      readonly kind: 'invoke'
      readonly at: number
      /** One attempt; a retry is another operation with the same event id. */
      readonly operation: number
      readonly connection: string
      readonly actorId: string
      readonly dialogId: string
      readonly eventId: string
      readonly body: string
    }
  | {
      readonly kind: 'ok'
      readonly at: number
      readonly operation: number
      readonly sequence: number
    }
  /** `fail`: refused, so it must not be in the log. `info`: nobody knows. */
  | { readonly kind: 'fail' | 'info'; readonly at: number; readonly operation: number }
  | {
      readonly kind: 'subscribe'
      readonly at: number
      readonly reader: string
      readonly actorId: string
      readonly dialogId: string
      /** Inclusive. */
      readonly from: number
    }
  | {
      readonly kind: 'event'
      readonly at: number
      readonly reader: string
      readonly sequence: number
      /** The last sequence before this one in the reader's projection, where it was told. */
      readonly previousSequence?: number
      readonly eventId: string
      readonly body: string
    }
  /** The reader stopped before the end of the run: it need not have reached the tail. */
  | { readonly kind: 'end'; readonly at: number; readonly reader: string }

export interface LoggedEvent {
  readonly sequence: number
  readonly publisherId: string
  readonly eventId: string
  readonly body: string
  readonly audience?: 'all' | 'agents'
}

/** All that a dialog holds at the end, as one source tells it, ascending by sequence. */
export interface FinalLog {
  readonly source: string
  readonly dialogs: ReadonlyMap<string, readonly LoggedEvent[]>
}

export interface History {
  readonly rows: Iterable<HistoryRow>
  /** Read back in every way there is. The first is judged; the others must equal it. */
  readonly logs: readonly [FinalLog, ...FinalLog[]]
  /** Who may read what. */
  readonly maySee: (actorId: string, dialogId: string, event: LoggedEvent) => boolean
}

export type HistoryRule =
  | 'log-contiguous'
  | 'logs-agree'
  | 'acked-present'
  | 'rejected-absent'
  | 'at-most-once'
  | 'no-phantom'
  | 'real-time-order'
  | 'connection-order'
  | 'stream-contiguous'
  | 'stream-no-repeat'
  | 'stream-projection'
  | 'delivered-identical'
  | 'isolation'
  | 'not-stuck'

export interface Violation {
  readonly rule: HistoryRule
  readonly detail: string
}

export interface HistoryVerdict {
  readonly isClean: boolean
  /** The first of each rule, at most ten; `broken` counts all. */
  readonly violations: readonly Violation[]
  readonly broken: Readonly<Partial<Record<HistoryRule, number>>>
  readonly counts: {
    readonly operations: number
    readonly acked: number
    readonly rejected: number
    readonly indeterminate: number
    readonly logged: number
    readonly readers: number
    readonly delivered: number
  }
}

const countOutcomes = (writes: Writes) => {
  let [acked, rejected, indeterminate] = [0, 0, 0]
  for (const write of [...writes.byDialog.values()].flat()) {
    if (write.ackedSequence >= 0) acked += 1
    else if (write.failures === write.attempts) rejected += 1
    else indeterminate += 1
  }
  return { operations: writes.operations.size, acked, rejected, indeterminate }
}

/** Says whether the history could have happened on a server that keeps its promises. */
export const checkHistory = (history: History): HistoryVerdict => {
  const findings = new Findings()
  const writes = new Writes()
  const streams = new Streams(new LogIndex(history, findings), history, findings)
  for (const row of history.rows) {
    if (row.kind === 'invoke') writes.invoke(row)
    else if (row.kind === 'subscribe') streams.subscribe(row)
    else if (row.kind === 'event') streams.event(row)
    else if (row.kind === 'end') streams.end(row)
    else writes.answer(row, findings)
  }
  streams.finish()
  checkLogsAgree(history, findings)
  placeWrites(history.logs[0], writes, findings)
  for (const inDialog of writes.byDialog.values()) {
    checkOutcomes(inDialog, findings)
    checkRealTime(inDialog, findings)
  }
  checkConnectionOrder(writes.operations.values(), findings)
  let logged = 0
  for (const events of history.logs[0].dialogs.values()) logged += events.length
  return {
    isClean: findings.violations.length === 0,
    violations: findings.violations,
    broken: findings.broken,
    counts: {
      ...countOutcomes(writes),
      logged,
      readers: streams.readers.size,
      delivered: streams.delivered,
    },
  }
}
