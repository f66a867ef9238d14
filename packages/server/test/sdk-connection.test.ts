/**
 * node-agent-sdk 1.2.0, unmodified, in a process of its own: connecting, asking, and coming back after
 * every way of being cut off. Defects of that version that no server can avoid, and that are therefore
 * not tested here: it dies of an uncaught TypeError when discovery answers anything but 200 (it is
 * shown below that ours does answer 200), its `isMe` of an agent's own messages compares the older id,
 * and a hosted file's `message` is an object where bots expect text.
 */
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Session } from '../src/api/session.ts'
import { subjects } from '../src/bus/subjects.ts'
import type { AgentActor } from '../src/domain/actor.ts'
import type { Connection } from '../src/ws/connection.ts'
import { BotProcess } from './bots/bot-process.ts'
import type { BotAccount, TlsWorld } from './bots/tls-world.ts'
import { LOGIN_DELAY_MS, tlsWorld } from './bots/tls-world.ts'

let world: TlsWorld

beforeAll(async () => {
  world = await tlsWorld()
})
afterAll(() => world[Symbol.asyncDispose]())

const newAgent = async (): Promise<BotAccount> => {
  const { id } = await world.server.account()
  return world.agent(id)
}

const sessionsOf = ({ accountId, id }: BotAccount): Session[] => [
  ...world.server.services.sessions.of(accountId, id),
]

it('[AG23] [NAM1] connects with a password through discovery, login and a socket', async () => {
  const agent = await newAgent()
  await using bot = world.bot('puppet', agent)
  const connected = await bot.next('connected')
  expect(connected).toMatchObject({ agentId: agent.id, userId: agent.userId })
  const { error, body } = await bot.call('getClock', {})
  expect(error).toBeNull()
  expect(body).toEqual({ currentTime: world.clock.now() })
  expect(bot.errors).toEqual([])
})

it('[NAM1] discovery is 200 with all that the SDK and its relatives look up', async () => {
  const { id } = await world.server.account()
  const { status, text } = await world.get(`/api/account/${id}/service/baseURI.json?version=1.0`)
  expect(status).toBe(200)
  const { baseURIs } = JSON.parse(text) as { baseURIs: { service: string; baseURI: string }[] }
  const found = new Map(baseURIs.map(({ service, baseURI }) => [service, baseURI]))
  for (const name of ['agentVep', 'facadeMsg', 'asyncMessagingEnt', 'msgHist', 'runtimeFormLogic'])
    expect(found.get(name), name).toBe(world.authority)
})

it('[NAM7] is not trusted without the development authority', async () => {
  const agent = await newAgent()
  await using bot = new BotProcess({ bot: 'puppet', conf: world.conf(agent) })
  expect(await bot.next('error')).toMatchObject({
    message: expect.stringMatching(/certificate|self.signed|issuer/i),
  })
})

it('[AG21] learns that its password is wrong, after a wait', async () => {
  const agent = await newAgent()
  const before = world.logins()
  const waits = world.clock.started(LOGIN_DELAY_MS)
  await using bot = world.bot('puppet', agent, { password: 'something else' })
  await waits
  await world.clock.advance(LOGIN_DELAY_MS - 1)
  expect(bot.count('error')).toBe(0)
  const waitsAgain = world.clock.started(LOGIN_DELAY_MS)
  // One after the other for each login: this one waits for its turn first.
  const refusing = world.login(agent, 'something else')
  await world.clock.advance(1)
  await bot.next('error')
  expect(world.logins()).toBe(before)
  await waitsAgain
  await world.clock.advance(LOGIN_DELAY_MS)
  // 1.2.0 makes "[object Object]" of the error; the code beside it is what it is meant to read.
  const refused = await refusing
  expect(refused.status).toBe(401)
  const answer = JSON.parse(refused.text)
  expect(answer.internalCode).toBe(answer.error.internalCode)
})

it('[CON5] a bearer that nobody gave is refused at the upgrade, after a wait', async () => {
  const agent = await newAgent()
  const waits = world.clock.started(LOGIN_DELAY_MS)
  await using bot = world.bot('puppet', agent, { token: 'f00d', userId: agent.userId })
  await waits
  await world.clock.advance(LOGIN_DELAY_MS - 1)
  expect(bot.count('error')).toBe(0)
  await world.clock.advance(1)
  expect(await bot.next('error')).toMatchObject({ message: expect.stringContaining('(401)') })
  expect(await bot.next('closed')).toMatchObject({ code: 1006 })
})

