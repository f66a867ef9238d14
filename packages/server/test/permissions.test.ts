/** Profiles and groups: what agents may do and see, on the wire, and how it follows their change. */
import type { AccountId } from '@ringdown/protocol'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { subjects } from '../src/bus/subjects.ts'
import type { Agent, AgentPlace } from '../src/domain/account.ts'
import type { SocketClient, TestAgent, TestServer } from '../src/testing/index.ts'
import type { Frame } from '../src/testing/socket-client.ts'
import {
  ADDED,
  answerRing,
  atWork,
  CONVERSATIONS,
  change,
  closing,
  EVENTS,
  followConversations,
  hears,
  hire,
  nextChange,
  nextRing,
  type Opened,
  openConversation,
  participant,
  REMOVED,
  refusal,
  ringsAmong,
  say,
  takeRing,
} from './bots/duty.ts'
import { stillServer } from './bots/still-server.ts'
import type { WatchedClock } from './bots/watched-clock.ts'

let server: TestServer
let clock: WatchedClock

beforeAll(async () => {
  ;({ server, clock } = await stillServer())
})
afterAll(() => server[Symbol.asyncDispose]())

const NOT_PARTICIPANT = refusal(403, 'Not a participant of the conversation')
const NOT_PERMITTED = refusal(403, 'Operation not permitted')
const NO_DIALOG = refusal(404, 'Dialog not found')

/** Rights are looked at again this long after a change at the latest. */
const SETTLED_MS = 250

/** Writes groups or profiles as administration does, and tells of it. */
const configure = async (
  accountId: AccountId,
  kind: 'groups' | 'profiles',
  ...bodies: readonly object[]
): Promise<readonly string[]> => {
  const { store, bus } = server.services
  const { items } = await store.write('saveConfigurationItems', {
    accountId,
    kind,
    writes: bodies.map((body) => ({ mode: 'create', body: { ...body } })),
    at: clock.now(),
  })
  bus.publish(subjects.configuration(accountId), { collections: [kind] })
  return items.map(({ id }) => id)
}

const place = async (
  { accountId, userId }: TestAgent & { accountId: AccountId },
  where: Partial<AgentPlace & Pick<Agent, 'skillIds'>>,
): Promise<void> => {
  const { store, bus } = server.services
  await store.write('updateAgent', { accountId, userId, ...where })
  bus.publish(subjects.configuration(accountId), { collections: ['users'] })
}

/** Makes a change, lets rights be looked at again, and waits until the agent's are new. */
const renewed = async (
  { socket, agent }: { socket: SocketClient; agent: TestAgent & { accountId: AccountId } },
  work: () => Promise<unknown>,
): Promise<void> => {
  const identity = () => {
    const [session] = server.services.sessions.of(agent.accountId, agent.id)
    return session?.identity
  }
  const before = identity()
  await work()
  clock.advance(SETTLED_MS)
  while (identity() === before) await socket.request('GetClock')
}

const skill = async (accountId: AccountId, name: string): Promise<string> =>
  (await server.services.store.write('createSkill', { accountId, name, ttr: {} })).id

const shownIn = (frame: Frame): readonly string[] =>
  frame.body.changes.map((one: { result: { convId: string } }) => one.result.convId)

/** What an unfiltered subscription to open conversations shows at first. */
const shownAtFirst = async (socket: SocketClient): Promise<readonly string[]> => {
  await followConversations(socket)
  return shownIn(await socket.next(CONVERSATIONS)).toSorted()
}

const query = (socket: SocketClient, dialogId: string): Promise<Frame> =>
  socket.request('.ams.ms.QueryMessages', { dialogId })

