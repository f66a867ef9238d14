/**
 * What was on the screen, for a reload while the server is away. It lies in the tab's own storage, beside
 * the login: whoever closes the tab or signs out leaves nothing on the machine. [WSP41]
 */
import { keep, readKept } from './kept.ts'
import type { Session } from './session.ts'

/** Characters of one part: what waits to be sent needs room in the same storage. */
const MOST_OF_PART = 300_000
const CALM_MS = 500

const parts = ['mine', 'all', 'names', 'threads', 'syncedAt'] as const

export type Part = (typeof parts)[number]

export class Copy implements Disposable {
  readonly #prefix: string
  readonly #due = new Map<Part, () => unknown>()
  #timer: ReturnType<typeof setTimeout> | undefined
  readonly #stop = new AbortController()

  constructor({ account, agentId }: Pick<Session, 'account' | 'agentId'>) {
    this.#prefix = `ringdown.copy.${account}.${agentId}.`
    addEventListener('pagehide', () => this.#write(), { signal: this.#stop.signal })
  }

  read<T>(part: Part): T | undefined {
    return readKept<T>('tab', this.#prefix + part)
  }

  /** Keeps what `value` is a moment later; many changes cost one writing. */
  save(part: Part, value: () => unknown): void {
    if (this.#stop.signal.aborted) return
    this.#due.set(part, value)
    this.#timer ??= setTimeout(() => requestIdle(() => this.#write()), CALM_MS)
  }

  /** Forgets everything: the agent has gone. */
  [Symbol.dispose](): void {
    this.#stop.abort()
    clearTimeout(this.#timer)
    this.#due.clear()
    for (const part of parts) keep('tab', this.#prefix + part, undefined)
  }

  #write(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    for (const [part, value] of this.#due) {
      const kept = value()
      const isSmall = JSON.stringify(kept)?.length <= MOST_OF_PART
      keep('tab', this.#prefix + part, isSmall ? kept : undefined)
    }
    this.#due.clear()
  }
}

const requestIdle = (work: () => void): void => {
  if ('requestIdleCallback' in globalThis) requestIdleCallback(work, { timeout: CALM_MS })
  else work()
}

/** As many from the front as have room together. */
export const fitting = <T>(values: Iterable<T>, most: number): readonly T[] => {
  const kept: T[] = []
  let left = MOST_OF_PART * 0.9
  for (const value of values) {
    left -= JSON.stringify(value).length + 1
    if (left < 0 || kept.length >= most) break
    kept.push(value)
  }
  return kept
}
