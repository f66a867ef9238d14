/** What of the machine or the data is in the way, in words that say what to do. [OPS2] */
import { CommandError, type ExitName } from './exit-codes.ts'

type SystemError = NodeJS.ErrnoException & {
  readonly address?: string
  readonly port?: number
  readonly hostname?: string
}

/** The error, what caused it, and the attempts of which it is the sum. */
function* reasonsOf(error: unknown): Generator<SystemError> {
  if (!(error instanceof Error)) return
  yield error
  yield* reasonsOf(error.cause)
  if (error instanceof AggregateError) for (const one of error.errors) yield* reasonsOf(one)
}

const user = (): string => {
  const id = process.getuid?.()
  return id === undefined ? 'this user' : `this user (${id})`
}

type Told = readonly [exit: ExitName, message: string]

const onPath = (code: string | undefined, path: string): Told | undefined => {
  switch (code) {
    case 'EACCES':
    case 'EPERM':
      return [
        'configuration',
        `${path} may not be used by ${user()}. Give it to whoever runs the command, or name another.`,
      ]
    case 'EROFS':
      return ['configuration', `${path} lies on a disk that nobody may write to. Name another.`]
    case 'EEXIST':
      return ['configuration', `${path} cannot be a folder: a file is in its place. Name another.`]
    case 'ENOTDIR':
      return ['configuration', `${path} leads through a file, which is no folder. Name another.`]
    case 'EISDIR':
      return ['configuration', `${path} is a folder, and should be a file. Name another.`]
    case 'ENOENT':
      return ['configuration', `${path} is not there. Make it, or correct its name.`]
    default:
      return undefined
  }
}

const onNetwork = ({ code, syscall, address, port, hostname }: SystemError): Told | undefined => {
  if (syscall === 'getaddrinfo')
    return ['configuration', `Nobody knows the host ${hostname}. Correct its name.`]
  const place = `${address}:${port}`
  if (syscall === 'listen' && code === 'EADDRNOTAVAIL')
    return [
      'configuration',
      `${address} is no address of this machine. Give one that is as --host; 0.0.0.0 means all.`,
    ]
  if (syscall === 'connect' && address !== undefined)
    return [
      'unavailable',
      `Nothing answers at ${place} (${code}). Start it, or correct its address.`,
    ]
  return undefined
}

/** Errors of the store's threads come as words alone. */
const onData = ({ message }: Error): Told | undefined => {
  if (/file is not a database|database disk image is malformed/.test(message))
    return [
      'configuration',
      `The database in the data folder is damaged (${message}). Keep a copy of it, and restore a backup.`,
    ]
  if (/unable to open database file|attempt to write a readonly database/.test(message))
    return [
      'configuration',
      `The database in the data folder may not be written by ${user()} (${message}). ` +
        'Give all files of the folder to whoever runs the command.',
    ]
  if (message.startsWith('The database is of a newer release')) return ['configuration', message]
  return undefined
}

const told = (reason: SystemError): Told | undefined =>
  (reason.path === undefined ? undefined : onPath(reason.code, reason.path)) ??
  onNetwork(reason) ??
  onData(reason)

/** What to tell the person in front of the command; nothing where it is a fault of the program. */
export const obstacleIn = (error: unknown): CommandError | undefined => {
  for (const reason of reasonsOf(error)) {
    const found = told(reason)
    if (found) return new CommandError(...found, { cause: error })
  }
  return undefined
}
