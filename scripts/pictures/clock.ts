/** A clock for stories: it runs as ours does, from a moment of our choosing, and can be set ahead. */
import { type Clock, systemClock } from '../../packages/server/src/clock.ts'

const MINUTE_MS = 60_000

export class StoryClock implements Clock {
  readonly after = systemClock.after
  readonly every = systemClock.every
  readonly monotonic = systemClock.monotonic
  readonly #begin: number
  #offset: number

  constructor(begin: number) {
    this.#begin = begin
    this.#offset = begin - systemClock.now()
  }

  now(): number {
    return systemClock.now() + this.#offset
  }

  /** Goes on to a minute of the story. */
  set(minute: number): void {
    this.#offset = this.#begin + minute * MINUTE_MS - systemClock.now()
  }
}
