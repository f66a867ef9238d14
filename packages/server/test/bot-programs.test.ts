/**
 * Bots as people write them, each on the unmodified SDK 1.2.0 in its own process. They end when the
 * server does what bots cannot bear, and then the test that waits for them fails.
 */
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { SocketClient } from '../src/testing/index.ts'
import type { BotProcess } from './bots/bot-process.ts'
import { change, closing, followConversations, participant, say } from './bots/duty.ts'
import { botAtWork, open } from './bots/talk.ts'
import type { TlsWorld } from './bots/tls-world.ts'
import { tlsWorld } from './bots/tls-world.ts'

let world: TlsWorld

beforeAll(async () => {
  world = await tlsWorld()
})
afterAll(() => world[Symbol.asyncDispose]())

const hears = (socket: SocketClient, text: string) =>
  socket.next((frame) => frame.kind === 'notification' && JSON.stringify(frame).includes(text))

const told = (bot: BotProcess, id: string, type = 'UPSERT') =>
  bot.next((one) => one.event === 'conversation' && one['id'] === id && one['type'] === type)

it('[RG2] [SUB10] an echo bot takes a ring, greets, echoes, reads and closes', async () => {
  await using work = await botAtWork(world, 'echo')
  const { accountId, bot } = work
  await using consumer = await world.consumer(accountId)
  const id = await open(consumer)
  expect(await told(bot, id)).toMatchObject({ role: 'ASSIGNED_AGENT' })
  await hears(consumer, 'I have just joined')
  await say(consumer, id, 'hello')
  await hears(consumer, 'You said: hello')
  await hears(consumer, '"status":"READ"')
  await say(consumer, id, '#close now')
  const closed = await bot.next('closed-conversation')
  expect(closed).toMatchObject({ error: null, body: 'OK Conversation resolved successfully' })
  await told(bot, id, 'DELETE')
  // It marks the last message as read after it has closed the dialog. [EV8]
  await bot.next('read')
  expect(await bot.next('read')).toMatchObject({ error: null })
  expect(bot.count('refused')).toBe(0)
  expect(bot.errors).toEqual([])
  // Its own messages came back as its own: it did not answer itself.
  const own = bot.all.filter(({ event, message }) => event === 'heard' && /You said/.test(message))
  expect(own.map(({ message }) => message)).toEqual(['You said: hello'])
})

it('[EV3] [RT5] an echo bot serves many conversations at once, each message once', async () => {
  await using work = await botAtWork(world, 'echo')
  const { accountId, bot } = work
  await using consumers = new AsyncDisposableStack()
  const talk = async (number: number): Promise<void> => {
    const consumer = consumers.use(await world.consumer(accountId))
    const id = await open(consumer)
    await hears(consumer, 'I have just joined')
    await say(consumer, id, `first of ${number}`)
    await say(consumer, id, `second of ${number}`)
    await hears(consumer, `You said: first of ${number}`)
    await hears(consumer, `You said: second of ${number}`)
  }
  await Promise.all([1, 2, 3, 4, 5].map(talk))
  await bot.call('getClock', {})
  expect(bot.all.filter(({ message }) => /^You said/.test(String(message)))).toHaveLength(10)
  expect(bot.errors).toEqual([])
})

it('[CV9] [SUB8] a greeter joins and greets what is open and what is opened', async () => {
  const { id: accountId } = await world.server.account()
  const agent = await world.agent(accountId, ['manager'])
  await using early = await world.consumer(accountId)
  const first = await open(early)
  await using bot = world.bot('greeter', agent)
  expect(await bot.next('away')).toMatchObject({ body: 'Agent state updated successfully' })
  await hears(early, 'Welcome from a bot')
  await using late = await world.consumer(accountId)
  const second = await open(late)
  await hears(late, 'Welcome from a bot')
  for (const id of [first, second]) {
    const joined = await bot.next((one) => one.event === 'joined' && one['conversationId'] === id)
    expect(joined).toMatchObject({ error: null, body: 'OK Agent added successfully' })
    const heard = await bot.next((one) => one.event === 'heard' && one['dialogId'] === id)
    expect(heard).toMatchObject({ isOwn: true, role: 'MANAGER' })
  }
  await early.request('cm.UpdateConversationField', {
    conversationId: first,
    conversationField: [closing],
  })
  await told(bot, first, 'DELETE')
  expect(bot.all.filter((one) => one.event === 'told' && /Routing/.test(one['type']))).toEqual([])
  expect(bot.errors).toEqual([])
})

it('[CV5] [CV6] [SUB8] a closer closes what it sees without joining, each once', async () => {
  const { id: accountId } = await world.server.account()
  const agent = await world.agent(accountId, ['manager'])
  await using early = await world.consumer(accountId)
  const first = await open(early)
  await using bot = world.bot('closer', agent)
  await told(bot, first, 'DELETE')
  await using late = await world.consumer(accountId)
  const second = await open(late)
  await told(bot, second, 'DELETE')
  // What it is told goes by its socket, so the answer to this comes after all of it.
  await bot.call('getClock', {})
  const changes = bot.all.filter(({ event }) => event === 'conversation')
  expect(changes.map(({ type, state }) => `${type} ${state}`)).toEqual([
    'UPSERT OPEN',
    'DELETE CLOSE',
    'UPSERT OPEN',
    'DELETE CLOSE',
  ])
  for (const { error, body } of bot.all.filter((one) => one.event === 'closed-conversation'))
    expect({ error, body }).toEqual({ error: null, body: 'OK Conversation resolved successfully' })
  const again = await bot.call('updateConversationField', {
    conversationId: first,
    conversationField: [closing],
  })
  expect(again.error).toMatchObject({ code: 400, body: 'Conversation is closed' })
  expect(bot.errors).toEqual([])
})

it('[SUB10] [EV22] an echo bot bears what others do in and to its conversation', async () => {
  const { id: accountId } = await world.server.account()
  const agent = await world.agent(accountId)
  const manager = await world.agent(accountId, ['manager'])
  const { bearer } = JSON.parse((await world.login(manager)).text) as { bearer: string }
  await using bot = world.bot('echo', agent)
  await bot.told('RoutingTaskNotification')
  await using chief = await world.brand(accountId, bearer)
  await followConversations(chief)
  await using consumer = await world.consumer(accountId)
  const id = await open(consumer)
  await told(bot, id)
  await change(chief, id, participant('ADD', 'MANAGER'))
  await chief.request('ms.PublishEvent', {
    dialogId: id,
    messageAudience: 'AGENTS_AND_MANAGERS',
    event: { type: 'ContentEvent', contentType: 'text/plain', message: 'be kind' },
  })
  await hears(consumer, 'You said: be kind')
  await consumer.request('ms.PublishEvent', {
    dialogId: id,
    event: { type: 'ChatStateEvent', chatState: 'COMPOSING' },
  })
  await say(consumer, id, 'still there?')
  await hears(consumer, 'You said: still there?')
  // Taken over: the bot is told once, and nothing of what follows reaches it.
  await change(
    chief,
    id,
    participant('REMOVE', 'ASSIGNED_AGENT', agent.oldId),
    participant('ADD', 'ASSIGNED_AGENT'),
  )
  await told(bot, id, 'DELETE')
  await say(consumer, id, 'and now?')
  await hears(chief, 'and now?')
  await bot.call('getClock', {})
  expect(bot.all.filter(({ message }) => message === 'and now?')).toEqual([])
  expect(bot.errors).toEqual([])
})
