/** What is looked for in the history, and what was found so far. Kept while one looks at other views. */
import { PAGE, type Past, searchPast } from './history.ts'
import type { Rest } from './rest.ts'
import { Value } from './value.ts'

const PAUSE_MS = 200

export interface SearchState {
  /** What the items were found by. */
  readonly text: string
  /** Nothing before the first answer. */
  readonly items: readonly Past[] | undefined
  readonly count: number
  /** Everything from then on was searched. */
  readonly from: number
  readonly isBusy: boolean
  readonly hasFailed: boolean
  /** More of them were found than are here. */
  readonly hasMore: boolean
}

const nothing: SearchState = {
  text: '',
  items: undefined,
  count: 0,
  from: 0,
  isBusy: false,
  hasFailed: false,
  hasMore: false,
}

interface Step {
  readonly text: string
  readonly offset: number
  readonly to: number
  readonly before: readonly Past[]
}

export class HistorySearch {
  readonly state = new Value<SearchState>(nothing)
  readonly #rest: Pick<Rest, 'history'>
  readonly #now: () => number
  #stop = new AbortController()
  #timer: ReturnType<typeof setTimeout> | undefined
  #last: Step | undefined
  /** What the spans before this one brought. */
  #earlier = 0

  constructor(rest: Pick<Rest, 'history'>, now: () => number) {
    this.#rest = rest
    this.#now = now
  }

  /** Searches anew; what is typed letter by letter is searched for after a pause. */
  search(text: string, { isTyped = false } = {}): void {
    clearTimeout(this.#timer)
    const begin = () => {
      this.#earlier = 0
      void this.#load({ text, offset: 0, to: this.#now(), before: [] })
    }
    if (isTyped) this.#timer = setTimeout(begin, PAUSE_MS)
    else begin()
  }

  /** As when the view is opened: what was gone through is not lost, the newest is read again. */
  open(text: string): void {
    const { text: before, items = [] } = this.state.get()
    if (before !== text || items.length <= PAGE) this.search(text)
  }

  /** More of what was found. */
  more(): void {
    const { items = [], text } = this.state.get()
    const { to } = this.#last ?? { to: this.#now() }
    void this.#load({ text, offset: items.length - this.#earlier, to, before: items })
  }

  /** What began before everything that was searched. */
  earlier(): void {
    const { items = [], text, from } = this.state.get()
    this.#earlier = items.length
    void this.#load({ text, offset: 0, to: from, before: items })
  }

  again(): void {
    if (this.#last) void this.#load(this.#last)
  }

  async #load(step: Step): Promise<void> {
    const { text, offset, to, before } = step
    this.#last = step
    this.#stop.abort()
    const stop = new AbortController()
    this.#stop = stop
    this.state.update((state) => ({ ...state, isBusy: true, hasFailed: false }))
    try {
      const wanted = { text, offset, to, signal: stop.signal }
      const { items, count, from } = await searchPast(this.#rest, wanted)
      if (stop.signal.aborted) return
      const had = new Set(before.map(({ id }) => id))
      this.state.set({
        text,
        items: [...before, ...items.filter(({ id }) => !had.has(id))],
        count: this.#earlier + count,
        from,
        isBusy: false,
        hasFailed: false,
        hasMore: offset + items.length < count && items.length > 0,
      })
    } catch {
      // A newer search has its own answer.
      if (!stop.signal.aborted)
        this.state.update((state) => ({ ...state, text, isBusy: false, hasFailed: true }))
    }
  }
}

const searches = new WeakMap<object, HistorySearch>()

/** One for each sign-in, so that going to the view shows what was there. */
export const historySearch = (desk: {
  readonly rest: Pick<Rest, 'history'>
  readonly client: { readonly clock: { now(): number } }
}): HistorySearch => {
  const known = searches.get(desk.rest)
  if (known) return known
  // The server's time is reckoned, and rarely a whole number here.
  const made = new HistorySearch(desk.rest, () => Math.ceil(desk.client.clock.now()))
  searches.set(desk.rest, made)
  return made
}
