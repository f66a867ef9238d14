import { afterAll, beforeAll, expect, it } from 'vitest'
import { sqliteStore } from '../src/store/sqlite/sqlite-store.ts'
import type { ManualClock, SocketClient, TestAgent, TestServer } from '../src/testing/index.ts'
import {
  answerRing,
  atWork,
  change,
  hire,
  nextChange,
  nextRing,
  openConversation,
  participant,
  REMOVED,
  refusal,
  ringsAmong,
  setState,
  takeRing,
} from './bots/duty.ts'
import { explained, newSkill } from './bots/explained.ts'
import { stillServer } from './bots/still-server.ts'

let server: TestServer
let clock: ManualClock

beforeAll(async () => {
  ;({ server, clock } = await stillServer())
})
afterAll(() => server[Symbol.asyncDispose]())

const suggesting = (to: TestAgent, skill?: string): object[] => [
  participant('SUGGEST', 'ASSIGNED_AGENT', to.oldId),
  participant('REMOVE', 'ASSIGNED_AGENT'),
  ...(skill === undefined ? [] : [{ field: 'Skill', type: 'UPDATE', skill }]),
]

const ringsNow = async (socket: SocketClient) => {
  await clock.advance(0)
  return ringsAmong(await socket.settled()).filter(({ ringState }) => ringState === 'WAITING')
}

/** Three agents of one skill; the first has the conversation. */
const staffed = async (skillIds: readonly string[] = ['7']) => {
  const { id: account } = await server.account()
  await newSkill(server, account, '7', { transferToAgentMaxWaitSeconds: 100 })
  const people = [
    await hire(server, account, { skillIds: [...skillIds] }),
    await hire(server, account, { skillIds: [...skillIds] }),
    await hire(server, account, { skillIds: [...skillIds] }),
  ] as const
  const ana = await atWork(server, people[0])
  const skill = skillIds[0]
  const talk = await openConversation(server, account, skill ? { skillId: skill } : {})
  await takeRing(ana, talk.id)
  return { account, people, ana, talk }
}

it.each([
  ['SUGGEST first', [0, 1, 2]],
  ['Skill first', [2, 0, 1]],
  ['REMOVE first', [1, 2, 0]],
])('[RT15] a conversation is suggested to one agent and rings there only: %s', async (_, order) => {
  const { account, people, ana, talk } = await staffed()
  await using bob = await atWork(server, people[1])
  await using eve = await atWork(server, people[2])
  await using chief = await server.agentSocket(
    account,
    (await hire(server, account, { roles: ['manager'] })).bearer,
  )
  await chief.request('.ams.aam.SubscribeExConversations', { convState: ['OPEN'] })
  const fields = suggesting(people[2], '7')
  const answer = await change(ana, talk.id, ...order.map((place) => fields[place] as object))
  expect(answer).toMatchObject(REMOVED)
  const isSuggested = ({ conversationDetails: details }: { conversationDetails: object }) =>
    JSON.stringify(details).includes('SUGGESTED')
  const { conversationDetails } = await nextChange(chief, talk.id, 'UPSERT', isSuggested)
  const [{ participantsDetails }] = conversationDetails.dialogs
  expect(participantsDetails.map((one: { state: string }) => one.state)).toEqual([
    'ACTIVE',
    'SUGGESTED',
  ])
  expect(conversationDetails.participants.ASSIGNED_AGENT).toEqual([])
  const ring = await nextRing(eve, 'WAITING', talk.id)
  expect(await ringsNow(bob)).toEqual([])
  expect(await change(eve, talk.id, participant('ADD', 'ASSIGNED_AGENT'))).toMatchObject(
    refusal(403, 'Suggested agent cannot join'),
  )
  await answerRing(eve, ring.ringId)
  const { conversationDetails: taken } = await nextChange(eve, talk.id)
  expect(taken.participants.ASSIGNED_AGENT).toEqual([people[2].oldId])
  expect(JSON.stringify(taken)).not.toContain('SUGGESTED')
  const { steps } = await explained(server, account, talk.id)
  expect(steps).toContainEqual(expect.objectContaining({ step: 'decided', reason: 'suggested' }))
  await ana[Symbol.asyncDispose]()
  await talk[Symbol.asyncDispose]()
})

it('[RT13] when the suggested agent rejects, the whole skill is asked', async () => {
  const { people, ana, talk } = await staffed()
  await using bob = await atWork(server, people[1], { availability: 'OCCUPIED' })
  await using eve = await atWork(server, people[2])
  await change(ana, talk.id, ...suggesting(people[2]))
  const { ringId } = await nextRing(eve, 'WAITING', talk.id)
  expect(await ringsNow(bob)).toEqual([])
  await answerRing(eve, ringId, 'REJECTED')
  await takeRing(bob, talk.id)
  await ana[Symbol.asyncDispose]()
  await talk[Symbol.asyncDispose]()
})

it('[RT13] when the time of the suggestion is over, the whole skill is asked', async () => {
  const { people, ana, talk } = await staffed()
  await using bob = await atWork(server, people[1])
  await using eve = await atWork(server, people[2])
  await setState(eve, 'AWAY')
  await setState(ana, 'AWAY')
  // Whom an agent may not transfer to at its time, a moment earlier it may.
  await setState(eve, 'ONLINE')
  await change(ana, talk.id, ...suggesting(people[2]))
  await nextRing(eve, 'WAITING', talk.id)
  await setState(eve, 'AWAY')
  await nextRing(eve, 'CANCELLED', talk.id)
  await clock.advance(99_000)
  expect(await ringsNow(bob)).toEqual([])
  await clock.advance(1_000)
  await takeRing(bob, talk.id)
  await ana[Symbol.asyncDispose]()
  await talk[Symbol.asyncDispose]()
})

