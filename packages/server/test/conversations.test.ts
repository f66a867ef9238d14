import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ManualClock, testServer } from '../src/testing/index.ts'
import type { TestServer } from '../src/testing/test-server.ts'
import { Picture } from './converge.ts'
import {
  agentOf,
  change,
  closing,
  consumerOf,
  joining,
  managerOf,
  open,
  type Person,
  range,
  receipt,
  say,
  unhurried,
} from './given.ts'

let server: TestServer
let account: string
const clock = new ManualClock()

beforeAll(async () => {
  server = await testServer({ clock, limits: unhurried })
  account = (await server.account()).id
})
afterAll(() => server[Symbol.asyncDispose]())

const read = async (id: string) => {
  const found = await server.services.store.read('conversation', { accountId: account, id })
  if (!found) throw new Error(`no conversation ${id}`)
  return found
}

/** What the wire says of one conversation to whoever asks now. */
const seenBy = async ({ socket }: Pick<Person, 'socket'>, conversationId: string) => {
  const picture = await Picture.of(socket, { conversationId })
  await socket.request('cqm.UnsubscribeExConversations', {
    subscriptionId: picture.subscriptionId,
  })
  // biome-ignore lint/suspicious/noExplicitAny: a test reads what it expects to find
  return picture.conversations.get(conversationId) as any
}

const talk = async (stack: AsyncDisposableStack) => {
  const ann = stack.use(await consumerOf(server, account))
  const max = stack.use(await managerOf(server, account))
  const id = await open(ann)
  await change(max, id, joining('ASSIGNED_AGENT'))
  return { ann, max, id }
}

describe('opening', () => {
  it('[CV1] makes one main dialog of the same id, queued, also while others are open', async () => {
    await using ann = await consumerOf(server, account)
    const ids = [await open(ann), await open(ann)]
    for (const id of ids) {
      const { conversationDetails } = await seenBy(ann, id)
      expect(conversationDetails).toMatchObject({ state: 'OPEN', stage: 'OPEN', skillId: '-1' })
      expect(conversationDetails.dialogs).toMatchObject([
        { dialogId: id, dialogType: 'MAIN', state: 'OPEN', channelType: 'MESSAGING' },
      ])
    }
    const queued = await server.services.store.read('queuedTasks', {
      accountId: account,
      limit: 999,
    })
    expect(queued.map(({ conversationId }) => conversationId)).toEqual(expect.arrayContaining(ids))
  })

  it('[CV1] refuses an unknown skill and another account', async () => {
    await using ann = await consumerOf(server, account)
    const attempt = (body: Record<string, unknown>) =>
      ann.socket.request('cm.ConsumerRequestConversation', body)
    expect(await attempt({ skillId: '424242' })).toMatchObject({
      code: 400,
      body: 'Skill not found',
    })
    expect(await attempt({ brandId: 'other' })).toMatchObject({ code: 400 })
    expect(await attempt({ skillId: '-1', brandId: account })).toMatchObject({ code: 200 })
  })

  it('[CV12] an agent opens one with a consumer who has none open and is assigned at once', async () => {
    await using ann = await consumerOf(server, account)
    await using ana = await agentOf(server, account)
    const attempt = (consumerId?: string) =>
      ana.socket.request('cm.AgentRequestConversation', { ...(consumerId && { consumerId }) })
    expect(await attempt()).toMatchObject({ code: 400 })
    expect(await attempt('nobody')).toMatchObject({ code: 404 })
    const { body } = await attempt(ann.id)
    const [dialog] = (await read(body.conversationId)).dialogs
    expect(dialog?.participants).toMatchObject([
      { id: ann.id, role: 'consumer' },
      { id: ana.agent.id, role: 'assigned_agent' },
    ])
    expect(await attempt(ann.id)).toMatchObject({ code: 409 })
    expect(await say(ana, body.conversationId, 'hello')).toMatchObject({ code: 200 })
  })
})

