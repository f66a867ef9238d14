import { systemClock } from '@ringdown/server/configuration'

/** A key press reaches us through the terminal and again through npm; within this time it is one. */
const SAME_REQUEST_MS = 1_000

/** Resolves with the first SIGTERM or SIGINT; the next one ends the process at once. [OPS36] */
export const onStopRequest = (): Promise<void> =>
  new Promise((resolve) => {
    let first: number | undefined
    const react = (signal: NodeJS.Signals) => {
      const now = systemClock.monotonic()
      if (first === undefined) {
        first = now
        resolve()
      } else if (now - first > SAME_REQUEST_MS) {
        // As if nobody had listened: the exit code names the signal.
        process.off(signal, react)
        process.kill(process.pid, signal)
      }
    }
    process.on('SIGTERM', react)
    process.on('SIGINT', react)
  })
