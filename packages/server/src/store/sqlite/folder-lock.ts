/**
 * One process at a time owns a data folder. The lock is SQLite's own on a file beside the
 * database: the operating system frees it when the process dies, however it dies. [ST9]
 */
import { DatabaseSync } from 'node:sqlite'

const BUSY = 5

export const lockFolder = (lockFile: string): Disposable => {
  const lock = new DatabaseSync(lockFile)
  try {
    lock.exec('pragma journal_mode = memory')
    lock.exec('begin exclusive')
  } catch (error) {
    lock.close()
    if (((error as { errcode?: number }).errcode ?? 0) % 256 !== BUSY) throw error
    throw new Error(`The data folder is in use by another process (${lockFile} is locked)`, {
      cause: error,
    })
  }
  return {
    [Symbol.dispose]() {
      if (lock.isOpen) lock.close()
    },
  }
}
