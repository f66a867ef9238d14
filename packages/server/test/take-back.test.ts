/** Agents that are gone, and what becomes of their conversations. */
import { expect, it } from 'vitest'
import type { AccountSettings } from '../src/domain/account.ts'
import { assignedAgent } from '../src/domain/conversation.ts'
import type { TestServer } from '../src/testing/index.ts'
import type { Frame } from '../src/testing/socket-client.ts'
import {
  atWork,
  change,
  hire,
  nextChange,
  nextRing,
  openConversation,
  participant,
  ringsAmong,
  setState,
  supervisor,
  takeRing,
} from './bots/duty.ts'
import { folder, leave, serverOn } from './bots/restart.ts'
import { stillServer } from './bots/still-server.ts'

const MINUTE = 60_000
const TEN = 10 * MINUTE

const started = async (settings: Partial<AccountSettings> = { takeBackAfterMs: TEN }) => {
  const { server, clock } = await stillServer()
  const { id: account } = await server.account(settings)
  return { server, clock, account, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() }
}

/** An agent, its socket, and a conversation that it has taken. */
const served = async (server: TestServer, account: string) => {
  const agent = await hire(server, account)
  const socket = await atWork(server, agent)
  const talk = await openConversation(server, account)
  await takeRing(socket, talk.id)
  return {
    agent,
    socket,
    id: talk.id,
    async [Symbol.asyncDispose]() {
      await talk[Symbol.asyncDispose]()
      await socket[Symbol.asyncDispose]()
    },
  }
}

const assigneeOf = async (server: TestServer, accountId: string, id: string) => {
  const conversation = await server.services.store.read('conversation', { accountId, id })
  return conversation && assignedAgent(conversation)?.id
}

const queueOf = (server: TestServer, accountId: string) =>
  server.services.store.read('queuedTasks', { accountId, limit: 10 })

it('[TIM20] [TIM22] a lost agent loses its conversations after OFFLINE and the time set', async () => {
  await using world = await started()
  const { server, clock, account } = world
  const ana = await hire(server, account)
  const gone = await atWork(server, ana)
  const boss = await supervisor(server, account)
  await using _ = boss.socket
  await using talk = await openConversation(server, account)
  await takeRing(gone, talk.id)
  const taken = (change: { conversationDetails: Frame['body'] }): boolean =>
    change.conversationDetails.dialogs[0].participantsDetails.some(
      ({ role }: { role: string }) => role === 'ASSIGNED_AGENT',
    )
  await nextChange(boss.socket, talk.id, 'UPSERT', taken)
  await gone[Symbol.asyncDispose]()
  await clock.advance(MINUTE + TEN - 1)
  expect(await assigneeOf(server, account, talk.id)).toBe(ana.id)
  await clock.advance(1)
  expect(await assigneeOf(server, account, talk.id)).toBeUndefined()
  await nextChange(boss.socket, talk.id, 'UPSERT', (change) => !taken(change))
  const [task] = await queueOf(server, account)
  expect(task).toMatchObject({ cause: 'returned', passedBy: [ana.id], reason: 'agent_gone' })
  expect(task?.peopleOnly).toBeUndefined()
  await using back = await atWork(server, ana)
  expect(await nextRing(back)).toMatchObject({ conversationId: talk.id })
})

it('[TIM22] somebody else is asked first, and all conversations go', async () => {
  await using world = await started()
  const { server, clock, account } = world
  const [ana, bob] = [await hire(server, account), await hire(server, account)]
  const gone = await atWork(server, ana)
  await using stack = new AsyncDisposableStack()
  const talks = []
  for (let index = 0; index < 4; index += 1) {
    const talk = stack.use(await openConversation(server, account))
    await takeRing(gone, talk.id)
    talks.push(talk.id)
  }
  await using other = await atWork(server, bob)
  expect((await change(gone, talks[3]!, participant('REMOVE', 'ASSIGNED_AGENT'))).code).toBe(200)
  await takeRing(other, talks[3])
  await gone[Symbol.asyncDispose]()
  await clock.advance(MINUTE + TEN)
  const rings = [await nextRing(other), await nextRing(other), await nextRing(other)]
  expect(rings.map(({ conversationId }) => conversationId).toSorted()).toEqual(
    talks.slice(0, 3).toSorted(),
  )
  // What it had given back before was nobody's to take.
  expect(await assigneeOf(server, account, talks[3]!)).toBe(bob.id)
})

