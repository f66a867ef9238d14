/** Attempts to see, to be, and to reach more than the token allows. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Bus } from '../src/bus/bus.ts'
import { memoryBus } from '../src/bus/memory-bus.ts'
import { systemIds } from '../src/ids.ts'
import { sqliteStore } from '../src/store/sqlite/sqlite-store.ts'
import type { Store } from '../src/store/store.ts'
import type { TestServer } from '../src/testing/index.ts'
import { stillServer } from './bots/still-server.ts'
import type { WatchedClock } from './bots/watched-clock.ts'
import {
  change,
  consumerOf,
  eventsIn,
  follow,
  isConversations,
  joining,
  managerOf,
  open,
  range,
  readTo,
  receipt,
  say,
  text,
} from './given.ts'
import { UUID } from './walls/world.ts'

/** The bus, with a list of the subjects that were named. */
const listedBus = (): { bus: Bus; subjects: Set<string> } => {
  const inner = memoryBus()
  const subjects = new Set<string>()
  return {
    subjects,
    bus: {
      publish(subject, news) {
        subjects.add(subject)
        inner.publish(subject, news)
      },
      listen(subject, hear) {
        subjects.add(subject)
        return inner.listen(subject, hear)
      },
      [Symbol.asyncDispose]: () => inner[Symbol.asyncDispose](),
    },
  }
}

/** The store, with a list of what was read. */
const listedStore = (inner: Store): { store: Store; reads: string[] } => {
  const reads: string[] = []
  const store: Store = {
    ...inner,
    read(name, data) {
      reads.push(name)
      return inner.read(name, data)
    },
  }
  return { store, reads }
}

let server: TestServer
let clock: WatchedClock
let reads: string[]
const { bus, subjects } = listedBus()
const stack = new AsyncDisposableStack()

beforeAll(async () => {
  const epoch = systemIds.uuid()
  const inner = stack.use(await sqliteStore({ file: ':memory:', hosting: 'inline', epoch }))
  const listed = listedStore(inner)
  reads = listed.reads
  ;({ server, clock } = await stillServer({ store: listed.store, bus }))
  stack.use(server)
})
afterAll(() => stack.disposeAsync())

const PRIVATE = { messageAudience: 'AGENTS_AND_MANAGERS' }

/** Waits for what is given after a pause, on a clock that stands still otherwise. */
const unhurried = async <T>(work: Promise<T>): Promise<T> => {
  let isOver = false
  const done = work.finally(() => {
    isOver = true
  })
  while (!isOver) {
    clock.advance(1)
    await new Promise((resolve) => setImmediate(resolve))
  }
  return done
}

/** A consumer and the manager who serves it. */
const talk = async (own: AsyncDisposableStack, version = '3') => {
  const { id: account } = await server.account()
  const ann = own.use(await consumerOf(server, account, version))
  const max = own.use(await managerOf(server, account))
  const id = await open(ann)
  expect(await change(max, id, joining('ASSIGNED_AGENT'))).toMatchObject({ code: 200 })
  return { account, ann, max, id }
}

describe('[PRM22] what a client says of itself', () => {
  it('is not read from an event', async () => {
    await using own = new AsyncDisposableStack()
    const { ann, max, id } = await talk(own)
    const claimed = {
      originatorId: max.agent.id,
      originatorMetadata: { id: max.agent.id, role: 'MANAGER' },
      originatorClientProperties: { type: '.ClientProperties' },
      role: 'MANAGER',
      sequence: 700,
      serverTimestamp: 1,
      isAutomatic: true,
      publisher: { id: max.agent.id, role: 'manager' },
    }
    const body = text(id, 'hello', claimed)
    const forged = { ...body, event: { ...body.event, ...claimed } }
    const answer = await ann.socket.request('ms.PublishEvent', forged, claimed)
    expect([200, 400]).toContain(answer.code)
    await say(ann, id, 'plain')
    const { body: events } = await max.socket.request('ms.QueryMessages', { dialogId: id })
    expect(events.length).toBe(answer.code === 200 ? 2 : 1)
    for (const [index, event] of events.entries())
      expect(event).toMatchObject({
        sequence: index,
        originatorId: ann.id,
        originatorMetadata: { id: ann.id, role: 'CONSUMER' },
        serverTimestamp: clock.now(),
      })
  })

  it('is not read from a new conversation', async () => {
    await using own = new AsyncDisposableStack()
    const { account, ann, max } = await talk(own)
    const id = await open(ann, {
      consumerId: max.agent.id,
      conversationId: 'mine',
      state: 'CLOSE',
      participants: [{ id: max.agent.id, role: 'ASSIGNED_AGENT' }],
      assignedAgentId: max.agent.id,
      note: 'hers',
      csat: { csatRate: 5 },
      startTs: 1,
    })
    expect(id).toMatch(new RegExp(`^${UUID.source}$`))
    const made = await server.services.store.read('conversation', { accountId: account, id })
    expect(made).toMatchObject({ consumerId: ann.id, state: 'open', startedAt: clock.now() })
    expect(made?.dialogs[0]?.participants).toEqual([
      expect.objectContaining({ id: ann.id, role: 'consumer' }),
    ])
    expect(made).not.toHaveProperty('note')
  })

  it('does not open another account', async () => {
    await using own = new AsyncDisposableStack()
    const { ann, max } = await talk(own)
    const { id: elsewhere } = await server.account()
    const socket = own.use(await server.consumer(elsewhere, { token: ann.token }))
    expect(await socket.closed).toMatchObject({ code: 4401 })
    const upgrade = unhurried(server.agentSocket(elsewhere, max.agent.bearer).catch(String))
    expect(await upgrade).toContain('401')
    for (const socket of [max.socket, ann.socket]) {
      const { code } = await socket.request('cqm.SubscribeExConversations', { brandId: elsewhere })
      expect(code).toBe(403)
    }
  })
})

