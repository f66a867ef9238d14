import { afterAll, beforeAll, expect, it } from 'vitest'
import type { ManualClock, SocketClient, TestServer } from '../src/testing/index.ts'
import type { Opened } from './bots/duty.ts'
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
import { stillServer } from './bots/still-server.ts'

let server: TestServer
let clock: ManualClock

beforeAll(async () => {
  ;({ server, clock } = await stillServer())
})
afterAll(() => server[Symbol.asyncDispose]())

/** Rings that came to the socket once everything that was begun has happened. */
const ringsNow = async (socket: SocketClient) => {
  await clock.advance(0)
  return ringsAmong(await socket.settled())
}

const administer = async (method: string, path: string, body: object): Promise<unknown> => {
  const response = await fetch(`${server.url}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${server.running.adminToken}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify(body),
  })
  expect(response.status, path).toBeLessThan(300)
  return response.json()
}

const newSkill = (account: string, id: string): Promise<unknown> =>
  administer('POST', `/api/account/${account}/ringdown/v1/skills`, { id, name: `Skill ${id}` })

const skillChange = (skill: string) => ({ field: 'Skill', type: 'UPDATE', skill })

it('[RT1] a conversation waits in the queue until somebody can take it', async () => {
  const { id: account } = await server.account()
  await using talk = await openConversation(server, account)
  const ana = await hire(server, account)
  await using agent = await atWork(server, ana)
  await takeRing(agent, talk.id)
  // Taken: nobody else is asked.
  await using other = await atWork(server, await hire(server, account))
  expect(await ringsNow(other)).toEqual([])
})

it('[RT2] only agents who are ONLINE and subscribed are rung for what is new', async () => {
  const { id: account } = await server.account()
  const sockets: SocketClient[] = []
  await using stack = new AsyncDisposableStack()
  for (const availability of ['OCCUPIED', 'BACK_SOON', 'AWAY', 'OFFLINE'])
    sockets.push(stack.use(await atWork(server, await hire(server, account), { availability })))
  const deaf = stack.use(await server.agentSocket(account, (await hire(server, account)).bearer))
  await setState(deaf, 'ONLINE')
  await using talk = await openConversation(server, account)
  for (const socket of sockets) expect(await ringsNow(socket)).toEqual([])
  // Who subscribes then is rung.
  await deaf.request('.ams.routing.SubscribeRoutingTasks', {})
  expect(await nextRing(deaf)).toMatchObject({ conversationId: talk.id })
})

it('[RT2] agents who take only transfers are rung for what was returned', async () => {
  const { id: account } = await server.account()
  const ana = await hire(server, account)
  await using agent = await atWork(server, ana)
  await using talk = await openConversation(server, account)
  await takeRing(agent)
  for (const availability of ['BACK_SOON', 'OCCUPIED']) {
    await setState(agent, 'AWAY')
    const left = await change(agent, talk.id, participant('REMOVE', 'ASSIGNED_AGENT'))
    expect(left).toMatchObject({ code: 200, body: 'OK Agent removed successfully' })
    await setState(agent, availability)
    await takeRing(agent, talk.id)
  }
})

it('[RT2] an agent gets only work of its skills, and unskilled work', async () => {
  const { id: account } = await server.account()
  await newSkill(account, '501')
  const skilled = await hire(server, account, { skillIds: ['501'] })
  await using plain = await atWork(server, await hire(server, account))
  await using wanted = await openConversation(server, account, { skillId: '501' })
  expect(await ringsNow(plain)).toEqual([])
  await using expert = await atWork(server, skilled)
  await takeRing(expert, wanted.id)
  await setState(plain, 'AWAY')
  await using any = await openConversation(server, account)
  await takeRing(expert, any.id)
})

it('[RT2] assigned conversations and waiting rings fill the places of an agent', async () => {
  const { id: account } = await server.account()
  const ana = await hire(server, account, { capacity: 2 })
  await using agent = await atWork(server, ana)
  await using first = await openConversation(server, account)
  await takeRing(agent, first.id)
  await using second = await openConversation(server, account)
  const { ringId } = await nextRing(agent, 'WAITING', second.id)
  await using third = await openConversation(server, account)
  expect(await ringsNow(agent)).not.toContainEqual(
    expect.objectContaining({ conversationId: third.id }),
  )
  await answerRing(agent, ringId)
  expect(await ringsNow(agent)).not.toContainEqual(
    expect.objectContaining({ conversationId: third.id }),
  )
  await change(agent, first.id, closing)
  await takeRing(agent, third.id)
})

it('[RT2] an agent without a number of its own carries what the account says', async () => {
  const { id: account } = await server.account({ defaultCapacity: 1 })
  await using agent = await atWork(server, await hire(server, account))
  await using first = await openConversation(server, account)
  await takeRing(agent, first.id)
  await using second = await openConversation(server, account)
  expect((await ringsNow(agent)).filter(({ ringState }) => ringState === 'WAITING')).toEqual([])
  await administer('PATCH', `/api/account/${account}/ringdown/v1/settings`, { defaultCapacity: 2 })
  await takeRing(agent, second.id)
})

it('[RT5] capacity, skills and permission given by administration count at once', async () => {
  const { id: account } = await server.account()
  await newSkill(account, '7')
  const ana = await hire(server, account, { capacity: 0 })
  await using agent = await atWork(server, ana)
  await using talk = await openConversation(server, account)
  expect(await ringsNow(agent)).toEqual([])
  const path = `/api/account/${account}/ringdown/v1/agents/${ana.userId}`
  await administer('PATCH', path, { capacity: 5 })
  await takeRing(agent, talk.id)
  await using skilled = await openConversation(server, account, { skillId: '7' })
  expect((await ringsNow(agent)).filter(({ ringState }) => ringState === 'WAITING')).toEqual([])
  await administer('PATCH', path, { skillIds: ['7'] })
  await takeRing(agent, skilled.id)
})

it('[RT2] [IDP15] a disabled agent loses its socket and its ring', async () => {
  const { id: account } = await server.account()
  const ana = await hire(server, account)
  await using agent = await atWork(server, ana)
  await using talk = await openConversation(server, account)
  await nextRing(agent)
  await using other = await atWork(server, await hire(server, account))
  const path = `/api/account/${account}/ringdown/v1/agents/${ana.userId}`
  await administer('PATCH', path, { isEnabled: false })
  expect(await agent.closed).toMatchObject({ code: 4401 })
  expect(await nextRing(other)).toMatchObject({ conversationId: talk.id })
})

it('[RT3] work is shared: the least busy first, then who waited longest', async () => {
  const { id: account } = await server.account()
  await using stack = new AsyncDisposableStack()
  const agents: SocketClient[] = []
  for (let n = 0; n < 3; n += 1)
    agents.push(stack.use(await atWork(server, await hire(server, account))))
  const taken = [0, 0, 0]
  const talks: Opened[] = []
  for (let n = 0; n < 9; n += 1) {
    const talk = stack.use(await openConversation(server, account))
    talks.push(talk)
    const place = await Promise.race(
      agents.map(async (agent, index) => {
        await nextRing(agent, 'WAITING', talk.id)
        return index
      }),
    )
    const ring = `${talk.id}`
    taken[place]! += 1
    const rings = await server.services.store.read('waitingRings', { accountId: account })
    const ringId = rings.find(({ conversationId }) => conversationId === ring)?.id as string
    expect((await answerRing(agents[place]!, ringId)).code).toBe(202)
    await clock.advance(1_000)
  }
  expect(taken).toEqual([3, 3, 3])
})

it('[RT3] the least busy agent is rung, even if it got work last', async () => {
  const { id: account } = await server.account()
  await using one = await atWork(server, await hire(server, account))
  await using first = await openConversation(server, account)
  await takeRing(one, first.id)
  await using second = await openConversation(server, account)
  await takeRing(one, second.id)
  await setState(one, 'AWAY')
  await clock.advance(60_000)
  await using other = await atWork(server, await hire(server, account))
  await using late = await openConversation(server, account)
  await takeRing(other, late.id)
  await setState(one, 'ONLINE')
  await using next = await openConversation(server, account)
  expect(await nextRing(other, 'WAITING', next.id)).toBeDefined()
})

it('[RT3] of equally busy agents the one that got work longest ago is rung', async () => {
  const { id: account } = await server.account()
  await using one = await atWork(server, await hire(server, account))
  await using early = await openConversation(server, account)
  await takeRing(one, early.id)
  await clock.advance(1_000)
  await setState(one, 'AWAY')
  await using other = await atWork(server, await hire(server, account))
  await using late = await openConversation(server, account)
  await takeRing(other, late.id)
  await setState(one, 'ONLINE')
  // Both carry one; `one` got its own earlier.
  await using third = await openConversation(server, account)
  expect(await nextRing(one, 'WAITING', third.id)).toBeDefined()
})

it('[RT3] a conversation that was given back rings at another agent first', async () => {
  const { id: account } = await server.account()
  await using one = await atWork(server, await hire(server, account))
  await using talk = await openConversation(server, account)
  await takeRing(one)
  await nextChange(one, talk.id)
  await using other = await atWork(server, await hire(server, account))
  // The other one is busier, and still comes first.
  await using more = await openConversation(server, account)
  await takeRing(other, more.id)
  await change(one, talk.id, participant('REMOVE', 'ASSIGNED_AGENT'))
  await nextChange(one, talk.id, 'DELETE')
  const { ringId } = await nextRing(other, 'WAITING', talk.id)
  expect(ringsAmong(await one.settled()).filter((ring) => ring.ringState === 'WAITING')).toEqual([])
  // With nobody else left it comes back.
  await answerRing(other, ringId, 'REJECTED')
  await nextRing(one, 'WAITING', talk.id)
})

it('[RT5] the most urgent conversation is served first', async () => {
  const { id: account } = await server.account()
  await using normal = await openConversation(server, account, { ttrDefName: 'NORMAL' })
  await clock.advance(1_000)
  await using urgent = await openConversation(server, account, { ttrDefName: 'URGENT' })
  await clock.advance(1_000)
  await using alsoUrgent = await openConversation(server, account, { ttrDefName: 'URGENT' })
  await using agent = await atWork(server, await hire(server, account, { capacity: 1 }))
  for (const talk of [urgent, alsoUrgent, normal]) {
    const ring = await nextRing(agent)
    expect(ring.conversationId).toBe(talk.id)
    await answerRing(agent, ring.ringId)
    await nextRing(agent, 'ACCEPTED')
    await change(agent, talk.id, closing)
  }
})

it('[RT1] [CV9] returning to the queue, changing the skill and closing each end the former task', async () => {
  const { id: account } = await server.account()
  await newSkill(account, '9')
  const ana = await hire(server, account)
  const expert = await hire(server, account, { skillIds: ['9'] })
  await using agent = await atWork(server, ana)
  await using talk = await openConversation(server, account)
  await takeRing(agent)
  await using second = await atWork(server, expert)
  await setState(agent, 'AWAY')
  const moved = await change(
    agent,
    talk.id,
    participant('REMOVE', 'ASSIGNED_AGENT'),
    skillChange('9'),
  )
  expect(moved).toMatchObject({ code: 200, body: 'OK Agent removed successfully' })
  const gone = await nextChange(agent, talk.id, 'DELETE')
  expect(gone.conversationDetails).toMatchObject({
    skillId: '9',
    participants: { ASSIGNED_AGENT: [] },
  })
  const { ringId } = await nextRing(second)
  // A ring waits; another change of skill takes it away, and the new skill has nobody.
  await newSkill(account, '10')
  const max = await hire(server, account, { roles: ['manager'] })
  await using chief = await server.agentSocket(account, max.bearer)
  await change(chief, talk.id, participant('ADD', 'READER'))
  expect(await change(chief, talk.id, skillChange('10'))).toMatchObject({ code: 200 })
  expect(await nextRing(second, 'CANCELLED')).toMatchObject({ ringId })
  expect(await answerRing(second, ringId)).toMatchObject({ code: 409 })
  await change(chief, talk.id, closing)
  expect(await server.services.store.read('queuedTasks', { accountId: account, limit: 9 })).toEqual(
    [],
  )
})

it('[RT1] a change of skill under an agent keeps the agent', async () => {
  const { id: account } = await server.account()
  await newSkill(account, '11')
  const ana = await hire(server, account)
  await using agent = await atWork(server, ana)
  await using talk = await openConversation(server, account)
  await takeRing(agent)
  await nextChange(agent, talk.id)
  expect(await change(agent, talk.id, skillChange('11'))).toMatchObject({
    code: 200,
    body: 'OK Conversation updated successfully',
  })
  const { conversationDetails } = await nextChange(agent, talk.id)
  expect(conversationDetails).toMatchObject({
    skillId: '11',
    participants: { ASSIGNED_AGENT: [ana.oldId] },
  })
  expect((await ringsNow(agent)).map(({ ringState }) => ringState)).toEqual(['ACCEPTED'])
})

it('[RT2] [RT5] many conversations and agents at once: each to one agent, none over its places', async () => {
  const { id: account } = await server.account()
  await using stack = new AsyncDisposableStack()
  const agents: SocketClient[] = []
  for (let n = 0; n < 4; n += 1)
    agents.push(stack.use(await atWork(server, await hire(server, account, { capacity: 3 }))))
  const talks = await Promise.all(
    Array.from({ length: 14 }, () => openConversation(server, account)),
  )
  for (const talk of talks) stack.use(talk)
  await clock.advance(0)
  const rings: string[] = []
  for (const agent of agents) {
    const own = ringsAmong(await agent.settled())
    expect(own).toHaveLength(3)
    rings.push(...own.map(({ conversationId }) => conversationId))
    await Promise.all(own.map(({ ringId }) => answerRing(agent, ringId)))
  }
  expect(new Set(rings).size).toBe(12)
  const queued = await server.services.store.read('queuedTasks', { accountId: account, limit: 99 })
  expect(queued).toHaveLength(2)
})
