/** Files in a folder: each is synced, renamed into place, and its folder synced. */
import { constants } from 'node:fs'
import { mkdir, open, rename, rm, unlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Readable } from 'node:stream'
import { type ByteRange, checkKey, type FileStore } from './file-store.ts'

export const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ENOENT'

/** Makes what is known to the folder durable: names of new files, new folders. */
const syncFolder = async (folder: string): Promise<void> => {
  const handle = await open(folder, constants.O_RDONLY)
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

const syncFile = async (file: string): Promise<void> => {
  const handle = await open(file, 'r+')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

export const folderStore = (root: string): FileStore => {
  const placeOf = (key: string): string => {
    checkKey(key)
    // Two more letters: no folder grows to hundreds of thousands of names.
    const [account = '', name = ''] = key.split('/')
    return join(root, account, name.slice(0, 2), name)
  }

  const makeFolder = async (folder: string): Promise<void> => {
    const first = await mkdir(folder, { recursive: true, mode: 0o700 })
    if (first === undefined) return
    for (let made = folder; ; made = dirname(made)) {
      await syncFolder(dirname(made))
      if (made === first) return
    }
  }

  const openRange = async (file: string, range?: ByteRange): Promise<Readable> => {
    const handle = await open(file, constants.O_RDONLY)
    return handle.createReadStream(range ? { start: range.first, end: range.last } : {})
  }

  return {
    spoolFolder: join(root, 'incoming'),
    async put(key, file) {
      const place = placeOf(key)
      await makeFolder(dirname(place))
      await syncFile(file)
      await rename(file, place)
      await syncFolder(dirname(place))
    },
    async read(key, range) {
      try {
        return await openRange(placeOf(key), range)
      } catch (error) {
        if (isMissing(error)) return undefined
        throw error
      }
    },
    async remove(key) {
      try {
        await unlink(placeOf(key))
      } catch (error) {
        if (!isMissing(error)) throw error
      }
    },
  }
}

/** Takes away a file of the spool folder, whether it is there or not. */
export const discard = (file: string): Promise<void> => rm(file, { force: true })
