import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { expect, it } from 'vitest'
import { fileStoreContract, newKey, putBytes } from './file-store.contract.ts'
import { folderStore } from './folder-store.ts'
import { spool } from './spool.ts'

const openFolder = async () => {
  const root = await mkdtemp(join(tmpdir(), 'ringdown-folder-'))
  return {
    root,
    store: folderStore(join(root, 'files')),
    [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }),
  }
}

fileStoreContract('folder', openFolder)

it('[FIL17] nobody but its user can look into the folder', async () => {
  await using opened = await openFolder()
  const { root, store } = opened
  const body = Readable.from([Buffer.from('x')])
  const { signal } = new AbortController()
  const place = { folder: store.spoolFolder, name: 'one', maxBytes: 1, signal }
  await using spooled = await spool(body, place)
  const key = newKey('acme')
  await store.put(key, spooled.file)
  const [, name = ''] = key.split('/')
  const places = ['files', 'files/incoming', 'files/acme', `files/${key.replace('/', '/00/')}`]
  expect(name.slice(0, 2)).toBe('00')
  for (const one of places) {
    const { mode } = await stat(join(root, one))
    expect(mode & 0o077, one).toBe(0)
  }
})

it('[FIL5] what was spooled is moved, not copied: no second file under the same bytes', async () => {
  await using opened = await openFolder()
  await putBytes(opened.store, newKey('acme'), Buffer.from('x'))
  expect(await readdir(opened.store.spoolFolder)).toEqual([])
})
