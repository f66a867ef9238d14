/** The laws of the file store's port, for every adapter: `fileStoreContract('name', open)`. */
import { randomBytes } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ByteRange, FileStore } from './file-store.ts'

export interface OpenedFileStore extends AsyncDisposable {
  readonly store: FileStore
}

let made = 0

export const newKey = (account = 'acme'): string =>
  `${account}/${String(made++).padStart(8, '0')}-${process.pid}`

/** Puts bytes by way of the spool folder, as uploads do. */
export const putBytes = async (store: FileStore, key: string, bytes: Buffer): Promise<void> => {
  await mkdir(store.spoolFolder, { recursive: true })
  const file = join(store.spoolFolder, `spooled-${made++}`)
  await writeFile(file, bytes)
  await store.put(key, file)
}

export const readBytes = async (
  store: FileStore,
  key: string,
  range?: ByteRange,
): Promise<Buffer | undefined> => {
  const stream = await store.read(key, range)
  return stream && buffer(stream)
}

export const fileStoreContract = (name: string, open: () => Promise<OpenedFileStore>): void => {
  describe(`file store contract: ${name}`, () => {
    let opened: OpenedFileStore
    let store: FileStore
    beforeAll(async () => {
      opened = await open()
      store = opened.store
    })
    afterAll(() => opened[Symbol.asyncDispose]())

    it.each([1, 1000, 3_000_000])('[FIL17] keeps %d bytes as they are', async (size) => {
      const [key, bytes] = [newKey(), randomBytes(size)]
      await putBytes(store, key, bytes)
      expect((await readBytes(store, key))?.equals(bytes)).toBe(true)
    })

    it('[FIL17] reads ranges, first and last byte included', async () => {
      const [key, bytes] = [newKey(), randomBytes(100_000)]
      await putBytes(store, key, bytes)
      for (const [first, last] of [
        [0, 0],
        [0, 99_999],
        [5, 70_000],
        [99_999, 99_999],
      ] as const) {
        const part = await readBytes(store, key, { first, last })
        expect(part?.equals(bytes.subarray(first, last + 1)), `${first}-${last}`).toBe(true)
      }
    })

    it('[FIL17] has nothing under a key that was not put, or was removed', async () => {
      const key = newKey()
      expect(await store.read(key)).toBeUndefined()
      await putBytes(store, key, Buffer.from('x'))
      await store.remove(key)
      expect(await store.read(key)).toBeUndefined()
      await store.remove(key)
    })

    it('[FIL17] keeps files of many keys apart, put at once', async () => {
      const keys = Array.from({ length: 20 }, (_, index) => newKey(`account${index % 3}`))
      await Promise.all(keys.map((key) => putBytes(store, key, Buffer.from(key))))
      for (const key of keys) expect(String(await readBytes(store, key))).toBe(key)
    })

    it.each(['../x/aaaaaaaa', 'a/../../b', 'a', 'a/b/c', '', 'a/aaaaaaa\0', '/a/aaaaaaaa'])(
      '[FIL17] F03 takes %j for no key',
      async (key) => {
        await expect(store.read(key)).rejects.toThrow('not a key')
        await expect(putBytes(store, key, Buffer.from('x'))).rejects.toThrow('not a key')
        await expect(store.remove(key)).rejects.toThrow('not a key')
      },
    )

    it('[FIL17] leaves a reader that goes away no harm', async () => {
      const [key, bytes] = [newKey(), randomBytes(2_000_000)]
      await putBytes(store, key, bytes)
      const stream = await store.read(key)
      for await (const _ of stream ?? []) break
      expect((await readBytes(store, key))?.equals(bytes)).toBe(true)
    })
  })
}
