/** Which of SQLite's errors concern the whole store rather than one command. [ST8] */
import { StoreFailure } from '../batch.ts'

const FULL = 13
const IOERR = 10
const CORRUPT = 11
const NOTADB = 26
/** BUSY, LOCKED, NOMEM, READONLY, INTERRUPT, CANTOPEN, PROTOCOL. */
const passing = new Set([5, 6, 7, 8, 9, 14, 15])
/** The shared-memory index: nothing of it has to be durable. SHMOPEN, SHMSIZE, SHMLOCK, SHMMAP. */
const sharedMemory = new Set([4618, 4874, 5130, 5386])

const errcodeOf = (error: unknown): number | undefined => {
  const code = error instanceof Error ? (error as { errcode?: unknown }).errcode : undefined
  return typeof code === 'number' ? code : undefined
}

export const isDiskFull = (error: unknown): boolean => ((errcodeOf(error) ?? 0) & 0xff) === FULL

/** The failure of the store that an error means, if it means one. */
export const failureOf = (error: unknown): StoreFailure | undefined => {
  if (error instanceof StoreFailure) return error
  const code = errcodeOf(error)
  if (code === undefined) return undefined
  const primary = code & 0xff
  const options = { cause: error }
  if (primary === FULL) return new StoreFailure('The disk is full', false, options)
  if (sharedMemory.has(code) || passing.has(primary))
    return new StoreFailure('The database cannot be written at the moment', false, options)
  if (primary === IOERR || primary === CORRUPT || primary === NOTADB)
    return new StoreFailure(
      `The disk failed: ${(error as Error).message} (SQLite ${code})`,
      true,
      options,
    )
  return undefined
}