describe('who sees what', () => {
  it('[CV2] consumers see their own, agents what they take part in, supervisors everything', async () => {
    await using stack = new AsyncDisposableStack()
    const { ann, id } = await talk(stack)
    await using eve = await consumerOf(server, account)
    await using ana = await agentOf(server, account)
    await using mia = await managerOf(server, account)
    await using far = await managerOf(server, (await server.account()).id)
    const sees = await Promise.all([ann, eve, ana, mia, far].map((one) => seenBy(one, id)))
    expect(sees.map((one) => one !== undefined)).toEqual([true, false, false, true, false])
    expect(await change(eve, id, closing)).toMatchObject({
      code: 404,
      body: 'Conversation not found',
    })
    expect(await change(eve, 'none', closing)).toMatchObject({
      code: 404,
      body: 'Conversation not found',
    })
    expect(await change(far, id, closing)).toMatchObject({ code: 404 })
    expect(await change(ana, id, closing)).toMatchObject({ code: 403 })
  })
})

describe('changing', () => {
  it('[CV3] removals go first, whatever the order, in one round of notifications', async () => {
    await using stack = new AsyncDisposableStack()
    const { max, id } = await talk(stack)
    await using mia = await managerOf(server, account)
    const picture = await Picture.of(mia.socket, { conversationId: id })
    await mia.socket.settled()
    const taken = await change(mia, id, joining('ASSIGNED_AGENT'), {
      ...joining('ASSIGNED_AGENT', 'REMOVE'),
      userId: max.agent.id,
    })
    expect(taken).toMatchObject({ code: 200, body: 'OK Agent removed successfully' })
    const frames = (await mia.socket.settled()).filter(
      ({ body }) => body.subscriptionId === picture.subscriptionId,
    )
    expect(frames).toHaveLength(1)
    const [dialog] = (await read(id)).dialogs
    expect(dialog?.participants.map((one) => one.id)).toContain(mia.agent.id)
    expect(dialog?.participants.map((one) => one.id)).not.toContain(max.agent.id)
  })

  it('[CV7] is answered with the text that clients know', async () => {
    await using stack = new AsyncDisposableStack()
    const { ann, max, id } = await talk(stack)
    const textOf = async (...done: Parameters<typeof change>) => (await change(...done)).body
    expect(await textOf(ann, id, { field: 'TTRField', ttrType: 'URGENT' })).toBe(
      'OK TTR updated successfully',
    )
    expect(await textOf(ann, id, { field: 'CSATRate', status: 'FILLED', csatRate: 4 })).toBe(
      'OK CSAT updated successfully',
    )
    expect(await textOf(max, id, joining('MANAGER'))).toBe('OK Agent added successfully')
    expect(await textOf(max, id, joining('MANAGER', 'REMOVE'), joining('READER'))).toBe(
      'OK Agent removed successfully',
    )
    expect(await textOf(max, id, { field: 'Note', note: 'x' })).toBe(
      'OK Conversation updated successfully',
    )
    expect(await textOf(ann, id, closing)).toBe('OK Conversation resolved successfully')
  })

  it('[CV10] metaDataLastUpdateTs rises with every structural change, and with nothing else', async () => {
    await using stack = new AsyncDisposableStack()
    const { ann, max, id } = await talk(stack)
    const stamp = async () => (await read(id)).updatedAt
    const stamps = [await stamp()]
    for (const field of [
      { field: 'TTRField', ttrType: 'URGENT' },
      { field: 'Note', note: 'a' },
      joining('READER'),
      { field: 'ManualETTR', time: clock.now() },
    ]) {
      await change(max, id, field)
      stamps.push(await stamp())
    }
    expect(stamps).toEqual([...new Set(stamps)].toSorted((one, other) => one - other))
    await say(ann, id, 'x')
    expect(await stamp()).toBe(stamps.at(-1))
  })
})

