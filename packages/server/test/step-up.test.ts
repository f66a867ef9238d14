/** A consumer who begins unknown and then proves who it is, on the wire. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { TestServer } from '../src/testing/index.ts'
import type { Frame } from '../src/testing/socket-client.ts'
import {
  atWork,
  CONVERSATIONS,
  EVENTS,
  hears,
  hire,
  nextChange,
  nextRing,
  say,
  takeRing,
} from './bots/duty.ts'
import { stillServer } from './bots/still-server.ts'
import { claimsOf, forge, newBrandKey } from './identity-world.ts'

let server: TestServer
const brand = newBrandKey()

beforeAll(async () => {
  ;({ server } = await stillServer())
})
afterAll(() => server[Symbol.asyncDispose]())

const accountOfBrand = async (): Promise<string> => {
  const { id } = await server.account({
    brandKeys: [{ publicKey: brand.spki }],
    connectors: [
      { id: 'shop', name: 'Shop', type: 'brand', enabled: true },
      { id: 'anyone', name: 'Anyone', type: 'unauthenticated', enabled: true },
    ],
  })
  return id
}

const proofOf = (sub: string, key = brand): string => {
  const seconds = Math.floor(server.services.clock.now() / 1000)
  const claims = { sub, iss: 'https://shop.example', iat: seconds, exp: seconds + 3600 }
  return forge({ alg: 'RS256', typ: 'JWT' }, claims, key.privateKey)
}

const post = async (account: string, path: string, body?: object) => {
  const response = await fetch(`${server.url}/api/account/${account}/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  })
  return {
    status: response.status,
    body: (await response.json()) as { jwt: string; token: string },
  }
}

const authenticate = (account: string, sub: string, more: object = {}) =>
  post(account, 'authenticate', { authCode: proofOf(sub), ...more })

/** Through the connector flow, whose tokens are renewed. */
const anonymous = async (account: string): Promise<string> => {
  const { body } = await post(account, 'anonymous/authorize')
  const path = 'app/anyone/authenticate?v=3.0'
  return (await post(account, path, { id_token: body.token })).body.token
}

/** Someone nobody knows, who has written once and follows its conversations. */
const begin = async (account: string, token: string) => {
  const socket = await server.consumer(account, { token })
  const { body } = await socket.request('cm.ConsumerRequestConversation', {})
  const conversationId = body.conversationId as string
  await socket.request('cqm.SubscribeExConversations', { stage: ['OPEN'] })
  await socket.next(CONVERSATIONS)
  await say(socket, conversationId, 'who am I?')
  return { id: String(claimsOf(token)['sub']), socket, token, conversationId }
}

const consumersIn = ({ conversationDetails }: Frame['body']): unknown =>
  conversationDetails.participantsPId.CONSUMER

it.each(['signup', 'anonymous'] as const)(
  '[DLG24] [DLG25] [DLG26] [DLG28] a %s consumer goes on in its conversation as itself',
  async (kind) => {
    const account = await accountOfBrand()
    await using agent = await atWork(server, await hire(server, account))
    const token = kind === 'signup' ? await server.signup(account) : await anonymous(account)
    const ann = await begin(account, token)
    await using before = ann.socket
    await takeRing(agent, ann.conversationId)
    await say(agent, ann.conversationId, 'please log in')
    await before.settled()
    const gone = nextChange(before, ann.conversationId, 'DELETE')
    const { status, body } = await authenticate(account, 'customer-7', { stepUpFrom: token })
    expect(status).toBe(200)
    const proven = String(claimsOf(body.jwt)['sub'])
    const told = await nextChange(
      agent,
      ann.conversationId,
      'UPSERT',
      (result) => JSON.stringify(consumersIn(result)) === JSON.stringify([proven]),
    )
    expect(JSON.stringify(told.conversationDetails)).not.toContain(ann.id)
    expect(told.numberOfunreadMessages).toMatchObject({ [proven]: 1 })
    expect(consumersIn(await gone)).toEqual([proven])
    expect((await before.closed).code).toBe(4407)
    await using after = await server.consumer(account, { token: body.jwt })
    const isThere = ({ type, body: said }: Frame) =>
      type.endsWith(EVENTS) && JSON.stringify(said).includes('"ACTIVE"')
    expect(JSON.stringify((await agent.next(isThere)).body)).toContain(proven)
    await after.request('cqm.SubscribeExConversations', { stage: ['OPEN'] })
    expect((await after.next(CONVERSATIONS)).body.changes).toMatchObject([
      { result: { convId: ann.conversationId } },
    ])
    const { body: said } = await after.request('ms.QueryMessages', { dialogId: ann.conversationId })
    const contents = said.filter(({ event }: Frame['body']) => event.type === 'ContentEvent')
    expect(contents.map(({ originatorId }: Frame['body']) => originatorId)).toMatchObject([
      ann.id,
      expect.any(String),
    ])
    expect(await say(after, ann.conversationId, 'it is me')).toMatchObject({ code: 200 })
    const heard = await hears(agent, 'it is me')
    expect(heard.body.originatorPId).toBe(proven)
    const profile = await agent.request('.ams.userprofile.GetUserProfile', proven)
    expect(profile).toMatchObject({ code: 200, body: { userId: proven } })
    // The old token is still somebody, and has nothing any more.
    await using again = await server.consumer(account, { token })
    for (const [type, request] of [
      ['ms.QueryMessages', { dialogId: ann.conversationId }],
      ['ms.SubscribeMessagingEvents', { dialogId: ann.conversationId, fromSeq: 0 }],
      [
        'ms.PublishEvent',
        {
          dialogId: ann.conversationId,
          event: { type: 'ContentEvent', contentType: 'text/plain', message: 'still me?' },
        },
      ],
    ] as const)
      expect(await again.request(type, request), type).toMatchObject({ code: 404 })
    expect(
      (await agent.settled()).filter(
        ({ type, body }) => type.endsWith(EVENTS) && JSON.stringify(body).includes('still me?'),
      ),
    ).toEqual([])
  },
)

