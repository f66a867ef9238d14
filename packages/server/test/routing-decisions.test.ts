import { afterAll, beforeAll, expect, it } from 'vitest'
import { decide } from '../src/domain/routing/decide.ts'
import { inputOf } from '../src/domain/routing/stored.ts'
import type { ManualClock, SocketClient, TestServer } from '../src/testing/index.ts'
import {
  answerRing,
  atWork,
  change,
  closing,
  hire,
  nextChange,
  nextRing,
  openConversation,
  participant,
  ringsAmong,
  setState,
  takeRing,
} from './bots/duty.ts'
import { administer, explained, newSkill } from './bots/explained.ts'
import { stillServer } from './bots/still-server.ts'
import { agentOf } from './given.ts'

let server: TestServer
let clock: ManualClock

beforeAll(async () => {
  ;({ server, clock } = await stillServer())
})
afterAll(() => server[Symbol.asyncDispose]())

const waitingRings = async (socket: SocketClient) => {
  await clock.advance(0)
  return ringsAmong(await socket.settled()).filter(({ ringState }) => ringState === 'WAITING')
}

const decisionsOf = (accountId: string, conversationId: string) =>
  server.services.store.read('decisions', { accountId, conversationId, limit: 100 })

/** Once what was begun has been written. */
const settled = async (...sockets: SocketClient[]) => {
  for (let turn = 0; turn < 3; turn += 1) {
    await clock.advance(0)
    for (const socket of sockets) await socket.settled()
  }
}

it('[RT9] [RT23] the answer names everybody, why not, and the rule that chose', async () => {
  const { id: account } = await server.account()
  await newSkill(server, account, '7')
  const [full, away, deaf, other, idle, busy] = [
    await hire(server, account, { skillIds: ['7'], capacity: 0 }),
    await hire(server, account, { skillIds: ['7'] }),
    await hire(server, account, { skillIds: ['7'] }),
    await hire(server, account, { skillIds: [] }),
    await hire(server, account, { skillIds: ['7'] }),
    await hire(server, account, { skillIds: ['7'] }),
  ] as const
  await using busyAgent = await atWork(server, busy)
  await using first = await openConversation(server, account, { skillId: '7' })
  await takeRing(busyAgent, first.id)
  await using awayAgent = await atWork(server, away, { availability: 'AWAY' })
  await clock.advance(40_000)
  await using _full = await atWork(server, full)
  await using _other = await atWork(server, other)
  await using agent = await atWork(server, idle)
  await using talk = await openConversation(server, account, { skillId: '7' })
  await takeRing(agent, talk.id)
  await settled(agent, awayAgent)
  const answer = await explained(server, account, talk.id)
  expect(answer).toMatchObject({ state: 'open', skillId: '7', userId: idle.userId })
  expect(answer.steps.map(({ step }) => step)).toEqual([
    'queued',
    'decided',
    'ring',
    'ring',
    'done',
  ])
  const decided = answer.steps.find((step) => step.step === 'decided')
  expect(decided).toMatchObject({
    outcome: 'ring',
    userId: idle.userId,
    reason: 'least_busy',
    why: 'the least busy',
    isReproduced: true,
  })
  const why = Object.fromEntries(decided!.considered.map((one) => [one.userId, one.why]))
  expect(why).toEqual({
    [full.userId]: 'at capacity 0/0',
    [away.userId]: 'away for 40 s',
    [deaf.userId]: 'takes no rings',
    [other.userId]: 'lacks the skill',
    [idle.userId]: 'chosen at 0/10',
    [busy.userId]: 'could take it at 1/10, another came first',
  })
})

it('[RT23] only the administration token opens it, for conversations of the account', async () => {
  const { id: account } = await server.account()
  const { id: elsewhere } = await server.account()
  await using talk = await openConversation(server, account)
  const path = (id: string, of = account) =>
    `/api/account/${of}/ringdown/v1/conversations/${id}/routing`
  expect((await fetch(`${server.url}${path(talk.id)}`)).status).toBe(401)
  expect((await administer(server, 'GET', path(talk.id))).status).toBe(200)
  expect((await administer(server, 'GET', path('none'))).status).toBe(404)
  expect((await administer(server, 'GET', path(talk.id, elsewhere))).status).toBe(404)
})