describe('closing', () => {
  it.each([
    ['ConversationStateField', closing],
    ['Stage', { field: 'Stage', conversationState: 'CLOSE' }],
    [
      'DialogChange',
      { field: 'DialogChange', type: 'UPDATE', dialog: { dialogId: 'ID', state: 'CLOSE' } },
    ],
  ])('[CV4] [CV5] by %s closes main dialog, state and stage', async (_, field) => {
    await using ann = await consumerOf(server, account)
    const id = await open(ann)
    const about = JSON.parse(JSON.stringify(field).replace('ID', id))
    expect(await change(ann, id, about)).toMatchObject({
      code: 200,
      body: 'OK Conversation resolved successfully',
    })
    const { conversationDetails, effectiveTTR } = await seenBy(ann, id)
    expect(conversationDetails).toMatchObject({
      state: 'CLOSE',
      stage: 'CLOSE',
      closeReason: 'CONSUMER',
      endTs: expect.any(Number),
      dialogs: [{ state: 'CLOSE', closedBy: 'CONSUMER', endTs: expect.any(Number) }],
    })
    expect(effectiveTTR).toBe(-1)
  })

  it('[CV5] by an agent says so, and a supervisor need not take part', async () => {
    await using ann = await consumerOf(server, account)
    await using mia = await managerOf(server, account)
    const id = await open(ann)
    expect(await change(mia, id, closing)).toMatchObject({ code: 200 })
    const { conversationDetails } = await seenBy(ann, id)
    expect(conversationDetails).toMatchObject({
      closeReason: 'AGENT',
      dialogs: [{ closedBy: 'AGENT' }],
    })
  })

  it('[CV6] twice by a consumer is answered the same and notified once, by an agent 400', async () => {
    await using stack = new AsyncDisposableStack()
    const { ann, max, id } = await talk(stack)
    await Picture.of(max.socket, { conversationId: id })
    const first = await change(ann, id, closing)
    expect((await max.socket.settled()).length).toBeGreaterThan(0)
    const again = await change(ann, id, closing)
    expect([again.code, again.body]).toEqual([first.code, first.body])
    const dialog = {
      field: 'DialogChange',
      type: 'UPDATE',
      dialog: { dialogId: id, state: 'CLOSE' },
    }
    expect(await change(ann, id, dialog)).toMatchObject({ code: 200 })
    expect(await change(max, id, closing)).toMatchObject({
      code: 400,
      body: 'Conversation is closed',
    })
    expect(await change(max, id, dialog)).toMatchObject({ code: 400, body: 'Dialog is closed' })
    await clock.advance(1_000)
    expect(await max.socket.settled()).toEqual([])
  })
})

describe('rating', () => {
  it("[CV11] is the consumer's, at any time; the last one counts", async () => {
    await using stack = new AsyncDisposableStack()
    const { ann, max, id } = await talk(stack)
    const rate = (csatRate: number) => ({ field: 'CSATRate', status: 'FILLED', csatRate })
    expect(await change(max, id, rate(1))).toMatchObject({ code: 403 })
    expect(await change(ann, id, rate(2))).toMatchObject({ code: 200 })
    await change(ann, id, closing)
    expect(await change(ann, id, rate(5))).toMatchObject({ code: 200 })
    for (const bad of [0, 6, 2.5])
      expect(await change(ann, id, rate(bad))).toMatchObject({ code: 400 })
    expect((await seenBy(ann, id)).conversationDetails.csat).toMatchObject({ csatRate: 5 })
  })
})

describe('unread counts', () => {
  it('[CV8] rise with what others say, and fall when it is read', async () => {
    await using stack = new AsyncDisposableStack()
    const { ann, max, id } = await talk(stack)
    const unread = async () => (await seenBy(max, id)).numberOfunreadMessages
    for (const index of range(0, 3)) await say(ann, id, `${index}`)
    expect(await unread()).toEqual({ [ann.id]: 0, [max.agent.id]: 3 })
    await max.socket.request('ms.PublishEvent', receipt(id, [0], 'ACCEPT'))
    expect(await unread()).toEqual({ [ann.id]: 0, [max.agent.id]: 3 })
    await max.socket.request('ms.PublishEvent', receipt(id, [0, 1]))
    expect(await unread()).toEqual({ [ann.id]: 0, [max.agent.id]: 1 })
    await say(max, id, 'secret', { messageAudience: 'AGENTS_AND_MANAGERS' })
    await say(max, id, 'open')
    expect((await unread())[ann.id]).toBe(1)
    await max.socket.request('ms.PublishEvent', receipt(id, [2]))
    expect((await unread())[max.agent.id]).toBeLessThanOrEqual(1)
  })
})

