/** Further kinds of bots, each on the unmodified SDK 1.2.0 in its own process. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { SocketClient } from '../src/testing/index.ts'
import { change, say } from './bots/duty.ts'
import { botAtWork, open } from './bots/talk.ts'
import type { TlsWorld } from './bots/tls-world.ts'
import { tlsWorld } from './bots/tls-world.ts'

let world: TlsWorld

beforeAll(async () => {
  world = await tlsWorld()
})
afterAll(() => world[Symbol.asyncDispose]())

/** The next message that contains the text, with all that came with it. */
const heard = async (consumer: SocketClient, text: string) => {
  const frame = await consumer.next(
    ({ kind, body }) =>
      kind === 'notification' &&
      body.changes?.some(({ event }: { event?: { message?: unknown } }) =>
        JSON.stringify(event?.message ?? '').includes(text),
      ),
  )
  return frame.body.changes[0]
}

const social = (channel: string) => ({
  type: 'SocialMessagingEventData',
  channel,
  replyToId: 'post-7',
  event: { source: 'network', type: 'MESSAGE' },
  conversationState: { dmChatId: 'chat-9' },
  unknown: [1, 2.5, null, { nested: true }],
})

it.each(['Private', 'Public'])(
  '[BOT6] a bot behind a connector answers on the %s channel that a message came by',
  async (channel) => {
    await using work = await botAtWork(world, 'social')
    const { accountId, bot } = work
    await using consumer = await world.consumer(accountId)
    const dialogId = await open(consumer)
    const event = { type: 'ContentEvent', contentType: 'text/plain', message: 'by network' }
    const metadata = [social(channel)]
    await bot.told('ExConversationChangeNotification', ({ changes }) => changes.length > 0)
    await consumer.request('ms.PublishEvent', { dialogId, event }, { metadata })
    expect((await bot.next('heard'))['metadata']).toEqual(metadata)
    const answered = await bot.next('answered')
    expect(answered).toMatchObject({ error: null, body: { sequence: 1 } })
    const answer = await heard(consumer, 'Heard: by network')
    expect(answer.metadata).toEqual(answered['metadata'])
    expect(bot.errors).toEqual([])
  },
)

it('[BOT2] an observer joins as reader, shows a card as manager, and leaves', async () => {
  const { id: accountId } = await world.server.account()
  const agent = await world.agent(accountId, ['manager'])
  await using bot = world.bot('observer', agent)
  expect(await bot.next('watching')).toMatchObject({ error: null })
  expect(await bot.next('agent-state')).toMatchObject({ availability: 'AWAY' })
  await using consumer = await world.consumer(accountId)
  const id = await open(consumer)
  expect(await bot.next('add')).toMatchObject({ role: 'READER', error: null })
  await bot.next((one) => one.event === 'conversation' && one['role'] === 'READER')
  await say(consumer, id, '#manage')
  expect(await bot.next('add')).toMatchObject({ role: 'MANAGER', error: null })
  await say(consumer, id, '#card')
  expect(await bot.next('shown')).toMatchObject({ error: null })
  const card = await consumer.next(
    ({ body }) => body.changes?.[0]?.event?.type === 'RichContentEvent',
  )
  expect(card.body.changes[0].metadata).toEqual([{ type: 'ExternalId', id: 'card-1' }])
  await say(consumer, id, '#leave')
  expect(await bot.next('remove')).toMatchObject({ error: null })
  await consumer.request('cm.UpdateConversationField', {
    conversationId: id,
    conversationField: [{ field: 'ConversationStateField', conversationState: 'CLOSE' }],
  })
  await bot.next((one) => one.event === 'conversation' && one['type'] === 'DELETE')
  expect(bot.all.filter(({ event }) => event === 'last')).toContainEqual(
    expect.objectContaining({ by: 'CONSUMER', kind: 'ContentEvent' }),
  )
  expect(bot.count('refused')).toBe(0)
  expect(bot.errors).toEqual([])
})

