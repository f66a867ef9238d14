import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testServer } from '../src/testing/index.ts'
import type { TestServer } from '../src/testing/test-server.ts'
import {
  agentOf,
  change,
  consumerOf,
  eventsIn,
  open,
  type Person,
  say,
  text,
  unhurried,
} from './given.ts'

let server: TestServer
let account: string
let ann: Person
let dialog: string

beforeAll(async () => {
  server = await testServer({ limits: unhurried })
  account = (await server.account()).id
  ann = await consumerOf(server, account)
  dialog = await open(ann)
})
afterAll(async () => {
  await ann[Symbol.asyncDispose]()
  await server[Symbol.asyncDispose]()
})

const answerTo = async (frame: unknown) => {
  ann.socket.send(frame)
  return ann.socket.next((one) => one.kind === 'resp')
}

describe('responses', () => {
  it.each([
    ['abc', 'abc'],
    [7, '7'],
    [0, '0'],
    [-1.5, '-1.5'],
    [1e21, '1e+21'],
    ['', ''],
    ['ü😀"\\', 'ü😀"\\'],
    ['x'.repeat(256), 'x'.repeat(256)],
  ])('[FRM3] W16 the id %j comes back as %j', async (id, reqId) => {
    expect(await answerTo({ kind: 'req', id, type: 'GetClock' })).toMatchObject({
      reqId,
      code: 200,
    })
  })

  it.each([
    ['absent', { type: 'GetClock' }],
    ['null', { id: null, type: 'GetClock' }],
  ])('[FRM3] W16 an %s id is answered with an empty one, and carried out', async (_, frame) => {
    expect(await answerTo(frame)).toMatchObject({ reqId: '', code: 200 })
  })

  it.each([
    ['257 characters', 'x'.repeat(257)],
    ['10 KB', 'x'.repeat(10_000)],
    ['true', true],
    ['an object', {}],
    ['a list', []],
  ])('[FRM3] [LIM2] W16 an id of %s is 400', async (_, id) => {
    const answer = await answerTo({ kind: 'req', id, type: 'GetClock' })
    expect(answer).toMatchObject({ reqId: '', code: 400 })
    expect(answer.body).toContain('id')
  })

  it('[FRM2] [FRM3] ids need not be unique: each request has its response', async () => {
    for (let index = 0; index < 3; index += 1)
      ann.socket.send({ id: 'same', type: 'ms.PublishEvent', body: text(dialog, `${index}`) })
    const sequences: number[] = []
    for (let index = 0; index < 3; index += 1) {
      const frame = await ann.socket.next((one) => one.reqId === 'same')
      sequences.push(frame.body.sequence)
    }
    expect(sequences).toEqual(sequences.toSorted((one, other) => one - other))
    expect(new Set(sequences).size).toBe(3)
  })

  it('[FRM2] [EV3] a response precedes the notifications that its request causes', async () => {
    await using bob = await consumerOf(server, account)
    const id = await open(bob)
    await bob.socket.request('cqm.SubscribeExConversations', { convState: ['OPEN'] })
    await bob.socket.request('ms.SubscribeMessagingEvents', { dialogId: id, fromSeq: 0 })
    await bob.socket.settled()
    bob.socket.send({ id: 'p', type: 'ms.PublishEvent', body: text(id, 'first') })
    bob.socket.send({
      id: 'c',
      type: 'cm.UpdateConversationField',
      body: {
        conversationId: id,
        conversationField: [{ field: 'ConversationStateField', conversationState: 'CLOSE' }],
      },
    })
    const frames = await bob.socket.settled()
    const at = (wanted: (frame: (typeof frames)[number]) => boolean) => frames.findIndex(wanted)
    const published = at(({ reqId }) => reqId === 'p')
    const closed = at(({ reqId }) => reqId === 'c')
    expect(published).toBe(0)
    expect(at((frame) => eventsIn(frame).length > 0)).toBeGreaterThan(published)
    expect(closed).toBeGreaterThan(published)
    const gone = at(({ body }) => body?.changes?.[0]?.type === 'DELETE')
    expect(gone).toBeGreaterThan(closed)
  })
})

