/** Everything that the clients of a run did and were told, for the history checker. */
import type { HistoryRow } from '../../src/testing/history.ts'

type Attempt = Pick<
  HistoryRow & { kind: 'invoke' },
  'connection' | 'actorId' | 'dialogId' | 'eventId' | 'body'
>
type Shown = Omit<HistoryRow & { kind: 'event' }, 'kind' | 'at'>
type Opening = Omit<HistoryRow & { kind: 'subscribe' }, 'kind' | 'at'>

export class Recorder {
  readonly rows: HistoryRow[] = []
  /** Frames that told somebody something: answers and events. */
  heard = 0
  readonly #waiting: { count: number; resolve: () => void }[] = []
  #operations = 0

  invoke(attempt: Attempt): number {
    const operation = this.#operations++
    this.rows.push({ kind: 'invoke', at: performance.now(), operation, ...attempt })
    return operation
  }

  /** 4xx proves that nothing was kept; after 5xx nobody knows. */
  answer(operation: number, code: number, sequence: number): void {
    const at = performance.now()
    if (code === 200) this.rows.push({ kind: 'ok', at, operation, sequence })
    else if (code < 500) this.rows.push({ kind: 'fail', at, operation })
    else this.rows.push({ kind: 'info', at, operation })
    this.#count()
  }

  unknown(operation: number): void {
    this.rows.push({ kind: 'info', at: performance.now(), operation })
  }

  subscribe(opening: Opening): void {
    this.rows.push({ kind: 'subscribe', at: performance.now(), ...opening })
  }

  event(shown: Shown): void {
    this.rows.push({ kind: 'event', at: performance.now(), ...shown })
    this.#count()
  }

  end(reader: string): void {
    this.rows.push({ kind: 'end', at: performance.now(), reader })
  }

  /** Resolves when `more` frames were heard from now on. */
  hears(more: number): Promise<void> {
    return new Promise((resolve) => this.#waiting.push({ count: this.heard + more, resolve }))
  }

  #count(): void {
    this.heard += 1
    for (let at = this.#waiting.length - 1; at >= 0; at -= 1) {
      const { count, resolve } = this.#waiting[at]!
      if (this.heard < count) continue
      this.#waiting.splice(at, 1)
      resolve()
    }
  }
}
