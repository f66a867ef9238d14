/**
 * Values that come when they come, read by `for await`. Ends with its signal or by `end`. What only the
 * newest value of counts is put in by `replace` or `merge`, so that a slow reader costs one value.
 */
interface Waiting<T> {
  resolve(result: IteratorResult<T, undefined>): void
  reject(error: unknown): void
}

interface ChannelOptions<T> {
  readonly signal?: AbortSignal
  onEnd?(channel: Channel<T>): void
}

export class Channel<T> implements AsyncIterableIterator<T, undefined> {
  #unread: ({ readonly value: T } | { readonly run: () => void })[] = []
  #waiting: Waiting<T>[] = []
  #isOver = false
  #failure: { readonly error: unknown } | undefined
  readonly #onEnd: () => void

  /**
   * `onEnd` runs once, however it ends; a loop that is left ends it, too. It is given the channel: that of
   * a signal which was aborted before has no name yet.
   */
  constructor({ signal, onEnd = () => {} }: ChannelOptions<T> = {}) {
    const abort = () => this.#leave()
    this.#onEnd = () => {
      signal?.removeEventListener('abort', abort)
      onEnd(this)
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
    else this.#unread.push({ value })
  }

  /** Replaces what has not been read yet: for values of which only the newest counts. */
  replace(value: T): void {
    this.#unread = []
    this.push(value)
  }

  /** Makes one of it and what has not been read yet. */
  merge(value: T, join: (older: T, newer: T) => T): void {
    const [older] = this.#unread
    this.replace(older && 'value' in older ? join(older.value, value) : value)
  }

  /** Runs something once the reader has done with every value before it and asks for the next. */
  mark(run: () => void): void {
    if (this.#isOver) return
    if (this.#waiting.length > 0) run()
    else this.#unread.push({ run })
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
    for (let first = this.#unread.shift(); first; first = this.#unread.shift()) {
      if ('value' in first) return Promise.resolve({ value: first.value, done: false })
      first.run()
    }
    if (this.#failure) return Promise.reject(this.#failure.error)
    if (this.#isOver) return Promise.resolve({ value: undefined, done: true })
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }))
  }

  return(): Promise<IteratorResult<T, undefined>> {
    this.#leave()
    return Promise.resolve({ value: undefined, done: true })
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#leave()
    return Promise.resolve()
  }

  /** Nobody reads any more. */
  #leave(): void {
    this.#unread = []
    this.end()
  }
}
