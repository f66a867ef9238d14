/** Joining, leaving, taking over, and who is heard by whom. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { TestServer } from '../src/testing/index.ts'
import {
  ADDED,
  atWork,
  change,
  EVENTS,
  hears,
  hire,
  nextChange,
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

beforeAll(async () => {
  ;({ server } = await stillServer())
})
afterAll(() => server[Symbol.asyncDispose]())

it('[CV9] a manager joins, speaks, and leaves; joining twice changes nothing', async () => {
  const { id: account } = await server.account()
  const ana = await hire(server, account)
  await using agent = await atWork(server, ana)
  const { agent: max, socket: chief } = await supervisor(server, account)
  await using _chief = chief
  await using talk = await openConversation(server, account)
  await takeRing(agent)
  await chief.settled()
  expect(await change(chief, talk.id, participant('ADD', 'MANAGER'))).toMatchObject(ADDED)
  const { conversationDetails } = await nextChange(chief, talk.id)
  expect(conversationDetails.participantsPId).toMatchObject({
    ASSIGNED_AGENT: [ana.id],
    MANAGER: [max.id],
  })
  await chief.settled()
  expect(await change(chief, talk.id, participant('ADD', 'MANAGER', max.oldId))).toMatchObject(
    ADDED,
  )
  expect(await chief.settled()).toEqual([])
  await talk.say('who is here?')
  await hears(chief, 'who is here?')
  expect(await say(chief, talk.id, 'I am')).toMatchObject({ code: 200, body: { sequence: 1 } })
  const heard = await hears(agent, 'I am')
  expect(heard.body.originatorMetadata.role).toBe('MANAGER')
  await hears(chief, 'I am')
  expect(await change(chief, talk.id, participant('REMOVE', 'MANAGER'))).toMatchObject(REMOVED)
  await nextChange(chief, talk.id, 'UPSERT', ({ conversationDetails: { participants } }) =>
    participants.MANAGER.every((id: string) => id !== max.oldId),
  )
  await talk.say('gone again?')
  await hears(agent, 'gone again?')
  expect((await chief.settled()).filter(({ type }) => type.endsWith(EVENTS))).toEqual([])
  expect(await say(chief, talk.id, 'too late')).toMatchObject(
    refusal(403, 'Not a participant of the conversation'),
  )
})

it('[CV9] [EV6] a reader listens, acknowledges, and says nothing', async () => {
  const { id: account } = await server.account()
  const { socket: chief } = await supervisor(server, account)
  await using _chief = chief
  await using talk = await openConversation(server, account)
  expect(await change(chief, talk.id, participant('ADD', 'READER'))).toMatchObject(ADDED)
  await talk.say('listen')
  await hears(chief, 'listen')
  const publish = (event: object, more: object = {}) =>
    chief.request('.ams.ms.PublishEvent', { dialogId: talk.id, event, ...more })
  const text = { type: 'ContentEvent', contentType: 'text/plain', message: 'no' }
  expect(await publish(text)).toMatchObject(refusal(403, 'Operation not permitted'))
  expect(await publish(text, { messageAudience: 'AGENTS_AND_MANAGERS' })).toMatchObject({
    code: 403,
  })
  expect(await publish({ type: 'ChatStateEvent', chatState: 'COMPOSING' })).toMatchObject({
    code: 200,
    body: { sequence: 0 },
  })
  expect(
    await publish({ type: 'AcceptStatusEvent', status: 'READ', sequenceList: [0] }),
  ).toMatchObject({ code: 200 })
  expect(
    (await talk.consumer.settled()).filter(({ body }) =>
      JSON.stringify(body).includes('COMPOSING'),
    ),
  ).toEqual([])
})

it('[CV9] a manager takes over in one request, and each side is told once', async () => {
  const { id: account } = await server.account()
  const ana = await hire(server, account)
  await using agent = await atWork(server, ana)
  const { agent: max, socket: chief } = await supervisor(server, account)
  await using _chief = chief
  await using talk = await openConversation(server, account)
  await takeRing(agent)
  await nextChange(agent, talk.id)
  const isMine = ({ conversationDetails }: { conversationDetails: Record<string, never> }) =>
    JSON.stringify(conversationDetails['participantsPId']).includes(
      `"ASSIGNED_AGENT":["${max.id}"]`,
    )
  const taken = await change(
    chief,
    talk.id,
    participant('UPDATE', 'ASSIGNED_AGENT'),
    participant('REMOVE', 'ASSIGNED_AGENT', ana.oldId),
  )
  expect(taken).toMatchObject(REMOVED)
  await nextChange(chief, talk.id, 'UPSERT', isMine)
  const gone = await nextChange(agent, talk.id, 'DELETE')
  expect(isMine(gone)).toBe(true)
  await talk.say('who serves me now?')
  await hears(chief, 'who serves me now?')
  const kinds = new Set((await agent.settled()).map(({ type }) => type))
  expect([...kinds]).toEqual(['.ams.routing.RoutingTaskNotification'])
  expect(await server.services.store.read('queuedTasks', { accountId: account, limit: 9 })).toEqual(
    [],
  )
})

it('[CV9] a manager sends the assigned agent away, also when its bot names itself', async () => {
  const { id: account } = await server.account()
  const ana = await hire(server, account)
  await using agent = await atWork(server, ana)
  const { agent: max, socket: chief } = await supervisor(server, account)
  await using _chief = chief
  await using talk = await openConversation(server, account)
  for (const named of [ana.oldId, ana.id, ana.userId, max.oldId, `${account}.undefined`]) {
    await setState(agent, 'ONLINE')
    await takeRing(agent, talk.id)
    await setState(agent, 'AWAY')
    const left = await change(chief, talk.id, participant('REMOVE', 'ASSIGNED_AGENT', named))
    expect(left, named).toMatchObject(REMOVED)
  }
  expect(await change(chief, talk.id, participant('REMOVE', 'ASSIGNED_AGENT'))).toMatchObject(
    refusal(400, 'No assigned agent to remove'),
  )
})

it('[CV9] plain agents do not join, take, add others or send others away', async () => {
  const { id: account } = await server.account()
  const ana = await hire(server, account)
  const bob = await hire(server, account)
  const max = await hire(server, account, { roles: ['manager'] })
  await using agent = await atWork(server, ana)
  await using other = await server.agentSocket(account, bob.bearer)
  await using chief = await server.agentSocket(account, max.bearer)
  await using talk = await openConversation(server, account)
  await takeRing(agent)
  const denied = refusal(403, 'Operation not permitted')
  for (const role of ['MANAGER', 'READER', 'ASSIGNED_AGENT', 'CONTROLLER', 'AGENT'])
    expect(await change(other, talk.id, participant('ADD', role)), role).toMatchObject(denied)
  expect(await change(chief, talk.id, participant('ADD', 'MANAGER', bob.oldId))).toMatchObject(
    denied,
  )
  expect(await change(chief, talk.id, participant('ADD', 'ASSIGNED_AGENT'))).toMatchObject(
    refusal(409, 'Conversation already has an assigned agent'),
  )
  expect(
    await change(other, talk.id, participant('REMOVE', 'ASSIGNED_AGENT', ana.oldId)),
  ).toMatchObject(refusal(403, 'Not a participant of the conversation'))
  expect(await change(other, talk.id, participant('REMOVE', 'MANAGER'))).toMatchObject(
    refusal(403, 'Not a participant of the conversation'),
  )
  expect(
    await change(chief, talk.id, participant('REMOVE', 'ASSIGNED_AGENT', '424242')),
  ).toMatchObject(refusal(404, 'Agent not found'))
})

it('[CV3] a request with one refusal changes nothing', async () => {
  const { id: account } = await server.account()
  const { socket: chief } = await supervisor(server, account)
  await using _chief = chief
  await using talk = await openConversation(server, account)
  await nextChange(chief, talk.id)
  const refused = await change(
    chief,
    talk.id,
    participant('ADD', 'MANAGER'),
    { field: 'Note', note: 'never written' },
    participant('REMOVE', 'ASSIGNED_AGENT'),
  )
  expect(refused).toMatchObject(refusal(400, 'No assigned agent to remove'))
  expect(await chief.settled()).toEqual([])
  const known = await server.services.store.read('conversation', {
    accountId: account,
    id: talk.id,
  })
  expect(known?.note).toBeUndefined()
})

it('[EV22] private messages reach agents and nobody else, live and later', async () => {
  const { id: account } = await server.account()
  await using agent = await atWork(server, await hire(server, account))
  const { socket: chief } = await supervisor(server, account)
  await using _chief = chief
  await using talk = await openConversation(server, account)
  await takeRing(agent)
  await change(chief, talk.id, participant('ADD', 'MANAGER'))
  await talk.say('public')
  const told = await agent.request('.ams.ms.PublishEvent', {
    dialogId: talk.id,
    messageAudience: 'AGENTS_AND_MANAGERS',
    event: { type: 'ContentEvent', contentType: 'text/plain', message: 'secret' },
  })
  expect(told.body).toEqual({ sequence: 1 })
  expect((await hears(chief, 'secret')).body).toMatchObject({
    messageAudience: 'AGENTS_AND_MANAGERS',
    sequence: 1,
  })
  await say(agent, talk.id, 'after')
  await talk.consumer.next((frame) => JSON.stringify(frame).includes('"after"'))
  await talk.consumer.request('ms.SubscribeMessagingEvents', { dialogId: talk.id, fromSeq: 0 })
  const { body } = await talk.consumer.request('ms.QueryMessages', { dialogId: talk.id })
  expect(JSON.stringify([body, await talk.consumer.settled()])).not.toContain('secret')
  const mine = await chief.request('.ams.ms.QueryMessages', { dialogId: talk.id })
  expect(mine.body.map((one: { sequence: number }) => one.sequence)).toEqual([0, 1, 2])
})