it('[RT21] waiting is stored when its reason changes, not with every pass', async () => {
  const { id: account } = await server.account()
  const ana = await hire(server, account, { capacity: 1 })
  await using talk = await openConversation(server, account)
  await settled(talk.consumer)
  for (let again = 0; again < 5; again += 1) {
    server.services.routing.wake(account)
    await clock.advance(1_000)
    await settled(talk.consumer)
  }
  const reasons = async () => (await decisionsOf(account, talk.id)).map(({ reason }) => reason)
  expect(await reasons()).toEqual(['not_listening'])
  await using agent = await atWork(server, ana, { availability: 'AWAY' })
  await clock.advance(1_000)
  await settled(agent)
  expect(await reasons()).toEqual(['not_listening', 'availability'])
  // Decisions of one millisecond have no order among each other.
  await clock.advance(1)
  await setState(agent, 'ONLINE')
  await takeRing(agent, talk.id)
  await settled(agent)
  expect(await reasons()).toEqual(['not_listening', 'availability', 'only_one'])
})

it('[RT20] every decision of a busy hour is decided again from what was stored', async () => {
  const { id: account } = await server.account()
  await newSkill(server, account, '1', { fallbackSkillId: '2' })
  await newSkill(server, account, '2')
  const people = [
    await hire(server, account, { skillIds: ['1'], capacity: 2 }),
    await hire(server, account, { skillIds: ['1', '2'], capacity: 3 }),
    await hire(server, account, { skillIds: ['2'], capacity: 2 }),
    await hire(server, account, { capacity: 2 }),
  ]
  await using sockets = new AsyncDisposableStack()
  const agents = []
  for (const one of people) agents.push(sockets.use(await atWork(server, one)))
  const ids: string[] = []
  for (let number = 0; number < 24; number += 1) {
    const skill = [undefined, '1', '2'][number % 3]
    const talk = await openConversation(server, account, skill ? { skillId: skill } : {})
    sockets.use(talk)
    ids.push(talk.id)
    await clock.advance(3_000)
    const turn = agents[number % agents.length] as SocketClient
    for (const { ringId, conversationId } of await waitingRings(turn)) {
      await answerRing(turn, ringId, number % 5 === 4 ? 'REJECTED' : 'ACCEPTED')
      if (number % 4 === 1)
        await change(turn, conversationId, participant('REMOVE', 'ASSIGNED_AGENT'))
      if (number % 4 === 2) await change(turn, conversationId, closing)
    }
    await setState(turn, ['ONLINE', 'OCCUPIED', 'AWAY', 'ONLINE'][number % 4] as string)
  }
  await clock.advance(80_000)
  await settled(...agents)
  let count = 0
  const reasons = new Set<string>()
  for (const id of ids)
    for (const stored of await decisionsOf(account, id)) {
      const decision = decide(inputOf(stored))
      const [agentId, reason] =
        decision.outcome === 'ring'
          ? [decision.agentId, decision.rule]
          : [undefined, decision.reason]
      expect([agentId, reason]).toEqual([stored.agentId, stored.reason])
      reasons.add(reason)
      count += 1
    }
  expect(count).toBeGreaterThan(24)
  expect(reasons.size).toBeGreaterThan(4)
})

it('[RG8] with auto-accept the server assigns: the ring as AUTO_ACCEPT, then the conversation', async () => {
  const { id: account } = await server.account({ autoAccept: true })
  const ana = await hire(server, account, { capacity: 2 })
  await using agent = await atWork(server, ana)
  await agent.settled()
  await using talk = await openConversation(server, account)
  const ring = await nextRing(agent, 'AUTO_ACCEPT', talk.id)
  expect(ring.taskCompleted).toBe(true)
  const { conversationDetails } = await nextChange(agent, talk.id)
  expect(conversationDetails.participants.ASSIGNED_AGENT).toEqual([ana.oldId])
  expect(await answerRing(agent, ring.ringId)).toMatchObject({ code: 409 })
  await using _two = await openConversation(server, account)
  await nextRing(agent, 'AUTO_ACCEPT')
  await using three = await openConversation(server, account)
  expect(await waitingRings(agent)).toEqual([])
  // A place that is free again is filled at once.
  await change(agent, talk.id, closing)
  await nextRing(agent, 'AUTO_ACCEPT', three.id)
})

it('[RT14] a queued conversation moves up when its consumer calls it urgent', async () => {
  const { id: account } = await server.account()
  const ana = await hire(server, account, { capacity: 1 })
  await using early = await openConversation(server, account)
  await clock.advance(1_000)
  await using late = await openConversation(server, account)
  await change(late.consumer, late.id, { field: 'TTRField', ttrType: 'URGENT' })
  await using agent = await atWork(server, ana)
  const { conversationId } = await nextRing(agent)
  expect(conversationId).toBe(late.id)
  expect(early.id).not.toBe(late.id)
})

