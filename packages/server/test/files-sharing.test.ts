/** Events that share files. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ManualClock } from '../src/testing/manual-clock.ts'
import { type TestServer, testServer } from '../src/testing/test-server.ts'
import {
  askDownload,
  bytesOf,
  downloaded,
  png,
  put,
  share,
  uploadAddress,
  uploaded,
} from './file-world.ts'
import { consumerOf, eventsIn, follow, managerOf, open } from './given.ts'

let server: TestServer
const clock = new ManualClock()

beforeAll(async () => {
  server = await testServer({ clock, limits: { requestsPerSecond: 1000, requestBurst: 1000 } })
})
afterAll(() => server[Symbol.asyncDispose]())

describe('events that share files', () => {
  it('[FIL11] a file is shared by either spelling, and told as hosted/file', async () => {
    const { id } = await server.account()
    await using consumer = await consumerOf(server, id)
    await using manager = await managerOf(server, id)
    const dialogId = await open(consumer)
    await follow(manager, dialogId)
    const path = await uploaded(server, consumer)
    const message = { relativePath: path, fileType: 'PNG', preview: 'data:image/png;base64,AA' }
    const spelt = (contentType: string) =>
      consumer.socket.request('ms.PublishEvent', {
        dialogId,
        event: { type: 'ContentEvent', contentType, message },
      })
    expect((await spelt('HostedFile')).body).toEqual({ sequence: 0 })
    expect((await spelt('hosted/file')).body).toEqual({ sequence: 1 })
    const heard = eventsIn(await manager.socket.next((frame) => eventsIn(frame).length > 0))
    const event = { type: 'ContentEvent', contentType: 'hosted/file', message }
    expect(heard[0]).toMatchObject({ sequence: 0, event })
    const answer = await downloaded(server, manager, path)
    expect((await bytesOf(answer)).equals(png())).toBe(true)
  })

  it('[FIL11] an event may name a file whose bytes have not come; they come later', async () => {
    const { id } = await server.account()
    await using consumer = await consumerOf(server, id)
    await using manager = await managerOf(server, id)
    const dialogId = await open(consumer)
    const address = await uploadAddress(consumer, 1000)
    expect((await share(consumer, dialogId, address.relativePath)).code).toBe(200)
    expect(await askDownload(manager, address.relativePath)).toMatchObject({
      code: 500,
      body: 'File not available',
    })
    expect((await put(server, address, png())).status).toBe(201)
    expect((await downloaded(server, manager, address.relativePath)).status).toBe(200)
  })

  it('[FIL11] F11 a path that this account was not given is 400, and nothing is fetched', async () => {
    const { id } = await server.account()
    const other = await server.account()
    await using stranger = await consumerOf(server, other.id)
    await using consumer = await consumerOf(server, id)
    await using neighbour = await consumerOf(server, id)
    const dialogId = await open(consumer)
    const foreign = await uploaded(server, stranger)
    const theirs = await uploaded(server, neighbour)
    const paths = [
      foreign,
      theirs,
      foreign.replace(other.id, id),
      `/v1/AUTH_async-images/${id}/00000000-0000-4000-8000-000000000000.PNG`,
      'https://example.com/a.png',
      'file:///etc/passwd',
      '../../etc/passwd',
      `/v1/AUTH_async-images/${id}/../../x`,
      '/',
    ]
    for (const path of paths) {
      const answer = await share(consumer, dialogId, path)
      expect(answer, path).toMatchObject({ code: 400 })
      expect(answer.body).toContain('relativePath')
    }
    const [event] = await server.services.store.read('events', {
      accountId: id,
      dialogId,
      from: 0,
      audience: 'agents',
      limit: 10,
    })
    expect(event).toBeUndefined()
  })

  it('[FIL11] publishes around one that shares a file keep their order', async () => {
    const { id } = await server.account()
    await using consumer = await consumerOf(server, id)
    const dialogId = await open(consumer)
    const path = await uploaded(server, consumer)
    const said = (message: string) => ({
      dialogId,
      event: { type: 'ContentEvent', contentType: 'text/plain', message },
    })
    const ask = (body: unknown) => consumer.socket.request('ms.PublishEvent', body)
    const answers = await Promise.all([
      ask(said('one')),
      share(consumer, dialogId, path),
      share(consumer, dialogId, '/nowhere'),
      ask(said('two')),
      share(consumer, dialogId, path),
      ask(said('three')),
    ])
    expect(answers.map(({ code }) => code)).toEqual([200, 200, 400, 200, 200, 200])
    const sequences = answers.flatMap(({ body }) => body.sequence ?? [])
    expect(sequences).toEqual([0, 1, 2, 3, 4])
  })

  it('[FIL11] a preview above 64 KiB is refused', async () => {
    const { id } = await server.account()
    await using consumer = await consumerOf(server, id)
    const dialogId = await open(consumer)
    const path = await uploaded(server, consumer)
    const preview = `data:image/png;base64,${'A'.repeat(64 * 1024)}`
    expect(await share(consumer, dialogId, { path, message: { preview } })).toMatchObject({
      code: 400,
    })
    const fitting = preview.slice(0, 64 * 1024)
    expect(await share(consumer, dialogId, { path, message: { preview: fitting } })).toMatchObject({
      code: 200,
    })
  })
})
