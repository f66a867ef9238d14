import { afterAll, beforeAll, expect, it } from 'vitest'
import type { ManualClock, TestServer } from '../src/testing/index.ts'
import {
  answerRing,
  atWork,
  CONVERSATIONS,
  change,
  closing,
  EVENTS,
  followConversations,
  hire,
  nextChange,
  nextRing,
  openConversation,
  participant,
  RINGS,
  ringsAmong,
  setState,
  takeRing,
} from './bots/duty.ts'
import { stillServer } from './bots/still-server.ts'

const RING_MS = 72_000
let server: TestServer
let clock: ManualClock

beforeAll(async () => {
  ;({ server, clock } = await stillServer())
})
afterAll(() => server[Symbol.asyncDispose]())

it('[RG1] [EV26] a ring tells all that a bot needs, and when it ends', async () => {
  const { id: account } = await server.account()
  const ana = await hire(server, account)
  await using agent = await atWork(server, ana)
  await using talk = await openConversation(server, account)
  const { body } = await agent.next(({ type, body }) => type.endsWith(RINGS) && body.changes[0])
  const [{ type, result }] = body.changes
  expect(type).toBe('UPSERT')
  expect(result).toMatchObject({
    taskCompleted: false,
    conversationId: talk.id,
    consumerId: talk.consumerId,
    skillId: '-1',
    brandId: account,
    assignedAgentId: null,
  })
  const now = clock.now()
  expect(result.ringsDetails).toEqual([
    {
      ringId: expect.stringContaining(`${talk.id}_${account}_${now}`),
      ringState: 'WAITING',
      ringExpiration: RING_MS,
      ringExpirationTs: now + RING_MS,
      // A first conversation is to be answered within ten minutes.
      weight: now + 600_000,
      convId: talk.id,
      consumerId: talk.consumerId,
      skillId: '-1',
      brandId: account,
    },
  ])
})

it('[RG2] accepting: answer, ring, conversation, and only then events', async () => {
  const { id: account } = await server.account()
  const ana = await hire(server, account)
  await using agent = await atWork(server, ana)
  await using talk = await openConversation(server, account)
  const { ringId } = await nextRing(agent)
  await agent.settled()
  const answering = answerRing(agent, ringId)
  const saying = talk.say('I said this meanwhile')
  expect(await answering).toMatchObject({
    code: 202,
    type: '.ReqBody$StringResp',
    body: 'Ring state updated successfully',
  })
  await saying
  const isEvent = ({ type }: { type: string }) => type.endsWith(EVENTS)
  await talk.say('and this later')
  const seen = await agent.settled()
  const kinds = seen.map(({ type }) => type)
  expect(kinds[0]).toMatch(RINGS)
  expect(seen[0]?.body.changes[0].result).toMatchObject({
    taskCompleted: true,
    assignedAgentId: ana.oldId,
    ringsDetails: [{ ringId, ringState: 'ACCEPTED' }],
  })
  expect(kinds[1]).toMatch(CONVERSATIONS)
  expect(seen[1]?.body.changes[0].result.conversationDetails).toMatchObject({
    participants: { ASSIGNED_AGENT: [ana.oldId] },
    participantsPId: { ASSIGNED_AGENT: [ana.id] },
  })
  expect(kinds.findIndex((kind) => isEvent({ type: kind }))).toBeGreaterThan(1)
  expect(seen.find(isEvent)?.body.event.message).toMatch(/meanwhile|later/)
})

it('[RG1] [RG6] accepting twice is answered as the first time and changes nothing', async () => {
  const { id: account } = await server.account()
  const ana = await hire(server, account)
  await using agent = await atWork(server, ana)
  await using other = await atWork(server, ana)
  await using talk = await openConversation(server, account)
  const { ringId } = await nextRing(agent)
  const answers = await Promise.all([answerRing(agent, ringId), answerRing(other, ringId)])
  expect(answers.map((answer) => answer.code)).toEqual([202, 202])
  await nextChange(agent, talk.id)
  await agent.settled()
  expect(await answerRing(agent, ringId)).toMatchObject({ code: 202 })
  expect(await agent.settled()).toEqual([])
})