describe('joining and leaving', () => {
  it.each(['MANAGER', 'READER', 'ASSIGNED_AGENT'])(
    '[CV9] supervisors join as %s for themselves; joining twice changes nothing',
    async (role) => {
      await using ann = await consumerOf(server, account)
      await using mia = await managerOf(server, account)
      await using ana = await agentOf(server, account)
      const id = await open(ann)
      expect(await change(ana, id, joining(role))).toMatchObject({ code: 403 })
      expect(await change(ann, id, joining(role))).toMatchObject({ code: 403 })
      const forOther = { ...joining(role), userId: ana.agent.id }
      expect(await change(mia, id, forOther)).toMatchObject({ code: 403 })
      expect(await change(mia, id, joining(role))).toMatchObject({ code: 200 })
      const { revision } = await read(id)
      expect(await change(mia, id, joining(role))).toMatchObject({ code: 200 })
      expect((await read(id)).revision).toBe(revision)
      if (role !== 'ASSIGNED_AGENT') return
      await using max = await managerOf(server, account)
      expect(await change(max, id, joining(role))).toMatchObject({ code: 409 })
    },
  )

  it('[CV9] leaving as assigned agent returns the conversation to the queue', async () => {
    await using stack = new AsyncDisposableStack()
    const { max, id } = await talk(stack)
    const isQueued = async () =>
      (await server.services.store.read('queuedTasks', { accountId: account, limit: 999 })).some(
        ({ conversationId }) => conversationId === id,
      )
    expect(await isQueued()).toBe(false)
    expect(await change(max, id, joining('ASSIGNED_AGENT', 'REMOVE'))).toMatchObject({ code: 200 })
    expect(await isQueued()).toBe(true)
    expect(await change(max, id, joining('ASSIGNED_AGENT', 'REMOVE'))).toMatchObject({
      code: 400,
      body: 'No assigned agent to remove',
    })
  })
})

describe('time to respond', () => {
  it("[TTR1] a consumer's first conversation is PRIORITIZED, later ones NORMAL, unless named", async () => {
    await using ann = await consumerOf(server, account)
    const ttrOf = async (body: unknown) =>
      (await seenBy(ann, await open(ann, body))).conversationDetails.ttr
    expect(await ttrOf({})).toEqual({ ttrType: 'PRIORITIZED', value: 600 })
    expect(await ttrOf({})).toEqual({ ttrType: 'NORMAL', value: 3600 })
    expect(await ttrOf({ ttrDefName: 'URGENT' })).toEqual({ ttrType: 'URGENT', value: 300 })
    expect(await ttrOf({ ttrDefName: 'CUSTOM' })).toEqual({ ttrType: 'CUSTOM', value: 1800 })
  })

  it('[TTR2] [TTR3] counts from the latest unanswered message and ends with the answer', async () => {
    await using stack = new AsyncDisposableStack()
    const { ann, max, id } = await talk(stack)
    const due = async () => (await seenBy(ann, id)).effectiveTTR
    const openedAt = (await read(id)).startedAt
    expect(await due()).toBe(openedAt + 600_000)
    await clock.advance(1_000)
    await say(ann, id, 'first')
    await clock.advance(1_000)
    const latest = clock.now()
    await say(ann, id, 'second')
    expect(await due()).toBe(latest + 600_000)
    await say(max, id, 'psst', { messageAudience: 'AGENTS_AND_MANAGERS' })
    expect(await due()).toBe(latest + 600_000)
    await max.socket.request(
      'ms.PublishEvent',
      { dialogId: id, event: { type: 'ContentEvent', contentType: 'text/plain', message: 'auto' } },
      { metadata: [{ type: 'AutoMessage' }] },
    )
    expect(await due()).toBe(latest + 600_000)
    await say(max, id, 'answer')
    expect(await due()).toBe(-1)
    await say(ann, id, 'more')
    await change(max, id, { field: 'ManualETTR', time: 4_000_000_000_000 })
    expect(await due()).toBe(4_000_000_000_000)
    await change(ann, id, closing)
    expect(await due()).toBe(-1)
  })

  it("[TTR4] a skill's own seconds replace the account's", async () => {
    const skill = await server.services.store.write('createSkill', {
      accountId: account,
      name: 'Returns',
      ttr: { prioritized: 42 },
    })
    await using ann = await consumerOf(server, account)
    const id = await open(ann, { skillId: skill.id })
    expect((await seenBy(ann, id)).conversationDetails.ttr).toEqual({
      ttrType: 'PRIORITIZED',
      value: 42,
    })
  })

  it('[TTR5] naming the skill that a conversation has leaves its time to respond', async () => {
    await using stack = new AsyncDisposableStack()
    const { ann, max, id } = await talk(stack)
    const ttr = async () => (await seenBy(ann, id)).conversationDetails.ttr
    const before = await ttr()
    await change(max, id, { field: 'Skill', type: 'UPDATE', skill: '-1' })
    expect(await ttr()).toEqual(before)
  })
})
