import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { SocketClient, TestAgent, TestServer } from '../src/testing/index.ts'
import {
  ADDED,
  answerRing,
  atWork,
  CONVERSATIONS,
  change,
  followConversations,
  hire,
  nextChange,
  nextRing,
  openConversation,
  participant,
  REMOVED,
  RINGS,
  STATES,
} from './bots/duty.ts'
import { stillServer } from './bots/still-server.ts'
import type { WatchedClock } from './bots/watched-clock.ts'
import { administer, callService } from './service-calls.ts'

type Worker = TestAgent & { accountId: string }

const SESSION_MS = 8 * 3_600_000

let server: TestServer

beforeAll(async () => {
  ;({ server } = await stillServer())
})
afterAll(() => server[Symbol.asyncDispose]())

const refresh = (
  { accountId, cookie, csrf }: Pick<Worker, 'accountId' | 'cookie' | 'csrf'>,
  of: TestServer = server,
) =>
  callService(of, `POST /api/account/${accountId}/refresh?v=1.3`, {
    body: { csrf },
    headers: { cookie },
  })

/** Waits for what a clock that stands still would keep waiting. */
const inTime = async <T>(time: WatchedClock, answer: Promise<T>): Promise<T> => {
  let isSettled = false
  const settled = () => {
    isSettled = true
  }
  answer.then(settled, settled)
  while (!isSettled) await time.advance(0)
  return answer
}

/** The server has seen the close as well. */
const gone = async ({ accountId, id }: Worker, of: TestServer = server): Promise<void> => {
  while (of.services.presence.isConnected(accountId, id))
    await new Promise((resolve) => setImmediate(resolve))
}

const newWorker = async (): Promise<Worker> => {
  const { id } = await server.account()
  return hire(server, id)
}

describe('the end of a session', () => {
  it('[AG42] N7 never says 401 to the refresh of an agent that has a socket', async () => {
    const { server: own, clock: time } = await stillServer()
    await using _own = own
    const { id } = await own.account()
    const ana = await hire(own, id)
    const socket = await own.agentSocket(id, ana.bearer)
    // The peer is slow to close, so that its socket is still there while it is told to.
    socket.socket.pause()
    await time.leap(SESSION_MS + 1)
    expect(own.services.sessions.of(id, ana.id).size).toBe(1)
    expect(await refresh(ana, own)).toMatchObject({ status: 403 })
    socket.socket.resume()
    expect(await socket.closed).toMatchObject({ code: 4401 })
    await gone({ ...ana, accountId: id }, own)
    expect(await refresh(ana, own)).toMatchObject({ status: 401 })
  })

  it('[AG42] says 403 also after another end, and while a later login has a socket', async () => {
    const ana = await newWorker()
    const socket = await server.agentSocket(ana.accountId, ana.bearer)
    const change = { password: 'another password' }
    const changed = await administer(server, ana.accountId, `PATCH agents/${ana.userId}`, change)
    expect(changed.status).toBe(200)
    expect(await socket.closed).toMatchObject({ code: 4401 })
    await gone(ana)
    expect(await refresh(ana)).toMatchObject({ status: 401 })
    const body = { username: ana.loginName, password: change.password }
    const again = await callService(server, `POST /api/account/${ana.accountId}/login`, { body })
    expect(again.status).toBe(200)
    await using _later = await server.agentSocket(ana.accountId, again.body.bearer)
    expect(await refresh(ana)).toMatchObject({ status: 403, body: { internalCode: 99 } })
  })

  it('[AG34] [AG25] a bearer serves as long as its session, whatever logins follow', async () => {
    const { server: own, clock: time } = await stillServer()
    await using _own = own
    const { id } = await own.account()
    const ana = await hire(own, id)
    await time.leap(SESSION_MS / 2)
    const later = await own.login(id, ana.loginName)
    const statuses = async (bearer: string) => {
      const path = `POST /messaging_history/api/account/${id}/agent-view/status`
      return (await callService(own, path, { bearer, body: {} })).status
    }
    for (const { bearer } of [ana, later]) {
      await using socket = await own.agentSocket(id, bearer)
      expect(await socket.request('.GetClock', {})).toMatchObject({ code: 200 })
      expect(await statuses(bearer)).toBe(200)
    }
    await time.leap(SESSION_MS / 2 + 1)
    await expect(inTime(time, own.agentSocket(id, ana.bearer))).rejects.toThrow('401')
    expect(await statuses(ana.bearer)).toBe(401)
    expect(await statuses(later.bearer)).toBe(200)
  })

  it('[AG45] N11 refusals wait, so that a client without back-off makes no storm', async () => {
    const { server: own, clock: time } = await stillServer({ limits: { loginDelayMs: 2000 } })
    await using _own = own
    const { id } = await own.account()
    const upgrade = () => own.agentSocket(id, 'stale').catch(({ message }: Error) => message)
    const login = async () => {
      const path = `POST /api/account/${id}/login`
      return (await callService(own, path, { body: { username: 'x', password: 'y' } })).status
    }
    for (const [attempt, refusal] of [
      [upgrade, 'upgrade refused with 401'],
      [login, 401],
    ] as const) {
      const waiting = time.started(2000)
      let isAnswered = false
      const answer = attempt().finally(() => {
        isAnswered = true
      })
      await waiting
      await time.advance(1999)
      expect(isAnswered).toBe(false)
      await time.advance(1)
      expect(await answer).toBe(refusal)
    }
  })
})

