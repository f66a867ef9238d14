/** Agents that speak version 3: other names and ids, the same behaviour. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { TestServer } from '../src/testing/index.ts'
import type { Frame } from '../src/testing/socket-client.ts'
import { hire, openConversation } from './bots/duty.ts'
import { stillServer } from './bots/still-server.ts'

let server: TestServer

beforeAll(async () => {
  ;({ server } = await stillServer())
})
afterAll(() => server[Symbol.asyncDispose]())

it('[FRM12] [CV22] [EV25] serves a conversation in version 3 from ring to close', async () => {
  const { id: account } = await server.account()
  const ana = await hire(server, account)
  await using agent = await server.agentSocket(account, ana.bearer, '3')
  expect(await agent.request('routing.SetAgentState', { availability: 'ONLINE' })).toMatchObject({
    code: 200,
    body: 'Agent state updated successfully',
  })
  expect(
    await agent.request('cqm.SubscribeExConversations', { agentIds: [ana.id], convState: 'OPEN' }),
  ).toMatchObject({ code: 200, type: 'cqm.SubscribeExConversationsResponse' })
  expect(await agent.next('cqm.ExConversationChangeNotification')).toMatchObject({
    body: { changes: [] },
  })
  expect(await agent.request('routing.SubscribeRoutingTasks', {})).toMatchObject({
    code: 200,
    type: 'GenericSubscribeResponse',
  })
  expect(await agent.next('routing.RoutingTaskNotification')).toMatchObject({
    body: { changes: [] },
  })
  await using talk = await openConversation(server, account)
  const ring = await agent.next('routing.RoutingTaskNotification')
  const { ringId } = ring.body.changes[0].result.ringsDetails[0]
  await agent.request('routing.UpdateRingState', { ringId, ringState: 'ACCEPTED' })
  const { body } = await agent.next('cqm.ExConversationChangeNotification')
  const { conversationDetails } = body.changes[0].result
  expect(conversationDetails.participants).toEqual([
    { id: talk.consumerId, role: 'CONSUMER' },
    { id: ana.id, role: 'ASSIGNED_AGENT' },
  ])
  expect(conversationDetails).not.toHaveProperty('participantsPId')
  await talk.say('hello')
  const heard = await agent.next('ms.MessagingEventNotification')
  expect(heard.body).toMatchObject({
    dialogId: talk.id,
    changes: [{ sequence: 0, originatorId: talk.consumerId, event: { message: 'hello' } }],
  })
  const event = { type: 'ContentEvent', contentType: 'text/plain', message: 'good day' }
  const published = await agent.request('ms.PublishEvent', { dialogId: talk.id, event })
  expect(published).toMatchObject({ type: 'ms.PublishEventResponse', body: { sequence: 1 } })
  const own = await agent.next('ms.MessagingEventNotification')
  expect(own.body.changes[0]).toMatchObject({
    originatorId: ana.id,
    originatorMetadata: { id: ana.id, role: 'ASSIGNED_AGENT' },
  })
  const profile = await agent.request('userprofile.GetUserProfile', talk.consumerId)
  expect(profile).toMatchObject({ code: 200, type: 'up.GetUserProfile$Response' })
  await agent.request('ms.SubscribeMessagingEvents', { dialogId: talk.id, fromSeq: 0 })
  const replay = await agent.next('ms.MessagingEventNotification')
  expect(replay.body.changes.map(({ sequence }: Frame['body']) => sequence)).toEqual([0, 1])
  const closing = { field: 'ConversationStateField', conversationState: 'CLOSE' }
  await agent.request('cm.UpdateConversationField', {
    conversationId: talk.id,
    conversationField: [closing],
  })
  const gone = await agent.next(
    ({ type, body: told }) => /ExConv/.test(type) && told.changes[0].type === 'DELETE',
  )
  expect(gone.body.changes[0].result.conversationDetails).toMatchObject({
    state: 'CLOSE',
    participants: [
      { id: talk.consumerId, role: 'CONSUMER' },
      { id: ana.id, role: 'ASSIGNED_AGENT' },
    ],
  })
})

it('[FRM6] [FRM12] every spelling is understood on every socket, and answered in the socket’s own', async () => {
  const { id: account } = await server.account()
  const ana = await hire(server, account)
  const spelled = ['.ams.routing.SubscribeRoutingTasks', 'routing.SubscribeRoutingTasks']
  for (const [version, type, told] of [
    ['2', '.ams.GenericSubscribe$Response', '.ams.routing.RoutingTaskNotification'],
    ['2.0', '.ams.GenericSubscribe$Response', '.ams.routing.RoutingTaskNotification'],
    ['2.1', '.ams.GenericSubscribe$Response', '.ams.routing.RoutingTaskNotification'],
    ['3', 'GenericSubscribeResponse', 'routing.RoutingTaskNotification'],
  ] as const) {
    await using agent = await server.agentSocket(account, ana.bearer, version)
    for (const name of spelled) {
      expect(await agent.request(name, {}), version).toMatchObject({ code: 200, type })
      expect(await agent.next(told)).toMatchObject({ type: told })
    }
    const unknown = await agent.request('routing.NoSuchThing', {})
    expect(unknown).toMatchObject({ code: 400, type: '.ReqBody$StringResp' })
  }
})

it('[CV22] [RT6] two dialects of one agent see one state and one conversation', async () => {
  const { id: account } = await server.account()
  const ana = await hire(server, account)
  await using old = await server.agentSocket(account, ana.bearer, '2.1')
  await using fresh = await server.agentSocket(account, ana.bearer, '3')
  await fresh.request('routing.SubscribeAgentsState', {})
  await fresh.next('routing.AgentStateNotification')
  await old.request('.ams.routing.SetAgentState', { availability: 'BACK_SOON' })
  const { body } = await fresh.next('routing.AgentStateNotification')
  expect(body.changes[0].result).toMatchObject({ availability: 'BACK_SOON', agentId: ana.id })
})