it('[AG24] a bearer of an earlier login opens a socket, and asks without a brandId', async () => {
  const agent = await newAgent()
  const { bearer } = JSON.parse((await world.login(agent)).text) as { bearer: string }
  await using bot = world.bot('puppet', agent, { token: bearer, userId: agent.userId })
  await bot.next('connected')
  const states = await bot.call('setAgentState', { availability: 'ONLINE' })
  expect(states).toEqual({ error: null, body: 'Agent state updated successfully' })
  expect(await bot.call('subscribeRoutingTasks', {})).toMatchObject({ error: null })
  expect(await bot.told('RoutingTaskNotification')).toMatchObject({ changes: [] })
})

it('[FRM9] [CV26] an account id that is a number in the configuration is the same account', async () => {
  const agent = await newAgent()
  await using bot = world.bot('echo', agent, { accountId: Number(agent.accountId) })
  await bot.told('RoutingTaskNotification')
  await bot.call('subscribeAgentsState', {})
  const { changes } = await bot.told('AgentStateNotification')
  expect(changes[0].result.availability).toBe('ONLINE')
  await using consumer = await world.consumer(agent.accountId)
  const { body } = await consumer.request('cm.ConsumerRequestConversation')
  const dialogId = body.conversationId as string
  const taken = await bot.next(({ event, id }) => event === 'conversation' && id === dialogId)
  expect(taken).toMatchObject({ role: 'ASSIGNED_AGENT' })
  expect(bot.errors).toEqual([])
})

it('[AG26] refreshes without ever being told 401, and does not log in again', async () => {
  const agent = await newAgent()
  const before = world.logins()
  const session = world.server.services.store
  let refreshed = 0
  const write = session.write
  let third: () => void = () => {}
  const thirdRefresh = new Promise<void>((resolve) => {
    third = resolve
  })
  session.write = (name, data) => {
    if (name === 'extendSession') refreshed += 1
    if (refreshed === 3) third()
    return write(name, data)
  }
  await using bot = world.bot('puppet', agent, { refreshSessionInterval: 20 })
  await bot.next('connected')
  await thirdRefresh
  session.write = write
  expect(await bot.call('getClock', {})).toMatchObject({ error: null })
  expect(world.logins()).toBe(before + 1)
  expect(bot.errors).toEqual([])
  expect(bot.count('closed')).toBe(0)
})

it('[AG6] [AG26] at the end of its login the socket closes with 4401 before a refresh is 401', async () => {
  const agent = await newAgent()
  await using bot = world.bot('puppet', agent)
  await bot.next('connected')
  const { headers, text } = await world.login(agent)
  const { bearer, csrf } = JSON.parse(text) as { bearer: string; csrf: string }
  const cookie = String(headers['set-cookie']).split(';')[0] as string
  await using socket = await world.brand(agent.accountId, bearer)
  const refresh = () =>
    world.post(`/api/account/${agent.accountId}/refresh?v=1.3`, { csrf }, { cookie })
  await world.clock.leap(8 * 60 * 60 * 1000 + 1)
  // Nothing refuses the refresh with 401 as long as the socket is there.
  expect(await socket.closed).toMatchObject({ code: 4401 })
  expect(await bot.next('closed')).toMatchObject({ code: 4401 })
  // The last socket may be gone here before it is gone at the server.
  await expect.poll(async () => (await refresh()).status).toBe(401)
})

it('[AG6] [AG25] comes back after 4401 with one new login and one new socket', async () => {
  const agent = await newAgent()
  const before = world.logins()
  await using bot = world.bot('echo', agent)
  await bot.told('RoutingTaskNotification')
  const { sessions, bus } = world.server.services
  const [session] = sessionsOf(agent)
  const identity = session?.identity as AgentActor
  bus.publish(subjects.sessions(agent.accountId), { sessionIds: [identity.sessionId] })
  expect(await bot.next('closed')).toMatchObject({ code: 4401 })
  await bot.told('RoutingTaskNotification')
  expect(world.logins()).toBe(before + 2)
  expect(sessions.of(agent.accountId, agent.id).size).toBe(1)
  expect(bot.count('connected')).toBe(2)
  expect(bot.errors).toEqual([])
})