it('[BOT7] a bot that is moved while it works loses no ring and answers each message once', async () => {
  await using work = await botAtWork(world, 'echo')
  const { accountId, agent, bot: before } = work
  await using consumers = new AsyncDisposableStack()
  const talk = async (name: string) => {
    const consumer = consumers.use(await world.consumer(accountId))
    const id = await open(consumer)
    await heard(consumer, 'I have just joined')
    return { consumer, id, name }
  }
  const early = await talk('early')
  // Both are logged in for a while, as during a move; a ring is shown to both and taken once.
  await using after = world.bot('echo', agent)
  await after.told('RoutingTaskNotification')
  const both = await talk('both')
  before.tell('dispose')
  await before.exited
  const late = await talk('late')
  for (const { consumer, id, name } of [early, both, late]) {
    await say(consumer, id, `to ${name}`)
    await heard(consumer, `You said: to ${name}`)
  }
  await after.call('getClock', {})
  for (const { name } of [early, both, late]) {
    const own = after.all.filter(({ message }) => message === `You said: to ${name}`)
    expect(own).toHaveLength(1)
  }
  expect(after.errors).toEqual([])
})

it('[BOT1] a bot whose socket is cut takes up its conversations and is not rung again', async () => {
  await using work = await botAtWork(world, 'echo')
  const { accountId, bot } = work
  await using consumer = await world.consumer(accountId)
  const id = await open(consumer)
  await heard(consumer, 'I have just joined')
  bot.tell('abort')
  expect(await bot.next('reconnecting')).toMatchObject({ code: 1006 })
  await bot.told('ExConversationChangeNotification', ({ changes }) =>
    changes.some(({ result }: { result: { convId: string } }) => result.convId === id),
  )
  await say(consumer, id, 'are you back?')
  await heard(consumer, 'You said: are you back?')
  await bot.call('getClock', {})
  const rings = bot.all
    .filter((one) => one.event === 'told' && /Routing/.test(one['type']))
    .flatMap((one) => one['body'].changes)
    .flatMap(({ result }) => result.ringsDetails)
    .filter(({ ringState }) => ringState === 'WAITING')
  expect(rings).toHaveLength(1)
})

it('[BOT3] a bot sends a picture, which the consumer can have', async () => {
  const { id: accountId } = await world.server.account()
  const agent = await world.agent(accountId, ['manager'])
  await using consumer = await world.consumer(accountId)
  const id = await open(consumer)
  await using bot = world.bot('file', agent)
  expect(await bot.next('joined')).toMatchObject({ body: 'OK Agent added successfully' })
  expect((await bot.next('upload-place'))['expires']).toMatch(/^\d{10}$/)
  expect(await bot.next('welcomed')).toMatchObject({ error: null })
  expect(await bot.next('uploaded')).toMatchObject({ status: 201 })
  const shared = await bot.next('shared')
  expect(shared).toMatchObject({ error: null, dialogId: id })
  expect(await bot.next('downloaded')).toMatchObject({ status: 200, isSame: true })
  const { event } = await heard(consumer, 'a picture')
  expect(event).toMatchObject({ contentType: 'hosted/file' })
  const download = await consumer.request('ms.GenerateURLForDownloadFile', {
    relativePath: event.message.relativePath,
  })
  expect(download).toMatchObject({ code: 200 })
  const unknown = await bot.call('generateURLForDownloadFile', {
    relativePath: '/v1/AUTH_async-images/none/none.JPEG',
  })
  expect(unknown.error).toMatchObject({ code: 500 })
  expect(bot.errors).toEqual([])
})

it('[BOT4] a bot transfers to the agent who served the consumer before', async () => {
  const { id: accountId } = await world.server.account()
  const [former, other, mover] = await Promise.all([
    world.agent(accountId),
    world.agent(accountId),
    world.agent(accountId),
  ])
  await using consumer = await world.consumer(accountId)
  {
    await using first = world.bot('echo', former)
    await first.told('RoutingTaskNotification')
    const id = await open(consumer)
    await heard(consumer, 'I have just joined')
    await change(consumer, id, {
      field: 'ConversationStateField',
      conversationState: 'CLOSE',
    })
    await first.next((one) => one.event === 'conversation' && one['type'] === 'DELETE')
  }
  await using bot = world.bot('transfer', mover)
  await bot.told('RoutingTaskNotification')
  const id = await open(consumer)
  await bot.next((one) => one.event === 'conversation' && one['type'] === 'UPSERT')
  const looked = await bot.next('looked-up')
  expect(looked).toMatchObject({ former: former.userId, isOnline: true })
  expect(await bot.next('suggested')).toMatchObject({
    error: null,
    body: 'OK Agent removed successfully',
  })
  await bot.next((one) => one.event === 'conversation' && one['type'] === 'DELETE')
  await using stranger = world.bot('echo', other)
  await stranger.told('RoutingTaskNotification')
  await using target = world.bot('echo', former)
  await target.next((one) => one.event === 'conversation' && one['id'] === id)
  await heard(consumer, 'I have just joined')
  await say(consumer, id, 'you again?')
  await heard(consumer, 'You said: you again?')
  expect(stranger.all.filter(({ event }) => event === 'conversation')).toEqual([])
  for (const one of [bot, target, stranger]) expect(one.errors).toEqual([])
})

