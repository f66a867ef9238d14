import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { defaultLimits } from '../src/config.ts'
import { systemIds } from '../src/ids.ts'
import { settings as settingTable } from '../src/settings.ts'
import { sqliteStore } from '../src/store/sqlite/sqlite-store.ts'
import { ManualClock, testServer } from '../src/testing/index.ts'
import type { TestServer } from '../src/testing/test-server.ts'
import { consumerOf, follow, managerOf, open, range, say, text, unhurried } from './given.ts'
import { heldStore } from './held-store.ts'

let server: TestServer
let account: string
const clock = new ManualClock()

beforeAll(async () => {
  server = await testServer({ clock, limits: unhurried })
  account = (await server.account()).id
})
afterAll(() => server[Symbol.asyncDispose]())

describe('requests', () => {
  it('[LIM1] R03 are 50 at once and 20 a second; above it 429, and nothing is done', async () => {
    const manual = new ManualClock()
    await using own = await testServer({ clock: manual })
    const { id: tenant } = await own.account()
    await using ann = await consumerOf(own, tenant)
    const id = await open(ann)
    const burst = async (count: number) => {
      const answers = await Promise.all(range(0, count).map((index) => say(ann, id, `${index}`)))
      return answers.filter(({ code }) => code === 200).length
    }
    expect(await burst(60)).toBe(49)
    await manual.advance(49)
    expect(await burst(1)).toBe(0)
    await manual.advance(1)
    expect(await burst(2)).toBe(1)
    await manual.advance(1_000)
    expect(await burst(30)).toBe(20)
    await manual.advance(60_000)
    expect(await burst(70)).toBe(50)
    await manual.advance(1_000)
    const refused = await ann.socket.request('ms.QueryMessages', { dialogId: id })
    expect(refused.body).toHaveLength(49 + 1 + 20 + 50)
  })

  it('[LIM1] that are refused count too, and are answered in their turn', async () => {
    const manual = new ManualClock()
    await using own = await testServer({ clock: manual })
    const { id: tenant } = await own.account()
    await using ann = await consumerOf(own, tenant)
    for (const index of range(0, 60)) ann.socket.send({ id: `${index}`, type: 'no.such' })
    const codes: (number | undefined)[] = []
    for (const index of range(0, 60)) {
      const { reqId, code } = await ann.socket.next((frame) => frame.kind === 'resp')
      expect(reqId).toBe(`${index}`)
      codes.push(code)
    }
    expect(codes).toEqual(range(0, 60).map((index) => (index < 50 ? 400 : 429)))
  })

  it('[LIM1] of other sockets are not concerned', async () => {
    const manual = new ManualClock()
    await using own = await testServer({ clock: manual })
    const { id: tenant } = await own.account()
    await using ann = await consumerOf(own, tenant)
    await using window = await own.consumer(tenant, { token: ann.token })
    await Promise.all(range(0, 60).map(() => ann.socket.request('GetClock')))
    expect((await ann.socket.request('GetClock')).code).toBe(429)
    expect((await window.request('GetClock')).code).toBe(200)
  })
})

describe('sizes', () => {
  it.each([
    ['letters', (size: number) => 'x'.repeat(size)],
    [
      'letters of three bytes',
      (size: number) => `${'€'.repeat(21_845)}${'x'.repeat(size - 65_535)}`,
    ],
  ])('[LIM2] R04 a text of %s has at most 64 KiB of UTF-8', async (_, make) => {
    await using ann = await consumerOf(server, account)
    const id = await open(ann)
    expect(await say(ann, id, make(65_535))).toMatchObject({ code: 200 })
    expect(await say(ann, id, make(65_536))).toMatchObject({ code: 200 })
    const refused = await say(ann, id, make(65_537))
    expect(refused).toMatchObject({ code: 400 })
    expect(refused.body).toContain('message')
  })

  it('[LIM2] metadata has at most 32 KiB', async () => {
    await using ann = await consumerOf(server, account)
    const id = await open(ann)
    const bare = JSON.stringify([{ type: 'X', pad: '' }]).length
    const publish = (size: number) =>
      ann.socket.request('ms.PublishEvent', text(id, 'x'), {
        metadata: [{ type: 'X', pad: 'x'.repeat(size - bare) }],
      })
    expect(await publish(32_767)).toMatchObject({ code: 200 })
    expect(await publish(32_768)).toMatchObject({ code: 200 })
    const refused = await publish(32_769)
    expect(refused).toMatchObject({ code: 400 })
    expect(refused.body).toContain('metadata')
  })
})

