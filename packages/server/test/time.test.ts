import { describe, expect, it } from 'vitest'
import type { Limits } from '../src/config.ts'
import { ManualClock, testServer } from '../src/testing/index.ts'
import { SocketClient } from '../src/testing/socket-client.ts'
import type { TestServer } from '../src/testing/test-server.ts'
import { Heartbeat, type Live } from '../src/ws/heartbeat.ts'
import { agentOf, change, closing, consumerOf, open, range, unhurried } from './given.ts'
import { forge, newBrandKey } from './identity-world.ts'
import { clientFrame, RawSocket } from './raw-socket.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

/** Counts what is done every second. */
class SecondsClock extends ManualClock {
  seconds = 0

  override every(periodMs: number, work: () => void): Disposable {
    return super.every(periodMs, () => {
      if (periodMs <= 1_000) this.seconds += 1
      work()
    })
  }
}

const started = async (limits: Partial<Limits> = {}) => {
  const clock = new SecondsClock()
  const server = await testServer({ clock, limits: { ...unhurried, ...limits } })
  const { id: account } = await server.account()
  return { clock, server, account, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() }
}

const rawConsumer = async (server: TestServer, account: string) =>
  RawSocket.upgraded(server.running.port, `/ws_api/account/${account}/messaging/consumer?v=3`, [
    `Authorization: jwt ${await server.signup(account)}`,
  ])

describe('silence', () => {
  it('[CON8] W18 ends the connection after 120 seconds with 1001', async () => {
    await using world = await started()
    await using silent = await rawConsumer(world.server, world.account)
    await world.clock.advance(119_000)
    expect(world.server.services.sessions.all.size).toBe(1)
    await world.clock.advance(2_000)
    expect(await silent.closeFrame()).toEqual({ code: 1001, reason: 'Connection timed out' })
    // It does not answer the close either: five seconds later it is cut.
    await world.clock.advance(7_000)
    await silent.closed
    expect(world.server.services.sessions.all.size).toBe(0)
  })

  it('[CON8] is looked for while somebody is connected, and then alone', async () => {
    await using world = await started()
    await world.clock.advance(10_000)
    expect(world.clock.seconds).toBe(0)
    {
      await using ann = await consumerOf(world.server, world.account)
      await world.clock.advance(10_000)
      expect(world.clock.seconds).toBe(10)
      ann.socket.socket.close()
      await ann.socket.closed
    }
    await world.clock.advance(10_000)
    expect(world.clock.seconds).toBe(10)
  })

  it('[CON8] is not looked for once the server stops, whoever comes in meanwhile', async () => {
    await using world = await started()
    await using _ann = await consumerOf(world.server, world.account)
    const { services } = world.server
    const [session] = [...services.sessions.all]
    const stopped = new Heartbeat(services)
    stopped[Symbol.dispose]()
    stopped.add({ session } as Live)
    await world.clock.advance(5_000)
    // Those of the server itself.
    expect(world.clock.seconds).toBe(5)
  })

  it.each([
    ['a request', clientFrame(1, '{"type":"GetClock"}')],
    ['a ping', clientFrame(9, '')],
    ['a pong', clientFrame(10, '')],
    ['garbage', clientFrame(1, 'x')],
  ])('[CON8] is broken by %s', async (_, frame) => {
    await using world = await started()
    await using silent = await rawConsumer(world.server, world.account)
    for (const _time of range(0, 3)) {
      await world.clock.advance(100_000)
      silent.write(frame)
    }
    await world.clock.advance(100_000)
    expect(world.server.services.sessions.all.size).toBe(1)
  })

  it('[CON8] is broken by the pings of the server, for a client that answers them', async () => {
    await using world = await started()
    await using ann = await consumerOf(world.server, world.account)
    await using ana = await agentOf(world.server, world.account)
    const pings = { ann: 0, ana: 0 }
    ann.socket.socket.on('ping', () => {
      pings.ann += 1
    })
    ana.socket.socket.on('ping', () => {
      pings.ana += 1
    })
    await world.clock.advance(10 * MINUTE)
    expect(pings.ann).toBe(20)
    expect(pings.ana).toBe(120)
    expect((await ann.socket.request('GetClock')).code).toBe(200)
  })
})

