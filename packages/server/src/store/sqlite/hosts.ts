/** Where the core runs: in the caller's thread, or in threads of its own. */
import { type Command, type Outcome, StoreFailure } from '../batch.ts'
import type { QueryData, QueryName, QueryResult } from '../store.ts'
import type { CoreOptions } from './core.ts'
import type { ThreadStart } from './messages.ts'
import { decodeVerdicts, encodeBatch } from './messages.ts'
import type { Thread } from './thread-client.ts'
import { startThread } from './thread-client.ts'

export interface Host extends AsyncDisposable {
  readonly epoch: string
  /** Batches that may be under way at once. */
  readonly maxInFlight: number
  runBatch(batch: readonly Command[]): Promise<Outcome>
  runQuery<N extends QueryName>(name: N, data: QueryData<N>): Promise<QueryResult<N>>
}

/** For tests and the simulation: no threads, no timers, the same order every time. */
export const inlineHost = async (options: CoreOptions): Promise<Host> => {
  // Where threads have the core, this one does not need it.
  const { openCore } = await import('./core.ts')
  const core = await openCore(options)
  let turn: Promise<unknown> = Promise.resolve()
  /** One at a time: a query must not see a batch that is not committed. */
  const next = <T>(work: () => Promise<T>): Promise<T> => {
    const result = turn.then(work)
    turn = result.catch(() => undefined)
    return result
  }
  return {
    epoch: core.epoch,
    maxInFlight: 1,
    runBatch: (batch) => next(async () => ({ verdicts: await core.runBatch(batch), commits: 1 })),
    runQuery: (name, data) => next(() => core.runQuery(name, data)),
    async [Symbol.asyncDispose]() {
      await turn
      core.close()
    },
  }
}

const CHECKPOINT_ABOVE_BYTES = 32 * 1024 * 1024

/** Asks for a checkpoint when there is enough to move, one at a time. */
const checkpointing = (thread: Thread) => {
  let isBusy = false
  let fatal: StoreFailure | undefined
  return {
    /**
     * After a failed sync the system may forget what it could not write and confirm the next one, and
     * a log that was moved on such a word would be emptied. So no later one is asked. [OPS52]
     */
    assertSound(): void {
      if (fatal) throw fatal
    },
    async look(unmovedLogBytes: number): Promise<void> {
      if (isBusy || fatal || unmovedLogBytes < CHECKPOINT_ABOVE_BYTES) return
      isBusy = true
      try {
        await thread.ask({ kind: 'checkpoint' })
      } catch (error) {
        // Of a full disk nothing is lost: the log stays, and a later checkpoint moves it.
        if (error instanceof StoreFailure && error.isFatal) fatal = error
      }
      isBusy = false
    },
  }
}

/** The writer takes all batches that wait into one commit: many of them keep it from running dry. */
const BATCHES_UNDER_WAY = 16

/** For serving: the event loop waits for no disk. */
export const threadedHost = async (options: Pick<CoreOptions, 'file' | 'epoch'>): Promise<Host> => {
  await using started = new AsyncDisposableStack()
  const start = (role: ThreadStart['role']) => startThread({ ...options, role })
  const starts = [start('writer'), start('reader'), start('checkpointer')] as const
  // The last to close is the writer: it leaves an empty log behind. Where one could not be started the
  // others end, too: a thread that waits for work would keep the process.
  for (const result of await Promise.allSettled(starts))
    if (result.status === 'fulfilled') started.use(result.value)
  const [writer, reader, checkpointer] = await Promise.all(starts)
  const checkpoints = checkpointing(checkpointer)
  const threads = started.move()
  return {
    epoch: writer.epoch,
    maxInFlight: BATCHES_UNDER_WAY,
    async runBatch(batch) {
      checkpoints.assertSound()
      const reply = await writer.ask({ kind: 'batch', flat: encodeBatch(batch) })
      if (reply.kind !== 'verdicts') throw new Error(`The writer answered with ${reply.kind}`)
      void checkpoints.look(reply.unmovedLogBytes)
      return { verdicts: decodeVerdicts(reply.flat), commits: reply.commits }
    },
    async runQuery<N extends QueryName>(name: N, data: QueryData<N>) {
      const reply = await reader.ask({ kind: 'query', query: { name, data } })
      if (reply.kind !== 'result') throw new Error(`The reader answered with ${reply.kind}`)
      return reply.result as QueryResult<N>
    },
    [Symbol.asyncDispose]: () => threads.disposeAsync(),
  }
}
