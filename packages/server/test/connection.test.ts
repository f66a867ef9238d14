import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { defaultSettings } from '../src/domain/account.ts'
import { testServer } from '../src/testing/index.ts'
import { SocketClient } from '../src/testing/socket-client.ts'
import type { TestServer } from '../src/testing/test-server.ts'
import { agentOf, consumerOf, open, say, text, unhurried } from './given.ts'
import { heldStore } from './held-store.ts'
import { claimsOf } from './identity-world.ts'

let server: TestServer
let account: string

beforeAll(async () => {
  server = await testServer({ limits: unhurried })
  account = (await server.account()).id
})
afterAll(() => server[Symbol.asyncDispose]())

const connect = (rest: string, headers: Record<string, string> = {}) =>
  SocketClient.open(`ws://127.0.0.1:${server.running.port}/ws_api/account/${rest}`, { headers })

const consumerPath = (query = '?v=3') => `${account}/messaging/consumer${query}`

const authentication = (jwt: string) => [{ type: '.ams.headers.ConsumerAuthentication', jwt }]

describe('the address of a socket', () => {
  it.each(['', '?', '?v=', '?v=3', '?v=3.0'])('[CON1] %j means version 3', async (query) => {
    await using socket = await connect(consumerPath(query), {
      authorization: `jwt ${await server.signup(account)}`,
    })
    expect((await socket.request('KeepAlive')).type).toBe('StringResponse')
  })

  it.each(['?v=2', '?v=2.0', '?v=2.1', '?x=1&v=2.99'])(
    '[CON1] %j means version 2',
    async (query) => {
      await using socket = await connect(consumerPath(query), {
        authorization: `jwt ${await server.signup(account)}`,
      })
      expect((await socket.request('nonsense')).type).toBe('.ReqBody$StringResp')
    },
  )

  it.each(['?v=1', '?v=4', '?v=x', '?v=-2', '?v=1.99'])('[CON1] %j is 400', async (query) => {
    await expect(connect(consumerPath(query))).rejects.toThrow('400')
  })

  it.each([
    'nobody/messaging/consumer',
    'a%20b/messaging/consumer',
    '/messaging/other',
    '',
    '../x',
  ])('[CON1] %j is 404', async (rest) => {
    await expect(connect(`${rest}?v=3`)).rejects.toThrow('404')
  })

  it('[CON1] W01 W03 an account that lists origins refuses all others', async () => {
    const { id } = await server.account({
      ...defaultSettings,
      allowedOrigins: ['https://brand.example'],
    })
    const path = `${id}/messaging/consumer?v=3`
    for (const origin of [
      'https://evil.example',
      'null',
      'https://brand.example.evil.com',
      'https://evilbrand.example',
      'http://brand.example',
      'https://brand.example:8443',
    ])
      await expect(connect(path, { origin }), origin).rejects.toThrow('403')
    await using listed = await connect(path, { origin: 'https://brand.example' })
    await using native = await connect(path)
    expect((await listed.request('GetClock')).code).toBe(200)
    expect((await native.request('GetClock')).code).toBe(200)
  })
})

