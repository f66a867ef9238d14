/** Timers by name, and what they began: failures are tried again, stopping waits for the rest. */
import type { Context } from '../context.ts'

/** What a store that was away has let fail is tried again after this. */
export const RETRY_MS = 1_000

export class Alarms implements AsyncDisposable {
  readonly #ports: Pick<Context, 'clock' | 'log'>
  readonly #timers = new Map<string, Disposable>()
  readonly #running = new Set<Promise<unknown>>()
  #isStopped = false

  constructor(ports: Pick<Context, 'clock' | 'log'>) {
    this.#ports = ports
  }

  get isStopped(): boolean {
    return this.#isStopped
  }

  has(name: string): boolean {
    return this.#timers.has(name)
  }

  /** Replaces the timer of that name. */
  set(name: string, delayMs: number, work: () => Promise<void>): void {
    this.#timers.get(name)?.[Symbol.dispose]()
    if (this.#isStopped) return
    const timer = this.#ports.clock.after(delayMs, () => {
      if (this.#timers.get(name) === timer) this.#timers.delete(name)
      this.track(this.#workOrRetry(name, work))
    })
    this.#timers.set(name, timer)
  }

  /** Stopping waits for what was begun. */
  track(work: Promise<unknown>): void {
    const tracked = work
      .catch((error: unknown) => this.logFailure(error))
      .finally(() => this.#running.delete(tracked))
    this.#running.add(tracked)
  }

  logFailure(error: unknown): void {
    if (!this.#isStopped) this.#ports.log.error({ err: error }, 'routing failed')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isStopped = true
    for (const timer of this.#timers.values()) timer[Symbol.dispose]()
    await Promise.allSettled(this.#running)
  }

  /** Whatever has its time must happen, if later: nothing else would bring it back. [RT5] */
  async #workOrRetry(name: string, work: () => Promise<void>): Promise<void> {
    try {
      await work()
    } catch (error) {
      this.logFailure(error)
      this.set(name, RETRY_MS, work)
    }
  }
}
