import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ManualClock, SocketClient, TestAgent, TestServer } from '../src/testing/index.ts'
import { change, closing, hire, participant, say } from './bots/duty.ts'
import { stillServer } from './bots/still-server.ts'
import { type Answered, assign, callService } from './service-calls.ts'

type Worker = TestAgent & { accountId: string }

let server: TestServer
let clock: ManualClock

beforeAll(async () => {
  ;({ server, clock } = await stillServer({ config: { publicAuthority: 'chat.example:8443' } }))
})
afterAll(() => server[Symbol.asyncDispose]())

const post = (
  { accountId, bearer }: Pick<Worker, 'accountId' | 'bearer'>,
  path: string,
  body: unknown,
): Promise<Answered> =>
  callService(server, `POST /messaging_history/api/account/${accountId}/${path}`, { bearer, body })

const recent = () => ({ start: { from: clock.now() - 3_600_000, to: -1 }, contentToRetrieve: [] })

const idsIn = ({ body }: Answered): string[] =>
  body.conversationHistoryRecords.map(
    ({ info }: { info: { conversationId: string } }) => info.conversationId,
  )

interface Talk {
  readonly id: string
  readonly consumerId: string
  readonly consumer: SocketClient
}

const subjectOf = (token: string): string =>
  JSON.parse(Buffer.from(token.split('.')[1] as string, 'base64').toString()).sub

/** Opens conversations of one consumer. */
const consumerOf = async (account: string) => {
  const token = await server.signup(account)
  const consumer = await server.consumer(account, { token })
  return async (): Promise<Talk> => {
    const { body } = await consumer.request('cm.ConsumerRequestConversation', {})
    await clock.leap(1000)
    return { id: body.conversationId, consumerId: subjectOf(token), consumer }
  }
}

const rate = ({ consumer, id }: Talk, csatRate: number) =>
  change(consumer, id, {
    field: 'CSATRate',
    csatRate,
    csatResolutionConfirmation: true,
    status: 'FILLED',
  })

/** Ana served one and closed it, serves another, and a third waits. */
const furnish = async () => {
  const { id: account } = await server.account()
  const ana = await hire(server, account)
  const boss = await hire(server, account, { roles: ['manager'] })
  const [opens, otherOpens] = [await consumerOf(account), await consumerOf(account)]
  const past = await opens()
  await assign(server, ana, past.id)
  const socket = await server.agentSocket(account, ana.bearer)
  await say(past.consumer, past.id, 'where is it?')
  await say(socket, past.id, 'on its way')
  await change(socket, past.id, closing)
  const present = await opens()
  await assign(server, ana, present.id)
  const waiting = await otherOpens()
  return { account, ana, boss, socket, past, present, waiting }
}