it('[RT4] [AG25] comes back after an abrupt cut with the same bearer and hears what it missed', async () => {
  const agent = await newAgent()
  const before = world.logins()
  await using bot = world.bot('echo', agent)
  await bot.told('RoutingTaskNotification')
  await using consumer = await world.consumer(agent.accountId)
  const { body } = await consumer.request('cm.ConsumerRequestConversation')
  const dialogId = body.conversationId as string
  await bot.next(({ event, id }) => event === 'conversation' && id === dialogId)
  await bot.next(({ event, message }) => event === 'heard' && /just joined/.test(message))
  for (const { outlet } of sessionsOf(agent)) (outlet as Connection).terminate()
  await consumer.request('ms.PublishEvent', {
    dialogId,
    event: { type: 'ContentEvent', contentType: 'text/plain', message: 'are you there?' },
  })
  expect(await bot.next('closed')).toMatchObject({ code: 1006 })
  await consumer.next((frame) => JSON.stringify(frame).includes('You said: are you there?'))
  expect(world.logins()).toBe(before + 1)
  const rings = bot.all.filter(
    ({ event, type, body: told }) =>
      event === 'told' && type.endsWith('RoutingTaskNotification') && told.changes.length > 0,
  )
  expect(
    new Set(rings.map(({ body: told }) => told.changes[0].result.ringsDetails[0].ringId)).size,
  ).toBe(1)
  expect(bot.errors).toEqual([])
})

it('[AG25] several sockets of one agent hear the same and accept the same ring', async () => {
  const agent = await newAgent()
  await using one = world.bot('echo', agent)
  await using other = world.bot('puppet', agent)
  await one.told('RoutingTaskNotification')
  await other.next('connected')
  await other.call('subscribeExConversations', { agentIds: [agent.id], convState: ['OPEN'] })
  await other.call('subscribeRoutingTasks', {})
  await using consumer = await world.consumer(agent.accountId)
  const { body } = await consumer.request('cm.ConsumerRequestConversation')
  const isRing = (told: { changes: unknown[] }) => told.changes.length > 0
  const { changes } = await other.told('RoutingTaskNotification', isRing)
  const { ringId } = changes[0].result.ringsDetails[0]
  await one.next(({ event }) => event === 'conversation')
  const again = await other.call('updateRingState', { ringId, ringState: 'ACCEPTED' })
  expect(again).toEqual({ error: null, body: 'Ring state updated successfully' })
  const told = await other.told('ExConversationChangeNotification', isRing)
  expect(told.changes[0].result.convId).toBe(body.conversationId)
  const heard = await other.told('MessagingEventNotification')
  expect(heard.changes[0].originatorId).toBe(agent.id)
  expect(one.errors).toEqual([])
})

it('[RG2] [AG11] gets a profile for the consumer of a ring, and lists, by the SDK', async () => {
  const { id: accountId } = await world.server.account()
  const agent = await world.agent(accountId)
  await using bot = world.bot('puppet', agent)
  await bot.next('connected')
  await bot.call('setAgentState', { availability: 'ONLINE' })
  await bot.call('subscribeExConversations', { agentIds: [agent.id], convState: ['OPEN'] })
  await bot.call('subscribeRoutingTasks', {})
  await using consumer = await world.consumer(accountId)
  await consumer.request('userprofile.SetUserProfile', {
    authenticatedData: { lp_sdes: [{ type: 'ctmrinfo', info: { customerId: 'A-17' } }] },
    firstName: 'Dana',
  })
  const { body } = await consumer.request('cm.ConsumerRequestConversation')
  const told = await bot.told('RoutingTaskNotification', ({ changes }) => changes.length > 0)
  const { consumerId, ringsDetails } = told.changes[0].result
  const profile = await bot.call('getUserProfile', consumerId)
  expect(profile.error).toBeNull()
  expect(profile.body).toContainEqual({
    type: 'ctmrinfo',
    info: { customerId: 'A-17' },
    auth: {},
  })
  await bot.call('updateRingState', { ringId: ringsDetails[0].ringId, ringState: 'ACCEPTED' })
  // The empty list of a dialog without events is an answer too: its callback must be called.
  const messages = await bot.call('subscribeMessagingEvents', { dialogId: body.conversationId })
  expect(messages).toEqual({ error: null, body: null })
  const read = { type: 'AcceptStatusEvent', status: 'READ', sequenceList: [0] }
  expect(await bot.call('publishEvent', { dialogId: body.conversationId, event: read })).toEqual({
    error: null,
    body: { sequence: 0 },
  })
  await bot.call('updateConversationField', {
    conversationId: body.conversationId,
    conversationField: [{ field: 'ConversationStateField', conversationState: 'CLOSE' }],
  })
  const { changes } = await bot.told(
    'ExConversationChangeNotification',
    (one) => one.changes[0]?.type === 'DELETE',
  )
  expect(changes[0].result.conversationDetails).toMatchObject({ state: 'CLOSE', stage: 'CLOSE' })
  expect(bot.errors).toEqual([])
})

