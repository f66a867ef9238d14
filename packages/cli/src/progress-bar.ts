/** A line on standard error that shows how far long work has come; nothing where nobody looks. */
const WIDTH = 30

export interface ProgressBar extends Disposable {
  /** `share` from 0 to 1. */
  show(share: number, text: string): void
}

const silent: ProgressBar = { show: () => {}, [Symbol.dispose]: () => {} }

/** Draws where `stream` is a terminal. Disposing clears the line. */
export const progressBar = (stream: NodeJS.WriteStream = process.stderr): ProgressBar => {
  if (!stream.isTTY) return silent
  return {
    show: (share, text) => {
      const full = Math.round(Math.min(1, Math.max(0, share)) * WIDTH)
      const bar = '█'.repeat(full) + '░'.repeat(WIDTH - full)
      stream.write(`\r${bar} ${String(Math.floor(share * 100)).padStart(3)} %  ${text}\u001b[K`)
    },
    [Symbol.dispose]: () => void stream.write('\r\u001b[K'),
  }
}
