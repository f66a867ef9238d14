/** A message that waits a moment for a second thought; it is in nobody's hands before. [WSP55] */
import { Value } from './value.ts'

export interface Held {
  readonly dialogId: string
  readonly text: string
  readonly isNote: boolean
  send(): void
}

export class HeldMessage implements Disposable {
  readonly current = new Value<Held | undefined>(undefined)
  readonly #stop = new AbortController()
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor() {
    const { signal } = this.#stop
    const flush = () => this.flush()
    addEventListener('pagehide', flush, { signal })
    addEventListener('beforeunload', flush, { signal })
    document.addEventListener(
      'visibilitychange',
      () => document.visibilityState === 'hidden' && flush(),
      { signal },
    )
  }

  /** What was held before goes first, so that messages keep their order. */
  hold(held: Held, forMs: number): void {
    this.flush()
    if (forMs === 0) {
      held.send()
      return
    }
    this.current.set(held)
    this.#timer = setTimeout(() => this.flush(), forMs)
  }

  /** Takes it back; it was never sent. */
  undo(): Held | undefined {
    const held = this.current.get()
    clearTimeout(this.#timer)
    this.current.set(undefined)
    return held
  }

  flush(): void {
    this.undo()?.send()
  }

  [Symbol.dispose](): void {
    this.flush()
    this.#stop.abort()
  }
}
