/** Bots that fall silent or talk to themselves, and the people who take over. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AccountSettings } from '../src/domain/account.ts'
import { defaultSkillRules } from '../src/domain/account.ts'
import { assignedAgent, mainDialog } from '../src/domain/conversation.ts'
import type { SocketClient, TestAgent, TestServer } from '../src/testing/index.ts'
import {
  atWork,
  change,
  hire,
  nextRing,
  openConversation,
  participant,
  ringsAmong,
  say,
  setState,
  takeRing,
} from './bots/duty.ts'
import { stillServer } from './bots/still-server.ts'
import type { TlsWorld } from './bots/tls-world.ts'
import { tlsWorld } from './bots/tls-world.ts'
import { text } from './given.ts'

const T = 30_000

const started = async (settings: Partial<AccountSettings> = { botAnswerSeconds: T / 1000 }) => {
  const { server, clock } = await stillServer()
  const { id: account } = await server.account(settings)
  return { server, clock, account, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() }
}

const hireBot = (server: TestServer, accountId: string, skillIds: string[] = []) =>
  hire(server, accountId, { skillIds, isBot: true })

/** A bot that has taken a new conversation and said hello. */
const atTalk = async (
  server: TestServer,
  bot: TestAgent & { accountId: string },
  body: object = {},
) => {
  await using stack = new AsyncDisposableStack()
  const socket = stack.use(await atWork(server, bot))
  const talk = stack.use(await openConversation(server, bot.accountId, body))
  await takeRing(socket, talk.id)
  expect((await say(socket, talk.id, 'hello')).code).toBe(200)
  await socket.settled()
  const parts = stack.move()
  return { socket, talk, [Symbol.asyncDispose]: () => parts.disposeAsync() }
}

const assigneeOf = async (server: TestServer, accountId: string, id: string) => {
  const conversation = await server.services.store.read('conversation', { accountId, id })
  return conversation && assignedAgent(conversation)?.id
}

const taskOf = async (server: TestServer, accountId: string, conversationId: string) => {
  const tasks = await server.services.store.read('queuedTasks', { accountId, limit: 10 })
  return tasks.find((task) => task.conversationId === conversationId)
}

