/** What rights follow from is kept, and still every check is judged by what holds then. */
import type { AccountId } from '@ringdown/protocol'
import { expect, it } from 'vitest'
import type { Bus, Hear } from '../src/bus/bus.ts'
import { memoryBus } from '../src/bus/memory-bus.ts'
import { subjects } from '../src/bus/subjects.ts'
import type { Capability } from '../src/domain/capabilities.ts'
import type { Store } from '../src/store/store.ts'
import type { TestAgent, TestServer } from '../src/testing/index.ts'
import {
  atWork,
  CONVERSATIONS,
  followConversations,
  hire,
  nextChange,
  openConversation,
} from './bots/duty.ts'
import { gatedStore } from './bots/gated-store.ts'
import { stillServer } from './bots/still-server.ts'
import { countedStore } from './counted-store.ts'
import { heldStore } from './held-store.ts'

const profile = (mayView: boolean) => ({
  name: 'Views',
  roleTypeId: 2,
  permissions: [],
  permissionPackages: [{ id: 20002, isEnabled: mayView }],
  isAssignedToLPA: false,
})

interface Agent extends TestAgent {
  readonly accountId: AccountId
}

/** An agent whose profile lets it view conversations, and how to take that away. */
const viewer = async (server: TestServer) => {
  const { store, clock } = server.services
  const { id: accountId } = await server.account()
  const agent = await hire(server, accountId)
  const saving = { accountId, kind: 'profiles', at: clock.now() } as const
  const writes = [{ mode: 'create', body: profile(true) }] as const
  const { items } = await store.write('saveConfigurationItems', { ...saving, writes })
  const { id } = items[0]!
  await store.write('updateAgent', { accountId, userId: agent.userId, profileIds: [id] })
  const set = (mayView: boolean, where: Store = store) =>
    where.write('saveConfigurationItems', {
      ...saving,
      writes: [{ mode: 'replace', id, body: profile(mayView) }],
    })
  return { agent, set }
}

const VIEWS: Capability = 'view_conversations'

const mayView = async (server: TestServer, { accountId, bearer }: Agent) =>
  (await server.services.auth.bearer(accountId, bearer))?.rights?.capabilities.has(VIEWS)

const socketsMayView = (server: TestServer, { accountId, id }: Agent) =>
  [...server.services.sessions.of(accountId, id)].map(
    ({ agent }) => agent.rights?.capabilities.has(VIEWS) ?? false,
  )

const tell = ({ services }: TestServer, { accountId }: Agent) =>
  services.bus.publish(subjects.configuration(accountId), { collections: ['profiles'] })

it('[PRM28] the account is read once for many checks, and again with the change of a right', async () => {
  const counted = await countedStore()
  const { server } = await stillServer({ store: counted.store })
  await using _ = server
  const { agent, set } = await viewer(server)
  const before = counted.issued('agents')
  for (let check = 0; check < 20; check += 1) expect(await mayView(server, agent)).toBe(true)
  await Promise.all(Array.from({ length: 20 }, () => mayView(server, agent)))
  expect(counted.issued('agents') - before).toBe(1)
  await set(false)
  expect(await mayView(server, agent)).toBe(false)
  await set(true)
  expect(await mayView(server, agent)).toBe(true)
})

it('[PRM28] agents of other profiles, groups or roles have rights of their own', async () => {
  const { server } = await stillServer()
  await using _ = server
  const { agent, set } = await viewer(server)
  const { store, clock } = server.services
  const { accountId } = agent
  const other = await hire(server, accountId)
  const { items } = await store.write('saveConfigurationItems', {
    accountId,
    kind: 'profiles',
    writes: [{ mode: 'create', body: profile(false) }],
    at: clock.now(),
  })
  const profileIds = items.map(({ id }) => id)
  await store.write('updateAgent', { accountId, userId: other.userId, profileIds })
  expect([await mayView(server, agent), await mayView(server, other)]).toEqual([true, false])
  await store.write('updateAgent', { accountId, userId: agent.userId, profileIds })
  await set(true)
  expect([await mayView(server, agent), await mayView(server, other)]).toEqual([false, false])
})

