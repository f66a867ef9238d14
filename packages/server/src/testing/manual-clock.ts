import type { Clock } from '../clock.ts'

interface Timer {
  dueAt: number
  readonly order: number
  readonly work: () => void
  readonly periodMs?: number
}

/** Lets everything that is ready run: microtasks, and what they hand to the event loop. */
const settle = async (): Promise<void> => {
  for (let round = 0; round < 20; round += 1)
    await new Promise<void>((resolve) => setImmediate(resolve))
}

/** A clock that stands still until it is told to go on. */
export class ManualClock implements Clock {
  readonly #timers = new Set<Timer>()
  #elapsed = 0
  #wall: number
  #order = 0

  constructor(wall = Date.UTC(2030, 0, 1)) {
    this.#wall = wall
  }

  now(): number {
    return this.#wall + this.#elapsed
  }

  monotonic(): number {
    return this.#elapsed
  }

  after(delayMs: number, work: () => void): Disposable {
    return this.#add({ dueAt: this.#elapsed + Math.max(0, delayMs), order: this.#order++, work })
  }

  every(periodMs: number, work: () => void): Disposable {
    return this.#add({ dueAt: this.#elapsed + periodMs, order: this.#order++, work, periodMs })
  }

  /** Goes on by `ms`, stopping at every timer on the way and letting what it caused happen. */
  async advance(ms: number): Promise<void> {
    const until = this.#elapsed + ms
    await settle()
    for (let next = this.#next(until); next; next = this.#next(until)) {
      this.#elapsed = Math.max(this.#elapsed, next.dueAt)
      if (next.periodMs === undefined) this.#timers.delete(next)
      else next.dueAt += next.periodMs
      next.work()
      await settle()
    }
    this.#elapsed = until
    await settle()
  }

  /** Goes on without stopping: periodic work runs once, as after a suspended machine. */
  async leap(ms: number): Promise<void> {
    this.#elapsed += ms
    for (const timer of this.#timers)
      if (timer.periodMs !== undefined) timer.dueAt = Math.max(timer.dueAt, this.#elapsed)
    await this.advance(0)
  }

  /** Moves the wall clock alone, as an administrator or a time server does. */
  jump(ms: number): void {
    this.#wall += ms
  }

  get pending(): number {
    return this.#timers.size
  }

  #add(timer: Timer): Disposable {
    this.#timers.add(timer)
    return { [Symbol.dispose]: () => this.#timers.delete(timer) }
  }

  #next(until: number): Timer | undefined {
    let first: Timer | undefined
    for (const timer of this.#timers)
      if (
        timer.dueAt <= until &&
        (!first ||
          timer.dueAt < first.dueAt ||
          (timer.dueAt === first.dueAt && timer.order < first.order))
      )
        first = timer
    return first
  }
}