describe('searching conversations', () => {
  it('[HIS1] needs a bearer of the account, and answers lists in any case', async () => {
    const { account, ana } = await furnish()
    const { id: other } = await server.account()
    const stranger = await hire(server, other, { roles: ['administrator'] })
    for (const path of [
      'conversations/search',
      'conversations/consumer/search',
      'conversations/conversation/search',
      'agent-view/status',
    ])
      for (const bearer of ['', 'undefined', stranger.bearer]) {
        const { status, body } = await post({ accountId: account, bearer }, path, {})
        expect(status).toBe(401)
        expect(body).toMatchObject({
          error: { responseStatus: 'UNAUTHORIZED', time: expect.any(String) },
          conversationHistoryRecords: [],
          agentStatusRecords: [],
        })
      }
    expect((await post(ana, 'conversations/search', '{')).status).toBe(400)
  })

  it('[HIS2] [HIS3] shows agents what they took part in and supervisors all', async () => {
    const { ana, boss, past, present, waiting } = await furnish()
    expect(idsIn(await post(ana, 'conversations/search', recent()))).toEqual([present.id, past.id])
    const all = await post(boss, 'conversations/search', recent())
    expect(idsIn(all)).toEqual([waiting.id, present.id, past.id])
    const by = async (filter: object) =>
      idsIn(await post(boss, 'conversations/search', { ...recent(), ...filter }))
    expect(await by({ status: ['open'] })).toEqual([waiting.id, present.id])
    expect(await by({ status: 'CLOSE' })).toEqual([past.id])
    expect(await by({ agentIds: [Number(ana.userId)] })).toEqual([present.id, past.id])
    expect(await by({ agentIds: ['1'] })).toEqual([])
    expect(await by({ latestAgentIds: [ana.userId], status: ['OPEN'] })).toEqual([present.id])
    expect(await by({ skillIds: ['-1'], unheardOf: 7 })).toHaveLength(3)
    expect(await by({ skillIds: ['5'] })).toEqual([])
    expect(await by({ end: { from: String(clock.now() - 3_600_000) } })).toEqual([past.id])
    const long = { start: { from: String(clock.now() - 9e9), to: clock.now() } }
    const { status, body } = await post(boss, 'conversations/search', long)
    expect([status, body.error.message]).toEqual([
      400,
      'start must not be longer than three months',
    ])
    for (const wrong of [
      {},
      { start: {} },
      { start: { from: 'x', to: 1 } },
      { ...recent(), status: ['half'] },
      { ...recent(), agentIds: [{}] },
    ])
      expect((await post(boss, 'conversations/search', wrong)).status).toBe(400)
  })

  it('[HIS2] [HIS4] shows who serves a consumer all that the consumer had', async () => {
    const { account, ana, boss, past, present, waiting } = await furnish()
    const bea = await hire(server, account)
    const of = async (agent: Worker, body: object) =>
      idsIn(await post(agent, 'conversations/consumer/search', { contentToRetrieve: [], ...body }))
    const consumer = past.consumerId
    expect(await of(ana, { consumer })).toEqual([present.id, past.id])
    expect(await of(boss, { consumer, status: null })).toEqual([present.id, past.id])
    expect(await of(ana, { consumer, status: ['CLOSE'] })).toEqual([past.id])
    expect(await of(bea, { consumer })).toEqual([])
    expect(await of(ana, { consumer: waiting.consumerId })).toEqual([])
    expect(await of(ana, { consumer: 'unknown' })).toEqual([])
    const socket = await server.agentSocket(account, ana.bearer)
    await change(socket, present.id, participant('REMOVE', 'ASSIGNED_AGENT', ana.oldId))
    await assign(server, bea, present.id)
    expect(await of(bea, { consumer })).toEqual([present.id, past.id])
    expect((await post(ana, 'conversations/consumer/search', {})).status).toBe(400)
  })

  it('[HIS4] [HIS7] finds one conversation with everything in it', async () => {
    const { ana, boss, past, waiting } = await furnish()
    const one = (agent: Worker, conversationId: string) =>
      post(agent, 'conversations/conversation/search', { conversationId })
    expect(idsIn(await one(ana, waiting.id))).toEqual([])
    expect(idsIn(await one(boss, 'unknown'))).toEqual([])
    const { body } = await one(ana, past.id)
    const [record] = body.conversationHistoryRecords
    expect(record.messageRecords).toMatchObject([
      {
        type: 'TEXT_PLAIN',
        messageData: { msg: { text: 'where is it?' } },
        messageId: `ms::dialog:${past.id}::msg:0`,
        seq: 0,
        dialogId: past.id,
        participantId: past.consumerId,
        sentBy: 'Consumer',
        audience: 'ALL',
        timeL: expect.any(Number),
        time: expect.stringMatching(/^2030-01-01 \d\d:\d\d:\d\d\.\d{3}\+0000$/),
      },
      { messageData: { msg: { text: 'on its way' } }, participantId: ana.userId, sentBy: 'Agent' },
    ])
    expect(record.agentParticipants).toMatchObject([
      {
        agentId: ana.userId,
        agentPid: ana.id,
        agentLoginName: ana.loginName,
        userTypeName: 'Human',
        permission: 'ASSIGNED_AGENT',
        role: 'AGENT',
        agentGroupId: -1,
        agentGroupName: 'Main Group',
      },
    ])
    expect(record.consumerParticipants).toMatchObject([{ participantId: past.consumerId }])
    expect(record.interactions).toMatchObject([{ assignedAgentId: ana.userId }])
  })

  it('[HIS5] answers in pages with links to the others', async () => {
    const { account, boss, past, present, waiting } = await furnish()
    const page = (query: string) => post(boss, `conversations/search?${query}`, recent())
    const { body } = await page('offset=1&limit=1&sort=start:asc')
    expect(idsIn({ body } as Answered)).toEqual([present.id])
    const base = `https://chat.example:8443/messaging_history/api/account/${account}/conversations/search`
    expect(body._metadata).toMatchObject({ count: 3, shardsStatusResult: { partialResult: false } })
    for (const [rel, offset] of Object.entries({ first: 0, self: 1, next: 2, prev: 0, last: 2 })) {
      const link = body._metadata[rel]
      expect(link.rel).toBe(rel)
      expect(link.href).toMatch(base)
      expect(new URL(link.href).searchParams.get('offset')).toBe(String(offset))
      expect(new URL(link.href).searchParams.get('sort')).toBe('start:asc')
    }
    const all = await page('sort=end%3Aasc&limit=9999')
    expect(idsIn(all)[0]).toBe(past.id)
    expect(all.body._metadata.self.href).toContain('limit=100')
    expect(all.body._metadata.next).toBeUndefined()
    expect(all.body._metadata.prev).toBeUndefined()
    expect(idsIn(await page('limit=1'))).toEqual([waiting.id])
    expect((await page('limit=0')).body).toMatchObject({ conversationHistoryRecords: [] })
    for (const wrong of ['offset=-1', 'limit=x', 'sort=name:asc'])
      expect((await page(wrong)).status).toBe(400)
  })

  it('[HIS6] says of each conversation what it was, and how well it went', async () => {
    const { account, ana, boss, past, present, waiting } = await furnish()
    const infos = async () => {
      const { body } = await post(boss, 'conversations/search?sort=start:asc', recent())
      return body.conversationHistoryRecords.map(({ info }: { info: object }) => info)
    }
    const [first, second, third] = await infos()
    expect(first).toMatchObject({
      conversationId: past.id,
      brandId: account,
      status: 'CLOSE',
      fullDialogStatus: 'CLOSE',
      closeReason: 'AGENT',
      latestAgentId: ana.userId,
      latestAgentLoginName: ana.loginName,
      agentDeleted: false,
      latestSkillId: -1,
      latestSkillName: 'Unassigned',
      latestQueueState: 'ACTIVE',
      firstConversation: true,
      mcs: 50,
      isPartial: false,
      startTimeL: expect.any(Number),
      endTimeL: expect.any(Number),
    })
    expect(second).toMatchObject({ conversationId: present.id, mcs: 49, endTimeL: -1 })
    expect(second).toMatchObject({ endTime: 'undefined', status: 'OPEN' })
    expect(third).toMatchObject({
      conversationId: waiting.id,
      mcs: 0,
      latestAgentId: 'undefined',
      latestQueueState: 'IN_QUEUE',
    })
    expect((await rate(past, 5)).code).toBe(200)
    expect((await infos())[0]).toMatchObject({ mcs: 100, csat: 5, csatRate: 5 })
  })

  it('[HIS8] answers the parts that were asked for, and the usual ones', async () => {
    const { ana } = await furnish()
    const partsOf = async (content: object) => {
      const { body } = await post(ana, 'conversations/search?limit=1', { ...recent(), ...content })
      return Object.keys(body.conversationHistoryRecords[0]).toSorted()
    }
    expect(await partsOf({})).toEqual(['info'])
    const some = { contentToRetrieve: ['SDEs', 'messagestatuses', 'unheardOf', 'dialogs'] }
    expect(await partsOf(some)).toEqual(['dialogs', 'info', 'messageStatuses', 'sdes'])
    const { start } = recent()
    const { body } = await post(ana, 'conversations/search?limit=1', { start })
    const [record] = body.conversationHistoryRecords
    expect(record).toMatchObject({
      messageStatuses: [],
      transfers: [],
      sdes: { events: [] },
      coBrowseSessions: { coBrowseSessionsList: [] },
    })
  })

  it('[HIS7] holds at most 500 events of a dialog in a list, and all of them alone', async () => {
    const { account, ana } = await furnish()
    const opens = await consumerOf(account)
    const talk = await opens()
    await assign(server, ana, talk.id)
    const said = Array.from({ length: 501 }, (_, index) => say(talk.consumer, talk.id, `${index}`))
    await Promise.all(said)
    const body = { consumer: talk.consumerId }
    const list = await post(ana, 'conversations/consumer/search', body)
    const [listed] = list.body.conversationHistoryRecords
    expect(listed.info.isPartial).toBe(true)
    expect(listed.messageRecords).toHaveLength(500)
    const alone = { conversationId: talk.id }
    const found = await post(ana, 'conversations/conversation/search', alone)
    const [whole] = found.body.conversationHistoryRecords
    expect(whole.info.isPartial).toBe(false)
    expect(whole.messageRecords.map(({ seq }: { seq: number }) => seq)).toEqual(
      said.map((_, n) => n),
    )
  })

  it('[HIS7] A06 tells agents private messages and receipts', async () => {
    const { ana, socket, present } = await furnish()
    const event = { type: 'ContentEvent', contentType: 'text/plain', message: 'between us' }
    await socket.request('.ams.ms.PublishEvent', {
      dialogId: present.id,
      event,
      messageAudience: 'AGENTS_AND_MANAGERS',
    })
    await say(present.consumer, present.id, 'hello?')
    await socket.request('.ams.ms.PublishEvent', {
      dialogId: present.id,
      event: { type: 'AcceptStatusEvent', status: 'READ', sequenceList: [1] },
    })
    const found = await post(ana, 'conversations/conversation/search', {
      conversationId: present.id,
    })
    const [record] = found.body.conversationHistoryRecords
    expect(record.messageRecords[0]).toMatchObject({
      messageData: { msg: { text: 'between us' } },
      audience: 'AGENTS_AND_MANAGERS',
    })
    expect(record.messageStatuses).toMatchObject([
      {
        seq: 1,
        participantId: ana.userId,
        messageDeliveryStatus: 'READ',
        participantType: 'Agent',
      },
    ])
  })
})
