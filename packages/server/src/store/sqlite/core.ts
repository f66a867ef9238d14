/**
 * The embedded store without threads: batches and queries over one connection that writes. Hosted
 * inline or in a worker. While one batch runs nothing else may; the host sees to that.
 *
 * A batch is one transaction with one fsync. Each command but the append has a savepoint, so that
 * a refusal undoes its own writes only. Whatever makes the commit fail undoes the batch. [ST1]
 */
import { Refusal } from '@ringdown/protocol/errors'
import type { Command, Verdict } from '../batch.ts'
import { StoreFailure } from '../batch.ts'
import { changedDialogs } from '../changed-dialogs.ts'
import { type PlainCommand, runCommand } from '../commands/index.ts'
import { epochOf, migrate } from '../migrate.ts'
import { runQuery } from '../queries/index.ts'
import type { CommandData, QueryData, QueryName, QueryResult } from '../store.ts'
import { type Appender, appender } from './appender.ts'
import { type Connect, connectToFile } from './connect.ts'
import { type Connection, connection } from './connection.ts'
import { failureOf, isDiskFull } from './failures.ts'

/** Above this the write-ahead log is emptied by the writer itself. */
const TRUNCATE_ABOVE_BYTES = 256 * 1024 * 1024
/** Above this it begins anew as soon as no more than that is left to move. */
const RESTART_ABOVE_BYTES = 32 * 1024 * 1024
const RESTART_BELOW_UNMOVED_BYTES = 8 * 1024 * 1024
const BATCHES_BETWEEN_LOG_CHECKS = 8

export interface CoreOptions {
  /** Path, or `:memory:`. */
  readonly file: string
  /** The log's identity when it has none yet. */
  readonly epoch: string
  readonly connect?: Connect
}

export interface Core {
  readonly epoch: string
  runBatch(batch: readonly Command[]): Promise<readonly Verdict[]>
  runQuery<N extends QueryName>(name: N, data: QueryData<N>): Promise<QueryResult<N>>
  /** Bytes in the write-ahead log that no checkpoint has moved, as of the last look. */
  unmovedLogBytes(): number
  close(): void
}

/** Durability is asked for and then looked at: a setting that was not taken would lose messages. */
const prepareForWriting = (connected: Connection, isInMemory: boolean): void => {
  const { raw } = connected
  raw.exec('pragma journal_mode = wal')
  raw.exec('pragma synchronous = full')
  raw.exec('pragma wal_autocheckpoint = 0')
  raw.exec('pragma cache_size = -65536')
  if (isInMemory) return
  const { journal_mode } = raw.prepare('pragma journal_mode').get() as { journal_mode: string }
  if (journal_mode !== 'wal')
    throw new Error(`SQLite keeps its journal as ${journal_mode}, not wal`)
}

/** Some builds change the setting with the first write; so it counts only after one. */
const checkFullSync = ({ raw }: Connection): void => {
  const FULL = 2
  const { synchronous } = raw.prepare('pragma synchronous').get() as { synchronous: number }
  if (synchronous !== FULL) throw new Error(`SQLite runs with synchronous=${synchronous}, not FULL`)
}

interface Writing {
  readonly connected: Connection
  readonly appends: Appender
}

const runPlain = async (
  { connected, appends }: Writing,
  name: PlainCommand,
  data: CommandData<PlainCommand>,
): Promise<Verdict> => {
  const { raw, db } = connected
  appends.flush()
  raw.exec('savepoint command')
  try {
    const result = await runCommand(db, name, data as never)
    raw.exec('release command')
    if (name === 'deleteAccount') appends.clear()
    const changed = changedDialogs(result)
    if (changed) appends.forget(changed.accountId, changed.dialogIds)
    return { ok: true, result }
  } catch (error) {
    if (failureOf(error)) throw error
    raw.exec('rollback to command')
    raw.exec('release command')
    return { ok: false, error: error as Error }
  }
}

const runAppend = async ({ appends }: Writing, data: CommandData<'append'>): Promise<Verdict> => {
  try {
    return { ok: true, result: await appends.append(data) }
  } catch (error) {
    if (!(error instanceof Refusal) && failureOf(error)) throw error
    return { ok: false, error: error as Error }
  }
}

const runTransaction = async (
  writing: Writing,
  batch: readonly Command[],
): Promise<readonly Verdict[]> => {
  const { connected, appends } = writing
  const verdicts: Verdict[] = []
  connected.raw.exec('begin immediate')
  for (const { name, data } of batch)
    verdicts.push(
      name === 'append' ? await runAppend(writing, data) : await runPlain(writing, name, data),
    )
  appends.flush()
  connected.raw.exec('commit')
  return verdicts
}

interface LogState {
  readonly log: number
  readonly checkpointed: number
}

const PAGE_BYTES = 4096

/**
 * Watches the write-ahead log. The checkpointer moves it into the database beside the writer, but
 * only the writer can begin it anew, and it does so when little is left to move. A log that begins
 * anew is overwritten, which syncs faster than one that grows. Where checkpoints cannot keep up it
 * is emptied whatever that costs.
 */
const logWatch = () => {
  let batches = 0
  let unmoved = 0
  return {
    unmovedBytes: () => unmoved,
    look({ prepare }: Connection): void {
      batches += 1
      if (batches % BATCHES_BETWEEN_LOG_CHECKS !== 0) return
      const state = prepare('pragma wal_checkpoint(noop)').get() as unknown as LogState
      const bytes = state.log * PAGE_BYTES
      unmoved = bytes - state.checkpointed * PAGE_BYTES
      if (bytes > TRUNCATE_ABOVE_BYTES) prepare('pragma wal_checkpoint(truncate)').get()
      else if (bytes > RESTART_ABOVE_BYTES && unmoved < RESTART_BELOW_UNMOVED_BYTES)
        prepare('pragma wal_checkpoint(restart)').get()
    },
  }
}

export const openCore = async (options: CoreOptions): Promise<Core> => {
  const { file, connect = connectToFile } = options
  const isInMemory = file === ':memory:'
  const open = (): Writing => {
    const connected = connection(connect(file, { readOnly: false }))
    prepareForWriting(connected, isInMemory)
    return { connected, appends: appender(connected) }
  }
  let writing: Writing | undefined = open()
  await migrate(writing.connected.db)
  const epoch = await epochOf(writing.connected.db, options.epoch)
  checkFullSync(writing.connected)
  const watch = logWatch()
  let fatal: StoreFailure | undefined

  /** Undoes the batch. Where even that fails, the connection is given up and made anew. */
  const undo = ({ connected, appends }: Writing, error: unknown): void => {
    appends.clear()
    try {
      if (connected.raw.isTransaction) connected.raw.exec('rollback')
      if (isDiskFull(error) || isInMemory) return
    } catch {
      // The connection is closed next, and with it the transaction.
    }
    connected.close()
    writing = undefined
  }

  const runBatch = async (batch: readonly Command[]): Promise<readonly Verdict[]> => {
    if (fatal) throw fatal
    try {
      writing ??= open()
      const verdicts = await runTransaction(writing, batch)
      if (!isInMemory) watch.look(writing.connected)
      return verdicts
    } catch (error) {
      if (writing) undo(writing, error)
      const failure =
        failureOf(error) ?? new StoreFailure('A batch failed', false, { cause: error })
      if (failure.isFatal) fatal = failure
      throw failure
    }
  }

  return {
    epoch,
    runBatch,
    runQuery: (name, data) => {
      writing ??= open()
      return runQuery(writing.connected.db, name, data)
    },
    unmovedLogBytes: watch.unmovedBytes,
    close: () => writing?.connected.close(),
  }
}
