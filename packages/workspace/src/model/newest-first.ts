/**
 * Reads what is wanted now: the newest first, a few at a time. Whoever scrolls past thousands of rows
 * wants those on which they stop: too many waiting, and the oldest are forgotten until they are wanted again.
 */
const AT_ONCE = 4
const MOST_WAITING = 80

export class NewestFirst<Key> {
  readonly #read: (key: Key) => Promise<void>
  /** Oldest first. */
  readonly #waiting = new Set<Key>()
  readonly #reading = new Set<Key>()

  constructor(read: (key: Key) => Promise<void>) {
    this.#read = read
  }

  want(key: Key): void {
    if (this.#reading.has(key)) return
    this.#waiting.delete(key)
    this.#waiting.add(key)
    const [oldest] = this.#waiting
    if (this.#waiting.size > MOST_WAITING && oldest !== undefined) this.#waiting.delete(oldest)
    // What one change of the screen wants is wanted together.
    queueMicrotask(() => this.#next())
  }

  #next(): void {
    while (this.#reading.size < AT_ONCE) {
      const newest = [...this.#waiting].at(-1)
      if (newest === undefined) return
      this.#waiting.delete(newest)
      this.#reading.add(newest)
      void this.#read(newest).finally(() => {
        this.#reading.delete(newest)
        this.#next()
      })
    }
  }
}
