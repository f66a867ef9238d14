/** A past conversation that is read part by part, as far as what is looked for. [WSP35] */
import { type PastThread, readPast } from './history.ts'
import type { Rest } from './rest.ts'
import { Value } from './value.ts'

export type Reading =
  | { readonly kind: 'begun' }
  | { readonly kind: 'failed' }
  | { readonly kind: 'unknown' }
  /** What follows may have failed to come; what is there stays. */
  | { readonly kind: 'read'; readonly thread: PastThread; readonly hasFailed: boolean }

/** A message that is looked for may stand behind what one answer has room for. */
const MOST_PARTS = 10

const joined = (before: PastThread | undefined, next: PastThread): PastThread =>
  before ? { ...next, said: [...before.said, ...next.said] } : next

export class PastReading implements Disposable {
  readonly state = new Value<Reading>({ kind: 'begun' })
  readonly #rest: Pick<Rest, 'history'>
  readonly #conversationId: string
  readonly #stop = new AbortController()
  #target: string | undefined
  #thread: PastThread | undefined
  #isReading = false

  constructor(rest: Pick<Rest, 'history'>, conversationId: string) {
    this.#rest = rest
    this.#conversationId = conversationId
  }

  /** Reads as far as this message, or the beginning where none is looked for. */
  async lookFor(messageId: string | undefined): Promise<void> {
    this.#target = messageId
    if (!this.#thread || (this.#thread.isPartial && !this.#isFound())) await this.readOn()
  }

  /** Reads behind what is there. */
  async readOn(): Promise<void> {
    if (this.#isReading) return
    this.#isReading = true
    try {
      for (let part = 0; part < MOST_PARTS; part += 1)
        if (!(await this.#readPart()) || this.#isFound()) break
      this.#tell(false)
    } catch {
      if (!this.#stop.signal.aborted) this.#tell(true)
    } finally {
      this.#isReading = false
    }
  }

  [Symbol.dispose](): void {
    this.#stop.abort()
  }

  /** Whether there may be another one. */
  async #readPart(): Promise<boolean> {
    const before = this.#thread
    const { signal } = this.#stop
    const after = before?.said.at(-1)?.eventId
    const next = await readPast(this.#rest, this.#conversationId, { after, signal })
    if (!next) return false
    this.#thread = joined(before, next)
    return next.isPartial && next.said.length > 0
  }

  #isFound(): boolean {
    if (this.#target === undefined) return true
    return this.#thread?.said.some(({ eventId }) => eventId === this.#target) ?? false
  }

  #tell(hasFailed: boolean): void {
    const thread = this.#thread
    if (thread) this.state.set({ kind: 'read', thread, hasFailed })
    else this.state.set({ kind: hasFailed ? 'failed' : 'unknown' })
  }
}
