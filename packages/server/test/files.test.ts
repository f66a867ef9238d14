/** Shared files, from the address to the bytes, as clients of both sides see them. */
import { existsSync, readdirSync } from 'node:fs'
import { request as httpRequest } from 'node:http'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ManualClock } from '../src/testing/manual-clock.ts'
import { type TestServer, testServer } from '../src/testing/test-server.ts'
import {
  askDownload,
  askUpload,
  bigPng,
  bytesOf,
  downloaded,
  png,
  put,
  uploadAddress,
  uploaded,
  urlOf,
} from './file-world.ts'
import { agentOf, consumerOf, open } from './given.ts'

let server: TestServer
const clock = new ManualClock()

beforeAll(async () => {
  server = await testServer({ clock, limits: { requestsPerSecond: 1000, requestBurst: 1000 } })
})
afterAll(() => server[Symbol.asyncDispose]())

const uploadsUnderWay = (): readonly string[] => {
  const folder = join(server.services.config.files as string, 'incoming')
  return existsSync(folder) ? readdirSync(folder) : []
}

const ADDRESS = {
  relativePath: expect.stringMatching(/^\/v1\/AUTH_async-images\//),
  queryParams: {
    temp_url_sig: expect.stringMatching(/^[0-9a-f]{40}$/),
    temp_url_expires: expect.stringMatching(/^\d{10}$/),
  },
}

describe('addresses', () => {
  it('[FIL1] consumers get one in the newest form, sizes as text or number', async () => {
    const { id } = await server.account()
    await using consumer = await consumerOf(server, id)
    for (const fileSize of ['20480', 20480]) {
      const answer = await askUpload(consumer, fileSize, 'jpeg')
      expect(answer).toMatchObject({ code: 200, type: 'ms.GenerateURLResponse' })
      expect(answer.body).toEqual(ADDRESS)
      const form = new RegExp(
        `^/v1/AUTH_async-images/${id}/${consumer.id}_uuid_[0-9a-f-]{36}_01-01-2030_00-00-00-000\\.JPEG$`,
      )
      expect(answer.body.relativePath).toMatch(form)
      const expires = Number(answer.body.queryParams.temp_url_expires) * 1000
      expect(expires - clock.now()).toBe(60_000)
    }
  })

  it.each([
    ['2.1', '.ams.ms.BaseGenerateURL$Response'],
    ['3', 'ms.GenerateURLResponse'],
  ])('[FIL1] agents of version %s get one named by a UUID', async (version, type) => {
    const { id } = await server.account()
    await using agent = await agentOf(server, id, { version })
    const { socket } = agent
    const body = { fileSize: 5020, fileType: 'JPEG' }
    const answer = await socket.request('.ams.ms.GenerateURLForUploadFile', body)
    expect(answer).toMatchObject({ code: 200, type })
    expect(answer.body).toEqual(ADDRESS)
    const form = new RegExp(`^/v1/AUTH_async-images/${id}/[0-9a-f-]{36}\\.JPEG$`)
    expect(answer.body.relativePath).toMatch(form)
    const path = await uploaded(server, agent)
    const download = await socket.request('.ams.ms.GenerateURLForDownloadFile', {
      relativePath: path,
    })
    expect(download).toMatchObject({ code: 200, type, body: { relativePath: path } })
  })

  it('[FIL1] types and sizes that are not taken are refused', async () => {
    const { id } = await server.account()
    await using consumer = await consumerOf(server, id)
    const refused = async (size: unknown, type: string) => {
      const { code, body } = await askUpload(consumer, size, type)
      return [code, body]
    }
    expect(await refused(100, 'EXE')).toEqual([400, 'File type not supported'])
    expect(await refused(100, 'DOCX')).toEqual([400, 'File type not supported'])
    expect(await refused(3 * 1024 * 1024 + 1, 'PNG')).toEqual([400, 'File too large'])
    expect(await refused(0, 'PNG')).toEqual([400, expect.stringContaining('fileSize')])
    expect((await askUpload(consumer, -1)).code).toBe(400)
    for (const type of ['JPEG', 'jpg', 'Png', 'GIF', 'IMG', 'TXT', 'PDF'])
      expect((await askUpload(consumer, 100, type)).code, type).toBe(200)
    expect((await askUpload(consumer, 3 * 1024 * 1024)).code).toBe(200)
  })

  it('[FIL14] accounts decide who shares, what and how large', async () => {
    const { id, settings } = await server.account()
    const only = { consumers: false, maxFileBytes: 1000, fileTypes: ['PDF', 'DOCX'] }
    const changed = await fetch(`${server.url}/api/account/${id}/ringdown/v1/settings`, {
      method: 'PATCH',
      headers: {
        authorization: `Bearer ${server.running.adminToken}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ fileSharing: only }),
    })
    expect(changed.status).toBe(200)
    await using consumer = await consumerOf(server, id)
    await using agent = await agentOf(server, id)
    expect(await askUpload(consumer, 10, 'PDF')).toMatchObject({
      code: 403,
      body: 'File sharing is switched off',
    })
    expect((await askUpload(agent, 1000, 'docx')).code).toBe(200)
    expect((await askUpload(agent, 1001, 'docx')).body).toBe('File too large')
    expect((await askUpload(agent, 10, 'PNG')).body).toBe('File type not supported')
    const after = await server.services.store.read('account', id)
    expect(after?.settings.fileSharing).toEqual({ ...settings.fileSharing, ...only })
  })

  it('[FIL14] F09 many small uploads of one person meet a limit that others do not', async () => {
    const fileSharing = { ...(await server.account()).settings.fileSharing, uploadsPerHour: 5 }
    const { id } = await server.account({ fileSharing })
    await using consumer = await consumerOf(server, id)
    await using other = await consumerOf(server, id)
    const answers = await Promise.all(Array.from({ length: 50 }, () => askUpload(consumer, 10)))
    expect(answers.filter(({ code }) => code === 200)).toHaveLength(5)
    expect(answers.filter(({ code }) => code === 429)).toHaveLength(45)
    expect((await askUpload(other, 10)).code).toBe(200)
    const dialogId = await open(consumer)
    const body = {
      dialogId,
      event: { type: 'ContentEvent', contentType: 'text/plain', message: 'x' },
    }
    expect((await consumer.socket.request('ms.PublishEvent', body)).code).toBe(200)
  })

  it('[FIL14] an account that has no room left gets 507', async () => {
    const fileSharing = { ...(await server.account()).settings.fileSharing, storageBytes: 1000 }
    const { id } = await server.account({ fileSharing })
    await using consumer = await consumerOf(server, id)
    await uploaded(server, consumer, { bytes: bigPng(600) })
    expect(await askUpload(consumer, 600)).toMatchObject({ code: 507 })
  })
})

describe('uploads', () => {
  it('[FIL4] bytes that were put are what is got, with one slash or two', async () => {
    const { id } = await server.account()
    await using consumer = await consumerOf(server, id)
    const bytes = bigPng(200_000)
    const address = await uploadAddress(consumer, bytes.length)
    const twice = await put(server, address, bytes, { path: `/${address.relativePath}` })
    expect(twice.status).toBe(201)
    const { body } = await askDownload(consumer, `/${address.relativePath}`)
    expect(body.relativePath).toBe(address.relativePath)
    const one = await fetch(urlOf(server, body))
    expect((await bytesOf(one)).equals(bytes)).toBe(true)
    const two = await fetch(urlOf(server, body, { path: `/${body.relativePath}` }))
    expect((await bytesOf(two)).equals(bytes)).toBe(true)
  })

  /** A request that says nothing but what is given here. */
  const bare = (url: string, bytes: Buffer, headers: Record<string, string>) =>
    new Promise<number | undefined>((resolve, reject) => {
      const request = httpRequest(url, { method: 'PUT', headers }, (answer) => {
        answer.resume()
        resolve(answer.statusCode)
      })
      request.on('error', reject)
      for (let at = 0; at < bytes.length; at += 1000) request.write(bytes.subarray(at, at + 1000))
      request.end()
    })

  it.each([
    ['in chunks of unknown length', { 'transfer-encoding': 'chunked' }],
    ['with a type', { 'content-type': 'image/jpeg', 'transfer-encoding': 'chunked' }],
    ['with a type that is none', { 'content-type': '!!!' }],
    ['after asking whether to go on', { expect: '100-continue' }],
  ])('[FIL4] an upload %s is taken', async (_, headers) => {
    const { id } = await server.account()
    await using consumer = await consumerOf(server, id)
    const bytes = bigPng(5000)
    const address = await uploadAddress(consumer, bytes.length)
    expect(await bare(urlOf(server, address), bytes, headers)).toBe(201)
    const answer = await downloaded(server, consumer, address.relativePath)
    expect((await bytesOf(answer)).equals(bytes)).toBe(true)
  })

  it('[FIL5] F04 what is larger than declared is cut off, by its length or on the way', async () => {
    const { id } = await server.account()
    await using consumer = await consumerOf(server, id)
    const bytes = bigPng(900)
    const address = await uploadAddress(consumer, bytes.length)
    const tooLong = Buffer.concat([bytes, Buffer.alloc(1)])
    expect((await put(server, address, tooLong)).status).toBe(413)
    const chunked = { 'transfer-encoding': 'chunked' }
    expect(await bare(urlOf(server, address), Buffer.alloc(3_000_000), chunked)).toBe(413)
    expect(uploadsUnderWay()).toEqual([])
    expect((await put(server, address, Buffer.alloc(0))).status).toBe(400)
    // None of this used the address up.
    expect((await put(server, address, bytes)).status).toBe(201)
  })

  it('[FIL5] an upload that breaks off leaves nothing and may be tried again', async () => {
    const { id } = await server.account()
    await using consumer = await consumerOf(server, id)
    const bytes = bigPng(50_000)
    const address = await uploadAddress(consumer, bytes.length)
    const headers = { 'content-length': String(bytes.length) }
    const broken = httpRequest(urlOf(server, address), { method: 'PUT', headers })
    broken.on('error', () => {})
    broken.write(bytes.subarray(0, 20_000))
    await expect.poll(() => uploadsUnderWay().length).toBe(1)
    broken.destroy()
    await expect.poll(() => uploadsUnderWay().length).toBe(0)
    expect(await askDownload(consumer, address.relativePath)).toMatchObject({ code: 404 })
    expect((await put(server, address, bytes)).status).toBe(201)
  })

  it('[FIL7] F06 an address is good for one upload', async () => {
    const { id } = await server.account()
    await using consumer = await consumerOf(server, id)
    const bytes = png()
    const address = await uploadAddress(consumer, 1000)
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => put(server, address, bytes).then(({ status }) => status)),
    )
    // Those that came while it was under way, and those that came after.
    const [first, ...others] = answers.toSorted()
    expect(first).toBe(201)
    for (const status of others) expect([403, 409]).toContain(status)
    expect((await put(server, address, png(5, 5))).status).toBe(403)
    const answer = await downloaded(server, consumer, address.relativePath)
    expect((await bytesOf(answer)).equals(bytes)).toBe(true)
  })

  it('[FIL2] F06 a bad address is 401: expired, forged, of another file, for another method', async () => {
    const { id } = await server.account()
    await using consumer = await consumerOf(server, id)
    const [address, other] = [
      await uploadAddress(consumer, 1000),
      await uploadAddress(consumer, 1000),
    ]
    const status = async (change: Parameters<typeof put>[3]) =>
      (await put(server, address, png(), change)).status
    const { temp_url_sig: signature, temp_url_expires: expires } = address.queryParams
    const flipped = signature.replace(/^./, (digit) => (digit === '0' ? '1' : '0'))
    expect(await status({ signature: flipped })).toBe(401)
    expect(await status({ signature: signature.slice(0, 39) })).toBe(401)
    expect(await status({ signature: '' })).toBe(401)
    expect(await status({ expires: String(Number(expires) + 1) })).toBe(401)
    expect(await status({ path: other.relativePath })).toBe(401)
    const unknown = address.relativePath.replace(/_uuid_./, '_uuid_x')
    expect(await status({ path: unknown })).toBe(401)
    const read = await fetch(urlOf(server, address))
    expect(read.status).toBe(401)
    expect((await fetch(`${server.url}${address.relativePath}`)).status).toBe(401)
    await clock.advance(60_000)
    expect(await status({})).toBe(401)
    expect((await askDownload(consumer, address.relativePath)).code).toBe(404)
  })

  it('[FIL2] the signature is over size and type', async () => {
    const { id } = await server.account()
    await using consumer = await consumerOf(server, id)
    const { relativePath: path, queryParams } = await uploadAddress(consumer, 1000)
    const { files, store } = server.services
    const file = (await store.read('file', { accountId: id, path }))!
    const seen = new Set(
      [file, { ...file, maxBytes: 1001 }, { ...file, fileType: 'JPG' }].map(
        (one) => files.downloadAddress(one).queryParams.temp_url_sig,
      ),
    )
    expect(seen.size).toBe(3)
    expect(seen).not.toContain(queryParams.temp_url_sig)
  })

  it('[FIL6] F02 the bytes decide: another type that is taken is served as what it is', async () => {
    const { id } = await server.account()
    await using consumer = await consumerOf(server, id)
    const gif = Buffer.from('GIF89a\x01\0\x01\0\0\0\0;', 'latin1')
    const path = await uploaded(server, consumer, { bytes: gif, fileType: 'PNG' })
    const answer = await downloaded(server, consumer, path)
    expect(answer.headers.get('content-type')).toBe('image/gif')
    expect(answer.headers.get('content-disposition')).toMatch(/\.gif"$/)
  })

  it.each([
    ['HTML', '<html><script>alert(1)</script></html>'],
    ['SVG with a script', '<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>'],
    ['XML with a style sheet', '<?xml version="1.0"?><?xml-stylesheet href="x.xsl"?><a/>'],
    ['a program', '\x7fELF\x02\x01\x01\0\0\0'],
    ['half a signature', '\x89PN'],
    ['a zip', 'PK\x03\x04\x14\0\0\0'],
  ])('[FIL6] F01 %s is no picture', async (_, content) => {
    const { id } = await server.account()
    await using consumer = await consumerOf(server, id)
    const bytes = Buffer.from(content, 'latin1')
    const address = await uploadAddress(consumer, 1000)
    const answer = await put(server, address, bytes)
    expect(answer.status).toBe(403)
    expect(await answer.json()).toMatchObject({ error: { code: 'file_type_not_supported' } })
    expect(uploadsUnderWay()).toEqual([])
    expect((await askDownload(consumer, address.relativePath)).code).toBe(404)
  })

  it('[FIL8] F05 a picture of 50,000 by 50,000 is refused by its header', async () => {
    const { id } = await server.account()
    await using consumer = await consumerOf(server, id)
    const address = await uploadAddress(consumer, 1000)
    const answer = await put(server, address, png(50_000, 50_000))
    expect(answer.status).toBe(403)
    expect(await answer.text()).toContain('pixels')
  })

  it('[FIL15] more uploads at once than one process takes get 503', async () => {
    await using small = await testServer({ limits: { uploadsAtOnce: 1 } })
    const { id } = await small.account()
    await using consumer = await consumerOf(small, id)
    const slow = await uploadAddress(consumer, 1000)
    const waiting = httpRequest(urlOf(small, slow), { method: 'PUT' })
    waiting.on('error', () => {})
    waiting.write(png())
    const folder = join(small.services.config.files as string, 'incoming')
    await expect.poll(() => existsSync(folder) && readdirSync(folder).length).toBe(1)
    const second = await uploadAddress(consumer, 1000)
    expect((await put(small, second, png())).status).toBe(503)
    waiting.destroy()
    await expect.poll(async () => (await put(small, second, png())).status).toBe(201)
  })
})