describe('an agent that has lost its id', () => {
  it('[AG43] N8 means itself in every request', async () => {
    const ana = await newWorker()
    const { accountId } = ana
    const lost = `${accountId}.undefined`
    await using socket = await server.agentSocket(accountId, ana.bearer)
    const set = await socket.request('.ams.routing.SetAgentState', {
      availability: 'AWAY',
      channels: ['MESSAGING'],
      agentUserId: lost,
    })
    expect(set.code).toBe(202)
    await socket.request('.ams.routing.SubscribeAgentsState', { brandId: accountId, agentId: lost })
    const { body } = await socket.next(STATES)
    expect(body.changes).toMatchObject([
      { result: { agentUserId: ana.oldId, availability: 'AWAY' } },
    ])
    await socket.request('.ams.routing.SubscribeRoutingTasks', {
      channelType: 'MESSAGING',
      brandId: accountId,
      agentId: lost,
    })
    expect((await socket.next(RINGS)).body.changes).toEqual([])
    await using talk = await openConversation(server, accountId)
    const boss = await hire(server, accountId, { roles: ['manager'] })
    await using manager = await server.agentSocket(accountId, boss.bearer)
    expect(
      await change(manager, talk.id, participant('ADD', 'MANAGER', `${accountId}.undefined`)),
    ).toMatchObject(ADDED)
    for (const agentIds of [[lost], [null], [boss.oldId]]) {
      await using other = await server.agentSocket(accountId, boss.bearer)
      await followConversations(other, { agentIds })
      const snapshot = await other.next(CONVERSATIONS)
      expect(snapshot.body.changes).toMatchObject([{ result: { convId: talk.id } }])
    }
    expect(await change(manager, talk.id, participant('REMOVE', 'MANAGER', lost))).toMatchObject(
      REMOVED,
    )
  })
})

describe('several sockets of an agent', () => {
  const ringsOf = async (socket: SocketClient) => {
    await socket.request('.ams.routing.SubscribeRoutingTasks', {})
    return socket.next(RINGS)
  }

  it('[AG44] share the state, and a ring outlives the socket that heard it first', async () => {
    const ana = await newWorker()
    const { accountId } = ana
    const old = await atWork(server, ana)
    await using talk = await openConversation(server, accountId)
    const { ringId } = await nextRing(old, 'WAITING', talk.id)
    // The agent moves: its new socket is there before the old one has gone, by another bearer.
    const { bearer } = await server.login(accountId, ana.loginName)
    await using fresh = await server.agentSocket(accountId, bearer)
    const snapshot = await ringsOf(fresh)
    expect(snapshot.body.changes).toMatchObject([
      { result: { conversationId: talk.id, ringsDetails: [{ ringId, ringState: 'WAITING' }] } },
    ])
    await old[Symbol.asyncDispose]()
    await followConversations(fresh, { agentIds: [ana.oldId] })
    expect(await answerRing(fresh, ringId)).toMatchObject({ code: 202 })
    await nextChange(fresh, talk.id)
    await using next = await openConversation(server, accountId)
    expect(await nextRing(fresh, 'WAITING', next.id)).toMatchObject({ ringState: 'WAITING' })
  })
})
