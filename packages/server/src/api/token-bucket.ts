/** Lets `perSecond` things through on average and `burst` of them at once. [LIM1] */
export class TokenBucket {
  readonly #perMs: number
  readonly #burst: number
  #tokens: number
  #filledAt: number

  /** `now` is monotonic, in milliseconds. */
  constructor(perSecond: number, burst: number, now: number) {
    this.#perMs = perSecond / 1000
    this.#burst = burst
    this.#tokens = burst
    this.#filledAt = now
  }

  take(now: number): boolean {
    const filled = this.#tokens + (now - this.#filledAt) * this.#perMs
    this.#tokens = Math.min(this.#burst, filled)
    this.#filledAt = now
    if (this.#tokens < 1) return false
    this.#tokens -= 1
    return true
  }
}