describe('a token', () => {
  it('[CON10] W17 that is not shown within 10 seconds ends the connection with 4401', async () => {
    await using world = await started()
    const url = `ws://127.0.0.1:${world.server.running.port}/ws_api/account/${world.account}/messaging/consumer?v=3`
    await using nobody = await SocketClient.open(url)
    await world.clock.advance(9_000)
    expect((await nobody.request('GetClock')).code).toBe(200)
    await world.clock.advance(2_000)
    expect(await nobody.closed).toEqual({ code: 4401, reason: 'Connection timed out' })
  })

  it('[CON10] [IDP8] of a brand ends its connection with 4401 at its time', async () => {
    await using world = await started()
    const brand = newBrandKey()
    const { id } = await world.server.account({ brandKeys: [{ publicKey: brand.spki }] })
    const now = Math.floor(world.clock.now() / 1000)
    const claims = { sub: 'customer-1', iss: 'https://brand.example', iat: now, exp: now + 300 }
    const response = await fetch(`${world.server.url}/api/account/${id}/authenticate`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ authCode: forge({ alg: 'RS256' }, claims, brand.privateKey) }),
    })
    const { jwt } = (await response.json()) as { jwt: string }
    await using ann = await world.server.consumer(id, { token: jwt })
    await world.clock.advance(299_000)
    expect((await ann.request('GetClock')).code).toBe(200)
    await world.clock.advance(2_000)
    expect(await ann.closed).toEqual({ code: 4401, reason: 'The identity token is invalid' })
  })

  it('[CON10] J09 that has ended publishes nothing, not even before the next sweep', async () => {
    await using world = await started()
    await using ann = await consumerOf(world.server, world.account)
    const id = await open(ann)
    world.clock.jump(14 * 365 * 24 * HOUR)
    const refused = await ann.socket.request('ms.PublishEvent', {
      dialogId: id,
      event: { type: 'ContentEvent', contentType: 'text/plain', message: 'too late' },
    })
    expect(refused.code).toBe(401)
    expect((await ann.socket.closed).code).toBe(4407)
    const page = { accountId: world.account, dialogId: id, from: 0, limit: 1 }
    expect(
      await world.server.services.store.read('events', { ...page, audience: 'agents' }),
    ).toEqual([])
  })

  it('[CON10] [IDP9] of an anonymous consumer ends its connection with 4407 after an hour', async () => {
    await using world = await started()
    const base = `${world.server.url}/api/account/${world.account}`
    const external = await fetch(`${base}/anonymous/authorize`, { method: 'POST' })
    const { token } = (await external.json()) as { token: string }
    const exchanged = await fetch(`${base}/app/anonymous/authenticate`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ authCode: token }),
    })
    const { jwt } = (await exchanged.json()) as { jwt: string }
    await using ann = await world.server.consumer(world.account, { token: jwt })
    await world.clock.advance(HOUR - 2_000)
    expect((await ann.request('GetClock')).code).toBe(200)
    await world.clock.advance(4_000)
    expect(await ann.closed).toEqual({ code: 4407, reason: 'The identity token is invalid' })
    await using late = await world.server.consumer(world.account, { token: jwt })
    expect((await late.request('GetClock')).code).toBe(200)
    await world.clock.advance(2 * MINUTE)
    expect((await late.closed).code).toBe(4407)
  })

  it('[CON10] of an agent whose login was extended stays, and ends with the login', async () => {
    await using world = await started({ loginSessionMs: 10 * MINUTE })
    await using ana = await agentOf(world.server, world.account)
    await world.clock.advance(8 * MINUTE)
    const { csrf, cookie } = ana.agent
    const extended = await fetch(`${world.server.url}/api/account/${world.account}/refresh?v=1.3`, {
      method: 'POST',
      headers: { cookie, 'content-type': 'application/json' },
      body: JSON.stringify({ csrf }),
    })
    expect(extended.status).toBe(200)
    await world.clock.advance(8 * MINUTE)
    expect((await ana.socket.request('GetClock')).code).toBe(200)
    await world.clock.advance(3 * MINUTE)
    expect((await ana.socket.closed).code).toBe(4401)
  })
})

describe('a day of routing', () => {
  it('[RT1] [RG3] every conversation is queued, offered or assigned, hour after hour', async () => {
    // The clock leaps between the hours, and nobody speaks meanwhile.
    await using world = await started({
      idleMs: 48 * HOUR,
      slowReaderMs: 48 * HOUR,
      loginSessionMs: 48 * HOUR,
    })
    const { clock, server, account } = world
    const { store } = server.services
    await using stack = new AsyncDisposableStack()
    const agents = []
    for (const capacity of [3, 5]) {
      const agent = stack.use(await agentOf(server, account, { capacity }))
      await agent.socket.request('routing.SetAgentState', { availability: 'ONLINE' })
      await agent.socket.request('routing.SubscribeRoutingTasks', {})
      agents.push(agent)
    }
    const alive: string[] = []
    const tally = async () => {
      const queued = await store.read('queuedTasks', { accountId: account, limit: 999 })
      const rings = await store.read('waitingRings', { accountId: account })
      const places = new Map(alive.map((id) => [id, [] as string[]]))
      for (const task of queued) places.get(task.conversationId)?.push('queued')
      for (const ring of rings) places.get(ring.conversationId)?.push('offered')
      for (const id of alive) {
        const read = await store.read('conversation', { accountId: account, id })
        for (const { role } of read?.dialogs[0]?.participants ?? [])
          if (role === 'assigned_agent') places.get(id)?.push('assigned')
      }
      for (const [id, found] of places) expect(found, id).toHaveLength(1)
      return Object.groupBy([...places.values()].flat(), (place) => place)
    }
    const seen = { queued: 0, offered: 0, assigned: 0, expired: 0 }
    const token = await server.signup(account)
    const ann = { socket: stack.use(await server.consumer(account, { token })) }
    for (const hour of range(0, 24)) {
      alive.push(await open(ann))
      await clock.advance(1_000)
      for (const [index, agent] of agents.entries()) {
        const rings = (await agent.socket.settled())
          .filter(({ type }) => type.endsWith('RoutingTaskNotification'))
          .flatMap(({ body }) => body.changes)
          .flatMap(({ result }) => result.ringsDetails)
        seen.expired += rings.filter(({ ringState }) => ringState === 'EXPIRED').length
        const waiting = rings.filter(({ ringState }) => ringState === 'WAITING')
        for (const { ringId } of waiting)
          if ((hour + index) % 3 !== 0)
            await agent.socket.request('routing.UpdateRingState', { ringId, ringState: 'ACCEPTED' })
      }
      const places = await tally()
      for (const place of ['queued', 'offered', 'assigned'] as const)
        seen[place] += places[place]?.length ?? 0
      // Unanswered rings pass, and go on to the next agent.
      await clock.advance(75_000)
      await tally()
      if (hour % 2 === 1) {
        const done = alive.shift() as string
        expect(await change(ann, done, closing)).toMatchObject({ code: 200 })
      }
      await clock.leap(HOUR - 76_000)
      await tally()
    }
    expect(clock.monotonic()).toBe(24 * HOUR)
    for (const [place, count] of Object.entries(seen)) expect(count, place).toBeGreaterThan(0)
  })
})
