/**
 * What can be taken back for a few seconds because it has not been sent. [WSP54]
 *
 *   begun → (time over | another begun | page left) → sent → answered
 *     └ undone: nothing was ever sent
 *
 * What is not answered yet is kept for the tab, so that a reload sends it.
 */
import {
  type AgentClient,
  type Backoff,
  ClientClosed,
  ConnectionLost,
  RequestRefused,
  RequestTimedOut,
  untilTaken,
} from '@ringdown/client'
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
const RETRY: Backoff = { firstMs: 1_000, mostMs: 10_000 }

interface Asking {
  readonly backoff: Backoff
  /** It was asked for before, and nobody knows what came of it. */
  readonly mayBeDone?: boolean
}

/**
 * Asks until there is an answer. What nobody answered may have taken effect: a refusal that comes later is
 * then of what is done already. [WSP54]
 */
export const untilAnswered = async (
  ask: () => Promise<unknown>,
  { backoff, mayBeDone = false }: Asking,
): Promise<void> => {
  let isOpen = mayBeDone
  const once = async () => {
    try {
      await ask()
    } catch (error) {
      isOpen ||= error instanceof ConnectionLost || error instanceof RequestTimedOut
      throw error
    }
  }
  try {
    await untilTaken(once, { backoff })
  } catch (error) {
    if (!isOpen || !(error instanceof RequestRefused)) throw error
  }
}

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
    for (const one of left) {
      // The list shows first what it knew before, and the server has perhaps heard of it.
      this.#hide(one.conversationId, true)
      this.#send(this.#keep(one), nobody, { mayBeDone: true })
    }
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

  #send(action: Kept, { done, failed }: Told, { mayBeDone = false } = {}): void {
    const sent = this.#deliver(action, mayBeDone).then(
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

  async #deliver({ id, conversationId, changes }: Kept, mayBeDone: boolean): Promise<void> {
    const body = { conversationId, conversationField: [...changes] }
    const ask = () => this.#client.request('updateConversationField', body)
    try {
      await untilAnswered(ask, { backoff: RETRY, mayBeDone })
    } catch (error) {
      // The page goes: what is kept is sent by the next.
      if (!(error instanceof ClientClosed)) this.#forget(id)
      throw error
    }
    this.#forget(id)
  }

  #hide(id: string, isLeaving: boolean): void {
    const ids = new Set(this.leaving.get())
    if (isLeaving) ids.add(id)
    else ids.delete(id)
    this.leaving.set(ids)
  }
}