describe('conversations', () => {
  it('[LIM4] R02 a consumer has at most 20 open ones', async () => {
    await using ann = await consumerOf(server, account)
    const ids: string[] = []
    for (const _ of range(0, 20)) ids.push(await open(ann))
    expect(ids.every(Boolean)).toBe(true)
    expect(await ann.socket.request('cm.ConsumerRequestConversation')).toMatchObject({
      code: 400,
      body: 'Too many open conversations',
    })
    await ann.socket.request('cm.UpdateConversationField', {
      conversationId: ids[0],
      conversationField: [{ field: 'ConversationStateField', conversationState: 'CLOSE' }],
    })
    expect(await ann.socket.request('cm.ConsumerRequestConversation')).toMatchObject({ code: 200 })
  })

  it('[LIM4] by setting another number, or without limit', async () => {
    const two = await server.account({ maxOpenConversations: 2 })
    await using ann = await consumerOf(server, two.id)
    const codes = await Promise.all(
      range(0, 3).map(
        async () => (await ann.socket.request('cm.ConsumerRequestConversation')).code,
      ),
    )
    expect(codes).toEqual([200, 200, 400])
    const many = await server.account({ maxOpenConversations: 0 })
    await using bob = await consumerOf(server, many.id)
    for (const _ of range(0, 25)) expect(await open(bob)).toEqual(expect.any(String))
  })
})

describe('waiting work', () => {
  it('[LIM5] only so many publishes of one socket wait for their commit', async () => {
    await using held = await heldStore()
    await using own = await testServer({
      store: held.store,
      limits: { ...unhurried, pendingPublishes: 3 },
    })
    const { id: tenant } = await own.account()
    await using ann = await consumerOf(own, tenant)
    await using other = await consumerOf(own, tenant)
    const id = await open(ann)
    const release = held.hold('append')
    for (const index of range(0, 10))
      ann.socket.send({ id: `${index}`, type: 'ms.PublishEvent', body: text(id, `${index}`) })
    while (held.waiting('append') < 3) await other.socket.request('GetClock')
    for (const _ of range(0, 5)) await other.socket.request('GetClock')
    expect(held.waiting('append')).toBe(3)
    release()
    for (const index of range(0, 10)) {
      const { reqId, body } = await ann.socket.next((frame) => frame.kind === 'resp')
      expect([reqId, body.sequence]).toEqual([`${index}`, index])
    }
  })

  it('[LIM6] commands above what the store may hold are 503, and the others take effect', async () => {
    const epoch = systemIds.uuid()
    await using store = await sqliteStore({
      file: ':memory:',
      hosting: 'inline',
      epoch,
      maxPending: 8,
    })
    await using own = await testServer({ store, limits: unhurried })
    const { id: tenant } = await own.account()
    await using ann = await consumerOf(own, tenant)
    const id = await open(ann)
    const answers = await Promise.all(range(0, 100).map((index) => say(ann, id, `${index}`)))
    const fine = answers.filter(({ code }) => code === 200)
    expect(new Set(answers.map(({ code }) => code))).toEqual(new Set([200, 503]))
    expect(fine.map(({ body }) => body.sequence)).toEqual(range(0, fine.length))
    expect(await say(ann, id, 'later')).toMatchObject({ body: { sequence: fine.length } })
  })
})