it('[RG6] what is over is 409, what is another agent’s is 403, what never was is 404', async () => {
  const { id: account } = await server.account()
  const ana = await hire(server, account)
  await using agent = await atWork(server, ana)
  await using talk = await openConversation(server, account)
  const { ringId } = await nextRing(agent)
  const bob = await hire(server, account)
  await using other = await atWork(server, bob)
  expect(await answerRing(other, ringId)).toMatchObject({
    code: 403,
    body: 'Ring belongs to another agent',
  })
  expect(await answerRing(agent, 'no-such-ring')).toMatchObject({
    code: 404,
    body: 'Ring not found',
  })
  await answerRing(agent, ringId, 'REJECTED')
  for (const state of ['ACCEPTED', 'REJECTED'] as const)
    expect(await answerRing(agent, ringId, state)).toMatchObject({
      code: 409,
      body: 'Ring is no longer waiting',
    })
  const stranger = await hire(server, (await server.account()).id)
  await using foreign = await atWork(server, stranger)
  expect(await answerRing(foreign, ringId)).toMatchObject({ code: 404, body: 'Ring not found' })
  // Held once and lost again: the old ring does not bring it back.
  const { ringId: second } = await nextRing(other, 'WAITING', talk.id)
  await answerRing(other, second)
  await change(other, talk.id, participant('REMOVE', 'ASSIGNED_AGENT'))
  expect(await answerRing(other, second)).toMatchObject({ code: 409 })
})

it('[RG1] [RT3] a rejected conversation rings at somebody else', async () => {
  const { id: account } = await server.account()
  const agents = [await hire(server, account), await hire(server, account)]
  await using one = await atWork(server, agents[0]!)
  await using talk = await openConversation(server, account)
  const { ringId } = await nextRing(one)
  await using other = await atWork(server, agents[1]!)
  await answerRing(one, ringId, 'REJECTED')
  expect(await nextRing(one, 'REJECTED')).toMatchObject({ ringId, taskCompleted: false })
  const second = await nextRing(other)
  expect(second).toMatchObject({ conversationId: talk.id })
  expect(second.ringId).not.toBe(ringId)
  await clock.advance(0)
  expect(ringsAmong(await one.settled())).toEqual([])
})

it('[RG10] the reason for rejecting is kept, and told with the routing', async () => {
  const { id: account } = await server.account()
  const ana = await hire(server, account)
  await using agent = await atWork(server, ana)
  await using talk = await openConversation(server, account)
  const { ringId } = await nextRing(agent)
  const reject = (reason: string) =>
    agent.request('.ams.routing.UpdateRingState', {
      ringId,
      ringState: 'REJECTED',
      ringdown: { reason },
    })
  expect(await reject('x'.repeat(257))).toMatchObject({ code: 400 })
  expect(await reject(' Not my language ')).toMatchObject({ code: 202 })
  const ended = await nextRing(agent, 'REJECTED')
  expect(JSON.stringify(ended)).not.toContain('Not my language')
  const address = `/api/account/${account}/ringdown/v1/conversations/${talk.id}/routing`
  const authorization = `Bearer ${server.running.adminToken}`
  const response = await fetch(`${server.url}${address}`, { headers: { authorization } })
  const { steps } = (await response.json()) as { steps: readonly object[] }
  expect(steps).toContainEqual(
    expect.objectContaining({ step: 'ring', state: 'rejected', reason: 'Not my language' }),
  )
})

it('[RG1] [RT3] whoever rejected is asked again after a while when there is nobody else', async () => {
  const { id: account } = await server.account()
  const ana = await hire(server, account)
  await using agent = await atWork(server, ana)
  await using talk = await openConversation(server, account)
  const { ringId } = await nextRing(agent)
  await answerRing(agent, ringId, 'REJECTED')
  await nextRing(agent, 'REJECTED')
  await clock.advance(9_999)
  expect(ringsAmong(await agent.settled())).toEqual([])
  await clock.advance(1)
  expect(await nextRing(agent)).toMatchObject({ conversationId: talk.id })
})

it('[RG3] a ring expires after its time and goes to somebody who was not asked', async () => {
  const { id: account } = await server.account({ ringExpirationMs: 30_000 })
  const ana = await hire(server, account)
  await using agent = await atWork(server, ana)
  await using talk = await openConversation(server, account)
  const { ringId, ringExpiration } = await nextRing(agent)
  expect(ringExpiration).toBe(30_000)
  const bob = await hire(server, account)
  await using other = await atWork(server, bob)
  await clock.advance(29_999)
  expect(ringsAmong(await agent.settled())).toEqual([])
  await clock.advance(1)
  expect(await nextRing(agent, 'EXPIRED')).toMatchObject({ ringId })
  expect(await nextRing(other)).toMatchObject({ conversationId: talk.id })
  expect(await answerRing(agent, ringId)).toMatchObject({ code: 409 })
  // Nobody is left who was not asked: it goes round again, the one asked longest ago first.
  await clock.advance(30_000)
  expect(await nextRing(other, 'EXPIRED')).toBeDefined()
  expect(await nextRing(agent)).toMatchObject({ conversationId: talk.id })
})

