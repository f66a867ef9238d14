import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { systemClock } from '../clock.ts'
import { fileStoreContract, newKey, putBytes, readBytes } from './file-store.contract.ts'
import { FileStoreFailure } from './file-store.ts'
import { s3Location } from './s3-location.ts'
import type { S3Credentials } from './s3-signature.ts'
import { S3Store } from './s3-store.ts'
import { givenS3, StrictS3, testCredentials } from './test-s3.ts'

const openStrict = async (credentials: S3Credentials = testCredentials, query = '') => {
  await using stack = new AsyncDisposableStack()
  const folder = await mkdtemp(join(tmpdir(), 'ringdown-s3-'))
  stack.defer(() => rm(folder, { recursive: true, force: true }))
  const s3 = stack.use(new StrictS3())
  const endpoint = await s3.listen()
  const location = s3Location(`s3://files/some/place?endpoint=${endpoint}${query}`)
  const store = stack.use(
    new S3Store({ location, credentials, clock: systemClock, spoolFolder: folder }),
  )
  const parts = stack.move()
  return { s3, store, [Symbol.asyncDispose]: () => parts.disposeAsync() }
}

fileStoreContract('S3, a strict one', () => openStrict())
fileStoreContract('S3, another region and a session', () =>
  openStrict({ ...testCredentials, sessionToken: 'a token/with=signs' }, '&region=eu-central-2'),
)

const given = givenS3()
if (given)
  fileStoreContract('S3, the one of the environment', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'ringdown-s3-'))
    const store = new S3Store({ ...given, clock: systemClock, spoolFolder: folder })
    return {
      store,
      async [Symbol.asyncDispose]() {
        store[Symbol.dispose]()
        await rm(folder, { recursive: true, force: true })
      },
    }
  })

it('[FIL17] objects stand under bucket, prefix and key', async () => {
  await using opened = await openStrict()
  const key = newKey('acme')
  await putBytes(opened.store, key, Buffer.from('x'))
  expect([...opened.s3.objects.keys()]).toEqual([`/files/some/place/${key}`])
})

it('[FIL18] a wrong secret is refused, and that is a failure to put, read and remove', async () => {
  await using opened = await openStrict({ ...testCredentials, secretAccessKey: 'other' })
  const { store, s3 } = opened
  await expect(putBytes(store, newKey(), Buffer.from('x'))).rejects.toThrow(FileStoreFailure)
  await expect(store.read(newKey())).rejects.toThrow('403')
  await expect(store.remove(newKey())).rejects.toThrow(FileStoreFailure)
  expect(s3.faults).toEqual(Array(3).fill('SignatureDoesNotMatch'))
  expect(s3.objects.size).toBe(0)
})

it.each([500, 503, 301])(
  '[FIL18] an answer of %d is a failure, never an empty file',
  async (code) => {
    await using opened = await openStrict()
    const { store, s3 } = opened
    const key = newKey()
    await putBytes(store, key, Buffer.from('x'))
    s3.failing = code
    await expect(store.read(key)).rejects.toThrow(String(code))
    await expect(putBytes(store, newKey(), Buffer.from('y'))).rejects.toThrow(String(code))
    s3.failing = undefined
    expect(String(await readBytes(store, key))).toBe('x')
  },
)

it('[FIL18] a store that is away is a failure', async () => {
  const opened = await openStrict()
  await opened.s3[Symbol.asyncDispose]()
  await expect(opened.store.read(newKey())).rejects.toThrow('cannot be reached')
  await opened[Symbol.asyncDispose]().catch(() => {})
})