describe('subscriptions and sockets', () => {
  it('[LIM7] R05 a socket has at most 200 subscriptions of all kinds; the next one is 429', async () => {
    const { id: tenant } = await server.account({ maxOpenConversations: 0 })
    await using ann = await consumerOf(server, tenant)
    await using reader = await server.consumer(tenant, { token: ann.token })
    const dialogs: string[] = []
    for (const _ of range(0, 3)) dialogs.push(await open(ann))
    const subscribe = () => reader.request('cqm.SubscribeExConversations', { conversationId: 'x' })
    const ids: string[] = []
    for (const _ of range(0, 198)) ids.push((await subscribe()).body.subscriptionId)
    expect(await follow({ socket: reader }, dialogs[0] as string)).toMatchObject({ code: 200 })
    expect(await follow({ socket: reader }, dialogs[1] as string)).toMatchObject({ code: 200 })
    expect(await follow({ socket: reader }, dialogs[2] as string)).toMatchObject({ code: 429 })
    expect(await follow({ socket: reader }, dialogs[1] as string)).toMatchObject({ code: 200 })
    expect(await subscribe()).toMatchObject({ code: 429 })
    await reader.request('cqm.UnsubscribeExConversations', { subscriptionId: ids[0] })
    expect(await subscribe()).toMatchObject({ code: 200 })
  })

  it('[LIM7] updates of subscriptions that do not exist make no more', async () => {
    await using own = await testServer({ limits: { ...unhurried, subscriptionsPerSocket: 2 } })
    const { id: tenant } = await own.account()
    await using max = await managerOf(own, tenant)
    for (const type of [
      'cqm.UpdateExConversationSubscription',
      'routing.UpdateRoutingTaskSubscription',
    ]) {
      await using socket = await own.agentSocket(tenant, max.agent.bearer, '3')
      const codes: (number | undefined)[] = []
      for (const subscriptionId of ['a', 'b', 'b', 'c'])
        codes.push((await socket.request(type, { subscriptionId })).code)
      expect(codes, type).toEqual([200, 200, 200, 429])
    }
  })

  it('[LIM8] R05 an actor has at most 50 sockets; the oldest is closed with 1013', async () => {
    await using stack = new AsyncDisposableStack()
    const token = await server.signup(account)
    const connect = async () => stack.use(await server.consumer(account, { token }))
    const sockets = []
    for (const _ of range(0, 50)) sockets.push(await connect())
    const [first, second] = sockets
    expect((await first?.request('GetClock'))?.code).toBe(200)
    await connect()
    expect(await first?.closed).toEqual({ code: 1013, reason: 'Try again later' })
    expect((await second?.request('GetClock'))?.code).toBe(200)
  })

  it('[LIM8] old sockets that ignore the close do not make room for more', async () => {
    await using own = await testServer({ limits: { ...unhurried, socketsPerActor: 2 } })
    const { id: tenant } = await own.account()
    const token = await own.signup(tenant)
    await using stack = new AsyncDisposableStack()
    for (const _ of range(0, 6)) {
      const socket = stack.use(await own.consumer(tenant, { token }))
      await socket.request('GetClock')
      socket.socket.pause()
    }
    const { id } = own.services.sessions.all.values().next().value?.identity ?? { id: '' }
    expect(own.services.sessions.of(tenant, id).size).toBe(2)
  })
})

describe('settings', () => {
  it('[LIM9] every limit is one', () => {
    const known = JSON.stringify(settingTable)
    for (const limit of Object.keys(defaultLimits)) expect(known).toContain(limit)
  })

  it('[OPS40] a change of an account counts after five seconds', async () => {
    const { id: tenant } = await server.account({ maxOpenConversations: 1 })
    await using ann = await consumerOf(server, tenant)
    const attempt = async () => (await ann.socket.request('cm.ConsumerRequestConversation')).code
    expect([await attempt(), await attempt()]).toEqual([200, 400])
    await server.services.store.write('updateAccount', {
      id: tenant,
      settings: { maxOpenConversations: 3 },
    })
    await clock.advance(5_000)
    expect([await attempt(), await attempt(), await attempt()]).toEqual([200, 200, 400])
  })
})
