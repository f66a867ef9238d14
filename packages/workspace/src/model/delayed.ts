/**
 * What can be taken back for a few seconds because it has not been sent. [WSP54]
 *
 *   begun → (time over | another begun | page left) → sent → answered
 *     └ undone: nothing was ever sent
 *
 * What is not answered yet is kept for the tab, so that a reload sends it.
 */
import { type AgentClient, ClientClosed, RequestRefused } from '@ringdown/client'
import type { Change } from './actions.ts'
import { keep, readKept } from './kept.ts'
import { Value } from './value.ts'

export interface Delayed {
  readonly conversationId: string
  readonly changes: readonly Change[]
}

interface Told {
  /** It cannot be taken back any more. */
  sent(): void
  /** The server has taken it. */
  done(): void
  failed(error: unknown): void
}

type Kept = Delayed & { readonly id: number }

interface Waiting extends Kept {
  readonly timer: ReturnType<typeof setTimeout>
  readonly told: Told
}

const nobody: Told = { sent: () => {}, done: () => {}, failed: () => {} }

/** How long a conversation that was left stays hidden at most, while the server tells of it. */
const SETTLE_MS = 2_000
const RETRY_MS = 1_000

export class DelayedActions implements Disposable {
  /** Conversations that are as good as left. */
  readonly leaving = new Value<ReadonlySet<string>>(new Set())
  readonly #client: AgentClient
  readonly #key: string
  readonly #stop = new AbortController()
  #waiting: Waiting | undefined
  #last = 0
  /** Sent, or about to be, and not answered. */
  #kept: readonly Kept[] = []
  #sending: Promise<void> = Promise.resolve()

  constructor(client: AgentClient, key: string) {
    this.#client = client
    this.#key = `ringdown.delayed.${key}`
    const left = readKept<readonly Delayed[]>('tab', this.#key) ?? []
    for (const one of left) this.#send(this.#keep(one), nobody)
    const { signal } = this.#stop
    const flush = () => void this.flush()
    addEventListener('pagehide', flush, { signal })
    addEventListener('beforeunload', flush, { signal })
    document.addEventListener(
      'visibilitychange',
      () => document.visibilityState === 'hidden' && flush(),
      { signal },
    )
  }

  /** Sends it after a while, and whatever waited before at once. Returns how to take it back. */
  begin(action: Delayed, { delayMs, ...told }: Told & { delayMs: number }): () => void {
    void this.flush()
    const kept = this.#keep(action)
    this.#hide(action.conversationId, true)
    const timer = setTimeout(() => void this.flush(), delayMs)
    this.#waiting = { ...kept, timer, told }
    if (delayMs === 0) void this.flush()
    return () => this.#undo(kept.id)
  }

  /** Sends what waits; resolves once all that was sent has been answered. */
  flush(): Promise<void> {
    const waiting = this.#waiting
    if (!waiting) return this.#sending
    clearTimeout(waiting.timer)
    this.#waiting = undefined
    const { timer: _, told, ...kept } = waiting
    told.sent()
    this.#send(kept, told)
    return this.#sending
  }

  [Symbol.dispose](): void {
    void this.flush()
    this.#stop.abort()
  }

  #undo(id: number): void {
    if (this.#waiting?.id !== id) return
    clearTimeout(this.#waiting.timer)
    this.#hide(this.#waiting.conversationId, false)
    this.#waiting = undefined
    this.#forget(id)
  }

  #keep({ conversationId, changes }: Delayed): Kept {
    this.#last += 1
    const kept = { id: this.#last, conversationId, changes }
    this.#kept = [...this.#kept, kept]
    keep('tab', this.#key, this.#kept)
    return kept
  }

  #forget(id: number): void {
    this.#kept = this.#kept.filter((one) => one.id !== id)
    keep('tab', this.#key, this.#kept.length === 0 ? undefined : this.#kept)
  }

  #send(action: Kept, { done, failed }: Told): void {
    const sent = this.#deliver(action).then(
      () => {
        done()
        setTimeout(() => this.#hide(action.conversationId, false), SETTLE_MS)
      },
      (error: unknown) => {
        this.#hide(action.conversationId, false)
        failed(error)
      },
    )
    this.#sending = Promise.all([this.#sending, sent]).then(() => {})
  }

  /** A lost connection leaves open whether it took effect: it is asked for again. */
  async #deliver({ id, conversationId, changes }: Kept): Promise<void> {
    for (let isFirst = true; ; isFirst = false) {
      try {
        const body = { conversationId, conversationField: [...changes] }
        await this.#client.request('updateConversationField', body)
        return this.#forget(id)
      } catch (error) {
        // The page goes: what is kept is sent by the next.
        if (error instanceof ClientClosed) throw error
        if (error instanceof RequestRefused && error.code < 500 && error.code !== 429) {
          this.#forget(id)
          if (isFirst) throw error
          return
        }
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS))
      }
    }
  }

  #hide(id: string, isLeaving: boolean): void {
    const ids = new Set(this.leaving.get())
    if (isLeaving) ids.add(id)
    else ids.delete(id)
    this.leaving.set(ids)
  }
}