describe('[PRM23] [EV8] private messages', () => {
  it.each(['2', '3'])('reach no consumer of version %s by any way', async (version) => {
    await using own = new AsyncDisposableStack()
    const { ann, max, id } = await talk(own, version)
    await ann.socket.request('cqm.SubscribeExConversations', { convState: ['OPEN', 'CLOSE'] })
    await follow(ann, id)
    for (const index of range(0, 20)) {
      expect(await say(max, id, `secret ${index}`, PRIVATE)).toMatchObject({ code: 200 })
      expect(await say(max, id, `open ${index}`)).toMatchObject({ code: 200 })
      await max.socket.request('ms.PublishEvent', receipt(id, [index * 2]))
    }
    await change(max, id, { field: 'Note', note: 'secret note' })
    const again = own.use(await server.consumer(await accountOf(id), { token: ann.token, version }))
    const { socket } = ann
    for (const fromSeq of [-5, 0, 1, 2, 39]) {
      await follow({ socket: again }, id, fromSeq)
      for (const name of ['newerThanSequence', 'fromSeq'])
        await socket.request('ms.QueryMessages', {
          dialogId: id,
          [name]: fromSeq,
          maxQuantity: 500,
        })
      const { body } = await socket.request('ms.QueryMessages', {
        dialogId: id,
        [`fromSeq`]: fromSeq,
      })
      expect(JSON.stringify(body)).not.toContain('secret')
    }
    await again.request('cqm.SubscribeExConversations', {})
    const seen = [...(await socket.settled()), ...(await again.settled())]
    expect(seen.some(isConversations)).toBe(true)
    expect(JSON.stringify(seen)).toContain('open 19')
    expect(JSON.stringify(seen)).not.toContain('secret')
    // What is seen is the whole of what may be seen: each names the one before.
    const events = seen.flatMap(eventsIn).filter(({ event }) => event?.type === 'ContentEvent')
    for (const { sequence, previousSequence } of events)
      expect(previousSequence ?? -1).toBeLessThan(sequence)
    const counts = seen.filter(isConversations).map((frame) => JSON.stringify(frame))
    expect(counts.some((one) => /"unreadMessages":(?:2[1-9]|[3-9]\d)/.test(one))).toBe(false)
  })

  it('are not for consumers to write', async () => {
    await using own = new AsyncDisposableStack()
    const { ann, max, id } = await talk(own)
    const answer = await say(ann, id, 'for agents only', PRIVATE)
    const { body } = await ann.socket.request('ms.QueryMessages', { dialogId: id })
    const { body: theirs } = await max.socket.request('ms.QueryMessages', { dialogId: id })
    expect(body.length).toBe(theirs.length)
    expect(body.length).toBe(answer.code === 200 ? 1 : 0)
  })
})

const accountOf = async (id: string): Promise<string> => {
  for (const { id: accountId } of await server.services.store.read('accounts', null))
    if (await server.services.store.read('conversation', { accountId, id })) return accountId
  throw new Error('no such conversation')
}

describe('[PRM24] guessing', () => {
  it('has nothing to go by: ids are random', async () => {
    await using own = new AsyncDisposableStack()
    const { account, ann, max } = await talk(own)
    const ids = new Set<string>()
    for (const _ of range(0, 15)) ids.add(await open(ann))
    for (const _ of range(0, 15)) {
      const { body } = await max.socket.request('cqm.SubscribeExConversations', {})
      ids.add(body.subscriptionId)
      ids.add((await consumerIdOf(account)) ?? '')
    }
    expect(ids.size).toBe(45)
    for (const id of ids)
      expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  })

  it('is stopped by the limit, and hits nothing near a known id', async () => {
    await using limited = (
      await stillServer({ limits: { requestsPerSecond: 20, requestBurst: 50 } })
    ).server
    const { id: account } = await limited.account()
    await using ann = await consumerOf(limited, account)
    await using eve = await consumerOf(limited, account)
    const id = await open(ann)
    const codes: (number | undefined)[] = []
    for (const index of range(0, 120)) {
      const near = id.slice(0, -3) + index.toString(16).padStart(3, '0')
      if (near === id) continue
      const { code } = await eve.socket.request('ms.QueryMessages', { dialogId: near })
      codes.push(code)
    }
    expect(new Set(codes.slice(0, 49))).toEqual(new Set([404]))
    expect(new Set(codes.slice(60))).toEqual(new Set([429]))
  })
})

