import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { defaultSettings } from '../src/domain/account.ts'
import type { SocketClient, TestAgent, TestServer } from '../src/testing/index.ts'
import { testServer } from '../src/testing/index.ts'
import { change, closing, hire, participant, say } from './bots/duty.ts'
import { heldStore } from './held-store.ts'
import { type Answered, assign, callService } from './service-calls.ts'

type Worker = TestAgent & { accountId: string }

let server: TestServer
beforeAll(async () => {
  server = await testServer({ limits: { requestBurst: 10_000, requestsPerSecond: 10_000 } })
})
afterAll(() => server[Symbol.asyncDispose]())

const post = (
  { accountId, bearer }: Pick<Worker, 'accountId' | 'bearer'>,
  path: string,
  body: unknown,
): Promise<Answered> =>
  callService(server, `POST /messaging_history/api/account/${accountId}/conversations/${path}`, {
    bearer,
    body,
  })

const today = () => ({ start: { from: Date.now() - 3_600_000, to: -1 } })

const search = (agent: Worker, filter: object, query = '') =>
  post(agent, `search${query}`, {
    ...today(),
    contentToRetrieve: ['keywordMatches'],
    ...filter,
  })

interface Found {
  readonly info: { readonly conversationId: string; readonly isPartial: boolean }
  readonly keywordMatches: readonly { readonly text: string; readonly seq: number }[]
  readonly messageRecords: readonly { readonly messageId: string; readonly seq: number }[]
}

const recordsIn = ({ body }: Answered): readonly Found[] => body.conversationHistoryRecords

const idsIn = (answered: Answered) => recordsIn(answered).map(({ info }) => info.conversationId)

interface Talk {
  readonly id: string
  readonly consumerId: string
  readonly consumer: SocketClient
}

const subjectOf = (token: string): string =>
  JSON.parse(Buffer.from(token.split('.')[1] as string, 'base64').toString()).sub

const open = async (account: string, texts: readonly string[]): Promise<Talk> => {
  const token = await server.signup(account)
  const consumer = await server.consumer(account, { token })
  const { body } = await consumer.request('cm.ConsumerRequestConversation', {})
  const id = body.conversationId
  for (const text of texts) await say(consumer, id, text)
  return { id, consumer, consumerId: subjectOf(token) }
}

const whisper = (socket: SocketClient, dialogId: string, text: string) =>
  socket.request('.ams.ms.PublishEvent', {
    dialogId,
    event: { type: 'ContentEvent', contentType: 'text/plain', message: text },
    messageAudience: 'AGENTS_AND_MANAGERS',
  })

/** Ana serves the first and knows nothing of the second. */
const furnish = async () => {
  const { id: account } = await server.account()
  const ana = await hire(server, account)
  const boss = await hire(server, account, { roles: ['manager'] })
  const mine = await open(account, ['Where is my PARCEL?', 'It was an Ölkanne'])
  const other = await open(account, ['another parcel, 55-104'])
  await assign(server, ana, mine.id)
  const socket = await server.agentSocket(account, ana.bearer)
  return { account, ana, boss, socket, mine, other }
}

