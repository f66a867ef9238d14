import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ManualClock, testServer } from '../src/testing/index.ts'
import type { TestServer } from '../src/testing/test-server.ts'
import {
  agentOf,
  change,
  chatState,
  closing,
  consumerOf,
  eventsIn,
  follow,
  isEvents,
  joining,
  managerOf,
  open,
  range,
  receipt,
  say,
  sequencesOf,
  text,
  unhurried,
} from './given.ts'
import { heldStore } from './held-store.ts'

let server: TestServer
let account: string

beforeAll(async () => {
  server = await testServer({ limits: unhurried })
  account = (await server.account()).id
})
afterAll(() => server[Symbol.asyncDispose]())

/** A consumer's conversation with a manager assigned. */
const talk = async (stack: AsyncDisposableStack) => {
  const ann = stack.use(await consumerOf(server, account))
  const max = stack.use(await managerOf(server, account))
  const id = await open(ann)
  expect(await change(max, id, joining('ASSIGNED_AGENT'))).toMatchObject({ code: 200 })
  return { ann, max, id }
}
const hidden = { messageAudience: 'AGENTS_AND_MANAGERS' }
const logOf = (dialogId: string) =>
  server.services.store.read('events', {
    accountId: account,
    dialogId,
    from: 0,
    audience: 'agents',
    limit: 1_000,
  })

describe('the log', () => {
  it('[EV1] counts 0, 1, 2 … per dialog whoever publishes', async () => {
    await using stack = new AsyncDisposableStack()
    const { ann, max, id } = await talk(stack)
    const other = await open(ann)
    const answers = await Promise.all(
      range(0, 60).map((index) => say(index % 3 === 0 ? max : ann, id, `${index}`)),
    )
    const sequences = answers.map(({ body }) => body.sequence)
    expect(sequences.toSorted((one, two) => one - two)).toEqual(range(0, 60))
    expect((await say(ann, other, 'first')).body).toEqual({ sequence: 0 })
    expect((await logOf(id)).map(({ sequence }) => sequence)).toEqual(range(0, 60))
  })

  it('[EV1] a refused publish takes no sequence', async () => {
    await using ann = await consumerOf(server, account)
    const id = await open(ann)
    expect((await say(ann, id, 'a')).body.sequence).toBe(0)
    expect((await say(ann, id, '')).code).toBe(400)
    expect((await say(ann, id, 'b')).body.sequence).toBe(1)
  })

  it('[EV2] [EV3] neither answer nor notification precedes the commit', async () => {
    await using held = await heldStore()
    await using own = await testServer({ store: held.store })
    const { id: tenant } = await own.account()
    await using ann = await consumerOf(own, tenant)
    const id = await open(ann)
    await using reader = await own.consumer(tenant, { token: ann.token })
    await follow({ socket: reader }, id)
    await follow(ann, id)
    await ann.socket.settled()
    await reader.settled()
    const release = held.hold('append')
    ann.socket.send({ id: 'p', type: 'ms.PublishEvent', body: text(id, 'soon') })
    // The reader's round trips pass the publish by; the publisher's own would wait for it.
    while (held.waiting('append') === 0) await reader.request('GetClock')
    expect(await reader.settled()).toEqual([])
    expect(ann.socket.frames).toEqual([])
    release()
    expect((await ann.socket.next((frame) => frame.kind === 'resp')).body).toEqual({ sequence: 0 })
    expect(eventsIn(await reader.next(isEvents))).toHaveLength(1)
    expect(await sequencesOf(ann)).toEqual([0])
  })

  it('[EV11] serverTimestamp never decreases, whatever the clock does', async () => {
    const clock = new ManualClock()
    await using own = await testServer({ clock })
    const { id: tenant } = await own.account()
    await using ann = await consumerOf(own, tenant)
    const id = await open(ann)
    for (const hours of [0, -1, 2, -5, 0, 1]) {
      clock.jump(hours * 3_600_000)
      await say(ann, id, `${hours}`)
    }
    const { body } = await ann.socket.request('ms.QueryMessages', { dialogId: id })
    const times: number[] = body.map((one: { serverTimestamp: number }) => one.serverTimestamp)
    expect(times).toHaveLength(6)
    expect(times).toEqual(times.toSorted((one, two) => one - two))
  })
})