describe("a consumer's token", () => {
  it.each([
    'jwt TOKEN',
    'JWT TOKEN',
    'Bearer TOKEN',
    '  jWt    TOKEN  ',
    'jwt: TOKEN',
    'bearer:TOKEN',
  ])('[CON2] is read from Authorization: %s', async (form) => {
    const token = await server.signup(account)
    await using socket = await connect(consumerPath(), {
      authorization: form.replace('TOKEN', token),
    })
    const { body } = await socket.request('userprofile.GetUserProfile', {})
    expect(body.userId).toBe(claimsOf(token)['sub'])
  })

  it('[CON2] in the path goes before the header', async () => {
    const [inPath, inHeader] = [await server.signup(account), await server.signup(account)]
    await using socket = await connect(`${account}/messaging/consumer/${inPath}?v=3`, {
      authorization: `jwt ${inHeader}`,
    })
    const { body } = await socket.request('userprofile.GetUserProfile', {})
    expect(body.userId).toBe(claimsOf(inPath)['sub'])
  })

  it('[CON2] [CON3] may come with InitConnection, and until then little is answered', async () => {
    await using socket = await connect(consumerPath())
    expect(await socket.request('GetClock')).toMatchObject({ code: 200 })
    expect(await socket.request('KeepAlive')).toMatchObject({ code: 200 })
    expect(await socket.request('cm.ConsumerRequestConversation')).toMatchObject({ code: 401 })
    expect(await socket.request('ms.PublishEvent', text('x', 'y'))).toMatchObject({ code: 401 })
    expect(await socket.request('InitConnection', {})).toMatchObject({ code: 401 })
    const headers = authentication(await server.signup(account))
    expect(await socket.request('InitConnection', {}, { headers })).toMatchObject({ code: 200 })
    expect(await socket.request('cm.ConsumerRequestConversation')).toMatchObject({ code: 200 })
  })

  it('[CON3] no frame is sent unasked after connecting', async () => {
    await using ann = await consumerOf(server, account)
    expect(await ann.socket.settled()).toEqual([])
  })

  it('[CON4] repeated is fine, of another identity is refused and changes nothing', async () => {
    await using ann = await consumerOf(server, account)
    const again = { headers: authentication(ann.token) }
    expect(await ann.socket.request('InitConnection', {}, again)).toMatchObject({ code: 200 })
    const other = { headers: authentication(await server.signup(account)) }
    expect(await ann.socket.request('InitConnection', {}, other)).toMatchObject({ code: 400 })
    const wrong = { headers: authentication('a.b.c') }
    expect(await ann.socket.request('InitConnection', {}, wrong)).toMatchObject({ code: 401 })
    const { body } = await ann.socket.request('userprofile.GetUserProfile', {})
    expect(body.userId).toBe(ann.id)
  })

  it('[CON4] InitConnection sets client properties, which show in the conversation', async () => {
    await using ann = await consumerOf(server, account)
    const headers = [{ type: '.ams.headers.ClientProperties', appId: 'my-app', os: 'ANDROID' }]
    expect(await ann.socket.request('InitConnection', {}, { headers })).toMatchObject({ code: 200 })
    const id = await open(ann)
    const read = await server.services.store.read('conversation', { accountId: account, id })
    expect(read?.context?.['clientProperties']).toMatchObject({ appId: 'my-app' })
  })

  it('[CON5] [FRM17] a bad one is let in and closed with 4401', async () => {
    const foreign = await server.signup((await server.account()).id)
    for (const bad of ['x', 'a.b.c', foreign]) {
      await using byHeader = await connect(consumerPath(), { authorization: `jwt ${bad}` })
      await using byPath = await connect(`${account}/messaging/consumer/${bad}?v=3`)
      await using byFrame = await connect(consumerPath())
      const answer = byFrame.request('InitConnection', {}, { headers: authentication(bad) })
      const closed = { code: 4401, reason: 'The identity token is invalid' }
      expect(await byHeader.closed).toEqual(closed)
      expect(await byPath.closed).toEqual(closed)
      expect(await answer).toMatchObject({ code: 401 })
      expect(await byFrame.closed).toEqual(closed)
    }
  })

  it("[CON5] an agent's bad bearer is HTTP 401", async () => {
    const token = await server.signup(account)
    for (const bad of ['x', '0'.repeat(64), token])
      await expect(connect(`${account}/messaging/brand/${bad}?v=3`)).rejects.toThrow('401')
    await expect(connect(`${account}/messaging/brand?v=3`)).rejects.toThrow('401')
    const other = await server.account()
    await using ana = await agentOf(server, account)
    await expect(connect(`${other.id}/messaging/brand/${ana.agent.bearer}?v=3`)).rejects.toThrow(
      '401',
    )
  })
})