/** Two groups with an agent and a skill each, and a manager of the first. */
const twoGroups = async () => {
  const { id: account } = await server.account()
  const [north = '', south = ''] = await configure(
    account,
    'groups',
    { name: 'North', parentGroupId: '-1', isEnabled: true },
    { name: 'South', parentGroupId: '-1', isEnabled: true },
  )
  const skills = { north: await skill(account, 'N'), south: await skill(account, 'S') }
  const nora = await hire(server, account, { skillIds: [skills.north] })
  const sara = await hire(server, account, { skillIds: [skills.south] })
  const max = await hire(server, account, { roles: ['manager'] })
  await place(nora, { groupId: north })
  await place(sara, { groupId: south })
  await place(max, { managedGroupIds: [north] })
  return { account, north, south, skills, nora, sara, max }
}

/** An open conversation of each kind: queued and assigned, in the north and in the south. */
const fourTalks = async (
  { account, skills }: Awaited<ReturnType<typeof twoGroups>>,
  sockets: { nora: SocketClient; sara: SocketClient },
  stack: AsyncDisposableStack,
) => {
  const opened = async (skillId: string, by?: SocketClient): Promise<Opened> => {
    const talk = stack.use(await openConversation(server, account, { skillId }))
    if (by) await takeRing(by, talk.id)
    return talk
  }
  const withNora = await opened(skills.north, sockets.nora)
  const withSara = await opened(skills.south, sockets.sara)
  // Nobody is rung for the next two: both agents went away.
  for (const socket of Object.values(sockets))
    await socket.request('.ams.routing.SetAgentState', { availability: 'AWAY' })
  return {
    withNora,
    withSara,
    inNorth: await opened(skills.north),
    inSouth: await opened(skills.south),
  }
}

it('[PRM6] [PRM7] [PRM10] a manager of a group sees and handles what is its business', async () => {
  await using stack = new AsyncDisposableStack()
  const world = await twoGroups()
  const nora = stack.use(await atWork(server, world.nora))
  const sara = stack.use(await atWork(server, world.sara))
  const talks = await fourTalks(world, { nora, sara }, stack)
  const max = stack.use(await server.agentSocket(world.account, world.max.bearer))
  expect(await shownAtFirst(max)).toEqual([talks.withNora.id, talks.inNorth.id].toSorted())

  for (const { id } of [talks.withSara, talks.inSouth]) {
    expect(await query(max, id)).toMatchObject(NO_DIALOG)
    expect(await change(max, id, participant('ADD', 'MANAGER'))).toMatchObject(NOT_PERMITTED)
    expect(await change(max, id, participant('ADD', 'ASSIGNED_AGENT'))).toMatchObject(NOT_PERMITTED)
    expect(await change(max, id, closing)).toMatchObject(NOT_PARTICIPANT)
    expect(await change(max, id, { field: 'Note', note: 'x' })).toMatchObject(NOT_PARTICIPANT)
    expect(await say(max, id, 'x')).toMatchObject(NOT_PARTICIPANT)
  }
  expect(
    await max.request('.ams.userprofile.GetUserProfile', talks.withSara.consumerId),
  ).toMatchObject(refusal(404, 'Consumer not found'))
  expect(
    await max.request('.ams.userprofile.GetUserProfile', talks.withNora.consumerId),
  ).toMatchObject({ code: 200 })

  expect(await query(max, talks.inNorth.id)).toMatchObject({ code: 200 })
  expect(await change(max, talks.withNora.id, participant('ADD', 'MANAGER'))).toMatchObject(ADDED)
  expect(await say(max, talks.withNora.id, 'hello')).toMatchObject({ code: 200 })
  expect(await change(max, talks.inNorth.id, participant('ADD', 'ASSIGNED_AGENT'))).toMatchObject(
    ADDED,
  )
  expect(await change(max, talks.withNora.id, closing)).toMatchObject({ code: 200 })
})