describe("a publish with the client's own id", () => {
  it('[EV4] is answered with the first sequence when repeated, on any connection', async () => {
    await using ann = await consumerOf(server, account)
    const id = await open(ann)
    const first = await say(ann, id, 'once', { eventId: 'e1' })
    await say(ann, id, 'between')
    await using again = await server.consumer(account, { token: ann.token })
    expect((await say({ socket: again }, id, 'once', { eventId: 'e1' })).body).toEqual(first.body)
    expect((await say(ann, id, 'once', { eventId: 'e1' })).body).toEqual(first.body)
    expect(await logOf(id)).toHaveLength(2)
  })

  it('[EV4] is 409 when the content differs', async () => {
    await using ann = await consumerOf(server, account)
    const id = await open(ann)
    await say(ann, id, 'one', { eventId: 'e1' })
    expect(await say(ann, id, 'two', { eventId: 'e1' })).toMatchObject({ code: 409 })
    expect(await logOf(id)).toHaveLength(1)
  })

  it('[EV4] sent 100 times at once from two sockets is one event', async () => {
    await using ann = await consumerOf(server, account)
    const id = await open(ann)
    await using other = await server.consumer(account, { token: ann.token })
    const answers = await Promise.all(
      range(0, 100).map((index) =>
        say(index % 2 === 0 ? ann : { socket: other }, id, 'once', { eventId: 'e1' }),
      ),
    )
    expect(new Set(answers.map(({ body }) => body.sequence))).toEqual(new Set([0]))
    expect(await logOf(id)).toHaveLength(1)
  })

  it('[EV4] is known after the dialog was closed, before that is looked at', async () => {
    await using ann = await consumerOf(server, account)
    const id = await open(ann)
    await say(ann, id, 'once', { eventId: 'e1' })
    await change(ann, id, closing)
    expect(await say(ann, id, 'once', { eventId: 'e1' })).toMatchObject({
      code: 200,
      body: { sequence: 0 },
    })
    expect(await say(ann, id, 'twice', { eventId: 'e1' })).toMatchObject({ code: 409 })
    expect(await say(ann, id, 'new', { eventId: 'e2' })).toMatchObject({ code: 400 })
  })

  it('[EV4] is known after its publisher left', async () => {
    await using stack = new AsyncDisposableStack()
    const { max, id } = await talk(stack)
    await say(max, id, 'once', { eventId: 'e1' })
    await change(max, id, joining('ASSIGNED_AGENT', 'REMOVE'))
    expect((await say(max, id, 'once', { eventId: 'e1' })).body).toEqual({ sequence: 0 })
    expect(await say(max, id, 'new', { eventId: 'e2' })).toMatchObject({ code: 403 })
  })

  it("[EV4] is the publisher's alone, and the dialog's", async () => {
    await using stack = new AsyncDisposableStack()
    const { ann, max, id } = await talk(stack)
    const other = await open(ann)
    expect((await say(ann, id, 'a', { eventId: 'same' })).body.sequence).toBe(0)
    expect((await say(max, id, 'b', { eventId: 'same' })).body.sequence).toBe(1)
    expect((await say(ann, other, 'c', { eventId: 'same' })).body.sequence).toBe(0)
  })

  it('[EV4] repeated is notified once', async () => {
    await using ann = await consumerOf(server, account)
    const id = await open(ann)
    await follow(ann, id)
    for (let time = 0; time < 3; time += 1) await say(ann, id, 'once', { eventId: 'e1' })
    expect(await sequencesOf(ann)).toEqual([0])
  })
})

