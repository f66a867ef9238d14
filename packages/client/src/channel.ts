/** Values that come when they come, read by `for await`. Ends with its signal or by `end`. */
export class Channel<T> implements AsyncIterableIterator<T, undefined> {
  readonly #values: T[] = []
  #waiting: {
    resolve: (result: IteratorResult<T, undefined>) => void
    reject: (e: unknown) => void
  }[] = []
  #isOver = false
  #failure: { readonly error: unknown } | undefined
  readonly #onEnd: () => void

  /** `onEnd` runs once, however it ends; a loop that is left ends it, too. */
  constructor({ signal, onEnd = () => {} }: { signal?: AbortSignal; onEnd?: () => void } = {}) {
    const abort = () => this.end()
    this.#onEnd = () => {
      signal?.removeEventListener('abort', abort)
      onEnd()
    }
    signal?.addEventListener('abort', abort)
    if (signal?.aborted) this.end()
  }

  get isOver(): boolean {
    return this.#isOver
  }

  push(value: T): void {
    if (this.#isOver) return
    const waiting = this.#waiting.shift()
    if (waiting) waiting.resolve({ value, done: false })
    else this.#values.push(value)
  }

  /** Replaces what has not been read yet: for values of which only the newest counts. */
  replace(value: T): void {
    this.#values.length = 0
    this.push(value)
  }

  end(failure?: { readonly error: unknown }): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#failure = failure
    const waiting = this.#waiting
    this.#waiting = []
    for (const { resolve, reject } of waiting)
      if (failure) reject(failure.error)
      else resolve({ value: undefined, done: true })
    this.#onEnd()
  }

  next(): Promise<IteratorResult<T, undefined>> {
    const value = this.#values.shift()
    if (value !== undefined) return Promise.resolve({ value, done: false })
    if (this.#failure) return Promise.reject(this.#failure.error)
    if (this.#isOver) return Promise.resolve({ value: undefined, done: true })
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }))
  }

  return(): Promise<IteratorResult<T, undefined>> {
    this.end()
    return Promise.resolve({ value: undefined, done: true })
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.end()
    return Promise.resolve()
  }
}