describe('the order of requests', () => {
  it('[CON6] [FRM2] pipelined publishes are answered in order, refused ones between them', async () => {
    await using ann = await consumerOf(server, account)
    const id = await open(ann)
    const bodies = [
      text(id, 'one'),
      { dialogId: id, event: { type: 'ChatStateEvent', chatState: 'COMPOSING' } },
      text(id, 'two'),
      text(id, ''),
      text('unknown', 'nowhere'),
      text(id, 'three'),
      text('unknown', 'nowhere'),
      text(id, 'four'),
    ]
    for (const [index, body] of bodies.entries())
      ann.socket.send({ kind: 'req', id: `${index}`, type: 'ms.PublishEvent', body })
    ann.socket.send({ kind: 'req', id: 'last', type: 'GetClock' })
    ann.socket.send({ kind: 'req', id: 'bad', type: 'no.such' })
    await ann.socket.next((frame) => frame.reqId === 'bad')
    const seen = ann.socket.frames.filter(({ kind }) => kind === 'resp')
    expect(seen.map(({ reqId }) => reqId)).toEqual([...bodies.keys()].map(String).concat('last'))
    expect(seen.map(({ code }) => code)).toEqual([200, 200, 200, 400, 404, 200, 404, 200, 200])
    expect(seen.filter(({ code }) => code === 200).map(({ body }) => body.sequence)).toEqual([
      0,
      0,
      1,
      2,
      3,
      undefined,
    ])
  })

  it('[CON6] a thousand pipelined publishes are appended and answered in order', async () => {
    await using ann = await consumerOf(server, account)
    const id = await open(ann)
    const count = 1_000
    for (let index = 0; index < count; index += 1)
      ann.socket.send({
        kind: 'req',
        id: `${index}`,
        type: 'ms.PublishEvent',
        body: text(id, `${index}`),
      })
    for (let index = 0; index < count; index += 1) {
      const frame = await ann.socket.next((one) => one.kind === 'resp')
      expect([frame.reqId, frame.body.sequence]).toEqual([`${index}`, index])
    }
  })

  it('[CON6] publishes into several dialogs that the node does not know yet keep their order', async () => {
    await using ann = await consumerOf(server, account)
    const ids = [await open(ann), await open(ann), await open(ann)]
    const forget = async (id: string) => {
      const read = await server.services.store.read('conversation', { accountId: account, id })
      if (read) server.services.hubs.cache.forget(read)
    }
    await forget(ids[0] as string)
    await forget(ids[2] as string)
    const targets = [0, 1, 0, 2, 1, 0].map((index) => ids[index] as string)
    for (const [index, id] of targets.entries())
      ann.socket.send({
        kind: 'req',
        id: `${index}`,
        type: 'ms.PublishEvent',
        body: text(id, `${index}`),
      })
    const answers = []
    for (const _ of targets) answers.push(await ann.socket.next((one) => one.kind === 'resp'))
    expect(answers.map(({ reqId }) => reqId)).toEqual(['0', '1', '2', '3', '4', '5'])
    expect(answers.map(({ body }) => body.sequence)).toEqual([0, 0, 1, 0, 1, 2])
  })

  it('[CON6] a publish does not overtake one whose dialog is still being read', async () => {
    await using held = await heldStore()
    await using own = await testServer({ store: held.store, limits: unhurried })
    const { id: tenant } = await own.account()
    await using ann = await consumerOf(own, tenant)
    await using other = await consumerOf(own, tenant)
    const id = await open(ann)
    const { cache } = own.services.hubs
    const known = cache.peek(tenant, id)
    if (!known) throw new Error('the node does not know what it opened')
    cache.forget(known)
    const release = held.hold('conversationOfDialog')
    ann.socket.send({ id: 'a', type: 'ms.PublishEvent', body: text(id, 'a') })
    for (const _ of [1, 2, 3]) await other.socket.request('GetClock')
    cache.put(known)
    ann.socket.send({ id: 'b', type: 'ms.PublishEvent', body: text(id, 'b') })
    for (const _ of [1, 2, 3]) await other.socket.request('GetClock')
    release()
    for (const [index, reqId] of ['a', 'b'].entries())
      expect(await ann.socket.next((frame) => frame.kind === 'resp')).toMatchObject({
        reqId,
        body: { sequence: index },
      })
  })

  it('[CON6] other requests wait for the publishes before them', async () => {
    await using ann = await consumerOf(server, account)
    const id = await open(ann)
    ann.socket.send({ kind: 'req', id: 'a', type: 'ms.PublishEvent', body: text(id, 'a') })
    const { body } = await ann.socket.request('ms.QueryMessages', { dialogId: id, maxQuantity: 5 })
    expect(body).toHaveLength(1)
    expect(ann.socket.frames.map(({ reqId }) => reqId)).toEqual(['a'])
  })

  it('[CON7] frames of one tick leave in one write', async () => {
    await using ann = await consumerOf(server, account)
    const id = await open(ann)
    for (let index = 0; index < 20; index += 1) await say(ann, id, `${index}`)
    await ann.socket.settled()
    const chunks: number[] = []
    const { _socket: stream } = ann.socket.socket as unknown as { _socket: NodeJS.ReadableStream }
    stream.on('data', (data: Buffer) => chunks.push(data.length))
    for (let index = 0; index < 20; index += 1)
      ann.socket.send({ kind: 'req', id: `c${index}`, type: 'GetClock' })
    for (let index = 0; index < 20; index += 1) await ann.socket.next((one) => one.kind === 'resp')
    expect(chunks.length).toBeLessThan(20)
  })
})

describe('the end of a connection', () => {
  it('[CON14] the server says goodbye to every client with 1001', async () => {
    const own = await testServer()
    const { id } = await own.account()
    await using ann = await consumerOf(own, id)
    await using ana = await agentOf(own, id)
    const dialog = await open(ann)
    ann.socket.send({ kind: 'req', id: 'last', type: 'ms.PublishEvent', body: text(dialog, 'bye') })
    await ann.socket.next((frame) => frame.reqId === 'last')
    await own.running.stop()
    const goodbye = { code: 1001, reason: 'Server is shutting down' }
    expect(await ann.socket.closed).toEqual(goodbye)
    expect(await ana.socket.closed).toEqual(goodbye)
    await own[Symbol.asyncDispose]()
  })

  it('[AG6] [CON10] sockets of a login that ended close with 4401', async () => {
    await using ana = await agentOf(server, account)
    const { csrf, cookie } = ana.agent
    const response = await fetch(`${server.url}/api/account/${account}/logout?v=1.3`, {
      method: 'POST',
      headers: { cookie, 'content-type': 'application/json' },
      body: JSON.stringify({ csrf }),
    })
    expect(response.ok).toBe(true)
    expect(await ana.socket.closed).toMatchObject({ code: 4401 })
  })
})