/** A consumer's tap on a quick reply: a click and a text, both with the button's metadata. */
const tap = async (consumer: SocketClient, dialogId: string, question: Question) => {
  const [first] = question.event.quickReplies.replies
  const { metadata, actions } = first!.click
  const publish = (event: object) =>
    consumer.request('ms.PublishEvent', { dialogId, event }, { metadata })
  const click = { type: 'AcceptStatusEvent', status: 'ACTION', sequenceList: [question.sequence] }
  expect(await publish(click)).toMatchObject({ code: 200 })
  const message = actions[0]!.text
  const said = await publish({ type: 'ContentEvent', contentType: 'text/plain', message })
  expect(said).toMatchObject({ code: 200 })
  return metadata
}

interface Question {
  readonly sequence: number
  readonly event: {
    readonly quickReplies: {
      readonly replies: readonly {
        readonly click: { actions: { text: string }[]; metadata: object[] }
      }[]
    }
  }
}

it('[BOT5] a bot leads the survey after a conversation, and nobody else hears it', async () => {
  const { id: accountId } = await world.server.account()
  await world.offerSurvey(accountId, 'survey-of-the-brand')
  const [worker, leader] = await Promise.all([
    world.agent(accountId),
    world.agent(accountId, ['agent'], { appInstallIds: ['survey-of-the-brand'] }),
  ])
  await using bot = world.bot('survey', leader)
  await bot.told('ExConversationChangeNotification')
  await using echo = world.bot('echo', worker)
  await echo.told('RoutingTaskNotification')
  await using consumer = await world.consumer(accountId, { features: ['MULTI_DIALOG'] })
  const id = await open(consumer)
  await heard(consumer, 'I have just joined')
  await consumer.request('cqm.SubscribeExConversations', { stage: ['OPEN'] })
  const closeMain = {
    field: 'DialogChange',
    type: 'UPDATE',
    dialog: { dialogId: id, state: 'CLOSE' },
  }
  expect(await change(consumer, id, closeMain)).toMatchObject({ code: 200 })
  expect(await bot.next('joined')).toMatchObject({
    error: null,
    body: 'OK Agent added successfully',
  })
  const dialogId = bot.all.find(({ event }) => event === 'joined')?.['dialogId'] as string
  expect(await bot.next('attached')).toMatchObject({ error: null })
  await consumer.request('ms.SubscribeMessagingEvents', { dialogId, fromSeq: 0 })
  await heard(consumer, 'Were we of help?')
  await say(consumer, dialogId, 'rather so')
  await heard(consumer, 'Please tap an answer.')
  const question = (await heard(consumer, 'Were we of help?')) as Question
  const metadata = await tap(consumer, dialogId, question)
  expect(await bot.next('finished')).toMatchObject({ error: null })
  await heard(consumer, 'Thank you.')
  await bot.next((one) => one.event === 'conversation' && one['type'] === 'DELETE')
  const clicks = bot.all.filter(({ event, status }) => event === 'heard' && status === 'ACTION')
  expect(clicks).toMatchObject([{ dialogId, metadata, conversationId: id }])
  expect(bot.count('stranger')).toBe(0)
  expect(bot.all.filter((one) => one.event === 'told' && /Routing/.test(one['type']))).toEqual([])
  await echo.call('getClock', {})
  const strange = echo.all.filter((one) => one.event === 'heard' && one['dialogId'] !== id)
  expect(strange).toEqual([])
  for (const one of [bot, echo]) expect(one.errors).toEqual([])
})