it('[PRM28] [OPS40] what another server changes counts with its news, and without any in seconds', async () => {
  const counted = await countedStore()
  const { server, clock } = await stillServer({ store: counted.store })
  await using _ = server
  const { agent, set } = await viewer(server)
  expect(await mayView(server, agent)).toBe(true)
  await set(false, counted.elsewhere)
  tell(server, agent)
  expect(await mayView(server, agent)).toBe(false)
  await set(true, counted.elsewhere)
  await clock.advance(5_000)
  expect(await mayView(server, agent)).toBe(true)
})

it('[PRM28] a change while the rights are read is not lost', async () => {
  const held = await heldStore()
  const { server } = await stillServer({ store: held.store })
  await using _ = server
  const { agent, set } = await viewer(server)
  const release = held.hold('configurationItems')
  const early = mayView(server, agent)
  await server.services.store.read('agents', agent.accountId)
  await set(false)
  release()
  await early
  expect(await mayView(server, agent)).toBe(false)
})

it('[PRM28] a socket that was being opened when its rights changed gets the new ones', async () => {
  const held = await heldStore()
  const { server, clock } = await stillServer({ store: held.store })
  await using _ = server
  const { agent, set } = await viewer(server)
  const release = held.hold('configurationItems')
  const opening = server.agentSocket(agent.accountId, agent.bearer)
  await expect.poll(() => held.waitingReads('configurationItems')).toBeGreaterThan(0)
  await set(false)
  tell(server, agent)
  await clock.advance(1_000)
  const looks = clock.started(250)
  release()
  await using socket = await opening
  await looks
  expect(socketsMayView(server, agent)).toEqual([true])
  await clock.advance(250)
  await expect.poll(() => socketsMayView(server, agent)).toEqual([false])
  await socket.settled()
})

it('[PRM11] a look that takes long does not undo what a later one found', async () => {
  const held = await heldStore()
  const { server, clock } = await stillServer({ store: held.store })
  await using _ = server
  const { agent, set } = await viewer(server)
  await set(false)
  await using socket = await server.agentSocket(agent.accountId, agent.bearer)
  await clock.advance(6_000)
  const releaseFirst = held.hold('configurationItems')
  await set(true)
  tell(server, agent)
  await clock.advance(250)
  await expect.poll(() => held.waitingReads('configurationItems')).toBeGreaterThan(0)
  // What is read from here on is not held.
  held.hold('configurationItems')()
  await set(false)
  tell(server, agent)
  await clock.advance(1_000)
  releaseFirst()
  await clock.advance(1_000)
  await socket.settled()
  await clock.advance(1_000)
  await expect.poll(() => socketsMayView(server, agent)).toEqual([false])
})

/** A viewer that follows everything, on a server whose store fails when it is asked for conversations. */
const failingJudgement = async (stack: AsyncDisposableStack) => {
  const gated = await gatedStore()
  const { server, clock } = await stillServer({ store: gated.store })
  stack.use(server)
  const { agent, set } = await viewer(server)
  const { accountId, bearer } = agent
  const socket = stack.use(await server.agentSocket(accountId, bearer))
  await clock.advance(1_000)
  await followConversations(socket)
  await socket.next(CONVERSATIONS)
  const open = async () => stack.use(await openConversation(server, accountId))
  /** Changes the right; nothing can be judged by it. */
  const fail = async (mayView: boolean) => {
    await set(mayView)
    const release = gated.hold('conversations')
    tell(server, agent)
    await clock.advance(250)
    await gated.reached('conversations')
    const secondLook = clock.started(1_000)
    gated.isAway = true
    release()
    await secondLook
    gated.isAway = false
  }
  return { clock, socket, open, set, fail }
}