describe('a silent bot', () => {
  it('[TIM24] [TIM25] loses the conversation when its time is over, and people get it', async () => {
    await using world = await started()
    const { server, clock, account } = world
    const bot = await hireBot(server, account)
    await using at = await atTalk(server, bot)
    await clock.advance(47_000)
    await at.talk.say('are you there?')
    await clock.advance(T - 1)
    expect(await assigneeOf(server, account, at.talk.id)).toBe(bot.id)
    await clock.advance(1_001)
    expect(await assigneeOf(server, account, at.talk.id)).toBeUndefined()
    expect(await taskOf(server, account, at.talk.id)).toMatchObject({
      cause: 'returned',
      reason: 'bot_silent',
      peopleOnly: true,
      passedBy: [bot.id],
    })
    // Another bot is free, and so is the one that lost it.
    await using another = await atWork(server, await hireBot(server, account))
    await clock.advance(60_000)
    expect(ringsAmong(await another.settled())).toEqual([])
    expect(ringsAmong(await at.socket.settled())).toEqual([])
    await using person = await atWork(server, await hire(server, account))
    expect(await nextRing(person)).toMatchObject({ conversationId: at.talk.id })
  })

  it('[TIM24] keeps it as long as it answers in time, however long they talk', async () => {
    await using world = await started()
    const { server, clock, account } = world
    const bot = await hireBot(server, account)
    await using at = await atTalk(server, bot)
    for (let round = 0; round < 20; round += 1) {
      await clock.advance(7_000 * (round % 5))
      await at.talk.say(`question ${round}`)
      await clock.advance(T - 2)
      await say(at.socket, at.talk.id, `answer ${round}`)
    }
    await clock.advance(20 * T)
    expect(await assigneeOf(server, account, at.talk.id)).toBe(bot.id)
  })

  it('[TIM24] has its whole time for what was asked before it came', async () => {
    await using world = await started()
    const { server, clock, account } = world
    await using talk = await openConversation(server, account)
    await talk.say('hello?')
    await clock.advance(10 * T)
    const bot = await hireBot(server, account)
    await using socket = await atWork(server, bot)
    await takeRing(socket, talk.id)
    await clock.advance(T - 1)
    expect(await assigneeOf(server, account, talk.id)).toBe(bot.id)
    await clock.advance(1_001)
    expect(await assigneeOf(server, account, talk.id)).toBeUndefined()
  })

  it.each([
    ['private', { messageAudience: 'AGENTS_AND_MANAGERS' }, undefined],
    ['automatic', {}, [{ type: 'AutoMessage' }]],
  ])('[TIM26] has not answered with %s messages', async (_, body, metadata) => {
    await using world = await started()
    const { server, clock, account } = world
    const bot = await hireBot(server, account)
    await using at = await atTalk(server, bot)
    await at.talk.say('a question')
    const sent = await at.socket.request(
      '.ams.ms.PublishEvent',
      { ...text(at.talk.id, 'one moment'), ...body },
      metadata && { metadata },
    )
    expect(sent.code).toBe(200)
    await clock.advance(T + 1_000)
    expect(await assigneeOf(server, account, at.talk.id)).toBeUndefined()
  })

  it("[TIM24] the skill's own time counts, and at the skill it goes to people", async () => {
    await using world = await started({ botAnswerSeconds: 3_600 })
    const { server, clock, account } = world
    const skill = await server.services.store.write('createSkill', {
      accountId: account,
      name: 'quick',
      ttr: {},
      rules: { ...defaultSkillRules, botAnswerSeconds: 5 },
    })
    const bot = await hireBot(server, account, [skill.id])
    await using at = await atTalk(server, bot, { skillId: skill.id })
    await at.talk.say('quick!')
    await clock.advance(6_000)
    expect(await taskOf(server, account, at.talk.id)).toMatchObject({
      skillId: skill.id,
      peopleOnly: true,
    })
  })

  it('[TIM25] its fallback skill is looked at for people only', async () => {
    await using world = await started()
    const { server, clock, account } = world
    const { store } = server.services
    const fallback = await store.write('createSkill', { accountId: account, name: 'F', ttr: {} })
    const rules = { ...defaultSkillRules, fallbackSkillId: fallback.id }
    const skill = await store.write('createSkill', {
      accountId: account,
      name: 'S',
      ttr: {},
      rules,
    })
    const bot = await hireBot(server, account, [skill.id])
    await using at = await atTalk(server, bot, { skillId: skill.id })
    await using person = await atWork(
      server,
      await hire(server, account, { skillIds: [fallback.id] }),
    )
    await at.talk.say('anybody?')
    await clock.advance(T + 1_000)
    expect(await nextRing(person)).toMatchObject({ conversationId: at.talk.id })
  })

  it('[TIM26] a person is not watched, not after a bot handed over either', async () => {
    await using world = await started()
    const { server, clock, account } = world
    const ana = await hire(server, account)
    const bot = await hireBot(server, account)
    await using at = await atTalk(server, bot)
    await using person = await atWork(server, ana)
    await change(at.socket, at.talk.id, participant('REMOVE', 'ASSIGNED_AGENT'))
    await takeRing(person, at.talk.id)
    await at.talk.say('and now?')
    await clock.advance(20 * T)
    expect(await assigneeOf(server, account, at.talk.id)).toBe(ana.id)
  })

  it('[TIM24] nothing is taken by default', async () => {
    await using world = await started({})
    const { server, clock, account } = world
    const bot = await hireBot(server, account)
    await using at = await atTalk(server, bot)
    await at.talk.say('hello?')
    await clock.advance(200 * T)
    expect(await assigneeOf(server, account, at.talk.id)).toBe(bot.id)
  })
})

