/** Who agents are, what they may see, and what each refusal says. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { agentIdOf } from '../src/ids.ts'
import type { ManualClock, SocketClient, TestServer } from '../src/testing/index.ts'
import {
  atWork,
  CONVERSATIONS,
  change,
  closing,
  followConversations,
  hears,
  hire,
  nextChange,
  nextRing,
  openConversation,
  participant,
  REMOVED,
  refusal,
  say,
  setState,
  supervisor,
  takeRing,
} from './bots/duty.ts'
import { stillServer } from './bots/still-server.ts'

let server: TestServer
let clock: ManualClock

beforeAll(async () => {
  ;({ server, clock } = await stillServer())
})
afterAll(() => server[Symbol.asyncDispose]())

it('[AG2] the public id follows from account and user id and is the same everywhere', async () => {
  const { id: account } = await server.account()
  const ana = await hire(server, account)
  expect(ana.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  expect(ana.id).toBe(agentIdOf(account, ana.userId))
  await using agent = await atWork(server, ana)
  await using talk = await openConversation(server, account)
  await takeRing(agent)
  const { conversationDetails } = await nextChange(agent, talk.id)
  expect(conversationDetails.participantsPId.ASSIGNED_AGENT).toEqual([ana.id])
  await say(agent, talk.id, 'hello')
  const { body } = await hears(agent, 'hello')
  expect(body).toMatchObject({
    originatorId: ana.oldId,
    originatorPId: ana.id,
    originatorMetadata: { id: ana.id, role: 'ASSIGNED_AGENT' },
  })
  const again = await server.login(account, ana.loginName)
  expect(again.id).toBe(ana.id)
})

it('[AG10] supervisors see everything of their account, agents what they take part in', async () => {
  const { id: account } = await server.account()
  await using talk = await openConversation(server, account)
  const { socket: chief } = await supervisor(server, account)
  await using _chief = chief
  await using plain = await server.agentSocket(account, (await hire(server, account)).bearer)
  await followConversations(plain)
  expect((await plain.next(CONVERSATIONS)).body.changes).toEqual([])
  await using admin = await server.agentSocket(
    account,
    (await hire(server, account, { roles: ['administrator'] })).bearer,
  )
  await followConversations(admin)
  expect((await nextChange(admin, talk.id)).convId).toBe(talk.id)
  await using other = await openConversation(server, account)
  await nextChange(chief, other.id)
  expect(await plain.settled()).toEqual([])
  const query = { dialogId: talk.id, newerThanSequence: 0 }
  expect(await chief.request('.ams.ms.QueryMessages', query)).toMatchObject({ code: 200, body: [] })
  expect(await plain.request('.ams.ms.QueryMessages', query)).toMatchObject(
    refusal(404, 'Dialog not found'),
  )
  expect(await change(plain, talk.id, closing)).toMatchObject(
    refusal(403, 'Not a participant of the conversation'),
  )
  expect(await change(chief, talk.id, closing)).toMatchObject({
    code: 200,
    body: 'OK Conversation resolved successfully',
  })
  // An agent of another account is told the same as of what does not exist.
  const foreign = await server.account()
  const { socket: stranger } = await supervisor(server, foreign.id)
  await using _stranger = stranger
  expect(await change(stranger, other.id, closing)).toMatchObject(
    refusal(404, 'Conversation not found'),
  )
  expect(
    await stranger.request('.ams.aam.SubscribeExConversations', { brandId: account }),
  ).toMatchObject({ code: 403 })
})

it('[AG11] agents read profiles of consumers that they serve or are offered, and no others', async () => {
  const { id: account } = await server.account()
  const ana = await hire(server, account)
  await using agent = await atWork(server, ana)
  await using idle = await server.agentSocket(account, (await hire(server, account)).bearer)
  const { socket: chief } = await supervisor(server, account)
  await using _chief = chief
  await using talk = await openConversation(server, account)
  const profile = (socket: SocketClient, id: unknown = talk.consumerId) =>
    socket.request('.ams.userprofile.GetUserProfile', id)
  const type = '.ams.userprofile.GetUserProfile$Response'
  await nextRing(agent)
  expect(await profile(agent)).toMatchObject({ code: 200, type, body: { userId: talk.consumerId } })
  expect(await profile(chief)).toMatchObject({ code: 200, type, body: { userId: talk.consumerId } })
  expect(await profile(idle)).toMatchObject(refusal(404, 'Consumer not found'))
  expect(await profile(chief, 'nobody')).toMatchObject(refusal(404, 'Consumer not found'))
  await setState(agent, 'AWAY')
  await clock.advance(0)
  expect(await profile(agent)).toMatchObject(refusal(404, 'Consumer not found'))
  await setState(agent, 'ONLINE')
  await takeRing(agent)
  expect(await profile(agent, { userId: talk.consumerId })).toMatchObject({ code: 200 })
  await change(agent, talk.id, closing)
  // What was served may still be looked at.
  expect(await profile(agent)).toMatchObject({ code: 200, body: { privateData: {} } })
  for (const own of [{}, ana.id, ana.oldId, ana.userId, `${account}.undefined`])
    expect(await profile(agent, own)).toMatchObject({ code: 200, body: { userId: ana.oldId } })
})

it('[AG10] refusals say what they are about', async () => {
  const { id: account } = await server.account()
  const ana = await hire(server, account)
  await using agent = await atWork(server, ana)
  const { socket: chief } = await supervisor(server, account)
  await using _chief = chief
  await using talk = await openConversation(server, account)
  await takeRing(agent)
  const publish = (body: object) => agent.request('.ams.ms.PublishEvent', body)
  const text = { type: 'ContentEvent', contentType: 'text/plain', message: 'x' }
  const unknown = '00000000-0000-4000-8000-000000000000'
  expect(await agent.request('.ams.no.Such', {})).toMatchObject(
    refusal(400, 'Unknown request type'),
  )
  expect(await publish({ event: text })).toMatchObject({
    code: 400,
    body: expect.stringMatching(/^Bad request: body\.dialogId/),
  })
  expect(await publish({ dialogId: talk.id, event: { type: 'ContentEvent' } })).toMatchObject({
    code: 400,
    body: expect.stringMatching(/^Bad request: body\.event/),
  })
  expect(await publish({ dialogId: unknown, event: text })).toMatchObject(
    refusal(404, 'Dialog not found'),
  )
  expect(await change(agent, unknown, closing)).toMatchObject(
    refusal(404, 'Conversation not found'),
  )
  expect(
    await change(agent, talk.id, { field: 'Skill', type: 'UPDATE', skill: '99' }),
  ).toMatchObject(refusal(400, 'Skill not found'))
  expect(
    await change(chief, talk.id, { field: 'Skill', type: 'UPDATE', skill: '-1' }),
  ).toMatchObject(refusal(403, 'Not a participant of the conversation'))
  expect(
    await change(agent, talk.id, { field: 'CSATRate', csatRate: 5, status: 'FILLED' }),
  ).toMatchObject(refusal(403, 'Operation not permitted'))
  expect(await change(agent, talk.id, participant('SUGGEST', 'ASSIGNED_AGENT'))).toMatchObject(
    refusal(400, 'Agent already participates'),
  )
  expect(await agent.request('.ams.brandprofile.GetBrandProfile', {})).toMatchObject({ code: 501 })
  await change(agent, talk.id, closing)
  expect(await change(agent, talk.id, closing)).toMatchObject(
    refusal(400, 'Conversation is closed'),
  )
  expect(await publish({ dialogId: talk.id, event: text })).toMatchObject(
    refusal(400, 'Dialog is closed'),
  )
  const read = { type: 'AcceptStatusEvent', status: 'READ', sequenceList: [0] }
  expect(await publish({ dialogId: talk.id, event: read })).toMatchObject({ code: 200 })
  const dialog = { dialogId: talk.id, state: 'CLOSE' }
  expect(
    await change(agent, talk.id, { field: 'DialogChange', type: 'UPDATE', dialog }),
  ).toMatchObject({ code: 400 })
})

it('[CV12] an agent opens a conversation and is assigned without a ring', async () => {
  const { id: account } = await server.account()
  const ana = await hire(server, account)
  await using agent = await atWork(server, ana)
  await using talk = await openConversation(server, account)
  const ask = (body: object) => agent.request('.ams.cm.AgentRequestConversation', body)
  const { consumerId } = talk
  await agent.settled()
  expect(await ask({ consumerId, channelType: 'MESSAGING' })).toMatchObject(
    refusal(409, 'Consumer has an open conversation'),
  )
  await change(talk.consumer, talk.id, closing)
  await agent.settled()
  const conversationContext = { type: 'ProactiveContext', originConversationId: talk.id }
  const opened = await ask({ consumerId, channelType: 'MESSAGING', conversationContext })
  expect(opened).toMatchObject({ code: 200, type: '.ams.cm.RequestConversation$Response' })
  const id = opened.body.conversationId as string
  const { conversationDetails } = await nextChange(agent, id)
  expect(conversationDetails).toMatchObject({
    skillId: '-1',
    participants: { CONSUMER: [consumerId], ASSIGNED_AGENT: [ana.oldId] },
  })
  await clock.advance(0)
  expect(await agent.settled()).toEqual([])
  expect(await say(agent, id, 'we found it')).toMatchObject({ code: 200 })
  const { body } = await talk.consumer.request('ms.QueryMessages', { dialogId: id })
  expect(JSON.stringify(body)).toContain('we found it')
  expect(await ask({ consumerId: 'nobody' })).toMatchObject(refusal(404, 'Consumer not found'))
  expect(await ask({})).toMatchObject({ code: 400 })
})

it('[AG10] what a body says about the caller is advice: the bearer counts', async () => {
  const { id: account } = await server.account()
  const ana = await hire(server, account)
  const bob = await hire(server, account)
  await using agent = await server.agentSocket(account, ana.bearer)
  const lost = `${account}.undefined`
  await agent.request('.ams.routing.SetAgentState', { availability: 'ONLINE', agentUserId: lost })
  const states = await server.services.store.read('agentStates', account)
  expect(states.map(({ agentId, availability }) => [agentId, availability])).toEqual([
    [ana.id, 'ONLINE'],
  ])
  await agent.request('.ams.routing.SetAgentState', {
    availability: 'AWAY',
    agentUserId: bob.oldId,
  })
  expect(await server.services.store.read('agentStates', account)).toHaveLength(1)
  await setState(agent, 'ONLINE')
  for (const filter of [{ agentIds: [null] }, { agentIds: [lost] }, { agentIds: lost }])
    expect(await followConversations(agent, filter), JSON.stringify(filter)).toMatchObject({
      code: 200,
    })
  await agent.settled()
  const subscribed = await agent.request('.ams.routing.SubscribeRoutingTasks', {
    agentId: lost,
    brandId: 'someone-else',
    channelType: 'MESSAGING',
  })
  expect(subscribed.code).toBe(200)
  await using talk = await openConversation(server, account)
  await takeRing(agent)
  const seen = (await agent.settled()).filter(({ type }) => type.endsWith(CONVERSATIONS))
  expect(seen).toHaveLength(3)
  await say(agent, talk.id, 'mine')
  const { body } = await hears(agent, 'mine')
  expect(body.originatorPId).toBe(ana.id)
  expect(await change(agent, talk.id, participant('REMOVE', 'ASSIGNED_AGENT', lost))).toMatchObject(
    REMOVED,
  )
})

it('[AG6] [AG25] a session that ends takes its own sockets along and no others', async () => {
  const { id: account } = await server.account()
  const ana = await hire(server, account)
  await using old = await server.agentSocket(account, ana.bearer)
  await using oldToo = await server.agentSocket(account, ana.bearer)
  const { bearer } = await server.login(account, ana.loginName)
  await using fresh = await server.agentSocket(account, bearer)
  await fetch(`${server.url}/api/account/${account}/logout?v=1.3`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', cookie: ana.cookie },
    body: JSON.stringify({ csrf: ana.csrf }),
  })
  expect(await old.closed).toMatchObject({ code: 4401 })
  expect(await oldToo.closed).toMatchObject({ code: 4401 })
  expect(await fresh.request('.GetClock', {})).toMatchObject({ code: 200 })
})

it('[AG6] a socket closes with 4401 when its login expires, unless it was refreshed', async () => {
  const { server: own, clock: time } = await stillServer()
  await using _own = own
  const { id: account } = await own.account()
  const [ana, bob] = [await hire(own, account), await hire(own, account)]
  await using kept = await own.agentSocket(account, ana.bearer)
  await using lost = await own.agentSocket(account, bob.bearer)
  await time.leap(7 * 3_600_000)
  const refreshed = await fetch(`${own.url}/api/account/${account}/refresh?v=1.3`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', cookie: ana.cookie },
    body: JSON.stringify({ csrf: ana.csrf }),
  })
  expect(refreshed.status).toBe(200)
  expect(await refreshed.text()).toBe('')
  await time.leap(3_600_000 + 1_000)
  expect(await lost.closed).toMatchObject({ code: 4401 })
  expect(await kept.request('.GetClock', {})).toMatchObject({ code: 200 })
  await time.leap(7 * 3_600_000)
  expect(await kept.closed).toMatchObject({ code: 4401 })
})
