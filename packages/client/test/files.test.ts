/** Files to the real server and back, and what their types are called. */
import { describe, expect, it } from 'vitest'
import { defaultFileSharing } from '../../server/src/domain/hosted-file.ts'
import { png } from '../../server/test/file-world.ts'
import {
  consumerClient,
  downloadFile,
  fileProblem,
  fileTypeOf,
  keeperOn,
  signUp,
  uploadFile,
} from '../src/index.ts'
import { World } from './world.ts'

const place = World.shared()

/** A consumer in a conversation of an account that takes these types. */
const talking = async (fileTypes = defaultFileSharing.fileTypes) => {
  const { server } = place
  const { id: account } = await server.account({
    fileSharing: { ...defaultFileSharing, fileTypes },
  })
  const origin = server.url
  const jwt = await signUp({ origin, account })
  const client = consumerClient({ origin, account, token: async () => jwt })
  const { conversationId: dialogId } = await client.request('requestConversation', {})
  return { client, origin, dialogId }
}

/** A document as far as anybody looks: how it begins, what kind it is, and an empty table of contents. */
const document = new File(
  [`PK\u0003\u0004 word/document.xml PK\u0005\u0006${'\u0000'.repeat(18)}`],
  'offer.docx',
)

describe('files', () => {
  it.each([
    [{ type: 'image/jpeg', name: 'a.jpg' }, 'JPEG'],
    [{ type: 'image/png', name: 'no ending' }, 'PNG'],
    [{ type: '', name: 'offer.docx' }, 'DOCX'],
    [{ type: 'application/octet-stream', name: 'sums.XLSX' }, 'XLSX'],
    [{ type: 'application/zip', name: 'archive' }, 'BIN'],
  ])('[CLI12] %o is called %s', (file, type) => expect(fileTypeOf(file)).toBe(type))

  it('[CLI12] go to the server and back, by the event that shares them', async () => {
    const { client, origin, dialogId } = await talking()
    using _client = { [Symbol.dispose]: () => client.close() }
    const file = new File([new Uint8Array(png(40, 30))], 'tent.png', { type: 'image/png' })
    const event = await uploadFile(client, file, { origin, caption: 'my tent' })
    expect(event).toMatchObject({ message: { caption: 'my tent', fileType: 'PNG' } })
    await client.request('publishEvent', { dialogId, event: event as never })
    const { message } = event as { message: { relativePath: string } }
    const { relativePath } = message
    const bytes = await downloadFile(client, origin, { relativePath, dialogId })
    expect(Buffer.from(await bytes.arrayBuffer()).equals(png(40, 30))).toBe(true)
  })

  it('[CLI12] a document without a media type is taken where the account takes documents', async () => {
    const { client, origin } = await talking(['DOCX'])
    using _client = { [Symbol.dispose]: () => client.close() }
    const event = await uploadFile(client, document, { origin, caption: '' })
    expect(event).toMatchObject({ message: { fileType: 'DOCX' } })
  })

  it('[CLI12] what is not taken says whether trying again helps', async () => {
    const { client, origin } = await talking()
    using _client = { [Symbol.dispose]: () => client.close() }
    const problemOf = async (file: File) => {
      const failure = await uploadFile(client, file, { origin, caption: '' }).catch(
        (error) => error,
      )
      return fileProblem(failure)
    }
    expect(await problemOf(document)).toBe('refused')
    const big = new File([new Uint8Array(defaultFileSharing.maxFileBytes + 1)], 'a.pdf')
    expect(await problemOf(big)).toBe('tooLarge')
    // Its bytes are not what it says; the address refuses them.
    const forged = new File(['MZ\u0090\u0000'], 'a.png', { type: 'image/png' })
    expect(await problemOf(forged)).toBe('refused')
    expect(fileProblem(new Error('fetch failed'))).toBe('failed')
  })

  it('[CLI12] can be stopped', async () => {
    const { client, origin } = await talking()
    using _client = { [Symbol.dispose]: () => client.close() }
    const stop = new AbortController()
    const file = new File(['some words'], 'words.txt', { type: 'text/plain' })
    const put = async (_url: string, _file: Blob, { signal }: { signal?: AbortSignal }) => {
      stop.abort(new Error('not any more'))
      signal?.throwIfAborted()
      return 201
    }
    const going = uploadFile(client, file, {
      origin,
      caption: '',
      put,
      signal: stop.signal,
    } as never)
    await expect(going).rejects.toThrow('not any more')
  })
})

describe('a keeper', () => {
  const store = () => {
    const kept = new Map<string, string>()
    const room = { isFull: false }
    const storage = {
      getItem: (name: string) => kept.get(name) ?? null,
      setItem(name: string, value: string) {
        if (room.isFull) throw new Error('full')
        kept.set(name, value)
      },
      removeItem: (name: string) => void kept.delete(name),
    }
    return { kept, room, storage }
  }

  it('[CLI13] keeps in the browser, and what has no room there in memory', () => {
    const { kept, room, storage } = store()
    const keeper = keeperOn(() => storage)
    keeper.set('name', 'old')
    room.isFull = true
    keeper.set('name', 'new')
    expect([kept.get('name'), keeper.get('name')]).toEqual(['old', 'new'])
    room.isFull = false
    keeper.set('name', 'newest')
    // Another tab may write there, too.
    kept.set('name', 'of another tab')
    expect(keeper.get('name')).toBe('of another tab')
    keeper.set('name', undefined)
    expect([kept.size, keeper.get('name')]).toEqual([0, undefined])
  })

  it('[CLI13] works where naming the storage is forbidden', () => {
    const keeper = keeperOn(() => {
      throw new Error('denied')
    })
    expect(keeper.get('name')).toBeUndefined()
    keeper.set('name', 'kept')
    expect(keeper.get('name')).toBe('kept')
    keeper.set('name', undefined)
    expect(keeper.get('name')).toBeUndefined()
  })
})