it('[FRM2] [FRM15] every request that the SDK has is answered, what is not built with 501', async () => {
  const { id: accountId } = await world.server.account()
  const agent = await world.agent(accountId, ['manager'])
  await using bot = world.bot('puppet', agent)
  await bot.next('connected')
  await using consumer = await world.consumer(accountId)
  const { body: opened } = await consumer.request('cm.ConsumerRequestConversation')
  const conversationId = opened.conversationId as string
  const done = async (method: string, ...args: unknown[]) => {
    const { error, body } = await bot.call(method, ...args)
    expect(error, method).toBeNull()
    return body
  }
  await done('setAgentState', { availability: 'AWAY' })
  await done('subscribeAgentsState', {})
  const states = await bot.told('AgentStateNotification')
  expect(states.changes[0].result).toMatchObject({ channels: ['MESSAGING'], availability: 'AWAY' })
  expect(await done('generateURLForUploadFile', { fileSize: 1, fileType: 'JPEG' })).toMatchObject({
    queryParams: { temp_url_sig: expect.any(String), temp_url_expires: expect.any(String) },
  })
  const { subscriptionId } = await done('subscribeExConversations', { convState: ['OPEN'] })
  expect(await bot.told('ExConversationChangeNotification')).toMatchObject({ subscriptionId })
  const rings = await done('subscribeRoutingTasks', {})
  await done('updateRoutingTaskSubscription', { subscriptionId: rings.subscriptionId })
  const join = { field: 'ParticipantsChange', type: 'ADD', role: 'MANAGER' }
  expect(await done('updateConversationField', { conversationId, conversationField: [join] })).toBe(
    'OK Agent added successfully',
  )
  const text = { type: 'ContentEvent', contentType: 'text/plain', message: 'hello' }
  const published = { dialogId: conversationId, event: text }
  const metadata = [{ type: 'ExternalId', id: 'card-1' }]
  expect(await done('publishEvent', published, null, metadata)).toEqual({ sequence: 0 })
  const heard = await bot.told('MessagingEventNotification')
  expect(heard.changes[0]).toMatchObject({ metadata, originatorId: agent.id })
  const typing = { type: 'ChatStateEvent', chatState: 'COMPOSING' }
  const typed = await done('publishEvent', { dialogId: conversationId, event: typing })
  expect(typed).toEqual({ sequence: 0 })
  await done('subscribeMessagingEvents', { dialogId: conversationId })
  expect(await bot.told('MessagingEventNotification')).toMatchObject({
    dialogId: conversationId,
    changes: [{ sequence: 0 }],
  })
  expect(await done('getUserProfile', {})).toEqual([
    { type: 'personal', personal: expect.any(Object) },
  ])
  await done('unsubscribeExConversations', { subscriptionId })
  const conversation = await world.server.services.store.read('conversation', {
    accountId,
    id: conversationId,
  })
  const consumerId = conversation?.consumerId
  for (const [method, body, code] of [
    ['updateRingState', { ringId: 'none', ringState: 'ACCEPTED' }, 404],
    ['agentRequestConversation', { consumerId }, 409],
    ['generateURLForDownloadFile', { relativePath: '/x' }, 500],
  ] as const) {
    const { error } = await bot.call(method, body)
    expect(error, method).toMatchObject({ code, type: '.ReqBody$StringResp' })
  }
  expect(bot.errors).toEqual([])
})

it('[AG26] leaves quietly: disposing it ends its socket and its presence', async () => {
  const agent = await newAgent()
  await using bot = world.bot('puppet', agent)
  await bot.next('connected')
  const [session] = sessionsOf(agent)
  const ended = new Promise<void>((resolve) => session?.onEnd(resolve))
  bot.tell('dispose')
  await ended
  expect(await bot.exited).toBe(0)
  expect(world.server.services.presence.isConnected(agent.accountId, agent.id)).toBe(false)
})