describe('searching for words', () => {
  it('[HIS22] finds what was said, for whom it concerns, and shows where', async () => {
    const { ana, boss, socket, mine, other } = await furnish()
    await whisper(socket, mine.id, 'offer a refund quietly')
    const found = await search(ana, { keyword: 'parcel' })
    expect(idsIn(found)).toEqual([mine.id])
    expect(recordsIn(found)[0]?.keywordMatches).toEqual([
      { dialogId: mine.id, seq: 0, text: 'Where is my PARCEL?' },
    ])
    expect(found.body._metadata).toMatchObject({
      count: 1,
      searched: { conversations: 1, startedFromL: expect.any(Number) },
      shardsStatusResult: { partialResult: false },
    })
    const all = await search(boss, { keyword: 'PARCEL' }, '?sort=start:asc')
    expect(idsIn(all)).toEqual([mine.id, other.id])
    const by = async (keyword: string) => idsIn(await search(boss, { keyword }))
    expect(await by('refund')).toEqual([mine.id])
    expect(await by('refund parcel')).toEqual([])
    expect(await by('"is my parcel"')).toEqual([mine.id])
    expect(await by('"my is parcel"')).toEqual([])
    expect(await by('my is parcel')).toEqual([mine.id])
    expect(await by('ölKANNE')).toEqual([mine.id])
    expect(await by('55-104')).toEqual([other.id])
    expect(await by('contentevent')).toEqual([])
    expect(await by('55_104')).toEqual([])
    expect(await by('   ')).toHaveLength(2)
    const none = await search(ana, { keyword: '55-104' })
    expect(none.body).toMatchObject({ _metadata: { count: 0 }, conversationHistoryRecords: [] })
  })

  it('[HIS22] pages what it found, together with the other filters', async () => {
    const { boss, socket, mine, other } = await furnish()
    await change(socket, mine.id, closing)
    const second = await search(boss, { keyword: 'parcel' }, '?limit=1&offset=1&sort=start:asc')
    expect(idsIn(second)).toEqual([other.id])
    expect(second.body._metadata.count).toBe(2)
    expect(second.body._metadata.prev.href).toContain('offset=0')
    expect(idsIn(await search(boss, { keyword: 'parcel', status: ['CLOSE'] }))).toEqual([mine.id])
    expect((await search(boss, { keyword: 'x'.repeat(201) })).status).toBe(400)
    expect((await search(boss, { keyword: 'x'.repeat(200) })).status).toBe(200)
    expect((await search(boss, { keyword: ['a', 'b'] })).status).toBe(400)
    expect((await search(boss, { keyword: {} })).status).toBe(400)
  })

  it('[HIS22] ends with a thousand, and says how far it came', async () => {
    const { boss, account } = await furnish()
    const { store, ids } = server.services
    const at = Date.now() - 60_000
    const talk = async (minute: number) => {
      const conversationId = ids.uuid()
      const [consumerId, taskId] = [ids.uuid(), ids.uuid()]
      const place = { accountId: account, conversationId }
      const opening = {
        ...place,
        consumerId,
        taskId,
        skillId: '-1',
        ttrSeconds: defaultSettings.ttr,
        maxOpen: 20,
      }
      await store.write('openConversation', { ...opening, at: at + minute })
      const said = JSON.stringify({ type: 'ContentEvent', message: 'common' })
      const message = {
        ...place,
        dialogId: conversationId,
        kind: 'content',
        audience: 'all',
      } as const
      const publisher = { id: consumerId, role: 'consumer' } as const
      for (const eventId of [ids.uuid(), ids.uuid()])
        await store.write('append', { ...message, publisher, eventId, payload: said, at })
    }
    await Promise.all(Array.from({ length: 1_001 }, (_, minute) => talk(minute)))
    const found = await search(boss, { keyword: 'common' }, '?limit=1&sort=start:asc')
    expect(found.body._metadata).toMatchObject({
      count: 1000,
      searched: { conversations: 1000, startedFromL: at + 999 },
      shardsStatusResult: { partialResult: true },
    })
    const rare = await search(boss, { keyword: 'another' })
    expect(rare.body._metadata).toMatchObject({
      count: 1,
      shardsStatusResult: { partialResult: false },
    })
  })

  it('[HIS22] finds captions and structured content, and not what they are made of', async () => {
    const { boss, socket, mine } = await furnish()
    await socket.request('.ams.ms.PublishEvent', {
      dialogId: mine.id,
      event: {
        type: 'RichContentEvent',
        content: {
          type: 'vertical',
          elements: [{ type: 'text', text: 'Choose a tentpole', tooltip: 'tip' }],
        },
      },
    })
    const by = async (keyword: string) => {
      const [record] = recordsIn(await search(boss, { keyword }))
      return record?.keywordMatches[0]?.text
    }
    expect(await by('tentpole')).toBe('Choose a tentpole tip')
    expect(await by('vertical')).toBeUndefined()
  })
})

describe('many searches at once', () => {
  it('[HIS24] wait for each other, and no more of one agent than may', async () => {
    const { store, waitingReads, hold } = await heldStore()
    await using own = await testServer({ store, limits: { searchesOfAgentWaiting: 1 } })
    const { id: account } = await own.account()
    const boss = await own.agent(account, { roles: ['manager'] })
    const release = hold('searchedConversations')
    const searches = [1, 2, 3].map(() =>
      callService(own, `POST /messaging_history/api/account/${account}/conversations/search`, {
        bearer: boss.bearer,
        body: { ...today(), keyword: 'parcel' },
      }),
    )
    expect(await Promise.race(searches)).toMatchObject({
      status: 429,
      body: { conversationHistoryRecords: [] },
    })
    expect(waitingReads('searchedConversations')).toBe(1)
    release()
    const statuses = (await Promise.all(searches)).map(({ status }) => status)
    expect(statuses.toSorted()).toEqual([200, 200, 429])
  })
})