describe('who may publish', () => {
  it('[EV5] a closed dialog takes nothing but receipts', async () => {
    await using ann = await consumerOf(server, account)
    const id = await open(ann)
    await say(ann, id, 'a')
    await change(ann, id, closing)
    expect(await say(ann, id, 'b')).toMatchObject({ code: 400, body: 'Dialog is closed' })
    const rich = {
      dialogId: id,
      event: { type: 'RichContentEvent', content: { type: 'vertical' } },
    }
    expect(await ann.socket.request('ms.PublishEvent', rich)).toMatchObject({ code: 400 })
    const read = await ann.socket.request('ms.PublishEvent', receipt(id, [0]))
    expect(read).toMatchObject({ code: 200, body: { sequence: 1 } })
  })

  it("[EV6] [CV2] a stranger's dialog is an unknown one, in every request", async () => {
    await using ann = await consumerOf(server, account)
    await using eve = await consumerOf(server, account)
    await using far = await managerOf(server, (await server.account()).id)
    const id = await open(ann)
    await say(ann, id, 'secret')
    for (const { socket } of [eve, far]) {
      const requests: [string, Record<string, unknown>][] = [
        ['ms.PublishEvent', text('ID', 'x')],
        ['ms.PublishEvent', receipt('ID', [0])],
        ['ms.PublishEvent', chatState('ID', 'COMPOSING')],
        ['ms.SubscribeMessagingEvents', { dialogId: 'ID', fromSeq: 0 }],
        ['ms.UnsubscribeMessagingEvents', { dialogId: 'ID' }],
        ['ms.QueryMessages', { dialogId: 'ID' }],
        ['cm.UpdateConversationField', { conversationId: 'ID', conversationField: [closing] }],
      ]
      for (const [type, body] of requests) {
        const about = (dialogId: string) => JSON.parse(JSON.stringify(body).replace('ID', dialogId))
        const foreign = await socket.request(type, about(id))
        const unknown = await socket.request(type, about('no-such-dialog'))
        expect(foreign, type).toMatchObject({ code: 404 })
        expect([foreign.code, foreign.body]).toEqual([unknown.code, unknown.body])
      }
    }
    expect(await logOf(id)).toHaveLength(1)
  })

  it('[EV6] an agent who does not take part gets 403', async () => {
    await using ann = await consumerOf(server, account)
    await using ana = await agentOf(server, account)
    const id = await open(ann)
    expect(await say(ana, id, 'x')).toMatchObject({ code: 403 })
    expect(await ana.socket.request('ms.PublishEvent', chatState(id, 'ACTIVE'))).toMatchObject({
      code: 403,
    })
  })

  it('[EV6] a reader publishes nothing but receipts', async () => {
    await using stack = new AsyncDisposableStack()
    const { ann, id } = await talk(stack)
    await using reader = await managerOf(server, account)
    await change(reader, id, joining('READER'))
    await say(ann, id, 'a')
    await follow(ann, id)
    await ann.socket.settled()
    expect(await say(reader, id, 'x')).toMatchObject({ code: 403 })
    await reader.socket.request('ms.PublishEvent', chatState(id, 'COMPOSING'))
    expect(await ann.socket.settled()).toEqual([])
    expect(await reader.socket.request('ms.PublishEvent', receipt(id, [0]))).toMatchObject({
      code: 200,
    })
  })

  it("[EV6] nothing is committed after its publisher's removal", async () => {
    await using stack = new AsyncDisposableStack()
    const { max, id } = await talk(stack)
    max.socket.send({ id: 'p', type: 'ms.PublishEvent', body: text(id, 'in time') })
    await change(max, id, joining('ASSIGNED_AGENT', 'REMOVE'))
    expect(await say(max, id, 'late')).toMatchObject({ code: 403 })
    expect((await logOf(id)).map(({ payload }) => JSON.parse(payload).message)).toEqual(['in time'])
  })
})

