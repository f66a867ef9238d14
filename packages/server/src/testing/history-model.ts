/** Builders of history rows, and a model server that makes clean histories. */
import type { HistoryRow, LoggedEvent } from './history.ts'

export type Row<Kind extends HistoryRow['kind']> = HistoryRow & { kind: Kind }

/** A history that can be bent: plain arrays instead of read-only ones. */
export interface Draft {
  rows: HistoryRow[]
  log: Map<string, LoggedEvent[]>
  otherLog?: Map<string, LoggedEvent[]>
}

export const invoke = (
  operation: number,
  at: number,
  over: Partial<Row<'invoke'>> = {},
): HistoryRow => ({
  kind: 'invoke',
  at,
  operation,
  connection: 'c1',
  actorId: 'ann',
  dialogId: 'd1',
  eventId: `e${operation}`,
  body: `text ${operation}`,
  ...over,
})
export const ok = (operation: number, at: number, sequence: number): HistoryRow => ({
  kind: 'ok',
  at,
  operation,
  sequence,
})
export const logged = (sequence: number, operation: number, over: Partial<LoggedEvent> = {}) => ({
  sequence,
  publisherId: 'ann',
  eventId: `e${operation}`,
  body: `text ${operation}`,
  ...over,
})
export const shown = (
  reader: string,
  at: number,
  sequence: number,
  operation: number,
): Row<'event'> => ({
  kind: 'event',
  at,
  reader,
  sequence,
  eventId: `e${operation}`,
  body: `text ${operation}`,
})
export const subscribe = (
  reader: string,
  actorId: string,
  dialogId: string,
  from = 0,
): HistoryRow => ({
  kind: 'subscribe',
  at: 0,
  reader,
  actorId,
  dialogId,
  from,
})

interface ModelReader {
  readonly name: string
  readonly dialogId: string
  next: number
  isLive: boolean
}

/** A server of two dialogs that keeps its promises: commits, answers, loses answers, delivers. */
class ModelServer {
  readonly rows: HistoryRow[] = []
  readonly log = new Map<string, LoggedEvent[]>([
    ['d1', []],
    ['d2', []],
  ])
  readonly readers: ModelReader[] = []
  readonly #waiting: Row<'invoke'>[] = []
  readonly #committed: { request: Row<'invoke'>; sequence: number }[] = []
  readonly #lost: Row<'invoke'>[] = []
  at = 0

  send(row: HistoryRow): void {
    this.rows.push(row)
    this.#waiting.push(row as Row<'invoke'>)
  }

  commit(): void {
    const request = this.#waiting.shift()
    if (!request) return
    const { eventId, body, actorId, dialogId } = request
    const events = this.log.get(dialogId) as LoggedEvent[]
    const first = events.find((event) => event.eventId === eventId)
    const sequence = first?.sequence ?? events.length
    if (!first) events.push({ sequence, publisherId: actorId, eventId, body })
    this.#committed.push({ request, sequence })
  }

  answer(): void {
    const done = this.#committed.shift()
    if (done) this.rows.push(ok(done.request.operation, this.at, done.sequence))
  }

  /** The client never learns what became of it. */
  lose(): void {
    const request = this.#committed.shift()?.request ?? this.#waiting.shift()
    if (!request) return
    this.rows.push({ kind: 'info', at: this.at, operation: request.operation })
    this.#lost.push(request)
  }

  retry(operation: number): void {
    const request = this.#lost.shift()
    if (request) this.send({ ...request, at: this.at, operation, connection: 'retry' })
  }

  read(name: string, dialogId: string): void {
    this.readers.push({ name, dialogId, next: 0, isLive: true })
    this.rows.push(subscribe(name, 'bob', dialogId))
  }

  deliver(reader: ModelReader): void {
    const event = (this.log.get(reader.dialogId) as LoggedEvent[])[reader.next]
    if (!event || !reader.isLive) return
    const { sequence, eventId, body } = event
    const previousSequence = sequence - 1
    const { at } = this
    this.rows.push({
      kind: 'event',
      at,
      reader: reader.name,
      sequence,
      previousSequence,
      eventId,
      body,
    })
    reader.next += 1
  }

  stop(reader: ModelReader): void {
    if (reader.isLive) this.rows.push({ kind: 'end', at: this.at, reader: reader.name })
    reader.isLive = false
  }

  /** Refuses what was not committed, and lets every live reader reach the tail. */
  finish(): Draft {
    for (const { operation } of this.#waiting)
      this.rows.push({ kind: 'fail', at: this.at, operation })
    for (const reader of this.readers) {
      for (const _ of this.log.get(reader.dialogId) as LoggedEvent[]) this.deliver(reader)
    }
    return { rows: this.rows, log: this.log }
  }
}

/** Turns dice into a clean history. */
export const play = (dice: readonly number[]): Draft => {
  const server = new ModelServer()
  for (const [operation, die] of dice.entries()) {
    server.at += die % 3
    const dialogId = die % 2 === 0 ? 'd1' : 'd2'
    const connection = `c${die % 2}`
    const reader = server.readers[Math.floor(die / 16) % Math.max(server.readers.length, 1)]
    const moves = [
      () => server.send(invoke(operation, server.at, { dialogId, connection, actorId: 'bob' })),
      () => server.commit(),
      () => server.answer(),
      () => server.lose(),
      () => server.retry(operation),
      () => server.read(`r${operation}`, dialogId),
      () => reader && server.deliver(reader),
      () => reader && die % 5 === 0 && server.stop(reader),
    ]
    moves[[0, 0, 0, 1, 1, 2, 2, 3, 4, 5, 6, 6, 7][Math.floor(die / 7) % 13] as number]?.()
  }
  return server.finish()
}