it('[PRM11] what could not be judged by new rights is judged with the next look', async () => {
  await using stack = new AsyncDisposableStack()
  const { clock, socket, open, set, fail } = await failingJudgement(stack)
  const { id } = await open()
  await nextChange(socket, id)
  await fail(false)
  await clock.advance(1_000)
  await nextChange(socket, id, 'DELETE')
  await set(true)
  await fail(true)
  await clock.advance(1_000)
  await nextChange(socket, id)
})

it('[PRM11] rights that came back before they were judged leave nothing behind', async () => {
  await using stack = new AsyncDisposableStack()
  const { clock, socket, open, set, fail } = await failingJudgement(stack)
  const { id } = await open()
  await nextChange(socket, id)
  await fail(false)
  await set(true)
  await clock.advance(1_000)
  await nextChange(socket, id)
  const { id: later } = await open()
  await nextChange(socket, later)
})

it('[PRM11] a login that goes on with other rights shows what they allow', async () => {
  const counted = await countedStore()
  const { server, clock } = await stillServer({
    store: counted.store,
    limits: { loginSessionMs: 20_000 },
  })
  await using _ = server
  const { agent, set } = await viewer(server)
  const { accountId, bearer } = agent
  await using socket = await server.agentSocket(accountId, bearer)
  await clock.advance(1_000)
  await followConversations(socket)
  await socket.next(CONVERSATIONS)
  await using talk = await openConversation(server, accountId)
  await nextChange(socket, talk.id)
  // Nobody tells of it.
  await set(false, counted.elsewhere)
  await clock.advance(8_000)
  const { csrf, cookie } = agent
  const refreshed = await fetch(`${server.url}/api/account/${accountId}/refresh?v=1.3`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', cookie },
    body: JSON.stringify({ csrf }),
  })
  expect(refreshed.status).toBe(200)
  const looks = clock.started(250)
  await clock.advance(12_000)
  await looks
  await clock.advance(250)
  await nextChange(socket, talk.id, 'DELETE')
})

/** A bus that knows who listens. */
const countedBus = () => {
  const bus = memoryBus()
  const heard = new Map<string, number>()
  const add = (subject: string, by: number) => heard.set(subject, (heard.get(subject) ?? 0) + by)
  const counted: Bus = {
    ...bus,
    listen<News>(subject: string, hear: Hear<News>) {
      const listening = bus.listen(subject, hear)
      add(subject, 1)
      return {
        [Symbol.dispose]() {
          listening[Symbol.dispose]()
          add(subject, -1)
        },
      }
    },
  }
  return { bus: counted, listeners: (subject: string) => heard.get(subject) ?? 0 }
}

it('[RT17] [PRM11] nobody listens to an account any more when it has been quiet for a while', async () => {
  const { bus, listeners } = countedBus()
  const { server, clock } = await stillServer({ bus })
  await using _ = server
  const { id: account } = await server.account()
  const ana = await hire(server, account)
  const agent = await atWork(server, ana)
  const talk = await openConversation(server, account)
  const about = [subjects.configuration, subjects.conversations, subjects.routing, subjects.rings]
  const listening = () => about.map((subject) => listeners(subject(account)))
  expect(Math.min(...listening())).toBeGreaterThan(0)
  const { store } = server.services
  const conversation = await store.read('conversation', { accountId: account, id: talk.id })
  await store.write('closeInactive', {
    accountId: account,
    conversationId: conversation!.id,
    taskId: 't',
    at: clock.now() + 10 ** 10,
  })
  await agent[Symbol.asyncDispose]()
  await talk[Symbol.asyncDispose]()
  await clock.advance(3_600_000)
  // The conversations' own feed is kept for whoever comes next.
  expect(listening()).toEqual([0, 1, 0, 0])
  expect(server.services.routing.knownAccounts).not.toContain(account)
})
