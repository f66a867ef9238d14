/** The server's time, from the answers to GetClock: half the round trip is taken as the way back. */
import type { Link } from './link.ts'
import { wireNames } from './requests.ts'

export class ServerClock {
  #skewMs = 0
  #bestTripMs = Number.POSITIVE_INFINITY
  readonly #link: Link

  constructor(link: Link) {
    this.#link = link
  }

  /** Milliseconds since the epoch as the server counts them; this machine's until it was asked. */
  now(): number {
    return Date.now() + this.#skewMs
  }

  /** Asks; of several answers the one with the shortest trip counts. Resolves with the skew in ms. */
  async measure(signal?: AbortSignal): Promise<number> {
    const before = performance.now()
    const type = wireNames.getClock
    const answer = await this.#link.request({ type, ...(signal && { signal }) })
    const tripMs = performance.now() - before
    const { currentTime } = answer as { currentTime: number }
    const skewMs = currentTime + tripMs / 2 - Date.now()
    // Both may be off by half their trips. What cannot both be true means that a clock was set.
    const isSet = Math.abs(skewMs - this.#skewMs) > (tripMs + this.#bestTripMs) / 2
    if (isSet || tripMs <= this.#bestTripMs) {
      this.#bestTripMs = tripMs
      this.#skewMs = skewMs
    }
    return this.#skewMs
  }
}
