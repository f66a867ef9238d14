/** The store on PostgreSQL behind the port: any number of nodes on one database. */
import { Refusal } from '@ringdown/protocol/errors'
import type { Command, OnOutage, Outcome, Verdict } from '../batch.ts'
import { batchPipeline, unavailable } from '../batch.ts'
import { changedDialogs } from '../changed-dialogs.ts'
import { type PlainCommand, runCommand } from '../commands/index.ts'
import { epochOf, migrate } from '../migrate.ts'
import { runQuery, severalStatements } from '../queries/index.ts'
import type {
  CommandData,
  CommandResult,
  QueryData,
  QueryName,
  QueryResult,
  Store,
} from '../store.ts'
import { type Appender, appender } from './appender.ts'
import { type Connected, checkDurability, connect } from './connect.ts'
import { failureOf, isBadText, mayTryAgain } from './failures.ts'

export interface PostgresStoreOptions {
  readonly url: string
  /** The log's identity when it has none yet. */
  readonly epoch: string
  readonly maxPending?: number
  readonly onOutage?: OnOutage
}

const MAX_PENDING = 10_000
const MAX_BATCH = 1_000
const MAX_ATTEMPTS = 10

type Segment = readonly Command[]

/** Runs of appends stay together; every other command is alone. Order is kept. */
const segmentsOf = (batch: readonly Command[]): Segment[] => {
  const segments: Command[][] = []
  for (const command of batch) {
    const last = segments.at(-1)
    if (command.name === 'append' && last?.[0]?.name === 'append') last.push(command)
    else segments.push([command])
  }
  return segments
}

const transact = async <N extends PlainCommand>(
  { db }: Connected,
  name: N,
  data: CommandData<N>,
): Promise<CommandResult<N>> => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await db.transaction().execute((transaction) => runCommand(transaction, name, data))
    } catch (error) {
      if (attempt === MAX_ATTEMPTS || !mayTryAgain(error)) throw error
    }
  }
}

const runPlain = async (
  connected: Connected,
  appends: Appender,
  { name, data }: Command,
): Promise<Verdict> => {
  try {
    const result = await transact(connected, name as PlainCommand, data as never)
    if (name === 'deleteAccount') appends.clear()
    const changed = changedDialogs(result)
    if (changed) appends.forget(changed.accountId, changed.dialogIds)
    return { ok: true, result }
  } catch (error) {
    if (failureOf(error)) throw error
    const refused = isBadText(error)
      ? new Refusal('bad_request', undefined, { cause: error })
      : error
    return { ok: false, error: refused as Error }
  }
}

/** A failure ends the batch: what came before it is committed, what comes after is not tried. */
const runBatch =
  (connected: Connected, appends: Appender) =>
  async (batch: readonly Command[]): Promise<Outcome> => {
    const verdicts: Verdict[] = []
    try {
      for (const segment of segmentsOf(batch)) {
        const [first] = segment
        if (first?.name === 'append')
          verdicts.push(...(await appends.append(segment.map(({ data }) => data as never))))
        else verdicts.push(await runPlain(connected, appends, first!))
      }
    } catch (error) {
      // Whether the failed part was committed is not known; what is remembered may be wrong.
      appends.clear()
      const cause = failureOf(error) ?? error
      while (verdicts.length < batch.length) verdicts.push({ ok: false, error: unavailable(cause) })
    }
    return { verdicts, commits: 1 }
  }

const readSnapshot = <N extends QueryName>(
  { db }: Connected,
  name: N,
  data: QueryData<N>,
): Promise<QueryResult<N>> =>
  severalStatements.has(name)
    ? db
        .transaction()
        .setIsolationLevel('repeatable read')
        .setAccessMode('read only')
        .execute((transaction) => runQuery(transaction, name, data))
    : runQuery(db, name, data)

const prepare = async ({ pool, db }: Connected, epoch: string): Promise<string> => {
  await checkDurability(pool)
  await migrate(db)
  return epochOf(db, epoch)
}

export const postgresStore = async (options: PostgresStoreOptions): Promise<Store> => {
  await using opening = new AsyncDisposableStack()
  const connected = connect(options.url)
  opening.defer(() => connected.pool.end())
  const epoch = await prepare(connected, options.epoch)
  const pipeline = batchPipeline({
    send: runBatch(connected, appender(connected.pool, connected.db)),
    maxInFlight: 1,
    maxBatch: MAX_BATCH,
    maxPending: options.maxPending ?? MAX_PENDING,
    onFatal: () => undefined,
    ...(options.onOutage && { onOutage: options.onOutage }),
  })
  const parts = opening.move()
  let isClosed = false
  return {
    epoch,
    write: (name, data) => pipeline.write(name, data),
    async read(name, data) {
      if (isClosed) throw unavailable()
      try {
        return await readSnapshot(connected, name, data)
      } catch (error) {
        if (error instanceof Refusal || !failureOf(error)) throw error
        throw unavailable(error)
      }
    },
    stats: () => pipeline.stats(),
    // A database that is away comes back: nothing here is fatal.
    onFatal: () => undefined,
    async [Symbol.asyncDispose]() {
      if (isClosed) return
      isClosed = true
      await pipeline.drain()
      await parts.disposeAsync()
    },
  }
}
