/** Commands on their way: what a batch holds and what comes back for each of them. */
import { Refusal } from '@ringdown/protocol/errors'
import type { Appended, CommandData, CommandName, CommandResult, StoreStats } from './store.ts'

export type Command = {
  readonly [N in CommandName]: { readonly name: N; readonly data: CommandData<N> }
}[CommandName]

export type Verdict =
  | { readonly ok: true; readonly result: CommandResult<CommandName> }
  | { readonly ok: false; readonly error: Error }

/** The engine could not commit. A fatal one means that durability can no longer be promised. */
export class StoreFailure extends Error {
  override readonly name = 'StoreFailure'
  readonly isFatal: boolean

  constructor(message: string, isFatal: boolean, options?: ErrorOptions) {
    super(message, options)
    this.isFatal = isFatal
  }
}

export const unavailable = (cause?: unknown): Refusal =>
  new Refusal('unavailable', undefined, cause === undefined ? undefined : { cause })

interface Waiting {
  readonly command: Command
  readonly resolve: (result: never) => void
  readonly reject: (error: Error) => void
}

/** What became of a batch. */
export interface Outcome {
  readonly verdicts: readonly Verdict[]
  /** Commits it took; 0 when it shared the one of a batch before it. */
  readonly commits: number
}

export interface PipelineOptions {
  /** Runs one batch; a rejection with `StoreFailure` means that all of it was undone. */
  readonly send: (batch: readonly Command[]) => Promise<Outcome>
  /** Batches under way at once. */
  readonly maxInFlight: number
  readonly maxBatch: number
  /** Commands that may wait, batches under way included. */
  readonly maxPending: number
  readonly onFatal: (cause: Error) => void
  readonly onOutage?: OnOutage
}

/** Told why commits fail, once when it begins, and nothing when they work again. [OPS53] */
export type OnOutage = (cause: Error | undefined) => void

export interface Pipeline {
  write<N extends CommandName>(name: N, data: CommandData<N>): Promise<CommandResult<N>>
  stats(): StoreStats
  /** Refuses what comes later; resolves when everything accepted before is settled. */
  drain(): Promise<void>
}

type Counts = { -readonly [Name in keyof StoreStats]: number }

const count = (counts: Counts, { name }: Command, verdict: Verdict): void => {
  counts.commands += 1
  if (name === 'append' && verdict.ok && !(verdict.result as Appended).isDuplicate)
    counts.eventsAppended += 1
}

/** A batch that changed nothing proves nothing about the disk. */
const hasWritten = (name: CommandName, result: unknown): boolean =>
  name === 'proveWritable' || (name === 'append' && !(result as Appended).isDuplicate)

/** Notices when commits begin to fail, and when they work again. */
const outageWatch = (report: OnOutage = () => undefined) => {
  let isOut = false
  return {
    failed(cause: Error): void {
      if (!isOut) report(cause)
      isOut = true
    },
    settled({ name }: Command, verdict: Verdict): void {
      if (!verdict.ok) {
        const { error } = verdict
        const isOutage = error instanceof Refusal && error.code === 'unavailable'
        if (isOutage) this.failed(error.cause instanceof Error ? error.cause : error)
      } else if (isOut && hasWritten(name, verdict.result)) {
        isOut = false
        report(undefined)
      }
    },
  }
}

const settleOne = ({ resolve, reject }: Waiting, verdict: Verdict): void => {
  if (verdict.ok) resolve(verdict.result as never)
  else reject(verdict.error)
}

/**
 * Gathers commands into batches: while as many are under way as may be, what arrives forms the next
 * one. Order of arrival is the order of effect and of settling. [ST1] [ST2]
 */
class BatchPipeline implements Pipeline {
  readonly #options: PipelineOptions
  readonly #queue: Waiting[] = []
  readonly #counts: Counts = { commits: 0, commands: 0, eventsAppended: 0 }
  readonly #drained = Promise.withResolvers<void>()
  readonly #outage: ReturnType<typeof outageWatch>
  #inFlight = 0
  #pending = 0
  #isScheduled = false
  #closed: 'no' | 'draining' | 'failed' = 'no'

  constructor(options: PipelineOptions) {
    this.#options = options
    this.#outage = outageWatch(options.onOutage)
  }

  write<N extends CommandName>(name: N, data: CommandData<N>): Promise<CommandResult<N>> {
    if (this.#closed !== 'no' || this.#pending >= this.#options.maxPending)
      return Promise.reject(unavailable())
    this.#pending += 1
    const { promise, resolve, reject } = Promise.withResolvers<CommandResult<N>>()
    this.#queue.push({ command: { name, data } as Command, resolve, reject })
    if (!this.#isScheduled && this.#inFlight < this.#options.maxInFlight) {
      this.#isScheduled = true
      // What else this tick issues shares the batch.
      queueMicrotask(() => this.#flush())
    }
    return promise
  }

  stats(): StoreStats {
    return { ...this.#counts }
  }

  drain(): Promise<void> {
    if (this.#closed === 'no') this.#closed = 'draining'
    if (this.#pending === 0) this.#drained.resolve()
    return this.#drained.promise
  }

  /** Beside what is under way a few commands are not worth a message of their own: they wait. */
  get #isWorthSending(): boolean {
    const underWay = this.#pending - this.#queue.length
    return this.#queue.length > 0 && (this.#inFlight === 0 || 2 * this.#queue.length >= underWay)
  }

  #flush(): void {
    const { maxInFlight, maxBatch } = this.#options
    this.#isScheduled = false
    while (this.#isWorthSending && this.#inFlight < maxInFlight)
      void this.#launch(this.#queue.splice(0, maxBatch))
  }

  async #launch(batch: readonly Waiting[]): Promise<void> {
    this.#inFlight += 1
    try {
      this.#settle(batch, await this.#options.send(batch.map(({ command }) => command)))
    } catch (error) {
      this.#fail(batch, error)
    }
    this.#inFlight -= 1
    this.#pending -= batch.length
    this.#flush()
    if (this.#closed !== 'no' && this.#pending === 0) this.#drained.resolve()
  }

  #settle(batch: readonly Waiting[], { verdicts, commits }: Outcome): void {
    this.#counts.commits += commits
    for (const [index, waiting] of batch.entries()) {
      const verdict = verdicts[index] as Verdict
      count(this.#counts, waiting.command, verdict)
      this.#outage.settled(waiting.command, verdict)
      settleOne(waiting, verdict)
    }
  }

  #fail(batch: readonly Waiting[], error: unknown): void {
    const cause = error instanceof Error ? error : new Error(String(error))
    this.#outage.failed(cause)
    for (const { reject } of batch) reject(unavailable(cause))
    const isFatal = !(cause instanceof StoreFailure) || cause.isFatal
    if (!isFatal || this.#closed === 'failed') return
    this.#closed = 'failed'
    const abandoned = this.#queue.splice(0)
    this.#pending -= abandoned.length
    for (const { reject } of abandoned) reject(unavailable(cause))
    this.#options.onFatal(cause)
  }
}

export const batchPipeline = (options: PipelineOptions): Pipeline => new BatchPipeline(options)