it('[DLG24] a connector of the brand steps up, too, and what is closed stays', async () => {
  const account = await accountOfBrand()
  const ann = await begin(account, await server.signup(account))
  await using _socket = ann.socket
  const { body: first } = await ann.socket.request('cm.ConsumerRequestConversation', {})
  await ann.socket.request('cm.UpdateConversationField', {
    conversationId: first.conversationId,
    conversationField: { field: 'ConversationStateField', conversationState: 'CLOSE' },
  })
  const { status, body } = await post(account, 'app/shop/authenticate?v=3.0', {
    id_token: proofOf('customer-8'),
    stepUpFrom: ann.token,
  })
  expect(status).toBe(200)
  const proven = String(claimsOf(body.token)['sub'])
  const mine = { accountId: account, consumerId: proven, limit: 9 }
  const moved = await server.services.store.read('conversations', mine)
  expect(moved.map(({ id }) => id)).toEqual([ann.conversationId])
})

it('[DLG28] a waiting ring is told again with the proven consumer', async () => {
  const account = await accountOfBrand()
  await using agent = await atWork(server, await hire(server, account))
  const ann = await begin(account, await server.signup(account))
  await using _socket = ann.socket
  const { ringId } = await nextRing(agent, 'WAITING', ann.conversationId)
  const { body } = await authenticate(account, 'customer-9', { stepUpFrom: ann.token })
  const proven = String(claimsOf(body.jwt)['sub'])
  const frame = await agent.next(
    ({ type, body: { changes } }) =>
      type.endsWith('RoutingTaskNotification') && changes[0]?.result.consumerId === proven,
  )
  expect(frame.body.changes[0].result.ringsDetails).toMatchObject([
    { ringId, ringState: 'WAITING' },
  ])
  expect(await agent.request('.ams.userprofile.GetUserProfile', proven)).toMatchObject({
    code: 200,
  })
})

it('[DLG27] nobody takes what is not its own, and a refused step moves nothing', async () => {
  const [account, elsewhere] = [await accountOfBrand(), await accountOfBrand()]
  const ann = await begin(account, await server.signup(account))
  await using _socket = ann.socket
  const victim = await authenticate(account, 'victim')
  const hired = await hire(server, account)
  const seconds = Math.floor(server.services.clock.now() / 1000)
  const forged = forge(
    { alg: 'RS256', typ: 'JWT', kid: '00001' },
    { sub: ann.id, aud: `acc:${account}`, iss: 'x', iat: seconds, exp: seconds + 99, jti: 'j' },
    brand.privateKey,
  )
  const attempts: readonly (readonly [unknown, number])[] = [
    [victim.body.jwt, 403],
    [await server.signup(elsewhere), 401],
    [forged, 401],
    [hired.bearer, 401],
    [ann.id, 401],
    [ann.conversationId, 401],
    ['', 400],
    [7, 400],
    [[ann.token], 400],
  ]
  for (const [stepUpFrom, status] of attempts)
    expect(
      (await authenticate(account, 'mallory', { stepUpFrom })).status,
      String(stepUpFrom),
    ).toBe(status)
  // Neither does a proof that is none, with a token that is good.
  const unproven = { authCode: proofOf('mallory', newBrandKey()), stepUpFrom: ann.token }
  expect((await post(account, 'authenticate', unproven)).status).toBe(401)
  const anyone = { id_token: await anonymous(account), stepUpFrom: ann.token }
  expect((await post(account, 'app/anyone/authenticate', anyone)).status).toBe(400)
  const known = { accountId: account, id: ann.conversationId }
  expect((await server.services.store.read('conversation', known))?.consumerId).toBe(ann.id)
  expect(await say(ann.socket, ann.conversationId, 'mine')).toMatchObject({ code: 200 })
})