describe('frames that are no requests', () => {
  const garbage = [
    '',
    '{',
    '[]',
    'null',
    '"x"',
    '1',
    'true',
    'hello',
    '[{"type":"GetClock"}]',
    '{"a":1}}',
  ]

  it('[FRM13] [LIM3] W15 are answered with 400, and the tenth closes with 1007', async () => {
    await using bob = await consumerOf(server, account)
    for (const frame of garbage) bob.socket.send(frame)
    bob.socket.send({ id: 'after', type: 'GetClock' })
    expect(await bob.socket.closed).toEqual({ code: 1007, reason: 'Too many malformed frames' })
    expect(bob.socket.frames).toHaveLength(10)
    for (const frame of bob.socket.frames)
      expect(frame).toMatchObject({ kind: 'resp', reqId: '', code: 400, type: 'StringResponse' })
  })

  it('[FRM13] [LIM3] nine leave the connection open', async () => {
    await using bob = await consumerOf(server, account)
    for (const frame of garbage.slice(1)) bob.socket.send(frame)
    expect((await bob.socket.request('GetClock')).code).toBe(200)
  })

  it('[FRM13] W15 64 levels are read, 65 and 10,000 are not', async () => {
    const nested = (levels: number) =>
      `{"type":"GetClock","body":${'['.repeat(levels - 1)}${']'.repeat(levels - 1)}}`
    expect((await answerTo(nested(64))).body).not.toContain('levels')
    for (const levels of [65, 10_000])
      expect(await answerTo(nested(levels))).toMatchObject({
        reqId: '',
        code: 400,
        body: 'Bad request: nested deeper than 64 levels',
      })
  })

  it('[FRM13] brackets inside a text are not levels', async () => {
    const answer = await say(ann, dialog, `${'['.repeat(500)}\\"${'{'.repeat(500)}`)
    expect(answer.code).toBe(200)
  })

  it('[FRM13] [CON13] binary frames are read as UTF-8 text', async () => {
    ann.socket.socket.send(Buffer.from('{"id":"ü","type":"GetClock"}'), { binary: true })
    const answer = await ann.socket.next((one) => one.kind === 'resp')
    expect(answer).toMatchObject({ reqId: 'ü', code: 200 })
  })

  it.each(['\\ud800', '\\udfff', 'a\\uD83Db', '\\ude00\\ud83d'])(
    '[FRM13] W13 half a surrogate pair (%s) is refused anywhere and never stored',
    async (half) => {
      const before = await tail()
      const texts = [
        `{"id":"1","type":"ms.PublishEvent","body":{"dialogId":"${dialog}","event":{"type":"ContentEvent","contentType":"text/plain","message":"${half}"}}}`,
        `{"id":"1","type":"ms.PublishEvent","body":{"dialogId":"${dialog}","event":{"type":"RichContentEvent","content":{"${half}":1}}}}`,
        `{"id":"1","type":"ms.PublishEvent","metadata":[{"x":"${half}"}],"body":{"dialogId":"${dialog}","event":{"type":"ContentEvent","contentType":"text/plain","message":"a"}}}`,
      ]
      for (const frame of texts)
        expect(await answerTo(frame)).toMatchObject({ reqId: '1', code: 400 })
      expect(await tail()).toBe(before)
    },
  )

  it('[FRM13] whole pairs pass, written either way', async () => {
    const { body } = await answerTo(
      `{"id":"1","type":"ms.PublishEvent","body":{"dialogId":"${dialog}","event":{"type":"ContentEvent","contentType":"text/plain","message":"\\ud83d\\ude00 😀"}}}`,
    )
    const read = await ann.socket.request('ms.QueryMessages', {
      dialogId: dialog,
      newerThanSequence: body.sequence,
    })
    expect(read.body[0].event.message).toBe('😀 😀')
  })

  const tail = async (): Promise<number> =>
    (await ann.socket.request('ms.QueryMessages', { dialogId: dialog, maxQuantity: 1 })).body[0]
      ?.sequence ?? -1
})

