import type { History, LoggedEvent } from './history.ts'
import type { Findings } from './history-findings.ts'

/** The judged log, by dialog and sequence. */
export class LogIndex {
  readonly #dialogs = new Map<string, Map<number, LoggedEvent>>()
  readonly #tails = new Map<string, number>()
  readonly #history: History

  constructor(history: History, findings: Findings) {
    this.#history = history
    for (const [dialogId, events] of history.logs[0].dialogs) this.#take(dialogId, events, findings)
  }

  #take(dialogId: string, events: readonly LoggedEvent[], findings: Findings): void {
    const bySequence = new Map<number, LoggedEvent>()
    let expected = 0
    for (const event of events) {
      if (event.sequence !== expected) {
        findings.add('log-contiguous', `${dialogId}: ${event.sequence} where ${expected} belongs`)
      }
      expected = event.sequence + 1
      bySequence.set(event.sequence, event)
    }
    this.#dialogs.set(dialogId, bySequence)
    this.#tails.set(dialogId, expected)
  }

  at(dialogId: string, sequence: number): LoggedEvent | undefined {
    return this.#dialogs.get(dialogId)?.get(sequence)
  }

  /** The first event at or after `from` (or, backwards, at or before it) that the actor may see. */
  visible(actorId: string, dialogId: string, from: number, step: 1 | -1): number | undefined {
    const tail = this.#tails.get(dialogId) ?? 0
    for (let sequence = from; sequence >= 0 && sequence < tail; sequence += step) {
      const event = this.at(dialogId, sequence)
      if (event && this.#history.maySee(actorId, dialogId, event)) return sequence
    }
    return undefined
  }
}

const sameEvent = (one: LoggedEvent, other: LoggedEvent | undefined): boolean =>
  other !== undefined &&
  one.sequence === other.sequence &&
  one.publisherId === other.publisherId &&
  one.eventId === other.eventId &&
  one.body === other.body

/** Every way of reading the log back tells the same. */
export const checkLogsAgree = (
  { logs: [judged, ...others] }: History,
  findings: Findings,
): void => {
  for (const other of others) {
    const dialogIds = new Set([...judged.dialogs.keys(), ...other.dialogs.keys()])
    for (const dialogId of dialogIds) {
      const one = judged.dialogs.get(dialogId) ?? []
      const two = other.dialogs.get(dialogId) ?? []
      const differs = one.length !== two.length || one.some((event, i) => !sameEvent(event, two[i]))
      if (differs)
        findings.add('logs-agree', `${dialogId}: ${judged.source} and ${other.source} differ`)
    }
  }
}