it('[RT13] when the suggested agent is disabled, the whole skill is asked', async () => {
  const { account, people, ana, talk } = await staffed()
  await using bob = await atWork(server, people[1])
  await change(ana, talk.id, ...suggesting(people[2])).then((answer) =>
    // Nobody of this role transfers to who is not there at all.
    expect(answer).toMatchObject(refusal(403, 'Transfer to agent not allowed')),
  )
  await using eve = await atWork(server, people[2])
  await setState(eve, 'OCCUPIED')
  await change(ana, talk.id, ...suggesting(people[2]))
  await nextRing(eve, 'WAITING', talk.id)
  await server.services.store.write('updateAgent', {
    accountId: account,
    userId: people[2].userId,
    isEnabled: false,
  })
  server.services.bus.publish(`a.${account}.routing`, {})
  await setState(eve, 'AWAY')
  await takeRing(bob, talk.id)
  await ana[Symbol.asyncDispose]()
  await talk[Symbol.asyncDispose]()
})

it('[RT15] what cannot be suggested is refused with the reason', async () => {
  const { account, people, ana, talk } = await staffed()
  await newSkill(server, account, '9')
  const other = await hire(server, account, { skillIds: ['9'] })
  await using eve = await atWork(server, people[2])
  await using far = await atWork(server, other)
  expect(await change(ana, talk.id, ...suggesting(other))).toMatchObject(
    refusal(400, 'Bad request: the agent does not have the skill'),
  )
  expect(await change(ana, talk.id, ...suggesting(people[0]))).toMatchObject(
    refusal(400, 'Agent already participates'),
  )
  expect(
    await change(ana, talk.id, participant('SUGGEST', 'ASSIGNED_AGENT', `${account}.424242`)),
  ).toMatchObject({ code: 404 })
  expect(
    await change(ana, talk.id, participant('SUGGEST', 'ASSIGNED_AGENT', people[2].oldId)),
  ).toMatchObject(refusal(409, 'Conversation already has an assigned agent'))
  expect(await change(far, talk.id, ...suggesting(people[2]))).toMatchObject({ code: 403 })
  expect(await ringsNow(eve)).toEqual([])
  await ana[Symbol.asyncDispose]()
  await talk[Symbol.asyncDispose]()
})

it('[RT15] suggested to an agent without skills, a conversation has none', async () => {
  const { account, people, ana, talk } = await staffed()
  const free = await hire(server, account)
  await using agent = await atWork(server, free)
  expect(people).toHaveLength(3)
  expect(await change(ana, talk.id, ...suggesting(free))).toMatchObject(REMOVED)
  await takeRing(agent, talk.id)
  expect((await explained(server, account, talk.id)).skillId).toBe('-1')
  await ana[Symbol.asyncDispose]()
  await talk[Symbol.asyncDispose]()
})

it('[RT16] a skill’s transfer list is kept, to itself always', async () => {
  const { account, ana, talk } = await staffed()
  await newSkill(server, account, '8')
  await newSkill(server, account, '9')
  const only = { groups: [], canTransfer: true, transferTo: ['8'], fallbackWhenAllAway: true }
  await server.services.store.write('updateSkill', { accountId: account, id: '7', rules: only })
  const to = (skill: string) => change(ana, talk.id, { field: 'Skill', type: 'UPDATE', skill })
  expect(await to('9')).toMatchObject(refusal(403, 'Transfer to skill not allowed'))
  expect(await to('99')).toMatchObject(refusal(400, 'Skill not found'))
  expect(await to('7')).toMatchObject({ code: 200 })
  const none = { ...only, canTransfer: false }
  await server.services.store.write('updateSkill', { accountId: account, id: '7', rules: none })
  expect(await to('8')).toMatchObject(refusal(403, 'Transfer to skill not allowed'))
  await server.services.store.write('updateSkill', { accountId: account, id: '7', rules: only })
  expect(await to('8')).toMatchObject({ code: 200 })
  await ana[Symbol.asyncDispose]()
  await talk[Symbol.asyncDispose]()
})

it('[RT13] a restart forgets neither a suggestion nor when it ends', async () => {
  const epoch = 'suggestions'
  await using store = await sqliteStore({ file: ':memory:', hosting: 'inline', epoch })
  const shared = { server, clock }
  ;({ server, clock } = await stillServer({ store }))
  const first = { server, clock }
  const { account, people, ana, talk } = await staffed()
  ;({ server, clock } = shared)
  await using eve = await atWork(first.server, people[2])
  expect(await change(ana, talk.id, ...suggesting(people[2]))).toMatchObject(REMOVED)
  await nextRing(eve, 'WAITING', talk.id)
  await setState(eve, 'AWAY')
  await nextRing(eve, 'CANCELLED', talk.id)
  await first.server[Symbol.asyncDispose]()
  const second = await stillServer({ store, now: first.clock.now() + 1_000 })
  await using again = second.server
  const bearer = await again.login(account, people[1].loginName)
  await using bob = await atWork(again, { ...people[1], ...bearer })
  await second.clock.advance(98_000)
  expect(ringsAmong(await bob.settled())).toEqual([])
  await second.clock.advance(1_000)
  await takeRing(bob, talk.id)
})
