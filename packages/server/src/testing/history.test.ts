import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  checkHistory,
  type FinalLog,
  type History,
  type HistoryRow,
  type HistoryRule,
  type LoggedEvent,
} from './history.ts'
import {
  type Draft,
  invoke,
  logged,
  ok,
  play,
  type Row,
  shown,
  subscribe,
} from './history-model.ts'

const insiders = new Map([
  ['d1', ['ann', 'bob']],
  ['d2', ['eve', 'bob']],
])

const judge = ({ rows, log, otherLog }: Draft) => {
  const logs: [FinalLog, ...FinalLog[]] = [{ source: 'protocol', dialogs: log }]
  if (otherLog) logs.push({ source: 'store', dialogs: otherLog })
  const history: History = {
    rows,
    logs,
    maySee: (actorId, dialogId, event) =>
      (insiders.get(dialogId)?.includes(actorId) ?? false) &&
      (event.audience !== 'agents' || actorId === 'bob'),
  }
  return checkHistory(history)
}

/** Two dialogs; in d1: three answered, one refused, one unknown that was kept, one private. */
const clean = (): Draft => ({
  rows: [
    subscribe('r1', 'bob', 'd1'),
    subscribe('r2', 'ann', 'd1', 1),
    subscribe('r3', 'eve', 'd2'),
    invoke(1, 1),
    ok(1, 2, 0),
    invoke(2, 3),
    invoke(3, 4),
    ok(2, 5, 1),
    ok(3, 5, 2),
    invoke(4, 6),
    { kind: 'fail', at: 7, operation: 4 },
    invoke(5, 8),
    { kind: 'info', at: 9, operation: 5 },
    invoke(6, 10, { actorId: 'bob', connection: 'c2' }),
    ok(6, 11, 4),
    invoke(7, 12),
    ok(7, 13, 5),
    invoke(8, 3, { actorId: 'eve', connection: 'c3', dialogId: 'd2' }),
    ok(8, 4, 0),
    shown('r1', 3, 0, 1),
    shown('r1', 6, 1, 2),
    { ...shown('r2', 6, 1, 2), previousSequence: 0 },
    shown('r1', 6, 2, 3),
    shown('r2', 6, 2, 3),
    shown('r1', 9, 3, 5),
    shown('r2', 9, 3, 5),
    shown('r1', 11, 4, 6),
    shown('r1', 14, 5, 7),
    { ...shown('r2', 14, 5, 7), previousSequence: 3 },
    shown('r3', 4, 0, 8),
  ],
  log: new Map([
    [
      'd1',
      [
        logged(0, 1),
        logged(1, 2),
        logged(2, 3),
        logged(3, 5),
        logged(4, 6, { publisherId: 'bob', audience: 'agents' as const }),
        logged(5, 7),
      ],
    ],
    ['d2', [logged(0, 8, { publisherId: 'eve' })]],
  ]),
})

const dialog = (draft: Draft): LoggedEvent[] => draft.log.get('d1') as LoggedEvent[]
const dropRow = (draft: Draft, matches: (row: HistoryRow) => boolean): void => {
  const at = draft.rows.findIndex(matches)
  expect(at).toBeGreaterThanOrEqual(0)
  draft.rows.splice(at, 1)
}
const replaceRow = (
  draft: Draft,
  matches: (row: HistoryRow) => boolean,
  change: (row: HistoryRow) => HistoryRow,
): void => {
  const at = draft.rows.findIndex(matches)
  expect(at).toBeGreaterThanOrEqual(0)
  draft.rows[at] = change(draft.rows[at] as HistoryRow)
}
const isShown = (reader: string, sequence: number) => (row: HistoryRow) =>
  row.kind === 'event' && row.reader === reader && row.sequence === sequence
const isOperation = (kind: HistoryRow['kind'], operation: number) => (row: HistoryRow) =>
  row.kind === kind && 'operation' in row && row.operation === operation

