/**
 * Where the bytes of files are kept.
 *
 * Laws, the same for every adapter (file-store.contract.ts):
 * - `put` resolves when the bytes are durable under the key; until then nothing is there to read. A
 *   key is put once.
 * - `read` gives exactly the bytes that were put, or those of the range.
 * - `remove` of a key that is not there is fine.
 */
import type { Readable } from 'node:stream'

/** First and last byte, both inclusive. */
export interface ByteRange {
  readonly first: number
  readonly last: number
}

export interface FileStore {
  /** Folder for uploads under way; on the disk of the store where that is a folder. */
  readonly spoolFolder: string
  /** Keeps what `file` holds; the file may be gone afterwards. */
  put(key: string, file: string): Promise<void>
  /** Undefined when nothing is there. */
  read(key: string, range?: ByteRange): Promise<Readable | undefined>
  remove(key: string): Promise<void>
}

/** The store of files cannot be reached, or says no. */
export class FileStoreFailure extends Error {
  override readonly name = 'FileStoreFailure'
}

/** Keys are ours; one that could leave the store's place is a bug. */
export const checkKey = (key: string): void => {
  if (!/^[\w-]{1,64}\/[\w-]{8,80}$/.test(key)) throw new Error(`not a key of a file: ${key}`)
}
