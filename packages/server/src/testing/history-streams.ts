import type { History, HistoryRow } from './history.ts'
import type { Findings } from './history-findings.ts'
import type { LogIndex } from './history-log.ts'

interface Reader {
  readonly name: string
  readonly actorId: string
  readonly dialogId: string
  /** The lowest sequence that has not been passed. */
  next: number
  isLive: boolean
}

/** What readers were shown. */
export class Streams {
  readonly readers = new Map<string, Reader>()
  delivered = 0
  readonly #index: LogIndex
  readonly #history: History
  readonly #findings: Findings

  constructor(index: LogIndex, history: History, findings: Findings) {
    this.#index = index
    this.#history = history
    this.#findings = findings
  }

  subscribe(row: HistoryRow & { kind: 'subscribe' }): void {
    const { reader, actorId, dialogId, from } = row
    if (this.readers.has(reader)) throw new Error(`reader ${reader} subscribes twice`)
    this.readers.set(reader, {
      name: reader,
      actorId,
      dialogId,
      next: Math.max(from, 0),
      isLive: true,
    })
  }

  end(row: HistoryRow & { kind: 'end' }): void {
    this.#reader(row.reader).isLive = false
  }

  event(row: HistoryRow & { kind: 'event' }): void {
    this.delivered += 1
    const reader = this.#reader(row.reader)
    const { actorId, dialogId } = reader
    const where = `${reader.name}: ${row.sequence} of ${dialogId}`
    const logged = this.#index.at(dialogId, row.sequence)
    if (!logged) {
      this.#findings.add('no-phantom', `${where} was shown and is not in the log`)
      return
    }
    if (logged.eventId !== row.eventId || logged.body !== row.body) {
      this.#findings.add('delivered-identical', `${where} was shown otherwise than it is kept`)
    }
    if (!this.#history.maySee(actorId, dialogId, logged)) {
      this.#findings.add('isolation', `${where} was shown to ${actorId}`)
      return
    }
    if (row.sequence < reader.next) {
      this.#findings.add('stream-no-repeat', `${where} after ${reader.next - 1}`)
      return
    }
    const due = this.#index.visible(actorId, dialogId, reader.next, 1)
    if (due !== row.sequence)
      this.#findings.add('stream-contiguous', `${where} where ${due} was due`)
    this.#projection(row, reader, where)
    reader.next = row.sequence + 1
  }

  #projection(row: HistoryRow & { kind: 'event' }, reader: Reader, where: string): void {
    if (row.previousSequence === undefined) return
    const { actorId, dialogId } = reader
    const previous = this.#index.visible(actorId, dialogId, row.sequence - 1, -1) ?? -1
    if (previous !== row.previousSequence) {
      this.#findings.add(
        'stream-projection',
        `${where} names ${row.previousSequence}, not ${previous}`,
      )
    }
  }

  finish(): void {
    for (const { name, actorId, dialogId, next, isLive } of this.readers.values()) {
      const due = isLive ? this.#index.visible(actorId, dialogId, next, 1) : undefined
      if (due !== undefined)
        this.#findings.add('not-stuck', `${name} was never shown ${due} of ${dialogId}`)
    }
  }

  #reader(name: string): Reader {
    const reader = this.readers.get(name)
    if (!reader) throw new Error(`reader ${name} never subscribed`)
    return reader
  }
}
