/** Tells whoever listens that something has changed, once of all that changes together. [WIN42] */
export class Listeners {
  readonly #listeners = new Set<() => void>()
  #isTold = false

  listen(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  /** Each event of a frame is taken in a microtask of its own; a task comes after them all. */
  changed(): void {
    if (this.#isTold) return
    this.#isTold = true
    setTimeout(() => {
      this.#isTold = false
      for (const listener of this.#listeners) listener()
    }, 0)
  }
}
