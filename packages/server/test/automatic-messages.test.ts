import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { subjects } from '../src/bus/subjects.ts'
import type { AutoMessage } from '../src/domain/configuration.ts'
import { testServer } from '../src/testing/index.ts'
import type { TestServer } from '../src/testing/test-server.ts'
import { AUTO, configurationWorld } from './configuration-world.ts'
import {
  change,
  consumerOf,
  eventsIn,
  follow,
  isEvents,
  joining,
  managerOf,
  open,
  type Person,
  say,
} from './given.ts'

let server: TestServer

beforeAll(async () => {
  server = await testServer()
})
afterAll(() => server[Symbol.asyncDispose]())

type Item = Partial<AutoMessage> & Pick<AutoMessage, 'messageEventId'>

/** Configures items as administration does: written, then told. */
const configure = async (
  accountId: string,
  ...items: readonly Item[]
): Promise<readonly string[]> => {
  const { store, bus, clock } = server.services
  const saved = await store.write('saveConfigurationItems', {
    accountId,
    kind: 'auto-messages',
    at: clock.now(),
    writes: items.map((item) => ({
      mode: 'create' as const,
      body: { enabled: true, data: [], attributes: [], ...item },
    })),
  })
  bus.publish(subjects.configuration(accountId), { collections: ['auto-messages'] })
  return saved.items.map(({ id }) => id)
}

const saying = (messageEventId: string, msg = messageEventId): Item => ({
  messageEventId,
  data: [{ msg, lang: 'en-US', isDefault: true }],
})

const announcing = async (
  stack: AsyncDisposableStack,
  account: string,
  features: readonly string[] = ['AUTO_MESSAGES', 'RICH_CONTENT'],
): Promise<Person> => {
  const person = stack.use(await consumerOf(server, account))
  const headers = { 'Client-Properties': JSON.stringify({ features }) }
  const socket = stack.use(await server.consumer(account, { token: person.token, headers }))
  return { ...person, socket }
}

interface World {
  readonly account: string
  readonly stack: AsyncDisposableStack
}

const world = async (stack: AsyncDisposableStack, ...items: readonly Item[]): Promise<World> => {
  const { id: account } = await server.account()
  await configure(account, ...items)
  return { account, stack }
}

/** The next automatic text that this reader is sent. */
const nextText = async ({ socket }: Pick<Person, 'socket'>): Promise<string> => {
  for (;;)
    for (const one of eventsIn(await socket.next(isEvents)))
      if (one.originatorMetadata.role === 'CONTROLLER') return one.event.message
}

const skillOf = async (accountId: string, name: string): Promise<string> =>
  (await server.services.store.write('createSkill', { accountId, name, ttr: {} })).id

const textsOf = async (accountId: string, dialogId: string): Promise<readonly string[]> => {
  const events = await server.services.store.read('events', {
    accountId,
    dialogId,
    from: 0,
    audience: 'agents',
    limit: 100,
  })
  return events.map(({ payload }) => JSON.parse(payload).message)
}

