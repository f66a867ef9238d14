/** Reads all dialogs back in two ways: through the protocol, and straight from the file. */
import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { DATABASE_FILE } from '../../src/store/open-store.ts'
import {
  checkHistory,
  type FinalLog,
  type HistoryVerdict,
  type LoggedEvent,
} from '../../src/testing/history.ts'
import type { Recorder } from './recorder.ts'
import { readEvents, Wire } from './wire.ts'
import type { Pair } from './world.ts'

const PAGE = 1000

const askDialog = async (wire: Wire, dialogId: string): Promise<readonly LoggedEvent[]> => {
  const all: LoggedEvent[] = []
  for (;;) {
    const newerThanSequence = all.length === 0 ? 0 : all.at(-1)!.sequence + 1
    const answer = await wire.ask('ms.QueryMessages', { dialogId, newerThanSequence })
    if (answer?.code !== 200) throw new Error(`not read: ${JSON.stringify(answer)}`)
    const page = readEvents(answer.body)
    all.push(...page)
    if (page.length < PAGE) return all
  }
}

/** What the agents of the dialogs are told. */
export const logOverProtocol = async (port: number, pairs: readonly Pair[]): Promise<FinalLog> => {
  const dialogs = new Map<string, readonly LoggedEvent[]>()
  for (const { dialogId, agent } of pairs) {
    await using wire = await Wire.open(port, agent.door)
    dialogs.set(dialogId, await askDialog(wire, dialogId))
  }
  return { source: 'protocol', dialogs }
}

interface Row {
  id: string
  sequence: number
  publisher_id: string
  event_id: string
  payload: string
  audience: 'all' | 'agents'
}

const EVERYTHING = `select dialogs.id, sequence, publisher_id, event_id, payload, audience
  from events join dialogs on dialogs.key = events.dialog_key order by dialogs.id, sequence`

/** A copy of the file and its write-ahead log, as a disk has them that nobody writes to any more. */
const copyOf = (dataDir: string): string => {
  const folder = mkdtempSync(join(tmpdir(), 'ringdown-copy-'))
  for (const name of [DATABASE_FILE, `${DATABASE_FILE}-wal`])
    if (existsSync(join(dataDir, name))) copyFileSync(join(dataDir, name), join(folder, name))
  return folder
}

const readLog = (db: DatabaseSync): FinalLog => {
  const dialogs = new Map<string, LoggedEvent[]>()
  for (const row of db.prepare(EVERYTHING).all() as unknown as Row[]) {
    const { message } = JSON.parse(row.payload) as { message: string }
    const { sequence, publisher_id: publisherId, event_id: eventId, audience } = row
    const event = { sequence, publisherId, eventId, body: message, audience }
    const events = dialogs.get(row.id)
    if (events) events.push(event)
    else dialogs.set(row.id, [event])
  }
  return { source: 'file', dialogs }
}

/** What another process finds in the file that the server has open. */
export const logInFile = (dataDir: string): FinalLog => {
  using db = new DatabaseSync(join(dataDir, DATABASE_FILE), { readOnly: true })
  return readLog(db)
}

/** What a dead server left; the original stays as it was. Also says whether the file is sound. */
export const logLeftBehind = (dataDir: string): FinalLog => {
  const folder = copyOf(dataDir)
  try {
    using db = new DatabaseSync(join(folder, DATABASE_FILE))
    // Of a copy nothing needs to be safe.
    db.exec('pragma synchronous = off')
    const log = readLog(db)
    const { integrity_check: verdict } = db.prepare('pragma integrity_check').get() as {
      integrity_check: string
    }
    if (verdict !== 'ok') throw new Error(`the database is damaged: ${verdict}`)
    return log
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Judges what was recorded. Consumers and agents see their own dialogs, consumers no private events. */
export const judge = (
  recorder: Recorder,
  pairs: readonly Pair[],
  logs: readonly [FinalLog, ...FinalLog[]],
): HistoryVerdict => {
  const byDialog = new Map(pairs.map((pair) => [pair.dialogId, pair]))
  return checkHistory({
    rows: recorder.rows,
    logs,
    maySee(actorId, dialogId, { audience }) {
      const pair = byDialog.get(dialogId)
      if (pair?.agent.actorId === actorId) return true
      return pair?.consumer.actorId === actorId && audience !== 'agents'
    },
  })
}

/** Both readings at once, of a server that runs. */
export const bothLogs = async (
  { port, dataDir }: { port: number; dataDir: string },
  pairs: readonly Pair[],
): Promise<[FinalLog, FinalLog]> => [await logOverProtocol(port, pairs), logInFile(dataDir)]

/** Where every dialog ends for a reader of this audience: the last sequence that it may see, or -1. */
export const lastVisible = (log: FinalLog, dialogId: string, audience: 'all' | 'agents'): number =>
  log.dialogs
    .get(dialogId)
    ?.findLast((event) => audience === 'agents' || event.audience !== 'agents')?.sequence ?? -1
