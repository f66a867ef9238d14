/** Who may have a file, and how it is served to whoever may. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ManualClock } from '../src/testing/manual-clock.ts'
import { type TestServer, testServer } from '../src/testing/test-server.ts'
import {
  askDownload,
  bigPng,
  bytesOf,
  downloaded,
  png,
  put,
  share,
  uploadAddress,
  uploaded,
  urlOf,
} from './file-world.ts'
import {
  agentOf,
  change,
  closing,
  consumerOf,
  joining,
  managerOf,
  open,
  type Person,
  type Worker,
} from './given.ts'
import { assign } from './service-calls.ts'

let server: TestServer
const clock = new ManualClock()

beforeAll(async () => {
  server = await testServer({ clock, limits: { requestsPerSecond: 1000, requestBurst: 1000 } })
})
afterAll(() => server[Symbol.asyncDispose]())

const mayHave = async (person: Person | Worker, path: string): Promise<boolean> => {
  const { code, body } = await askDownload(person, path)
  if (code === 200) return true
  // The same words whether the file exists or not.
  const status = 'agent' in person ? 500 : 404
  expect({ code, body }).toEqual({ code: status, body: 'File not available' })
  return false
}

const remove = { field: 'ParticipantsChange', type: 'REMOVE', role: 'MANAGER' }

describe('a file', () => {
  it('[FIL10] may be read by its uploader and by those who may read an event that names it', async () => {
    const { id } = await server.account()
    await using consumer = await consumerOf(server, id)
    await using stranger = await consumerOf(server, id)
    await using agent = await agentOf(server, id)
    await using manager = await managerOf(server, id)
    const dialogId = await open(consumer)
    const path = await uploaded(server, consumer)
    const everybody = [consumer, stranger, agent, manager]
    const readers = async () => Promise.all(everybody.map((one) => mayHave(one, path)))
    expect(await readers()).toEqual([true, false, false, false])
    expect((await share(consumer, dialogId, path)).code).toBe(200)
    expect(await readers()).toEqual([true, false, false, true])
  })

  it('[FIL10] [HIS2] of an earlier conversation may be read by who serves its consumer, and then not any more', async () => {
    const { id } = await server.account()
    await using consumer = await consumerOf(server, id)
    await using other = await consumerOf(server, id)
    await using agent = await agentOf(server, id)
    const earlier = await open(consumer)
    const path = await uploaded(server, consumer)
    await share(consumer, earlier, path)
    await change(consumer, earlier, closing)
    const theirs = await uploaded(server, other)
    await share(other, await open(other), theirs)
    const unshared = await uploaded(server, consumer)
    const readable = async () =>
      Promise.all([path, theirs, unshared].map((one) => mayHave(agent, one)))
    expect(await readable()).toEqual([false, false, false])
    const present = await open(consumer)
    await assign(server, { ...agent.agent, accountId: id }, present)
    expect(await readable()).toEqual([true, false, false])
    const leaving = { ...joining('ASSIGNED_AGENT', 'REMOVE'), userId: agent.agent.id }
    expect((await change(agent, present, leaving)).code).toBe(200)
    expect(await readable()).toEqual([false, false, false])
  })

  it('[FIL10] F07 is out of reach once the access to the conversation is lost', async () => {
    const { id } = await server.account()
    await using consumer = await consumerOf(server, id)
    await using manager = await managerOf(server, id)
    const dialogId = await open(consumer)
    const path = await uploaded(server, consumer)
    await share(consumer, dialogId, path)
    await change(manager, dialogId, joining('MANAGER'))
    const token = (await manager.socket.request('ms.token.GenerateDownloadToken', {})).body.token
    const opened = async () => (await fetch(`${server.url}${path}?token=${token}`)).status
    expect([await mayHave(manager, path), await opened()]).toEqual([true, 200])
    const { store } = server.services
    await change(manager, dialogId, remove)
    await store.write('updateAgent', {
      accountId: id,
      userId: manager.agent.userId,
      roles: ['agent'],
    })
    const { bearer } = await server.login(id, manager.agent.loginName)
    await using socket = await server.agentSocket(id, bearer, '3')
    expect(await mayHave({ ...manager, socket }, path)).toBe(false)
    expect(await opened()).toBe(401)
  })

  it('[FIL10] that only private events name is not for consumers', async () => {
    const { id } = await server.account()
    await using consumer = await consumerOf(server, id)
    await using manager = await managerOf(server, id)
    const dialogId = await open(consumer)
    await change(manager, dialogId, joining('MANAGER'))
    const path = await uploaded(server, manager)
    const hidden = { path, body: { messageAudience: 'AGENTS_AND_MANAGERS' } }
    expect((await share(manager, dialogId, hidden)).code).toBe(200)
    expect(await mayHave(consumer, path)).toBe(false)
    expect((await share(consumer, dialogId, path)).code).toBe(400)
    expect((await share(manager, dialogId, path)).code).toBe(200)
    expect(await mayHave(consumer, path)).toBe(true)
  })

  it('[FIL10] is not opened by a publish that was refused', async () => {
    const { id } = await server.account()
    await using consumer = await consumerOf(server, id)
    await using manager = await managerOf(server, id)
    const dialogId = await open(consumer)
    const path = await uploaded(server, manager)
    expect((await share(manager, dialogId, path)).code).toBe(403)
    expect(await mayHave(consumer, path)).toBe(false)
  })

  it('[FIL10] F07 of another account is unknown, to socket and address', async () => {
    const [one, two] = [await server.account(), await server.account()]
    await using owner = await consumerOf(server, one.id)
    await using stranger = await managerOf(server, two.id)
    const path = await uploaded(server, owner)
    expect(await mayHave(stranger, path)).toBe(false)
    expect(await mayHave(stranger, path.replace(one.id, two.id))).toBe(false)
    const { body } = await askDownload(owner, path)
    const elsewhere = { path: path.replace(one.id, two.id) }
    expect((await fetch(urlOf(server, body, elsewhere))).status).toBe(401)
  })

  it('[FIL2] F07 is not given to expired or altered addresses, nor for another method', async () => {
    const { id } = await server.account()
    await using consumer = await consumerOf(server, id)
    const path = await uploaded(server, consumer)
    const { body } = await askDownload(consumer, path)
    expect((await fetch(urlOf(server, body))).status).toBe(200)
    expect((await put(server, body, png())).status).toBe(401)
    expect((await fetch(urlOf(server, body, { signature: 'a'.repeat(40) }))).status).toBe(401)
    await clock.advance(59_000)
    expect((await fetch(urlOf(server, body))).status).toBe(200)
    await clock.advance(1_000)
    expect((await fetch(urlOf(server, body))).status).toBe(401)
  })

  it('[FIL13] F07 that was removed is gone, with every address of it', async () => {
    const { id } = await server.account()
    await using consumer = await consumerOf(server, id)
    const path = await uploaded(server, consumer)
    const { body } = await askDownload(consumer, path)
    const { store, files } = server.services
    await store.write('removeFile', { accountId: id, path, at: clock.now() })
    expect((await fetch(urlOf(server, body))).status).toBe(401)
    expect(await mayHave(consumer, path)).toBe(false)
    await files.sweep()
    expect(await store.read('leftoverFiles', { dueAt: clock.now(), limit: 10 })).toEqual([])
  })

  it('[FIL3] that was never uploaded is 404 to consumers and 500 to agents', async () => {
    const { id } = await server.account()
    await using consumer = await consumerOf(server, id)
    await using agent = await agentOf(server, id, { version: '2.1' })
    const own = await uploadAddress(consumer, 100)
    expect(await mayHave(consumer, own.relativePath)).toBe(false)
    const { relativePath } = await uploadAddress(agent, 100)
    for (const path of [
      relativePath,
      '/x',
      'https://example.com/',
      '/v1/AUTH_async-images/a/b.PNG',
    ])
      expect(await mayHave(agent, path), path).toBe(false)
  })
})

describe('a download', () => {
  const given = async (bytes: Buffer, fileType = 'PNG') => {
    const { id } = await server.account()
    await using consumer = await consumerOf(server, id)
    const path = await uploaded(server, consumer, { bytes, fileType })
    const { body } = await askDownload(consumer, path)
    return urlOf(server, body)
  }

  it('[FIL12] F01 F03 can be run by no browser, and carries no name of a client', async () => {
    for (const [bytes, fileType, type] of [
      [png(), 'PNG', 'image/png'],
      [Buffer.from('<script>alert(1)</script>'), 'TXT', 'text/plain; charset=utf-8'],
      [Buffer.from('%PDF-1.7 /JS (app.alert(1))'), 'PDF', 'application/pdf'],
      [Buffer.from('GIF89a\x01\0\x01\0\0\0\0;', 'latin1'), 'GIF', 'image/gif'],
    ] as const) {
      const { headers, status } = await fetch(await given(bytes, fileType))
      expect(status).toBe(200)
      expect(headers.get('content-type')).toBe(type)
      const name = new RegExp(
        `^attachment; filename="file-[0-9a-f]{8}\\.${fileType.toLowerCase()}"$`,
      )
      expect(headers.get('content-disposition')).toMatch(name)
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('content-security-policy')).toMatch(/^sandbox; default-src 'none'$/)
      expect(headers.get('access-control-allow-origin')).toBe('*')
      expect(headers.get('content-length')).toBe(String(bytes.length))
    }
  })

  it('[FIL12] HEAD answers as GET would, without the bytes', async () => {
    const url = await given(bigPng(5000))
    const head = await fetch(url, { method: 'HEAD' })
    expect(head.status).toBe(200)
    const got = await fetch(url)
    const withoutDate = ({ headers }: Response) =>
      [...headers].filter(([name]) => !['date', 'keep-alive', 'connection'].includes(name))
    expect(withoutDate(head)).toEqual(withoutDate(got))
    expect((await bytesOf(head)).length).toBe(0)
  })

  it('[FIL12] pages of any origin may put and get', async () => {
    const url = await given(png())
    const answer = await fetch(url, {
      method: 'OPTIONS',
      headers: { origin: 'https://shop.example', 'access-control-request-headers': 'content-type' },
    })
    expect(answer.status).toBe(204)
    expect(answer.headers.get('access-control-allow-origin')).toBe('*')
    expect(answer.headers.get('access-control-allow-methods')).toContain('PUT')
    expect(answer.headers.get('access-control-allow-headers')).toBe('content-type')
  })

  it.each([
    ['bytes=0-3', 206, [0, 3]],
    ['bytes=10-', 206, [10, 4999]],
    ['bytes=-5', 206, [4995, 4999]],
    ['bytes=-9999', 206, [0, 4999]],
    ['bytes=4999-9999', 206, [4999, 4999]],
    ['bytes=5000-', 416, undefined],
    ['bytes=-0', 416, undefined],
    ['bytes=5-3', 200, undefined],
    ['bytes=--5', 200, undefined],
    ['lines=1-2', 200, undefined],
    ['bytes=0-1,2-3', 200, undefined],
  ])('[FIL12] F08 the range %s gives %d', async (range, status, place) => {
    const bytes = bigPng(4921)
    expect(bytes.length).toBe(5000)
    const answer = await fetch(await given(bytes), { headers: { range } })
    expect(answer.status).toBe(status)
    const got = await bytesOf(answer)
    if (status === 416) {
      expect(answer.headers.get('content-range')).toBe('bytes */5000')
      return
    }
    const [first = 0, last = 4999] = place ?? []
    expect(got.equals(bytes.subarray(first, last + 1))).toBe(true)
    const told = place ? `bytes ${first}-${last}/5000` : null
    expect(answer.headers.get('content-range')).toBe(told)
  })
})