const faults: readonly [string, HistoryRule, (draft: Draft) => void][] = [
  ['an answered event that is gone', 'acked-present', (draft) => dialog(draft).pop()],
  [
    'an answer with another sequence than the log has',
    'acked-present',
    (draft) =>
      replaceRow(draft, isOperation('ok', 7), (row) => ({ ...(row as Row<'ok'>), sequence: 9 })),
  ],
  [
    'an answered event whose body changed',
    'acked-present',
    (draft) => {
      dialog(draft)[1] = logged(1, 2, { body: 'text two' })
    },
  ],
  [
    'a retry that is answered with a second sequence',
    'acked-present',
    (draft) => draft.rows.push(invoke(9, 20, { eventId: 'e7', body: 'text 7' }), ok(9, 21, 6)),
  ],
  [
    'a hole in the numbers',
    'log-contiguous',
    (draft) => {
      dialog(draft)[5] = logged(6, 7)
    },
  ],
  ['a retry that was kept twice', 'at-most-once', (draft) => dialog(draft).push(logged(6, 7))],
  [
    'an unanswered event that was kept twice',
    'at-most-once',
    (draft) => dialog(draft).push(logged(6, 5)),
  ],
  ['a refused event that was kept', 'rejected-absent', (draft) => dialog(draft).push(logged(6, 4))],
  ['an event that nobody sent', 'no-phantom', (draft) => dialog(draft).push(logged(6, 77))],
  [
    'an event that was shown and not kept',
    'no-phantom',
    (draft) => draft.rows.push(shown('r1', 20, 6, 4)),
  ],
  [
    'an event before one that was answered first',
    'real-time-order',
    (draft) => {
      dialog(draft)[3] = logged(3, 7)
      dialog(draft)[5] = logged(5, 5)
      replaceRow(draft, isOperation('invoke', 5), (row) => ({
        ...(row as Row<'invoke'>),
        at: 14,
        connection: 'c9',
      }))
      replaceRow(draft, isOperation('ok', 6), (row) => ({ ...(row as Row<'ok'>), at: 12.5 }))
      replaceRow(draft, isOperation('invoke', 7), (row) => ({ ...(row as Row<'invoke'>), at: 15 }))
    },
  ],
  [
    'pipelined events that changed places',
    'connection-order',
    (draft) => {
      dialog(draft)[1] = logged(1, 3)
      dialog(draft)[2] = logged(2, 2)
    },
  ],
  [
    'an event that a reader missed',
    'stream-contiguous',
    (draft) => dropRow(draft, isShown('r1', 2)),
  ],
  ['a stream that starts late', 'stream-contiguous', (draft) => dropRow(draft, isShown('r2', 1))],
  [
    'an event that a reader saw twice',
    'stream-no-repeat',
    (draft) => draft.rows.push(shown('r1', 20, 5, 7)),
  ],
  [
    'an event from before the start of the subscription',
    'stream-no-repeat',
    (draft) => draft.rows.push(shown('r2', 20, 0, 1)),
  ],
  [
    'a predecessor from another projection',
    'stream-projection',
    (draft) =>
      replaceRow(draft, isShown('r2', 5), (row) => ({
        ...(row as Row<'event'>),
        previousSequence: 4,
      })),
  ],
  [
    'a body that changed on the way',
    'delivered-identical',
    (draft) =>
      replaceRow(draft, isShown('r3', 0), (row) => ({ ...(row as Row<'event'>), body: 'other' })),
  ],
  [
    'a dialog shown to a stranger',
    'isolation',
    (draft) => draft.rows.push(subscribe('r4', 'eve', 'd1'), shown('r4', 20, 0, 1)),
  ],
  [
    'a private event shown to a consumer',
    'isolation',
    (draft) => draft.rows.push(shown('r2', 20, 4, 6)),
  ],
  ['a reader that stopped short', 'not-stuck', (draft) => dropRow(draft, isShown('r2', 5))],
  [
    'two accounts of the same log',
    'logs-agree',
    (draft) => {
      draft.otherLog = new Map(draft.log).set('d2', [])
    },
  ],
]

describe('the history checker', () => {
  it('accepts a clean history and counts it', () => {
    const verdict = judge({ ...clean(), otherLog: clean().log })

    expect(verdict.violations).toEqual([])
    expect(verdict.isClean).toBe(true)
    expect(verdict.counts).toEqual({
      operations: 8,
      acked: 6,
      rejected: 1,
      indeterminate: 1,
      logged: 7,
      readers: 3,
      delivered: 11,
    })
  })

  it.each(faults)('catches %s', (_name, rule, seed) => {
    const draft = clean()
    seed(draft)
    const verdict = judge(draft)

    expect(verdict.isClean).toBe(false)
    expect(verdict.violations.map((violation) => violation.rule)).toContain(rule)
  })

  it('asks nothing more of a reader that ended', () => {
    const draft = clean()
    dropRow(draft, isShown('r2', 5))
    draft.rows.push({ kind: 'end', at: 20, reader: 'r2' })

    expect(judge(draft).violations).toEqual([])
  })

  it('lets a refused retry with another body stand beside the first', () => {
    const draft = clean()
    draft.rows.push(invoke(9, 20, { eventId: 'e7', body: 'another' }), {
      kind: 'fail',
      at: 21,
      operation: 9,
    })

    expect(judge(draft).violations).toEqual([])
  })

  it('accepts whatever a server that keeps its promises may do', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1_000_000), { maxLength: 300 }), (choices) => {
        expect(judge(play(choices)).violations).toEqual([])
      }),
      { numRuns: 150 },
    )
  })

  it('judges half a million rows within seconds', () => {
    const draft: Draft = { rows: [subscribe('r1', 'bob', 'd1')], log: new Map([['d1', []]]) }
    for (let i = 0; i < 170_000; i++) {
      draft.rows.push(invoke(i, i), ok(i, i + 0.5, i), shown('r1', i + 0.6, i, i))
      dialog(draft).push(logged(i, i))
    }
    const verdict = judge(draft)

    expect(verdict.counts.logged).toBe(170_000)
    expect(verdict.isClean).toBe(true)
  })
})
