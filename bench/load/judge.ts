/** Reads the logs back and hands the recorded history to the checker. */
import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import {
  checkHistory,
  type FinalLog,
  type HistoryVerdict,
  type LoggedEvent,
} from '../../packages/server/src/testing/history.ts'
import type { Target } from './job.ts'
import type { LoadPair } from './pairs.ts'
import { inParallel } from './people.ts'
import type { Recorder } from './recorder.ts'
import type { Session } from './session.ts'

interface WireEvent {
  readonly sequence: number
  readonly originatorId: string
  readonly originatorPId?: string
  readonly eventId?: string
  readonly dialogId: string
  readonly event: { readonly message: string }
}

const PAGE = 500
const WIDTH = 8

const logged = (event: WireEvent): LoggedEvent => ({
  sequence: event.sequence,
  publisherId: event.originatorPId ?? event.originatorId,
  eventId: event.eventId ?? '',
  body: event.event.message,
})

const readDialog = async (session: Session, dialogId: string): Promise<LoggedEvent[]> => {
  const events: LoggedEvent[] = []
  for (;;) {
    const from = events.length
    // Both bounds, since a bare limit would mean the newest.
    const page: WireEvent[] = await session.request('ms.QueryMessages', {
      dialogId,
      newerThanSequence: from,
      olderThanSequence: from + PAGE,
    })
    events.push(...page.filter((event) => event.sequence >= from).map(logged))
    if (page.length < PAGE) return events
  }
}

const overTheWire = async (pairs: readonly LoadPair[]): Promise<FinalLog> => {
  const logs = await inParallel(pairs, WIDTH, ({ dialogId, consumer }) =>
    readDialog(consumer.session, dialogId),
  )
  const entries = pairs.map(({ dialogId }, i) => [dialogId, logs[i] as LoggedEvent[]] as const)
  return { source: 'protocol', dialogs: new Map(entries) }
}

/** Line by line: what a fast server writes in a run does not fit into one string. */
const fromFile = async (pairs: readonly LoadPair[], logFile: string): Promise<FinalLog> => {
  const dialogs = new Map<string, LoggedEvent[]>(pairs.map(({ dialogId }) => [dialogId, []]))
  for await (const line of createInterface({ input: createReadStream(logFile, 'utf8') })) {
    if (line === '') continue
    const event = JSON.parse(line) as WireEvent
    dialogs.get(event.dialogId)?.push(logged(event))
  }
  return { source: 'file', dialogs }
}

export const judge = async (
  recorder: Recorder,
  pairs: readonly LoadPair[],
  target: Target,
): Promise<HistoryVerdict> => {
  const log = target.logFile ? await fromFile(pairs, target.logFile) : await overTheWire(pairs)
  const parties = new Map(
    pairs.map(({ dialogId, consumer, agent }) => [
      dialogId,
      new Set([consumer.actorId, agent.actorId]),
    ]),
  )
  return checkHistory({
    rows: recorder.rows(),
    logs: [log],
    maySee: (actorId, dialogId) => parties.get(dialogId)?.has(actorId) ?? false,
  })
}
