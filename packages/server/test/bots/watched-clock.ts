import { ManualClock } from '../../src/testing/index.ts'

interface Watch {
  readonly delayMs: number
  readonly resolve: () => void
}

/** A clock that stands still and tells when somebody begins to wait for so long. */
export class WatchedClock extends ManualClock {
  #watches: Watch[] = []

  override after(delayMs: number, work: () => void): Disposable {
    const timer = super.after(delayMs, work)
    for (const watch of this.#watches) if (watch.delayMs === delayMs) watch.resolve()
    this.#watches = this.#watches.filter((watch) => watch.delayMs !== delayMs)
    return timer
  }

  /** Resolves when the next timer of exactly this length starts. */
  started(delayMs: number): Promise<void> {
    return new Promise((resolve) => this.#watches.push({ delayMs, resolve }))
  }
}