it('[PRM13] what goes to another group is deleted, and its feeds end', async () => {
  await using stack = new AsyncDisposableStack()
  const world = await twoGroups()
  const both = [world.skills.north, world.skills.south]
  await place(world.sara, { skillIds: both })
  const max = stack.use(await server.agentSocket(world.account, world.max.bearer))
  await shownAtFirst(max)
  const talk = stack.use(
    await openConversation(server, world.account, { skillId: world.skills.north }),
  )
  await nextChange(max, talk.id)
  await max.request('.ams.ms.SubscribeMessagingEvents', { dialogId: talk.id, fromSeq: 0 })
  await talk.say('before')
  await hears(max, 'before')
  const sara = stack.use(await atWork(server, world.sara))
  await takeRing(sara, talk.id)
  await nextChange(max, talk.id, 'DELETE')
  await talk.say('after')
  await hears(sara, 'after')
  expect((await max.settled()).filter(({ type }) => type.endsWith(EVENTS))).toEqual([])
  expect(await query(max, talk.id)).toMatchObject(NO_DIALOG)
})

it('[PRM13] who left hears nothing more, also by a subscription of its own', async () => {
  await using stack = new AsyncDisposableStack()
  const { id: account } = await server.account()
  const ana = await hire(server, account)
  const socket = stack.use(await atWork(server, ana))
  const talk = stack.use(await openConversation(server, account))
  await takeRing(socket, talk.id)
  await nextChange(socket, talk.id)
  await socket.request('.ams.ms.SubscribeMessagingEvents', { dialogId: talk.id, fromSeq: 0 })
  await talk.say('one')
  await hears(socket, 'one')
  await socket.request('.ams.routing.SetAgentState', { availability: 'AWAY' })
  expect(await change(socket, talk.id, participant('REMOVE', 'ASSIGNED_AGENT'))).toMatchObject(
    REMOVED,
  )
  expect(await talk.say('two')).toMatchObject({ code: 200 })
  expect((await socket.settled()).filter(({ type }) => type.endsWith(EVENTS))).toEqual([])
})

it('[PRM11] an agent that moves takes its conversations out of sight and into it', async () => {
  await using stack = new AsyncDisposableStack()
  const world = await twoGroups()
  const nora = stack.use(await atWork(server, world.nora))
  const sara = stack.use(await atWork(server, world.sara))
  const talks = await fourTalks(world, { nora, sara }, stack)
  const max = stack.use(await server.agentSocket(world.account, world.max.bearer))
  await shownAtFirst(max)
  await max.request('.ams.ms.SubscribeMessagingEvents', { dialogId: talks.withNora.id, fromSeq: 0 })

  const watching = { socket: max, agent: world.max }
  await renewed(watching, async () => {
    await place(world.nora, { groupId: world.south })
    await place(world.sara, { groupId: world.north })
  })
  await nextChange(max, talks.withNora.id, 'DELETE')
  await nextChange(max, talks.withSara.id)
  expect(await query(max, talks.withNora.id)).toMatchObject(NO_DIALOG)
  expect(await query(max, talks.withSara.id)).toMatchObject({ code: 200 })
  await max.settled()
  await talks.withNora.say('unheard')
  await hears(nora, 'unheard')
  await talks.withSara.say('seen')
  await nextChange(max, talks.withSara.id)
  expect((await max.settled()).filter(({ type }) => type.endsWith(EVENTS))).toEqual([])

  await renewed(watching, () => place(world.max, { managedGroupIds: [] }))
  await nextChange(max, talks.withNora.id)
  await nextChange(max, talks.inNorth.id)
})

it('[PRM2] [PRM11] a profile gives an agent a right and takes another while it is connected', async () => {
  await using stack = new AsyncDisposableStack()
  const { id: account } = await server.account()
  const ana = await hire(server, account)
  const bob = await hire(server, account)
  const busy = stack.use(await atWork(server, bob))
  const talk = stack.use(await openConversation(server, account))
  await takeRing(busy, talk.id)
  const socket = stack.use(await server.agentSocket(account, ana.bearer))
  expect(await shownAtFirst(socket)).toEqual([])
  const join = participant('ADD', 'MANAGER')
  expect(await query(socket, talk.id)).toMatchObject(NO_DIALOG)

  const [views = ''] = await configure(account, 'profiles', {
    name: 'Views',
    roleTypeId: 2,
    permissions: [],
    permissionPackages: [
      { id: 20002, isEnabled: true },
      { id: 20017, isEnabled: false },
    ],
    isAssignedToLPA: false,
  })
  await renewed({ socket, agent: ana }, () => place(ana, { profileIds: [views] }))
  await nextChange(socket, talk.id)
  expect(await query(socket, talk.id)).toMatchObject({ code: 200 })
  expect(await change(socket, talk.id, join)).toMatchObject(NOT_PERMITTED)

  await renewed({ socket: busy, agent: bob }, () => place(bob, { profileIds: [views] }))
  const overdue = { field: 'ManualETTR', time: clock.now() }
  expect(await change(busy, talk.id, overdue)).toMatchObject(NOT_PERMITTED)

  await renewed({ socket, agent: ana }, () => place(ana, { profileIds: [] }))
  await nextChange(socket, talk.id, 'DELETE')
  expect(await query(socket, talk.id)).toMatchObject(NO_DIALOG)
})

