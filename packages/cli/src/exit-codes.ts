/** What the exit codes of `ringdown` mean; documented in docs/reference/command-line.md. [OPS2] */
export const exitCodes = {
  ok: 0,
  /** The request was refused or failed. */
  failed: 1,
  /** The command line is wrong. */
  usage: 2,
  /** No server answers, or the port is taken. */
  unavailable: 69,
  /** The store can promise nothing any more, e.g. after a failed fsync. Start again. */
  fatal: 70,
  /** Another process holds the data folder. */
  busy: 75,
  /** The configuration or the data is not usable. */
  configuration: 78,
} as const

export type ExitName = keyof typeof exitCodes

/** Ends the command with a message for the person in front of it, and an exit code. */
export class CommandError extends Error {
  readonly exit: ExitName

  constructor(exit: ExitName, message: string, options?: ErrorOptions) {
    super(message, options)
    this.exit = exit
  }
}

/** The store's exclusive lock is held by another process. */
export const isLocked = (error: unknown): boolean =>
  error instanceof Error && error.message.startsWith('The data folder is in use')
