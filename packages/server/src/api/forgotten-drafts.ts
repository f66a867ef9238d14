/** Drafts go some time after their conversations have ended. [DRF6] */
import type { Context } from '../context.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const FIRST_MS = 60_000

export class ForgottenDrafts implements Disposable {
  readonly #parts: Pick<Context, 'store' | 'clock' | 'config' | 'log'>
  readonly #timers = new DisposableStack()

  constructor(parts: Pick<Context, 'store' | 'clock' | 'config' | 'log'>) {
    this.#parts = parts
    const forget = () =>
      void this.forget().catch((error: unknown) =>
        parts.log.warn(
          { err: error },
          'Old drafts could not be forgotten; the next hour tries again',
        ),
      )
    this.#timers.use(parts.clock.after(FIRST_MS, forget))
    this.#timers.use(parts.clock.every(HOUR_MS, forget))
  }

  forget(): Promise<number> {
    const { store, clock, config } = this.#parts
    const endedBefore = clock.now() - config.limits.draftDays * DAY_MS
    return store.write('forgetDrafts', { endedBefore })
  }

  [Symbol.dispose](): void {
    this.#timers.dispose()
  }
}