describe('narrowing a search', () => {
  it('[HIS3] takes stars, points, notes, groups and states of the queue', async () => {
    const { boss, mine, other } = await furnish()
    await change(mine.consumer, mine.id, {
      field: 'CSATRate',
      csatRate: 4,
      csatResolutionConfirmation: true,
      status: 'FILLED',
    })
    const by = async (filter: object) => idsIn(await search(boss, filter, '?sort=start:asc'))
    const both = [mine.id, other.id]
    expect(await by({ csat: { from: 4 } })).toEqual([mine.id])
    expect(await by({ csat: { from: 1, to: '3' } })).toEqual([])
    expect(await by({ mcs: { from: 75, to: 75 } })).toEqual([mine.id])
    expect(await by({ mcs: { to: 0 } })).toEqual([other.id])
    expect(await by({ summary: 'nothing noted' })).toEqual([])
    expect(await by({ agentGroupIds: [-1] })).toEqual([mine.id])
    expect(await by({ agentGroupIds: ['7'] })).toEqual([])
    expect(await by({ latestConversationQueueState: 'IN_QUEUE' })).toEqual([other.id])
    expect(await by({ latestConversationQueueState: 'ACTIVE' })).toEqual([mine.id])
    expect(await by({ latestConversationQueueState: ['ACTIVE', 'active'] })).toEqual([mine.id])
    expect(await by({ latestConversationQueueState: ['IN_QUEUE', 'ACTIVE'] })).toEqual(both)
    expect(await by({ latestUpdateTime: { from: Date.now() + 3_600_000 } })).toEqual([])
    expect(await by({ source: ['APP', 'SMS'] })).toEqual(both)
    expect(await by({ source: ['SMS'] })).toEqual([])
  })

  it('[HIS3] refuses filters that it would have to ignore, unless they are empty', async () => {
    const { boss } = await furnish()
    const empty = { duration: null, device: [], sdeSearch: {}, nps: { from: null }, unheardOf: [1] }
    expect((await search(boss, empty)).status).toBe(200)
    for (const filter of [
      { duration: { from: 5 } },
      { sdeSearch: { personalInfo: 'x' } },
      { device: ['MOBILE'] },
      { agentSurveySearch: { pendingAgentSurvey: [true] } },
    ]) {
      const { status, body } = await search(boss, filter)
      expect([filter, status]).toEqual([filter, 400])
      expect(body.error.message).toContain(Object.keys(filter)[0])
    }
    expect((await search(boss, { csat: [5] })).status).toBe(400)
    expect((await search(boss, { csat: { from: 'many' } })).status).toBe(400)
  })
})

describe('reading conversations', () => {
  it('[HIS2] opens by its id what a consumer had before, for who serves the consumer', async () => {
    const { account, ana, socket, mine } = await furnish()
    const bea = await hire(server, account)
    const one = async (agent: Worker) =>
      idsIn(await post(agent, 'conversation/search', { conversationId: mine.id }))
    expect(await one(bea)).toEqual([])
    const { body } = await mine.consumer.request('cm.ConsumerRequestConversation', {})
    await assign(server, bea, body.conversationId)
    expect(await one(bea)).toEqual([mine.id])
    const theirs = await server.agentSocket(account, bea.bearer)
    await change(theirs, body.conversationId, participant('REMOVE', 'ASSIGNED_AGENT', bea.oldId))
    expect(await one(bea)).toEqual([])
    expect(await one(ana)).toEqual([mine.id])
    socket.close()
  })

  it('[HIS23] holds so many characters, and goes on behind a message', async () => {
    const { ana, mine } = await furnish()
    const long = 'x'.repeat(60_000)
    await Promise.all(Array.from({ length: 140 }, () => say(mine.consumer, mine.id, long)))
    const read = async (body: object) => {
      const answered = await post(ana, 'conversation/search', {
        conversationId: mine.id,
        contentToRetrieve: ['messageRecords'],
        ...body,
      })
      return recordsIn(answered)[0] as Found
    }
    const first = await read({})
    expect(first.info.isPartial).toBe(true)
    expect(first.messageRecords.length).toBeGreaterThan(100)
    expect(first.messageRecords.length).toBeLessThan(142)
    const rest = await read({ messagesAfter: first.messageRecords.at(-1)?.messageId })
    expect(rest.info.isPartial).toBe(false)
    const all = [...first.messageRecords, ...rest.messageRecords]
    expect(all.map(({ seq }) => seq)).toEqual(Array.from({ length: 142 }, (_, seq) => seq))
    const wrong = { conversationId: mine.id, messagesAfter: 'ms::conv' }
    expect((await post(ana, 'conversation/search', wrong)).status).toBe(400)
    const listed = await search(ana, { contentToRetrieve: ['messageRecords'] })
    expect(recordsIn(listed)[0]?.info.isPartial).toBe(true)
  })
})