it('[PRM14] an agent who may not handle conversations is not rung', async () => {
  await using stack = new AsyncDisposableStack()
  const { id: account } = await server.account()
  const ana = await hire(server, account)
  const socket = stack.use(await atWork(server, ana))
  const first = stack.use(await openConversation(server, account))
  const { ringId } = await nextRing(socket, 'WAITING', first.id)
  const [looks = ''] = await configure(account, 'profiles', {
    name: 'Looks on',
    roleTypeId: 2,
    permissions: [],
    permissionPackages: [{ id: 20015, isEnabled: false }],
    isAssignedToLPA: false,
  })
  await renewed({ socket, agent: ana }, () => place(ana, { profileIds: [looks] }))
  expect(await answerRing(socket, ringId)).toMatchObject(NOT_PERMITTED)
  await socket.settled()
  const second = stack.use(await openConversation(server, account))
  for (const type of [
    '.ams.routing.SubscribeRoutingTasks',
    '.ams.routing.UpdateRoutingTaskSubscription',
  ])
    expect(await socket.request(type, { subscriptionId: 's' })).toMatchObject(NOT_PERMITTED)
  expect(
    await socket.request('.ams.cm.AgentRequestConversation', { consumerId: second.consumerId }),
  ).toMatchObject(NOT_PERMITTED)
  expect(ringsAmong(await socket.settled())).toEqual([])
  await renewed({ socket, agent: ana }, () => place(ana, { profileIds: [] }))
  await socket.request('.ams.routing.SubscribeRoutingTasks', {})
  await takeRing(socket, second.id)
})

it('[PRM11] a new role ends the sessions of the agent', async () => {
  await using stack = new AsyncDisposableStack()
  const { id: account } = await server.account()
  const max = await hire(server, account, { roles: ['manager'] })
  const socket = stack.use(await server.agentSocket(account, max.bearer))
  const lowered = await fetch(
    `${server.url}/api/account/${account}/ringdown/v1/agents/${max.userId}`,
    {
      method: 'PATCH',
      headers: {
        authorization: `Bearer ${server.running.adminToken}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ roles: ['agent'] }),
    },
  )
  expect(lowered.status).toBe(200)
  expect(await socket.closed).toMatchObject({ code: 4401 })
})

it('[PRM4] the login answer lists the packages that the profiles leave', async () => {
  const { id: account } = await server.account()
  const ana = await hire(server, account)
  const privileges = async (): Promise<readonly number[]> => {
    const response = await fetch(`${server.url}/api/account/${account}/login?v=1.3`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username: ana.loginName, password: ana.password }),
    })
    const { config } = (await response.json()) as { config: { userPrivileges: number[] } }
    return config.userPrivileges
  }
  expect(await privileges()).toEqual([100, 1730, 20015, 20017, 20040, 30057, 30058])
  const [joins = ''] = await configure(account, 'profiles', {
    name: 'Joins',
    roleTypeId: 2,
    permissions: [20001],
    permissionPackages: [{ id: 20015, isEnabled: false }],
    isAssignedToLPA: false,
  })
  await place(ana, { profileIds: [joins] })
  expect(await privileges()).toEqual([100, 1730, 20001, 20017, 20040, 30001, 30057, 30058])
})