it('[TIM20] nothing is taken by default', async () => {
  await using world = await started({})
  const { server, clock, account } = world
  await using talk = await served(server, account)
  const { agent: ana, socket } = talk
  await socket[Symbol.asyncDispose]()
  await clock.leap(24 * 60 * MINUTE)
  expect(await assigneeOf(server, account, talk.id)).toBe(ana.id)
})

it('[TIM21] an agent that comes back in time keeps its conversations', async () => {
  await using world = await started()
  const { server, clock, account } = world
  await using talk = await served(server, account)
  const { agent: ana, socket } = talk
  await socket[Symbol.asyncDispose]()
  await clock.advance(TEN)
  await using second = await atWork(server, ana)
  await clock.advance(24 * TEN)
  expect(await assigneeOf(server, account, talk.id)).toBe(ana.id)
  expect(ringsAmong(await second.settled())).toEqual([])
})

it('[TIM21] OFFLINE with a socket is not gone; the time begins when the socket ends', async () => {
  await using world = await started()
  const { server, clock, account } = world
  await using talk = await served(server, account)
  const { agent: ana, socket } = talk
  await setState(socket, 'OFFLINE')
  await clock.advance(3 * TEN)
  expect(await assigneeOf(server, account, talk.id)).toBe(ana.id)
  await socket[Symbol.asyncDispose]()
  await clock.advance(TEN - 1)
  expect(await assigneeOf(server, account, talk.id)).toBe(ana.id)
  await clock.advance(MINUTE + 1)
  expect(await assigneeOf(server, account, talk.id)).toBeUndefined()
})

it('[TIM21] a short visit without a state begins the time anew', async () => {
  await using world = await started()
  const { server, clock, account } = world
  await using talk = await served(server, account)
  const { agent: ana, socket } = talk
  await socket[Symbol.asyncDispose]()
  await clock.advance(MINUTE + TEN - 10_000)
  const visit = await server.agentSocket(account, ana.bearer)
  await clock.advance(5_000)
  await visit[Symbol.asyncDispose]()
  await clock.advance(TEN - 1_000)
  expect(await assigneeOf(server, account, talk.id)).toBe(ana.id)
  await clock.advance(MINUTE + 1_000)
  expect(await assigneeOf(server, account, talk.id)).toBeUndefined()
})

it.each([
  ['comes back within a minute', true],
  ['does not come back', false],
])('[TIM21] [TIM1] after a restart an agent that %s', async (_, comesBack) => {
  await using stack = new AsyncDisposableStack()
  const [dir, copy] = [folder(stack), folder(stack)]
  await using first = await serverOn(dir)
  const { id: account } = await first.server.account({ takeBackAfterMs: TEN })
  await using talk = await served(first.server, account)
  const { agent: ana, socket } = talk
  await setState(socket, 'OFFLINE')
  leave(dir, copy)
  await using second = await serverOn(copy, first.clock.now() + TEN + MINUTE)
  await second.clock.advance(MINUTE - 1)
  expect(await assigneeOf(second.server, account, talk.id)).toBe(ana.id)
  if (comesBack) stack.use(await second.server.agentSocket(account, ana.bearer))
  await second.clock.advance(MINUTE)
  const assignee = await assigneeOf(second.server, account, talk.id)
  expect(assignee).toBe(comesBack ? ana.id : undefined)
})
