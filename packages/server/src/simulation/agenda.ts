/** A priority queue: the smallest first, and of equals the one that came first. */
interface Entry<T> {
  readonly key: number
  readonly order: number
  readonly item: T
}

const isBefore = <T>(one: Entry<T>, other: Entry<T>): boolean =>
  one.key < other.key || (one.key === other.key && one.order < other.order)

export class Agenda<T> {
  readonly #heap: Entry<T>[] = []
  #count = 0

  get size(): number {
    return this.#heap.length
  }

  get first(): T | undefined {
    return this.#heap[0]?.item
  }

  get firstKey(): number | undefined {
    return this.#heap[0]?.key
  }

  add(key: number, item: T): void {
    const heap = this.#heap
    heap.push({ key, order: this.#count++, item })
    let at = heap.length - 1
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (!isBefore(heap[at]!, heap[parent]!)) break
      this.#swap(at, parent)
      at = parent
    }
  }

  take(): T | undefined {
    const heap = this.#heap
    const first = heap[0]
    const last = heap.pop()
    if (!first || !last || heap.length === 0) return first?.item
    heap[0] = last
    for (let at = 0; ; ) {
      const least = this.#leastOf(at)
      if (least === at) return first.item
      this.#swap(at, least)
      at = least
    }
  }

  #leastOf(at: number): number {
    const heap = this.#heap
    let least = at
    for (const child of [2 * at + 1, 2 * at + 2])
      if (child < heap.length && isBefore(heap[child]!, heap[least]!)) least = child
    return least
  }

  #swap(one: number, other: number): void {
    const heap = this.#heap
    const kept = heap[one]!
    heap[one] = heap[other]!
    heap[other] = kept
  }
}
