import { afterAll, beforeAll, expect, it } from 'vitest'
import type { ManualClock, SocketClient, TestServer } from '../src/testing/index.ts'
import { hire, STATES, setState } from './bots/duty.ts'
import { stillServer } from './bots/still-server.ts'

const OFFLINE_MS = 60_000
let server: TestServer
let clock: ManualClock

beforeAll(async () => {
  ;({ server, clock } = await stillServer())
})
afterAll(() => server[Symbol.asyncDispose]())

const subscribe = (socket: SocketClient, body: object = {}) =>
  socket.request('.ams.routing.SubscribeAgentsState', body)

/** The states that the next notification tells, by older id. */
const nextStates = async (socket: SocketClient): Promise<Record<string, string>> => {
  const { body } = await socket.next(STATES)
  return Object.fromEntries(
    body.changes.map(({ result }: { result: { agentUserId: string; availability: string } }) => [
      result.agentUserId,
      result.availability,
    ]),
  )
}

it('[RT6] [EV26] setting a state is answered with 202, and the state is told as it was set', async () => {
  const { id: account } = await server.account()
  const ana = await hire(server, account)
  await using socket = await server.agentSocket(account, ana.bearer)
  const { code, type, body } = await subscribe(socket, { agentId: ana.oldId, brandId: account })
  expect({ code, type }).toEqual({ code: 200, type: '.ams.GenericSubscribe$Response' })
  const snapshot = await socket.next(STATES)
  expect(snapshot.body).toEqual({
    subscriptionId: body.subscriptionId,
    changes: [
      {
        type: 'UPSERT',
        result: {
          channels: ['MESSAGING'],
          agentUserId: ana.oldId,
          availability: 'OFFLINE',
          description: '',
        },
      },
    ],
  })
  for (const availability of ['ONLINE', 'OCCUPIED', 'BACK_SOON', 'AWAY', 'OFFLINE']) {
    expect(await setState(socket, availability)).toMatchObject({
      code: 202,
      type: '.ReqBody$StringResp',
      body: 'Agent state updated successfully',
    })
    expect(await nextStates(socket)).toEqual({ [ana.oldId]: availability })
  }
  await socket.request('.ams.routing.SetAgentState', {
    availability: 'AWAY',
    description: 'lunch',
    channels: ['MESSAGING'],
    agentUserId: ana.oldId,
  })
  const { result } = (await socket.next(STATES)).body.changes[0]
  expect(result).toMatchObject({ availability: 'AWAY', description: 'lunch' })
})

it('[RT6] the last state set counts for every socket of the agent', async () => {
  const { id: account } = await server.account()
  const ana = await hire(server, account)
  await using one = await server.agentSocket(account, ana.bearer)
  await using other = await server.agentSocket(account, ana.bearer)
  await subscribe(other)
  await nextStates(other)
  await setState(one, 'ONLINE')
  expect(await nextStates(other)).toEqual({ [ana.oldId]: 'ONLINE' })
  await setState(other, 'AWAY')
  const [state] = await server.services.store.read('agentStates', account)
  expect(state).toMatchObject({ agentId: ana.id, availability: 'AWAY' })
})

it('[RT6] an unknown state is refused and changes nothing', async () => {
  const { id: account } = await server.account()
  const ana = await hire(server, account)
  await using socket = await server.agentSocket(account, ana.bearer)
  await setState(socket, 'ONLINE')
  const refused = await setState(socket, 'ASLEEP')
  expect(refused).toMatchObject({ code: 400, type: '.ReqBody$StringResp' })
  expect(refused.body).toMatch(/^Bad request: body\.availability must be one of .*ONLINE/)
  const [state] = await server.services.store.read('agentStates', account)
  expect(state?.availability).toBe('ONLINE')
})

it('[RT8] an agent is told of its own state only, whomever it asks about', async () => {
  const { id: account } = await server.account()
  const ana = await hire(server, account)
  const bob = await hire(server, account)
  await using socket = await server.agentSocket(account, ana.bearer)
  await using other = await server.agentSocket(account, bob.bearer)
  await subscribe(socket, { agentId: bob.oldId, agentAvailability: '' })
  expect(await nextStates(socket)).toEqual({ [ana.oldId]: 'OFFLINE' })
  await setState(other, 'ONLINE')
  expect((await socket.settled()).map(({ type }) => type)).toEqual([])
  await setState(socket, 'ONLINE')
  expect(await nextStates(socket)).toEqual({ [ana.oldId]: 'ONLINE' })
})