describe('an automatic message', () => {
  it('[CNT30] [CNT31] greets who opens a conversation, after the answer', async () => {
    await using stack = new AsyncDisposableStack()
    const { account } = await world(stack, saying('CHAT_STARTED', 'Welcome'))
    const max = stack.use(await managerOf(server, account))
    await max.socket.request('cqm.SubscribeExConversations', { convState: ['OPEN'] })
    const ann = await announcing(stack, account)
    const id = await open(ann)
    // The socket that opened the conversation hears it without a subscription.
    const [seen] = eventsIn(await ann.socket.next(isEvents))
    expect(seen).toMatchObject({
      sequence: 0,
      dialogId: id,
      conversationId: id,
      messageAudience: 'ALL',
      metadata: [{ type: 'AutoMessage' }],
      originatorMetadata: { id: seen.originatorId, role: 'CONTROLLER' },
      event: { type: 'ContentEvent', contentType: 'text/plain', message: 'Welcome' },
    })
    expect(seen.originatorId).toMatch(/^[0-9a-f-]{36}$/)
    expect((await say(ann, id, 'Hello')).body).toEqual({ sequence: 1 })
    await change(max, id, joining('MANAGER'))
    await follow(max, id)
    const [change0] = eventsIn(await max.socket.next(isEvents))
    expect(change0).toMatchObject({ sequence: 0, metadata: [{ type: 'AutoMessage' }] })
  })

  it.each([[[]], [['RICH_CONTENT']]])(
    '[CNT30] is kept from clients that announced %j',
    async (features) => {
      await using stack = new AsyncDisposableStack()
      const { account } = await world(stack, saying('CHAT_STARTED'))
      const ann = await announcing(stack, account, features)
      const id = await open(ann)
      // Whoever announces it is greeted, so a message for the first one would have come before.
      const eva = await announcing(stack, account)
      await open(eva)
      await nextText(eva)
      expect((await say(ann, id, 'Hello')).body).toEqual({ sequence: 0 })
    },
  )

  it('[CNT30] tells of transfers, delays and other times to respond', async () => {
    await using stack = new AsyncDisposableStack()
    const { account } = await world(
      stack,
      saying('TRANSFER_TO_SKILL'),
      saying('TRANSFER_TO_AGENT'),
      saying('OFF_HOURS'),
      saying('TTR_ACKNOWLEDGEMENT'),
      saying('HOLD'),
    )
    const bikes = await skillOf(account, 'bikes')
    const cars = await skillOf(account, 'cars')
    const ann = await announcing(stack, account)
    const max = stack.use(await managerOf(server, account))
    const id = await open(ann)
    await change(max, id, joining('ASSIGNED_AGENT'))
    await change(ann, id, { field: 'TTRField', ttrType: 'URGENT', value: 120 })
    expect(await nextText(ann)).toBe('TTR_ACKNOWLEDGEMENT')
    const tillWhen = server.services.clock.now() + 3_600_000
    await change(max, id, { field: 'DelayField', type: 'NIGHT', tillWhen })
    expect(await nextText(ann)).toBe('OFF_HOURS')
    // Under an assigned agent another skill moves nothing.
    await change(max, id, { field: 'Skill', type: 'UPDATE', skill: bikes })
    await change(max, id, joining('ASSIGNED_AGENT', 'REMOVE'), {
      field: 'Skill',
      type: 'UPDATE',
      skill: cars,
    })
    expect(await nextText(ann)).toBe('TRANSFER_TO_SKILL')
    expect(await textsOf(account, id)).toEqual([
      'TTR_ACKNOWLEDGEMENT',
      'OFF_HOURS',
      'TRANSFER_TO_SKILL',
    ])
  })

  it('[CNT30] [CNT34] tells of an invited agent in its own words', async () => {
    await using stack = new AsyncDisposableStack()
    const { account } = await world(stack)
    const ann = await announcing(stack, account)
    const max = stack.use(await managerOf(server, account))
    const eva = stack.use(await managerOf(server, account))
    await eva.socket.request('.ams.routing.SetAgentState', {
      channels: ['MESSAGING'],
      availability: 'ONLINE',
    })
    const id = await open(ann)
    await change(max, id, joining('ASSIGNED_AGENT'))
    const inviting = { ...joining('ASSIGNED_AGENT', 'SUGGEST'), userId: eva.agent.oldId }
    const leaving = joining('ASSIGNED_AGENT', 'REMOVE')
    expect(await change(max, id, inviting, leaving)).toMatchObject({ code: 200 })
    expect(await nextText(ann)).toBe('You are being transferred to another agent.')
  })

  it('[CNT30] says nothing in a conversation that an agent opened', async () => {
    await using stack = new AsyncDisposableStack()
    const { account } = await world(stack, saying('CHAT_STARTED'))
    const ann = await announcing(stack, account)
    const max = stack.use(await managerOf(server, account))
    const { body } = await max.socket.request('cm.AgentRequestConversation', {
      consumerId: ann.id,
      conversationContext: { clientProperties: { features: ['AUTO_MESSAGES'] } },
    })
    const id = body.conversationId
    expect((await say(max, id, 'Hello')).body).toEqual({ sequence: 0 })
  })
})

/** What agents are told of a conversation's waiting and unread counts. */
const standing = async (account: string, id: string) => {
  const conversation = await server.services.store.read('conversation', { accountId: account, id })
  const { unread, unansweredSince } = conversation!.dialogs[0]!.activity
  return { unread, isWaiting: unansweredSince !== undefined }
}

