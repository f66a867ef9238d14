/** Time as a port: nothing else in the server reads a clock or sets a timer. */
export interface Clock {
  /** Wall clock, in milliseconds since the epoch. */
  now(): number
  /** Milliseconds from an arbitrary start; never goes back. */
  monotonic(): number
  /** Runs `work` once after `delayMs`, unless disposed before. */
  after(delayMs: number, work: () => void): Disposable
  /** Runs `work` every `periodMs` until disposed. */
  every(periodMs: number, work: () => void): Disposable
}

const MAX_DELAY_MS = 2 ** 31 - 1

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(delayMs, work) {
    const timer = setTimeout(work, Math.min(Math.max(delayMs, 0), MAX_DELAY_MS))
    return { [Symbol.dispose]: () => clearTimeout(timer) }
  },
  every(periodMs, work) {
    const timer = setInterval(work, periodMs)
    return { [Symbol.dispose]: () => clearInterval(timer) }
  },
}
