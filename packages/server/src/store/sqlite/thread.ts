/**
 * Entry of the store's threads. The writer runs batches, the reader queries, and the checkpointer
 * moves the write-ahead log into the database, so that no commit waits for it. Each imports no
 * more than it needs: the threads start together, and the server waits for them. [ST3]
 */
import { flushCompileCache } from 'node:module'
import { parentPort, workerData } from 'node:worker_threads'
import { connectToFile } from './connect.ts'
import { failureOf } from './failures.ts'
import type { Reply, Request, ThreadStart } from './messages.ts'
import { decodeBatch, encodeError, encodeVerdicts } from './messages.ts'

const port = parentPort!
const { role, file, epoch } = workerData as ThreadStart

interface Role {
  readonly epoch: string
  /** A reply to each of the requests that wait. */
  answer(requests: readonly Request[]): Promise<readonly Reply[]>
  close(): void
}

const failed = (error: unknown): Reply => ({
  kind: 'failed',
  flat: encodeError(error instanceof Error ? error : new Error(String(error))),
})

/** Each request on its own, failures too. */
const oneByOne =
  (answer: (request: Request) => Promise<Reply>): Role['answer'] =>
  async (requests) => {
    const replies: Reply[] = []
    for (const request of requests) replies.push(await answer(request).catch(failed))
    return replies
  }

const refuse = (request: Request): never => {
  throw new Error(`The ${role} thread does not do ${request.kind}`)
}

/** Batches that wait together are one commit; each gets its own part of the verdicts. */
const writer = async (): Promise<Role> => {
  const { openCore } = await import('./core.ts')
  const core = await openCore({ file, epoch })
  return {
    epoch: core.epoch,
    async answer(requests) {
      const batches = requests.map((request) =>
        request.kind === 'batch' ? decodeBatch(request.flat) : refuse(request),
      )
      const verdicts = await core.runBatch(batches.flat())
      let from = 0
      return batches.map((batch, index) => {
        const own = verdicts.slice(from, from + batch.length)
        from += batch.length
        return {
          kind: 'verdicts',
          flat: encodeVerdicts(batch, own),
          commits: index === 0 ? 1 : 0,
          unmovedLogBytes: core.unmovedLogBytes(),
        }
      })
    },
    close: core.close,
  }
}

/** Opened by the first request: threads start side by side, and the writer makes the database. */
const lazily = <Opened extends { close(): void }>(open: () => Opened) => {
  let opened: Opened | undefined
  return {
    get() {
      opened ??= open()
      return opened
    },
    close: () => opened?.close(),
  }
}

const queries = async (): Promise<Role> => {
  const { readSnapshot } = await import('./reads.ts')
  const { connection } = await import('./connection.ts')
  const connected = lazily(() => connection(connectToFile(file, { readOnly: true })))
  return {
    epoch,
    answer: oneByOne(async (request) => {
      if (request.kind !== 'query') return refuse(request)
      const { name, data } = request.query
      return { kind: 'result', result: await readSnapshot(connected.get(), name, data as never) }
    }),
    close: connected.close,
  }
}

const checkpointer = (): Role => {
  const database = lazily(() => connectToFile(file, { readOnly: false }))
  return {
    epoch,
    answer: oneByOne(async (request) => {
      if (request.kind !== 'checkpoint') return refuse(request)
      try {
        database.get().prepare('pragma wal_checkpoint(passive)').get()
      } catch (error) {
        throw failureOf(error) ?? error
      }
      return { kind: 'done' }
    }),
    close: database.close,
  }
}

const roles = { writer, reader: queries, checkpointer }

const serve = async (): Promise<void> => {
  const work = await roles[role]()
  let waiting: Request[] = []
  let isRunning = false

  const run = async (): Promise<void> => {
    const requests = waiting.filter(({ kind }) => kind !== 'close')
    const isLast = requests.length < waiting.length
    waiting = []
    try {
      if (requests.length > 0) port.postMessage(await work.answer(requests))
    } catch (error) {
      port.postMessage(requests.map(() => failed(error)))
    }
    isRunning = false
    if (isLast) {
      work.close()
      port.close()
    } else schedule()
  }
  /** Once all messages that have come are taken in: what waits together is answered together. */
  const schedule = (): void => {
    if (isRunning || waiting.length === 0) return
    isRunning = true
    setImmediate(() => void run())
  }
  port.on('message', (request: Request) => {
    waiting.push(request)
    schedule()
  })
  port.postMessage([{ kind: 'ready', epoch: work.epoch }] satisfies Reply[])
  // At once, since a server that is killed has no time for it. [OPS65]
  flushCompileCache()
}

try {
  await serve()
} catch (error) {
  port.postMessage([failed(error)])
  port.close()
}
