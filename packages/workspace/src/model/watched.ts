/** A value that can be watched: what the model changes and the screen shows. */

export interface Watched<T> {
  get(): T
  subscribe(listener: () => void): () => void
}

export class Value<T> implements Watched<T> {
  #value: T
  readonly #listeners = new Set<() => void>()

  constructor(value: T) {
    this.#value = value
  }

  readonly get = (): T => this.#value

  readonly set = (value: T): void => {
    if (Object.is(value, this.#value)) return
    this.#value = value
    for (const listener of [...this.#listeners]) listener()
  }

  readonly update = (change: (value: T) => T): void => this.set(change(this.#value))

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
}

/** Reads a stream until it ends; what it fails with is told. */
export const each = async <T>(
  stream: AsyncIterable<T>,
  take: (value: T) => void,
  failed: (error: unknown) => void = () => {},
): Promise<void> => {
  try {
    for await (const value of stream) take(value)
  } catch (error) {
    failed(error)
  }
}