describe('strange objects', () => {
  it('[FRM13] W15 keys of prototypes are keys like others', async () => {
    const frame = `{"id":"1","type":"ms.PublishEvent","__proto__":{"x":1},"constructor":{"prototype":{"x":1}},"body":{"__proto__":{"x":1},"dialogId":"${dialog}","event":{"__proto__":{"x":1},"type":"ContentEvent","contentType":"text/plain","message":"proto","constructor":null}}}`
    expect(await answerTo(frame)).toMatchObject({ reqId: '1', code: 200 })
    expect(({} as Record<string, unknown>)['x']).toBeUndefined()
    expect(
      await answerTo(
        `{"id":"2","type":"cm.UpdateConversationField","body":{"conversationId":"__proto__","conversationField":[{"field":"__proto__"}]}}`,
      ),
    ).toMatchObject({ reqId: '2', code: 400 })
    for (const type of ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf'])
      expect(await answerTo({ id: '3', type })).toMatchObject({ reqId: '3', code: 400 })
    for (const dialogId of ['__proto__', 'constructor'])
      expect(await say(ann, dialogId, 'x')).toMatchObject({ code: 404 })
  })

  it('[FRM13] W15 doubled keys, huge numbers and long keys neither crash nor hang', async () => {
    expect(await answerTo('{"id":"1","id":"2","type":"x","type":"GetClock"}')).toMatchObject({
      reqId: '2',
      code: 200,
    })
    expect(await answerTo('{"id":"1","type":"GetClock","body":{"x":1e400}}')).toMatchObject({
      code: 200,
    })
    expect(
      await answerTo(
        `{"id":"1","type":"ms.SubscribeMessagingEvents","body":{"dialogId":"${dialog}","fromSeq":1e400}}`,
      ),
    ).toMatchObject({ code: 400 })
    expect(
      await answerTo({ id: '1', type: 'GetClock', body: { ['k'.repeat(60_000)]: 1 } }),
    ).toMatchObject({ code: 200 })
  })
})

describe('refusals', () => {
  it.each(['', 'x', 'ms.NoSuchThing', '.ams.ms.publishEvent', 7, null, undefined])(
    '[FRM14] W16 the type %j is 400 with the same id, and the socket stays open',
    async (type) => {
      expect(await answerTo({ id: 'same', type })).toMatchObject({ reqId: 'same', code: 400 })
      expect((await ann.socket.request('GetClock')).code).toBe(200)
    },
  )

  it('[FRM14] an unknown type is said to be unknown', async () => {
    expect((await ann.socket.request('ms.NoSuchThing')).body).toBe('Unknown request type')
  })

  it("[FRM15] W16 the other role's requests are 403", async () => {
    await using ana = await agentOf(server, account)
    const agents = [
      'routing.SetAgentState',
      'routing.SubscribeRoutingTasks',
      'routing.UpdateRingState',
      '.ams.routing.SubscribeAgentsState',
    ]
    for (const type of agents)
      expect(await ann.socket.request(type, {}), type).toMatchObject({ code: 403 })
    expect(await ana.socket.request('cm.ConsumerRequestConversation', {})).toMatchObject({
      code: 403,
    })
  })

  it('[FRM15] what is not built is 501 whatever the body is', async () => {
    for (const body of [{}, null, 'x', { uploadable: -1 }])
      expect(await ann.socket.request('ms.GenerateUploadToken', body)).toMatchObject({ code: 501 })
  })

  it.each([
    ['ms.PublishEvent', {}, 'dialogId'],
    ['ms.PublishEvent', { dialogId: 'x', event: { type: 'ContentEvent' } }, 'event'],
    ['ms.PublishEvent', { dialogId: 'x', event: { type: 'Nonsense' } }, 'event.type'],
    [
      'ms.PublishEvent',
      { dialogId: 'x'.repeat(65), event: { type: 'ChatStateEvent', chatState: 'ACTIVE' } },
      'dialogId',
    ],
    ['ms.SubscribeMessagingEvents', {}, 'dialogId'],
    ['ms.SubscribeMessagingEvents', { dialogId: 'x', fromSeq: 'y' }, 'fromSeq'],
    ['ms.QueryMessages', { dialogId: 'x', maxQuantity: {} }, 'maxQuantity'],
    ['cqm.SubscribeExConversations', { convState: ['AJAR'] }, 'convState'],
    ['cqm.UnsubscribeExConversations', { subscriptionId: {} }, 'subscriptionId'],
    ['cm.UpdateConversationField', {}, 'conversationId'],
    [
      'cm.UpdateConversationField',
      { conversationId: 'x', conversationField: [{ field: 'No' }] },
      'field',
    ],
    ['cm.ConsumerRequestConversation', { ttrDefName: 'SOON' }, 'ttrDefName'],
    ['userprofile.SetUserProfile', { privateData: 1 }, 'privateData'],
  ])('[FRM10] %s %j names the field %s', async (type, body, field) => {
    const answer = await ann.socket.request(type, body)
    expect(answer.code).toBe(400)
    expect(answer.body).toContain(field)
    expect(answer.body.length).toBeLessThanOrEqual(128)
  })
})

describe('changes', () => {
  const skip = { field: 'CSATRate', status: 'SKIPPED' }

  it('[REQ5] are 1 to 50, applied in order', async () => {
    await using bob = await consumerOf(server, account)
    const id = await open(bob)
    expect(await change(bob, id)).toMatchObject({ code: 400 })
    expect(await change(bob, id, ...Array.from({ length: 51 }, () => skip))).toMatchObject({
      code: 400,
    })
    const ratings = Array.from({ length: 50 }, (_, index) => ({
      field: 'CSATRate',
      status: 'FILLED',
      csatRate: (index % 5) + 1,
    }))
    expect(await change(bob, id, ...ratings)).toMatchObject({ code: 200 })
    const read = await server.services.store.read('conversation', { accountId: account, id })
    expect(read?.csat?.rate).toBe(5)
  })

  it('[REQ5] [CV3] are applied all or none', async () => {
    await using bob = await consumerOf(server, account)
    const id = await open(bob)
    const refused = await change(
      bob,
      id,
      { field: 'CSATRate', status: 'FILLED', csatRate: 3 },
      { field: 'DialogChange', type: 'UPDATE', dialog: { dialogId: 'unknown', state: 'CLOSE' } },
    )
    expect(refused).toMatchObject({ code: 404 })
    const read = await server.services.store.read('conversation', { accountId: account, id })
    expect(read?.csat).toBeUndefined()
    expect(read?.revision).toBe(0)
  })
})