describe('chat states', () => {
  it('[EV7] are answered with 0, never stored, and come after earlier publishes', async () => {
    await using stack = new AsyncDisposableStack()
    const { ann, max, id } = await talk(stack)
    await follow(max, id)
    await max.socket.settled()
    ann.socket.send({ id: 'm', type: 'ms.PublishEvent', body: text(id, 'done') })
    const answer = await ann.socket.request('ms.PublishEvent', chatState(id, 'COMPOSING'))
    expect(answer).toMatchObject({ code: 200, body: { sequence: 0 } })
    const seen = (await max.socket.settled()).flatMap(eventsIn)
    expect(seen.map(({ event }) => event.type)).toEqual(['ContentEvent', 'ChatStateEvent'])
    expect(seen[1]).not.toHaveProperty('sequence')
    expect(await logOf(id)).toHaveLength(1)
    expect((await say(ann, id, 'next')).body.sequence).toBe(1)
  })

  it("[EV10] a consumer's own come back to its sockets, an agent's not to the one that sent", async () => {
    await using stack = new AsyncDisposableStack()
    const { ann, max, id } = await talk(stack)
    await using window = await server.consumer(account, { token: ann.token })
    await using desk = await server.agentSocket(account, max.agent.bearer, '3')
    const all = [ann.socket, window, max.socket, desk]
    for (const socket of all) await follow({ socket }, id)
    for (const socket of all) await socket.settled()
    await ann.socket.request('ms.PublishEvent', chatState(id, 'COMPOSING'))
    for (const socket of all)
      expect((await socket.settled()).flatMap(eventsIn)).toMatchObject([
        { event: { chatState: 'COMPOSING' }, originatorId: ann.id },
      ])
    await max.socket.request('ms.PublishEvent', chatState(id, 'PAUSE'))
    const heard = []
    for (const socket of all) heard.push((await socket.settled()).flatMap(eventsIn).length)
    expect(heard).toEqual([1, 1, 0, 1])
  })

  it('[EV9] agents see BACKGROUND when the last socket goes and ACTIVE when one is back', async () => {
    await using stack = new AsyncDisposableStack()
    const { ann, max, id } = await talk(stack)
    const window = await server.consumer(account, { token: ann.token })
    await follow(max, id)
    await follow({ socket: window }, id)
    await window.settled()
    await max.socket.settled()
    ann.socket.close()
    await ann.socket.closed
    expect(await window.settled()).toEqual([])
    expect(await max.socket.settled()).toEqual([])
    window.close()
    await window.closed
    const state = async () =>
      eventsIn(await max.socket.next(isEvents)).map(({ event, originatorId }) => [
        event.chatState,
        originatorId,
      ])
    expect(await state()).toEqual([['BACKGROUND', ann.id]])
    await using back = await server.consumer(account, { token: ann.token })
    expect(await state()).toEqual([['ACTIVE', ann.id]])
    await follow({ socket: back }, id)
    expect((await back.settled()).flatMap(eventsIn)).toEqual([])
  })
})

describe('private events', () => {
  it('[EV8] consumers read the projection, whose previousSequence proves that it is whole', async () => {
    await using stack = new AsyncDisposableStack()
    const { ann, max, id } = await talk(stack)
    await follow(ann, id)
    await say(max, id, 'a')
    await say(max, id, 'b', hidden)
    await say(max, id, 'c', hidden)
    await say(ann, id, 'd')
    await max.socket.request('ms.PublishEvent', receipt(id, [1, 2]))
    await max.socket.request('ms.PublishEvent', receipt(id, [2, 3]))
    await say(max, id, 'e', hidden)
    await say(max, id, 'f')
    const pairs = (events: readonly { sequence: number; previousSequence: number }[]) =>
      events.map(({ sequence, previousSequence }) => [sequence, previousSequence])
    const projection = [
      [0, -1],
      [3, 0],
      [5, 3],
      [7, 5],
    ]
    const live = (await ann.socket.settled()).flatMap(eventsIn)
    expect(pairs(live)).toEqual(projection)
    expect(JSON.stringify(live)).not.toContain('AGENTS_AND_MANAGERS')
    await follow(ann, id)
    expect(pairs((await ann.socket.settled()).flatMap(eventsIn))).toEqual(projection)
    const { body } = await ann.socket.request('ms.QueryMessages', { dialogId: id })
    expect(pairs(body)).toEqual(projection)
    await follow(max, id)
    const whole = (await max.socket.settled()).flatMap(eventsIn)
    expect(pairs(whole).slice(-8)).toEqual(range(0, 8).map((at) => [at, at - 1]))
  })

  it('[EV8] they raise no count of the consumer and are not its last content', async () => {
    await using stack = new AsyncDisposableStack()
    const { ann, max, id } = await talk(stack)
    await say(max, id, 'for all')
    await say(max, id, 'for us', hidden)
    await ann.socket.request('cqm.SubscribeExConversations', { convState: ['OPEN'] })
    const { body } = await ann.socket.next('ExConversationChangeNotification')
    const [{ result }] = body.changes
    expect(result.lastContentEventNotification.event.message).toBe('for all')
    expect(result.numberOfunreadMessages).toEqual({ [ann.id]: 1 })
  })
})
