import type { FinalLog, HistoryRow } from './history.ts'
import type { Findings } from './history-findings.ts'

/** One event that somebody tried to publish, over all attempts. */
interface Write {
  readonly dialogId: string
  readonly actorId: string
  readonly eventId: string
  readonly body: string
  readonly firstInvokeAt: number
  attempts: number
  failures: number
  ackedAt: number
  ackedSequence: number
  /** Where the log has it. */
  place: number
}

interface Operation {
  readonly write: Write
  readonly connection: string
  isAnswered: boolean
}

/** Every publish of the history, found by who sent what where. */
export class Writes {
  readonly operations = new Map<number, Operation>()
  readonly byDialog = new Map<string, Write[]>()
  readonly #byIdentity = new Map<string, Write[]>()

  of(dialogId: string, actorId: string, eventId: string): readonly Write[] {
    return this.#byIdentity.get(`${dialogId}\n${actorId}\n${eventId}`) ?? []
  }

  invoke(row: HistoryRow & { kind: 'invoke' }): void {
    const { dialogId, actorId, eventId, body, at, connection } = row
    const known = this.of(dialogId, actorId, eventId)
    let write = known.find((candidate) => candidate.body === body)
    if (!write) {
      write = {
        dialogId,
        actorId,
        eventId,
        body,
        firstInvokeAt: at,
        attempts: 0,
        failures: 0,
        ackedAt: Infinity,
        ackedSequence: -1,
        place: -1,
      }
      this.#byIdentity.set(`${dialogId}\n${actorId}\n${eventId}`, [...known, write])
      const inDialog = this.byDialog.get(dialogId)
      if (inDialog) inDialog.push(write)
      else this.byDialog.set(dialogId, [write])
    }
    write.attempts += 1
    this.operations.set(row.operation, { write, connection, isAnswered: false })
  }

  answer(row: HistoryRow & { kind: 'ok' | 'fail' | 'info' }, findings: Findings): void {
    const operation = this.operations.get(row.operation)
    if (!operation || operation.isAnswered)
      throw new Error(`operation ${row.operation}: no open invocation`)
    operation.isAnswered = true
    const { write } = operation
    if (row.kind === 'fail') write.failures += 1
    if (row.kind !== 'ok') return
    if (write.ackedSequence >= 0 && write.ackedSequence !== row.sequence) {
      findings.add(
        'acked-present',
        `${name(write)}: answered ${write.ackedSequence} and ${row.sequence}`,
      )
    }
    write.ackedSequence = row.sequence
    write.ackedAt = Math.min(write.ackedAt, row.at)
  }
}

const name = (write: Write): string =>
  `${write.dialogId} event ${write.eventId} of ${write.actorId}`

/** Gives every write its place in the log, and finds what is there and should not be. */
export const placeWrites = (log: FinalLog, writes: Writes, findings: Findings): void => {
  for (const [dialogId, events] of log.dialogs) {
    for (const event of events) {
      const attempts = writes.of(dialogId, event.publisherId, event.eventId)
      const write = attempts.find((candidate) => candidate.body === event.body)
      const where = `${dialogId}: ${event.sequence}, event ${event.eventId}`
      if (attempts.some((attempt) => attempt.place >= 0)) {
        findings.add('at-most-once', `${where} is in the log twice`)
      } else if (write) write.place = event.sequence
      else if (attempts.some((attempt) => attempt.ackedSequence >= 0)) {
        findings.add('acked-present', `${where} has another body than was sent`)
      } else findings.add('no-phantom', `${where} was never sent`)
    }
  }
}

/** Answers keep what they promise: kept at that place, or not kept. */
export const checkOutcomes = (writes: Iterable<Write>, findings: Findings): void => {
  for (const write of writes) {
    const { ackedSequence, place } = write
    if (ackedSequence >= 0 && place !== ackedSequence) {
      const found = place < 0 ? 'is not in the log' : `is at ${place}`
      findings.add('acked-present', `${name(write)}: answered ${ackedSequence}, ${found}`)
    }
    if (ackedSequence < 0 && write.failures === write.attempts && place >= 0) {
      findings.add('rejected-absent', `${name(write)}: refused, yet at ${place}`)
    }
  }
}

/** What was answered before another was sent has the smaller sequence. */
export const checkRealTime = (writes: readonly Write[], findings: Findings): void => {
  const placed = writes.filter((write) => write.place >= 0)
  const byAnswer = placed.filter((write) => write.ackedAt < Infinity)
  byAnswer.sort((one, other) => one.ackedAt - other.ackedAt)
  placed.sort((one, other) => one.firstInvokeAt - other.firstInvokeAt)
  let answered = 0
  let floor = -1
  for (const write of placed) {
    for (; (byAnswer[answered]?.ackedAt ?? Infinity) < write.firstInvokeAt; answered++) {
      floor = Math.max(floor, (byAnswer[answered] as Write).place)
    }
    if (write.place < floor) {
      findings.add(
        'real-time-order',
        `${name(write)}: at ${write.place}, sent after ${floor} was answered`,
      )
    }
  }
}

/** Publishes of one connection into one dialog stand in the order in which they were sent. */
export const checkConnectionOrder = (operations: Iterable<Operation>, findings: Findings): void => {
  const last = new Map<string, number>()
  for (const { write, connection } of operations) {
    // A retry may overtake, and its first attempt may or may not have been the one that counted.
    if (write.place < 0 || write.attempts > 1) continue
    const lane = `${connection}\n${write.dialogId}`
    const before = last.get(lane) ?? -1
    if (write.place < before) {
      findings.add(
        'connection-order',
        `${name(write)}: at ${write.place}, sent on ${connection} after ${before}`,
      )
    }
    last.set(lane, Math.max(before, write.place))
  }
}