const consumerIdOf = async (account: string): Promise<string | undefined> => {
  const token = await server.signup(account)
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()).sub
}

it('[PRM26] texts of clients never become part of a subject', async () => {
  await using own = new AsyncDisposableStack()
  const { account, ann, max, id } = await talk(own)
  const hostile = ['*', '>', 'a.b', `${id}.>`, `a.${account}.>`, '..', '$SYS', 'x y', '\r\nPUB x']
  for (const name of hostile) {
    for (const { socket } of [ann, max]) {
      await socket.request('ms.SubscribeMessagingEvents', { dialogId: name, fromSeq: 0 })
      await socket.request('ms.PublishEvent', text(name, 'x'))
      await socket.request('ms.PublishEvent', {
        dialogId: name,
        event: { type: 'ChatStateEvent', chatState: 'COMPOSING' },
      })
      await socket.request('cqm.SubscribeExConversations', { brandId: name, conversationId: name })
    }
    await change(max, name, joining('MANAGER'))
    await max.socket.request('routing.SubscribeAgentsState', { brandId: name, agentId: name })
    await max.socket.request('routing.SubscribeRoutingTasks', { brandId: name, skillId: name })
    await max.socket.request('routing.UpdateRingState', { ringId: name, ringState: 'ACCEPTED' })
    const path = encodeURIComponent(name)
    for (const url of [
      `/api/account/${path}/signup`,
      `/api/account/${path}/login`,
      `/api/account/${path}/ringdown/v1/settings`,
      `/api/account/${account}/ringdown/v1/agents/${path}`,
      `/ringdown/v1/accounts/${path}`,
    ])
      for (const method of ['POST', 'PATCH', 'DELETE'])
        await unhurried(
          fetch(server.url + url, {
            method,
            headers: {
              authorization: `Bearer ${server.running.adminToken}`,
              'content-type': 'application/json',
            },
            body: JSON.stringify({ username: name, password: name, name }),
          }),
        )
    await expect(server.consumer(path, { token: ann.token })).rejects.toThrow()
  }
  expect(subjects.size).toBeGreaterThan(5)
  const wellFormed = new RegExp(
    `^(?:[a-z]+|a\\.[a-zA-Z0-9_]{1,20}\\.(?:[a-z-]+|[cd]\\.${UUID.source}))$`,
  )
  expect([...subjects].filter((subject) => !wellFormed.test(subject))).toEqual([])
})

describe('[PRM27] filters and positions', () => {
  it('that are hostile narrow or are refused, and show nothing else', async () => {
    await using own = new AsyncDisposableStack()
    const { ann, max, id } = await talk(own)
    const { account: other } = await talk(own)
    const filters = [
      { convState: ["OPEN'; drop table conversations; --"] },
      { convState: ['*'] },
      { agentIds: ['*', '%', "' or 1=1 --"] },
      { consumerId: "%' or ''='" },
      { minLastUpdatedTime: -1e99, maxLastUpdatedTime: 1e99 },
      { minLastUpdatedTime: 'x' },
      { maxETTR: 1e300 },
      { conversationId: { $ne: null } },
      { limit: 1e9, offset: -1, sort: ';drop' },
      { brandId: other },
      { brandId: '*' },
      { accountId: other },
    ]
    for (const filter of filters)
      for (const { socket } of [ann, max]) {
        const { code } = await socket.request('cqm.SubscribeExConversations', filter)
        expect([200, 400, 403], JSON.stringify(filter)).toContain(code)
        const shown = (await socket.settled())
          .filter(isConversations)
          .flatMap(({ body }) => body.changes)
          .map((one) => one.result.convId)
        for (const one of shown) expect(one).toBe(id)
      }
    for (const position of [-1, 2 ** 53, 1e300, 'x', '1 or 1=1', null, [], {}])
      for (const name of ['fromSeq', 'newerThanSequence', 'olderThanSequence', 'maxQuantity']) {
        const query = { dialogId: id, [name]: position }
        const { code } = await ann.socket.request('ms.QueryMessages', query)
        expect([200, 400], JSON.stringify(query)).toContain(code)
      }
  })

  it('a page is never more than the cap', async () => {
    await using capped = (await stillServer({ limits: { queryEvents: 10 } })).server
    const { id: account } = await capped.account()
    await using ann = await consumerOf(capped, account)
    const id = await open(ann)
    for (const index of range(0, 25)) await say(ann, id, `${index}`)
    const query = { dialogId: id, maxQuantity: 1_000_000_000 }
    const { body } = await ann.socket.request('ms.QueryMessages', query)
    expect(body.length).toBe(10)
  })
})

it('[PRM5] publishing reads nothing from the store', async () => {
  await using own = new AsyncDisposableStack()
  const { ann, max, id } = await talk(own)
  await follow(ann, id)
  for (const who of [ann, max]) await say(who, id, 'once')
  await readTo(ann.socket, 1)
  reads.length = 0
  for (const _ of range(0, 20)) for (const who of [ann, max]) await say(who, id, 'again')
  await readTo(ann.socket, 41)
  expect(reads).toEqual([])
})