it('[RG4] [RT6] a state that takes no work cancels the ring and keeps what is assigned', async () => {
  const { id: account } = await server.account()
  const ana = await hire(server, account)
  await using agent = await atWork(server, ana)
  await using held = await openConversation(server, account)
  await takeRing(agent)
  await nextChange(agent, held.id)
  await using talk = await openConversation(server, account)
  const { ringId } = await nextRing(agent, 'WAITING', talk.id)
  const bob = await hire(server, account)
  await using other = await atWork(server, bob)
  await setState(agent, 'AWAY')
  expect(await nextRing(agent, 'CANCELLED')).toMatchObject({ ringId, conversationId: talk.id })
  expect(await nextRing(other)).toMatchObject({ conversationId: talk.id })
  expect(await answerRing(agent, ringId)).toMatchObject({ code: 409 })
  expect(await held.say('still with you?')).toMatchObject({ code: 200 })
  expect((await agent.next(EVENTS)).body.dialogId).toBe(held.id)
})

it('[RG4] [RT4] the loss of the last socket that takes rings cancels the ring', async () => {
  const { id: account } = await server.account()
  const ana = await hire(server, account)
  const agent = await atWork(server, ana)
  await using second = await atWork(server, ana)
  await using talk = await openConversation(server, account)
  const { ringId } = await nextRing(agent)
  const bob = await hire(server, account)
  await using other = await atWork(server, bob)
  await agent[Symbol.asyncDispose]()
  await clock.advance(0)
  expect(ringsAmong(await other.settled())).toEqual([])
  await second[Symbol.asyncDispose]()
  const moved = await nextRing(other)
  expect(moved).toMatchObject({ conversationId: talk.id })
  expect(moved.ringId).not.toBe(ringId)
})

it('[RG4] [RT1] closing the conversation cancels its ring', async () => {
  const { id: account } = await server.account()
  const ana = await hire(server, account)
  await using agent = await atWork(server, ana)
  await using talk = await openConversation(server, account)
  const { ringId } = await nextRing(agent)
  await change(talk.consumer, talk.id, closing)
  expect(await nextRing(agent, 'CANCELLED')).toMatchObject({ ringId, taskCompleted: false })
  expect(await answerRing(agent, ringId)).toMatchObject({ code: 409 })
  // It was never reported to the agent, so nothing of it is.
  const seen = await agent.settled()
  expect(seen.filter(({ type }) => type.endsWith(CONVERSATIONS))).toEqual([])
})

it('[RG4] [RT1] [CV9] a manager who takes the conversation cancels its ring', async () => {
  const { id: account } = await server.account()
  const ana = await hire(server, account)
  const max = await hire(server, account, { roles: ['manager'] })
  await using agent = await atWork(server, ana)
  await using talk = await openConversation(server, account)
  const { ringId } = await nextRing(agent)
  await using chief = await server.agentSocket(account, max.bearer)
  await followConversations(chief)
  const taken = await change(chief, talk.id, participant('ADD', 'ASSIGNED_AGENT'))
  expect(taken).toMatchObject({ code: 200, body: 'OK Agent added successfully' })
  expect(await nextRing(agent, 'CANCELLED')).toMatchObject({ ringId })
  expect(await answerRing(agent, ringId)).toMatchObject({ code: 409 })
  await nextChange(chief, talk.id, 'UPSERT', ({ conversationDetails }) =>
    conversationDetails.participants.ASSIGNED_AGENT.includes(max.oldId),
  )
})

it('[RG6] [CV9] of a taking and an accepting at one instant exactly one wins', async () => {
  const { id: account } = await server.account()
  const ana = await hire(server, account, { capacity: 100 })
  const max = await hire(server, account, { roles: ['manager'], capacity: 100 })
  await using agent = await atWork(server, ana)
  await using chief = await server.agentSocket(account, max.bearer)
  for (let round = 0; round < 10; round += 1) {
    await using talk = await openConversation(server, account)
    const { ringId } = await nextRing(agent, 'WAITING', talk.id)
    const take = () => change(chief, talk.id, participant('ADD', 'ASSIGNED_AGENT'))
    const accept = () => answerRing(agent, ringId)
    const [first, second] = round % 2 === 0 ? [accept, take] : [take, accept]
    const answers = await Promise.all([first(), second()])
    expect(answers.map((one) => one.code).toSorted()).toEqual([
      expect.toSatisfy((code) => code === 200 || code === 202),
      409,
    ])
    const known = await server.services.store.read('conversation', {
      accountId: account,
      id: talk.id,
    })
    const isAccepted = answers.some((one) => one.code === 202)
    const assigned = known?.dialogs[0]?.participants.filter((one) => one.role === 'assigned_agent')
    expect(assigned?.map((one) => one.id)).toEqual([isAccepted ? ana.id : max.id])
  }
})