describe('a bot that talks to itself', () => {
  const talkOn = async (socket: SocketClient, id: string, messages: number) => {
    for (let index = 0; index < messages; index += 1) await say(socket, id, `loop ${index}`)
  }

  it('[TIM27] loses the conversation above its number of messages in a row', async () => {
    await using world = await started({ botMaxMessagesInRow: 150 })
    const { server, clock, account } = world
    const bot = await hireBot(server, account)
    await using at = await atTalk(server, bot)
    await talkOn(at.socket, at.talk.id, 149)
    await clock.advance(120_000)
    expect(await assigneeOf(server, account, at.talk.id)).toBe(bot.id)
    await talkOn(at.socket, at.talk.id, 1)
    await clock.advance(60_000)
    expect(await taskOf(server, account, at.talk.id)).toMatchObject({
      reason: 'bot_loops',
      peopleOnly: true,
    })
  })

  it('[TIM27] a word of the consumer begins the row anew, a receipt does not', async () => {
    await using world = await started({ botMaxMessagesInRow: 5 })
    const { server, clock, account } = world
    const bot = await hireBot(server, account)
    await using at = await atTalk(server, bot)
    await talkOn(at.socket, at.talk.id, 4)
    await at.talk.say('yes')
    await talkOn(at.socket, at.talk.id, 3)
    const read = { type: 'AcceptStatusEvent', status: 'READ', sequenceList: [1] }
    await at.talk.consumer.request('ms.PublishEvent', { dialogId: at.talk.id, event: read })
    await talkOn(at.socket, at.talk.id, 2)
    await clock.advance(60_000)
    expect(await assigneeOf(server, account, at.talk.id)).toBe(bot.id)
    await talkOn(at.socket, at.talk.id, 1)
    await clock.advance(60_000)
    expect(await assigneeOf(server, account, at.talk.id)).toBeUndefined()
  })
})

/** A person at work, over TLS. */
const personAt = async (world: TlsWorld, accountId: string): Promise<SocketClient> => {
  const login = { loginName: 'ana', password: 'a password for people' }
  const administration = { authorization: `Bearer ${world.server.running.adminToken}` }
  const base = `/api/account/${accountId}`
  const person = { ...login, roles: ['agent'] }
  await world.post(`${base}/ringdown/v1/agents`, person, administration)
  const { text: answer } = await world.post(`${base}/login?v=1.3`, {
    username: login.loginName,
    password: login.password,
  })
  const socket = await world.brand(accountId, JSON.parse(answer).bearer)
  await setState(socket, 'ONLINE')
  await socket.request('.ams.routing.SubscribeRoutingTasks', {})
  return socket
}

describe('a bot whose process dies', () => {
  let world: TlsWorld
  beforeAll(async () => {
    world = await tlsWorld()
  })
  afterAll(() => world[Symbol.asyncDispose]())

  it('[TIM24] [TIM25] its conversation is with people within T + 1 s, with all that was said', async () => {
    const { server, clock } = world
    const { id: accountId } = await server.account({ botAnswerSeconds: T / 1000 })
    const account = await world.agent(accountId)
    await using bot = world.bot('echo', account)
    await bot.told('RoutingTaskNotification')
    await using consumer = await world.consumer(accountId)
    const { body: opened } = await consumer.request('cm.ConsumerRequestConversation')
    const id: string = opened.conversationId
    const hears = (socket: SocketClient, words: string) =>
      socket.next((frame) => frame.kind === 'notification' && JSON.stringify(frame).includes(words))
    await hears(consumer, 'I have just joined')
    await say(consumer, id, 'order 4711')
    await hears(consumer, 'You said: order 4711')
    await bot.kill()
    await say(consumer, id, 'hello?')
    const asked = clock.now()
    await using socket = await personAt(world, accountId)
    while (clock.now() < asked + T + 1_000) await clock.advance(1_000)
    const ring = await nextRing(socket, 'WAITING', id)
    await socket.request('.ams.routing.UpdateRingState', {
      ringId: ring.ringId,
      ringState: 'ACCEPTED',
    })
    await socket.request('.ams.ms.SubscribeMessagingEvents', { fromSeq: 0, dialogId: id })
    for (const words of ['I have just joined', 'order 4711', 'You said: order 4711', 'hello?'])
      await hears(socket, words)
    const conversation = await server.services.store.read('conversation', { accountId, id })
    expect(mainDialog(conversation!).activity.unansweredSince).toBeDefined()
  })
})
