/** A store that says when something was written that may have armed a timer. */
import type { Store } from '../store/store.ts'

export interface WatchedStore {
  readonly store: Store
  /** One listener: it is called after every command but appends, which arm nothing. */
  onWrite(react: () => void): void
}

export const watchedStore = (inner: Store): WatchedStore => {
  let react: () => void = () => undefined
  return {
    store: {
      epoch: inner.epoch,
      write(name, data) {
        const written = inner.write(name, data)
        if (name === 'append') return written
        // A refusal is the caller's to hear.
        written.then(
          () => react(),
          () => undefined,
        )
        return written
      },
      read: (name, data) => inner.read(name, data),
      stats: () => inner.stats(),
      onFatal: (listener) => inner.onFatal(listener),
      [Symbol.asyncDispose]: () => inner[Symbol.asyncDispose](),
    },
    onWrite(listener) {
      react = listener
    },
  }
}
