/** Asking again for as long as what goes wrong passes by itself. */
import { type Backoff, pause, waitBefore } from './backoff.ts'
import { ConnectionLost, isPassing } from './problems.ts'

export interface Retrying {
  readonly signal?: AbortSignal
  readonly backoff?: Backoff
}

/**
 * Resolves with the first success; rejects with the first problem that is not passing, or with its
 * signal's reason. What is asked may take effect more than once: give it an id that keeps it from that.
 */
export const untilTaken = async <T>(
  ask: () => Promise<T>,
  { signal, backoff }: Retrying = {},
): Promise<T> => {
  let attempt = 0
  for (;;) {
    signal?.throwIfAborted()
    try {
      return await ask()
    } catch (error) {
      if (!isPassing(error)) throw error
      // A lost connection has pauses of its own before the next one.
      if (error instanceof ConnectionLost) attempt = 0
    }
    await pause(waitBefore(attempt, backoff), signal)
    attempt += 1
  }
}