it('[RT8] a supervisor sees one agent’s state or everybody’s, also of those who never set one', async () => {
  const { id: account } = await server.account()
  const ana = await hire(server, account)
  const bob = await hire(server, account)
  const max = await hire(server, account, { roles: ['manager'] })
  await using chief = await server.agentSocket(account, max.bearer)
  await using one = await server.agentSocket(account, ana.bearer)
  await using other = await server.agentSocket(account, bob.bearer)
  await setState(one, 'ONLINE')
  await subscribe(chief)
  expect(await nextStates(chief)).toEqual({
    [ana.oldId]: 'ONLINE',
    [bob.oldId]: 'OFFLINE',
    [max.oldId]: 'OFFLINE',
  })
  await setState(other, 'BACK_SOON')
  expect(await nextStates(chief)).toEqual({ [bob.oldId]: 'BACK_SOON' })
  // The same again is no change.
  await setState(other, 'BACK_SOON')
  expect(await chief.settled()).toEqual([])
  await using focused = await server.agentSocket(account, max.bearer)
  await subscribe(focused, { agentId: bob.userId })
  expect(await nextStates(focused)).toEqual({ [bob.oldId]: 'BACK_SOON' })
  await setState(one, 'AWAY')
  expect(await focused.settled()).toEqual([])
})

it('[RT8] nobody is told of another account’s agents', async () => {
  const { id: account } = await server.account()
  const foreign = await hire(server, (await server.account()).id)
  const max = await hire(server, account, { roles: ['administrator'] })
  await using chief = await server.agentSocket(account, max.bearer)
  await subscribe(chief)
  await nextStates(chief)
  await using socket = await server.agentSocket(foreign.accountId, foreign.bearer)
  await setState(socket, 'ONLINE')
  expect(await chief.settled()).toEqual([])
})

it('[RT7] an agent is OFFLINE a minute after its last socket closed', async () => {
  const { id: account } = await server.account()
  const ana = await hire(server, account)
  const max = await hire(server, account, { roles: ['manager'] })
  await using chief = await server.agentSocket(account, max.bearer)
  const first = await server.agentSocket(account, ana.bearer)
  const last = await server.agentSocket(account, ana.bearer)
  await setState(first, 'ONLINE')
  await subscribe(chief, { agentId: ana.id })
  expect(await nextStates(chief)).toEqual({ [ana.oldId]: 'ONLINE' })
  await first[Symbol.asyncDispose]()
  await clock.advance(OFFLINE_MS)
  expect(await chief.settled()).toEqual([])
  await last[Symbol.asyncDispose]()
  await clock.advance(OFFLINE_MS - 1)
  expect(await chief.settled()).toEqual([])
  await clock.advance(1)
  expect(await nextStates(chief)).toEqual({ [ana.oldId]: 'OFFLINE' })
})

it('[RT7] an agent that comes back in time keeps its state', async () => {
  const { id: account } = await server.account()
  const ana = await hire(server, account)
  const socket = await server.agentSocket(account, ana.bearer)
  await setState(socket, 'ONLINE')
  await socket[Symbol.asyncDispose]()
  await clock.advance(OFFLINE_MS - 1)
  await using back = await server.agentSocket(account, ana.bearer)
  await clock.advance(10 * OFFLINE_MS)
  await subscribe(back)
  expect(await nextStates(back)).toEqual({ [ana.oldId]: 'ONLINE' })
})

it('[AG27] [RT8] logging out puts the agent OFFLINE and closes its sockets with 4401', async () => {
  const { id: account } = await server.account()
  const ana = await hire(server, account)
  const max = await hire(server, account, { roles: ['manager'] })
  await using chief = await server.agentSocket(account, max.bearer)
  await using socket = await server.agentSocket(account, ana.bearer)
  await setState(socket, 'ONLINE')
  await subscribe(chief, { agentId: ana.oldId })
  await nextStates(chief)
  const response = await fetch(`${server.url}/api/account/${account}/logout?v=1.3`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', cookie: ana.cookie },
    body: JSON.stringify({ csrf: ana.csrf }),
  })
  expect(response.status).toBe(200)
  expect(await socket.closed).toMatchObject({ code: 4401 })
  expect(await nextStates(chief)).toEqual({ [ana.oldId]: 'OFFLINE' })
})
