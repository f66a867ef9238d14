/** A command that judges each upload, such as a virus scanner's client. [FIL16] */
import { execFile } from 'node:child_process'

export type ScanVerdict = 'clean' | 'bad' | 'unknown'
export type Scanner = (file: string) => Promise<ScanVerdict>

const PATIENCE_MS = 25_000
const verdicts: Readonly<Record<number, ScanVerdict>> = { 0: 'clean', 1: 'bad' }

/**
 * The words of `command` and the file's path behind them, without a shell. Exit code 0 says clean, 1
 * says bad; anything else, and no end in time, says nothing.
 */
export const commandScanner = (command: string): Scanner => {
  const [program = '', ...words] = command.trim().split(/\s+/)
  return (file) =>
    new Promise((resolve) => {
      const options = { timeout: PATIENCE_MS, killSignal: 'SIGKILL' } as const
      execFile(program, [...words, file], options, (error) => {
        if (!error) return resolve('clean')
        const { code } = error
        resolve(typeof code === 'number' ? (verdicts[code] ?? 'unknown') : 'unknown')
      })
    })
}