describe('what is said automatically', () => {
  it('[CNT32] answers nothing and is not unread', async () => {
    await using stack = new AsyncDisposableStack()
    const { account } = await world(stack, saying('TTR_ACKNOWLEDGEMENT'))
    const ann = await announcing(stack, account)
    const max = stack.use(await managerOf(server, account))
    const id = await open(ann)
    await change(max, id, joining('ASSIGNED_AGENT'))
    await say(ann, id, 'Is anybody there?')
    const waiting = { unread: { [ann.id]: 0, [max.agent.id]: 1 }, isWaiting: true }
    expect(await standing(account, id)).toEqual(waiting)
    await change(ann, id, { field: 'TTRField', ttrType: 'URGENT', value: 120 })
    await nextText(ann)
    expect(await standing(account, id)).toEqual(waiting)
    const metadata = [{ type: 'AutoMessage' }]
    await max.socket.request(
      'ms.PublishEvent',
      { dialogId: id, event: { type: 'ContentEvent', contentType: 'text/plain', message: 'Hold' } },
      { metadata },
    )
    expect(await standing(account, id)).toEqual(waiting)
    await say(max, id, 'I am')
    expect(await standing(account, id)).toMatchObject({ unread: { [ann.id]: 1 }, isWaiting: false })
  })
})

describe('the text of an automatic message', () => {
  const data = [
    { msg: 'Hello', lang: 'en-US', isDefault: false },
    { msg: 'Bonjour', lang: 'fr-FR', isDefault: true },
    { msg: 'Guten Tag', lang: 'de-DE', isDefault: false },
    { msg: 'Grüezi', lang: 'de-CH', isDefault: false },
  ]

  it.each([
    ['de-CH', 'Grüezi'],
    ['DE_de', 'Guten Tag'],
    ['de', 'Guten Tag'],
    ['en-GB', 'Hello'],
    ['it-IT', 'Bonjour'],
    [undefined, 'Bonjour'],
  ])('[CNT33] for %s is %s', async (lang, message) => {
    await using stack = new AsyncDisposableStack()
    const { account } = await world(stack, { messageEventId: 'CHAT_STARTED', data })
    const ann = await announcing(stack, account)
    await open(ann, { conversationContext: { type: 'MessagingContext', lang } })
    expect(await nextText(ann)).toBe(message)
  })

  it('[CNT33] is the first where none is the default', async () => {
    await using stack = new AsyncDisposableStack()
    const { account } = await world(stack, { messageEventId: 'CHAT_STARTED', data: data.slice(2) })
    const ann = await announcing(stack, account)
    await open(ann)
    expect(await nextText(ann)).toBe('Guten Tag')
  })
})

describe('a change of what is configured', () => {
  it('[CNT34] [CNT35] counts from the next event on', async () => {
    await using stack = new AsyncDisposableStack()
    const { account } = await world(stack)
    const ann = await announcing(stack, account)
    const silent = await open(ann)
    expect((await say(ann, silent, 'first')).body).toEqual({ sequence: 0 })
    const [itemId] = await configure(account, saying('CHAT_STARTED', 'one'))
    await open(ann)
    expect(await nextText(ann)).toBe('one')
    const { store, bus, clock } = server.services
    const written = { accountId: account, kind: 'auto-messages' as const, at: clock.now() }
    const tell = () =>
      bus.publish(subjects.configuration(account), { collections: ['auto-messages'] })
    const body = { ...saying('CHAT_STARTED', 'two'), enabled: false, attributes: [] }
    await store.write('saveConfigurationItems', {
      ...written,
      writes: [{ mode: 'replace', id: itemId!, body }],
    })
    tell()
    const disabled = await open(ann)
    await configure(account, saying('OTHER'), saying('CHAT_STARTED', 'three'))
    await open(ann)
    expect(await nextText(ann)).toBe('three')
    await store.write('deleteConfigurationItems', { ...written, ids: [itemId!] })
    tell()
    await open(ann)
    expect(await nextText(ann)).toBe('three')
    expect(await textsOf(account, disabled)).toEqual([])
  })
})

describe('administration', () => {
  it('[CNT30] [CNT35] writes what is said, and changes it', async () => {
    await using stack = new AsyncDisposableStack()
    const { account, ask } = await configurationWorld(server)
    const ann = await announcing(stack, account)
    const put = async (msg: string, isEnabled: boolean) => {
      const data = [{ msg, lang: 'en-US', isDefault: true }]
      const body = { enabled: isEnabled, messageEventId: 'CHAT_STARTED', data }
      expect((await ask('PUT', `${AUTO}/1`, body)).status).toBeLessThan(300)
    }
    await put('Welcome', true)
    await open(ann)
    expect(await nextText(ann)).toBe('Welcome')
    await put('Welcome', false)
    const silent = await open(ann)
    await put('Hello again', true)
    await open(ann)
    expect(await nextText(ann)).toBe('Hello again')
    expect(await textsOf(account, silent)).toEqual([])
  })
})