it('[RG6] [RT1] of a closing and an accepting at one instant nothing half done remains', async () => {
  const { id: account } = await server.account()
  await using agent = await atWork(server, await hire(server, account, { capacity: 100 }))
  for (let round = 0; round < 10; round += 1) {
    await using talk = await openConversation(server, account)
    const { ringId } = await nextRing(agent, 'WAITING', talk.id)
    const close = () => change(talk.consumer, talk.id, closing)
    const accept = () => answerRing(agent, ringId)
    const [closed, accepted] =
      round % 2 === 0
        ? await Promise.all([close(), accept()])
        : (await Promise.all([accept(), close()])).toReversed()
    expect(closed?.code).toBe(200)
    expect([202, 400, 409]).toContain(accepted?.code)
  }
  const of = { accountId: account }
  expect(await server.services.store.read('waitingRings', of)).toEqual([])
  expect(await server.services.store.read('queuedTasks', { ...of, limit: 9 })).toEqual([])
})

it('[RG5] a subscription is sent the waiting rings, or an empty list', async () => {
  const { id: account } = await server.account()
  const ana = await hire(server, account)
  await using first = await server.agentSocket(account, ana.bearer)
  const { code, type, body } = await first.request('.ams.routing.SubscribeRoutingTasks', {})
  expect({ code, type }).toEqual({ code: 200, type: '.ams.GenericSubscribe$Response' })
  const { subscriptionId } = body
  expect((await first.next(RINGS)).body).toEqual({ subscriptionId, changes: [] })
  await setState(first, 'ONLINE')
  await using talk = await openConversation(server, account)
  const { ringId } = await nextRing(first)
  await using second = await server.agentSocket(account, ana.bearer)
  await second.request('.ams.routing.SubscribeRoutingTasks', {})
  const snapshot = await second.next(RINGS)
  expect(ringsAmong([snapshot])).toMatchObject([
    { ringId, ringState: 'WAITING', conversationId: talk.id },
  ])
  await answerRing(second, ringId)
  await using third = await server.agentSocket(account, ana.bearer)
  await third.request('.ams.routing.SubscribeRoutingTasks', {})
  expect((await third.next(RINGS)).body.changes).toEqual([])
})

it('[RG4] [RG5] changing the filter of a subscription leaves the waiting ring alone', async () => {
  const { id: account } = await server.account()
  const ana = await hire(server, account)
  await using agent = await server.agentSocket(account, ana.bearer)
  await setState(agent, 'ONLINE')
  const subscribed = await agent.request('.ams.routing.SubscribeRoutingTasks', {})
  const { subscriptionId } = subscribed.body
  await using talk = await openConversation(server, account)
  const { ringId } = await nextRing(agent)
  const updated = await agent.request('.ams.routing.UpdateRoutingTaskSubscription', {
    subscriptionId,
    skillId: '-1',
  })
  expect(updated).toMatchObject({ code: 200, body: { subscriptionId } })
  expect(await nextRing(agent)).toMatchObject({ ringId, conversationId: talk.id })
  await clock.advance(0)
  expect(ringsAmong(await agent.settled())).toEqual([])
  expect(await answerRing(agent, ringId)).toMatchObject({ code: 202 })
})

it('[RG5] [LIM7] an unknown subscription cannot be used to exceed the limit', async () => {
  const { id: account } = await server.account()
  const ana = await hire(server, account)
  await using agent = await server.agentSocket(account, ana.bearer)
  for (let n = 0; n < 200; n += 1)
    await agent.request('.ams.routing.UpdateRoutingTaskSubscription', { subscriptionId: `s${n}` })
  for (const type of [
    '.ams.routing.UpdateRoutingTaskSubscription',
    '.ams.aam.UpdateExConversationSubscription',
    '.ams.routing.SubscribeRoutingTasks',
    '.ams.routing.SubscribeAgentsState',
  ])
    expect(await agent.request(type, { subscriptionId: 'one more' }), type).toMatchObject({
      code: 429,
    })
})