it('[FIL12] F08 a thousand ranges give the file once', async () => {
  const { id } = await server.account()
  await using consumer = await consumerOf(server, id)
  const bytes = bigPng(100_000)
  const path = await uploaded(server, consumer, { bytes })
  const { body } = await askDownload(consumer, path)
  const range = `bytes=${Array.from({ length: 1000 }, () => '0-').join(',')}`
  const answer = await fetch(urlOf(server, body), { headers: { range } })
  expect(answer.status).toBe(200)
  expect((await bytesOf(answer)).equals(bytes)).toBe(true)
})

describe('a key to files', () => {
  it.each([
    ['2.1', '.ams.ms.token.GenerateDownloadToken$Response'],
    ['3', 'ms.token.GenerateDownloadTokenResponse'],
  ])('[FIL20] in version %s opens what the agent uploaded', async (version, type) => {
    const { id } = await server.account()
    await using agent = await agentOf(server, id, { version })
    await using consumer = await consumerOf(server, id)
    const answer = await agent.socket.request('.ams.ms.token.GenerateDownloadToken', {})
    expect(answer).toMatchObject({ code: 200, type, body: { token: expect.any(String) } })
    const { token } = answer.body
    const path = await uploaded(server, agent)
    const opened = await fetch(`${server.url}${path}?token=${token}`)
    expect((await bytesOf(opened)).equals(png())).toBe(true)
    const authorization = `Bearer ${token}`
    const asBearer = await fetch(`${server.url}${path}`, { headers: { authorization } })
    expect(asBearer.status).toBe(200)
    const status = async (key: string, of = path) =>
      (await fetch(`${server.url}${of}?token=${key}`)).status
    expect(await status(token, await uploaded(server, consumer))).toBe(401)
    // The seal of one key under the words of another.
    const [payload, seal] = token.split('.')
    const said = JSON.parse(Buffer.from(payload, 'base64url').toString())
    said[2] += 1
    const altered = Buffer.from(JSON.stringify(said)).toString('base64url')
    expect(altered.length).toBe(payload.length)
    expect(await status(`${altered}.${seal}`)).toBe(401)
    expect(await status(`${token}x`)).toBe(401)
    expect(await status(token.replace('.', '.x'))).toBe(401)
    expect(await status('x')).toBe(401)
    await clock.advance(60_000)
    expect(await status(token)).toBe(401)
  })

  it('[FIL20] is looked at only where the address is not good', async () => {
    const { id } = await server.account()
    await using agent = await agentOf(server, id)
    const path = await uploaded(server, agent)
    const { body } = await askDownload(agent, path)
    const get = async (url: string, bearer: string) =>
      (await fetch(url, { headers: { authorization: `Bearer ${bearer}` } })).status
    for (const bearer of [agent.agent.bearer, 'anything', 'x'.repeat(1000)])
      expect(await get(urlOf(server, body), bearer)).toBe(200)
    expect((await fetch(`${urlOf(server, body)}&token=anything`)).status).toBe(200)
    const forged = urlOf(server, body, { signature: '0'.repeat(40) })
    expect(await get(forged, agent.agent.bearer)).toBe(401)
    const key = await agent.socket.request('ms.token.GenerateDownloadToken', {})
    expect(await get(forged, key.body.token)).toBe(200)
  })

  it('[FIL20] to a secure form is 501, and consumers get none', async () => {
    const { id } = await server.account()
    await using agent = await agentOf(server, id)
    await using consumer = await consumerOf(server, id)
    const downloadable = { type: 'SecureForm', submissionId: 's', invitationId: 'i', dialogId: 'd' }
    const type = 'ms.token.GenerateDownloadToken'
    expect((await agent.socket.request(type, { downloadable })).code).toBe(501)
    expect((await consumer.socket.request(type, {})).code).toBe(403)
  })
})

describe('what was shared', () => {
  it('[FIL11] goes from dialog to dialog with whoever may have it', async () => {
    const { id } = await server.account()
    await using manager = await managerOf(server, id)
    await using one = await consumerOf(server, id)
    await using two = await consumerOf(server, id)
    const dialogs = [await open(one), await open(two)] as const
    for (const dialogId of dialogs) await change(manager, dialogId, joining('MANAGER'))
    const path = await uploaded(server, one)
    await share(one, dialogs[0], path)
    expect(await mayHave(two, path)).toBe(false)
    expect((await share(manager, dialogs[1], path)).code).toBe(200)
    const answer = await downloaded(server, two, path)
    expect((await bytesOf(answer)).equals(png())).toBe(true)
  })
})
