/** Which of PostgreSQL's errors mean that the database is away, and which that a command may try again. */
import { DatabaseError } from 'pg'
import { StoreFailure } from '../batch.ts'

/** Connection, resources, operator, system, internal, and a server that only reads. */
const away = ['08', '53', '57', '58', 'XX', '25006']
const SERIALIZATION_FAILURE = '40001'
const DEADLOCK = '40P01'
const UNIQUE_VIOLATION = '23505'

const BAD_CHARACTER = '22021'

const sqlState = (error: unknown): string | undefined =>
  error instanceof DatabaseError ? error.code : undefined

export const mayTryAgain = (error: unknown): boolean =>
  [SERIALIZATION_FAILURE, DEADLOCK].includes(sqlState(error) ?? '')

export const isUniqueViolation = (error: unknown): boolean => sqlState(error) === UNIQUE_VIOLATION

/** A text held what PostgreSQL does not keep, such as NUL. */
export const isBadText = (error: unknown): boolean => sqlState(error) === BAD_CHARACTER

/** The server hung up, or did not let us in. */
const endsConnection = ({ severity }: DatabaseError): boolean =>
  severity === 'FATAL' || severity === 'PANIC'

/** What the driver says when there is no server to say anything. */
const isConnectionError = (error: unknown): boolean => {
  if (!(error instanceof Error)) return false
  const { code } = error as { code?: unknown }
  if (typeof code === 'string' && /^E[A-Z]+$/.test(code)) return true
  return /connection|timeout|not queryable|socket/i.test(error.message)
}

/** The failure of the store that an error means, if it means one. It passes when the cause does. */
export const failureOf = (error: unknown): StoreFailure | undefined => {
  if (error instanceof StoreFailure) return error
  const isAway =
    error instanceof DatabaseError
      ? endsConnection(error) || away.some((prefix) => error.code?.startsWith(prefix))
      : isConnectionError(error)
  return isAway ? new StoreFailure('The database is away', false, { cause: error }) : undefined
}
