/** The embedded store behind the port. */
import { Refusal } from '@ringdown/protocol/errors'
import { batchPipeline, type OnOutage, unavailable } from '../batch.ts'
import type { QueryData, QueryName, QueryResult, Store } from '../store.ts'
import type { Connect } from './connect.ts'
import { lockFolder } from './folder-lock.ts'
import type { Host } from './hosts.ts'
import { inlineHost, threadedHost } from './hosts.ts'

export interface SqliteStoreOptions {
  /** Path of the database, or `:memory:` (inline only). */
  readonly file: string
  readonly hosting: 'inline' | 'worker'
  /** The log's identity when it has none yet. */
  readonly epoch: string
  readonly maxPending?: number
  readonly onOutage?: OnOutage
  /** Inline: another way to connect, such as one that fails on purpose. */
  readonly connect?: Connect
}

const MAX_PENDING = 10_000
const MAX_BATCH = 1_000

const openHost = ({ file, hosting, epoch, connect }: SqliteStoreOptions): Promise<Host> =>
  hosting === 'worker'
    ? threadedHost({ file, epoch })
    : inlineHost({ file, epoch, ...(connect && { connect }) })

/** Failures happen once; who asks late is told too. */
const fatalSignal = () => {
  const listeners: ((cause: Error) => void)[] = []
  let raised: Error | undefined
  return {
    raise(cause: Error) {
      if (raised) return
      raised = cause
      for (const react of listeners) react(cause)
    },
    listen(react: (cause: Error) => void) {
      listeners.push(react)
      if (raised) react(raised)
    },
  }
}

export const sqliteStore = async (options: SqliteStoreOptions): Promise<Store> => {
  await using opened = new AsyncDisposableStack()
  if (options.file !== ':memory:') opened.use(lockFolder(`${options.file}.lock`))
  const host = opened.use(await openHost(options))
  const fatal = fatalSignal()
  const pipeline = batchPipeline({
    send: host.runBatch,
    maxInFlight: host.maxInFlight,
    maxBatch: MAX_BATCH,
    maxPending: options.maxPending ?? MAX_PENDING,
    onFatal: fatal.raise,
    ...(options.onOutage && { onOutage: options.onOutage }),
  })
  const parts = opened.move()
  let isClosed = false
  return {
    epoch: host.epoch,
    write: (name, data) => pipeline.write(name, data),
    async read<N extends QueryName>(name: N, data: QueryData<N>): Promise<QueryResult<N>> {
      if (isClosed) throw unavailable()
      try {
        return await host.runQuery(name, data)
      } catch (error) {
        throw error instanceof Refusal ? error : unavailable(error)
      }
    },
    stats: () => pipeline.stats(),
    onFatal: fatal.listen,
    async [Symbol.asyncDispose]() {
      if (isClosed) return
      isClosed = true
      await pipeline.drain()
      await parts.disposeAsync()
    },
  }
}