it('[RT14] a consumer who writes again waits from then on, and others come first', async () => {
  const { id: account } = await server.account()
  const ana = await hire(server, account, { capacity: 1 })
  await using early = await openConversation(server, account)
  await clock.advance(1_000)
  await using late = await openConversation(server, account)
  await clock.advance(1_000)
  await early.say('still there?')
  await using agent = await atWork(server, ana)
  expect((await nextRing(agent)).conversationId).toBe(late.id)
})

it('[RT18] a subscription to one skill does not listen for others', async () => {
  const { id: account } = await server.account()
  await newSkill(server, account, '7')
  const ana = await hire(server, account, { skillIds: ['7'] })
  await using one = await agentOf(server, account, { skillIds: ['7'] })
  const { socket } = one
  await setState(socket, 'ONLINE')
  await socket.request('.ams.routing.SubscribeRoutingTasks', { skillId: '7' })
  await using plain = await openConversation(server, account)
  await clock.advance(1_000)
  await settled(socket)
  expect((await decisionsOf(account, plain.id)).at(-1)?.reason).toBe('not_listening')
  await using talk = await openConversation(server, account, { skillId: '7' })
  await clock.advance(1_000)
  await settled(socket)
  expect((await decisionsOf(account, talk.id)).at(-1)?.agentId).toBe(one.agent.id)
  await using agent = await atWork(server, ana)
  await takeRing(agent, plain.id)
})

it('[RG7] rings that the bus lost are read again', async () => {
  const { id: account } = await server.account()
  const ana = await hire(server, account)
  await using agent = await atWork(server, ana)
  await using talk = await openConversation(server, account)
  const { ringId } = await nextRing(agent, 'WAITING', talk.id)
  await agent.settled()
  const { store, bus } = server.services
  const of = { accountId: account, agentId: ana.id }
  const at = clock.now()
  // Another node cancels it, and its news is lost.
  await store.write('endRings', { input: 'cancel', at, of })
  expect(ringsAmong(await agent.settled())).toEqual([])
  bus.publish(`a.${account}.rings`, 'gap')
  expect((await nextRing(agent, 'CANCELLED', talk.id)).ringId).toBe(ringId)
  await nextRing(agent, 'WAITING', talk.id)
})

it('[RT17] a place that becomes free is offered at once, without reading agents again', async () => {
  const { id: account } = await server.account()
  const ana = await hire(server, account, { capacity: 1 })
  await using agent = await atWork(server, ana)
  await using first = await openConversation(server, account)
  await takeRing(agent, first.id)
  await using second = await openConversation(server, account)
  expect(await waitingRings(agent)).toEqual([])
  const reads: string[] = []
  const { store } = server.services
  const read = store.read.bind(store)
  Object.assign(store, {
    read: (name: never, data: never) => {
      reads.push(name)
      return read(name, data)
    },
  })
  await change(agent, first.id, closing)
  await nextRing(agent, 'WAITING', second.id)
  Object.assign(store, { read })
  expect(reads).toContain('queuedTasks')
  expect(reads).not.toContain('agents')
  expect(reads).not.toContain('agentLoads')
})

it('[RT17] counts that news made wrong are counted again', async () => {
  const { id: account } = await server.account()
  const ana = await hire(server, account, { capacity: 1 })
  await using agent = await atWork(server, ana)
  await using first = await openConversation(server, account)
  await takeRing(agent, first.id)
  await using second = await openConversation(server, account)
  const { store } = server.services
  const system = { kind: 'agent', accountId: account, id: ana.id, userId: ana.userId } as const
  const actor = { ...system, roles: ['manager'], sessionId: 's', expiresAt: 0 } as const
  // Another node closes it, and nobody hears of it.
  await store.write('changeConversation', {
    accountId: account,
    conversationId: first.id,
    taskId: 'none',
    request: { actor, changes: [{ kind: 'close_conversation' }], at: clock.now() },
  })
  await clock.advance(31_000)
  server.services.routing.wake(account)
  await nextRing(agent, 'WAITING', second.id)
})

it('[RT5] who can be served is served, however many more urgent ones cannot', async () => {
  const { id: account } = await server.account()
  await newSkill(server, account, '9')
  const ana = await hire(server, account)
  const { store } = server.services
  const at = clock.now() - 10_000
  const opening = (number: number) => ({
    accountId: account,
    conversationId: `stuck-${account}-${number}`,
    taskId: `stuck-task-${account}-${number}`,
    consumerId: `stuck-consumer-${number}`,
    skillId: '9',
    ttrSeconds: { urgent: 1, prioritized: 1, normal: 1, custom: 1 },
    maxOpen: 0,
    at,
  })
  await Promise.all(
    Array.from({ length: 450 }, (_, number) => store.write('openConversation', opening(number))),
  )
  await using agent = await atWork(server, ana)
  await using talk = await openConversation(server, account)
  await takeRing(agent, talk.id)
})
