/** What routing reads and remembers, and what it lets go. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { LastSeen } from '../src/routing/last-seen.ts'
import type { TestServer } from '../src/testing/index.ts'
import { ManualClock } from '../src/testing/index.ts'
import { atWork, change, closing, hire, nextRing, openConversation, takeRing } from './bots/duty.ts'
import { stillServer } from './bots/still-server.ts'
import { type CountedStore, countedStore } from './counted-store.ts'

let server: TestServer
let clock: ManualClock
let counted: CountedStore

beforeAll(async () => {
  counted = await countedStore()
  ;({ server, clock } = await stillServer({ store: counted.store }))
})
afterAll(() => server[Symbol.asyncDispose]())

it('[RT5] the queue is read for what may let a task find an agent, and for nothing else', async () => {
  const { id: account } = await server.account()
  await using agent = await atWork(server, await hire(server, account))
  await using talk = await openConversation(server, account)
  await takeRing(agent, talk.id)
  const reads = async () => {
    await clock.advance(0)
    await agent.settled()
    return counted.issued('queuedTasks')
  }
  const before = await reads()
  const later = { field: 'ManualETTR', time: clock.now() + 60_000 }
  expect((await change(agent, talk.id, later)).code).toBe(200)
  expect(await reads()).toBe(before)
  expect((await change(agent, talk.id, closing)).code).toBe(200)
  expect(await reads()).toBeGreaterThan(before)
})

it('[RT5] a ring that ends with its conversation makes room for what waits', async () => {
  const { id: account } = await server.account()
  await using agent = await atWork(server, await hire(server, account, { capacity: 1 }))
  await using first = await openConversation(server, account)
  await nextRing(agent, 'WAITING', first.id)
  await using second = await openConversation(server, account)
  expect((await change(first.consumer, first.id, closing)).code).toBe(200)
  expect(await nextRing(agent, 'WAITING', second.id)).toMatchObject({ conversationId: second.id })
})

it('[RT7] who is OFFLINE when the last socket closes keeps what it said', async () => {
  const { id: account } = await server.account()
  const ana = await hire(server, account)
  const socket = await server.agentSocket(account, ana.bearer)
  const offline = { availability: 'OFFLINE', description: 'holiday' }
  await socket.request('.ams.routing.SetAgentState', offline)
  await socket[Symbol.asyncDispose]()
  await clock.advance(120_000)
  const asked = { accountId: account, agentId: ana.id }
  expect(await server.services.store.read('agentState', asked)).toMatchObject(offline)
})

it('[RT17] an agent does not come into the state of a deleted one', async () => {
  const { id: account } = await server.account()
  const { userId, id } = await hire(server, account)
  const { store, routing } = server.services
  const roster = async () => {
    await clock.advance(5_000)
    return (await routing.roster(account)).candidates()
  }
  const agent = { id, userId }
  const state = { availability: 'ONLINE', description: '', at: clock.now() } as const
  await store.write('setAgentState', { accountId: account, agent, ...state })
  expect(await roster()).toMatchObject([{ id, availability: 'ONLINE' }])
  const before = await store.read('agent', { accountId: account, userId })
  await store.write('deleteAgents', { accountId: account, userIds: [userId], at: clock.now() })
  expect(await roster()).toEqual([])
  await store.write('createAgent', before!)
  expect(await roster()).toMatchObject([{ id, availability: 'OFFLINE' }])
})

it('[TIM21] who is back is not remembered as gone, and nobody for ever', async () => {
  const time = new ManualClock()
  const lastSeen = new LastSeen(time)
  lastSeen.note('A', 'ana')
  lastSeen.note('A', 'bob')
  await time.leap(1_000)
  expect(lastSeen.goneMs('A', 'ana')).toBe(1_000)
  lastSeen.forget('A', 'ana')
  expect(lastSeen.goneMs('A', 'ana')).toBeUndefined()
  await time.leap(367 * 86_400_000)
  lastSeen.note('A', 'cid')
  expect(lastSeen.size).toBe(1)
  expect(lastSeen.goneMs('A', 'bob')).toBeUndefined()
})
