/** A day of everything that timers do, hour by hour, on a clock that is told to go on. */
import { expect, it } from 'vitest'
import type { Conversation } from '../src/domain/conversation.ts'
import { assignedAgent, mainDialog } from '../src/domain/conversation.ts'
import type { SocketClient, TestServer } from '../src/testing/index.ts'
import type { Opened } from './bots/duty.ts'
import { answerRing, atWork, hire, openConversation, ringsAmong, say } from './bots/duty.ts'
import { stillServer } from './bots/still-server.ts'
import { range } from './given.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const settings = {
  autoCloseSeconds: 3 * 3600,
  takeBackAfterMs: 30 * MINUTE,
  botAnswerSeconds: 60,
  ringExpirationMs: 24 * HOUR,
  defaultCapacity: 100,
}

interface Desk {
  readonly id: string
  readonly isBot: boolean
  socket: SocketClient | undefined
}

const acceptAll = async ({ socket }: Desk): Promise<void> => {
  if (!socket) return
  const waiting = ringsAmong(await socket.settled()).filter(
    ({ ringState }) => ringState === 'WAITING',
  )
  for (const { ringId } of waiting) await answerRing(socket, ringId)
}

const load = async (server: TestServer, accountId: string, talks: readonly Opened[]) => {
  const found: Conversation[] = []
  for (const { id } of talks)
    found.push((await server.services.store.read('conversation', { accountId, id }))!)
  return found
}

it('[TIM10] [TIM20] [TIM24] [TIM25] every conversation of a day comes to whom it is meant for', async () => {
  const { server, clock } = await stillServer({ limits: { loginSessionMs: 100 * HOUR } })
  await using _ = server
  const { id: accountId } = await server.account(settings)
  const { store } = server.services
  const credentials = [
    await hire(server, accountId, { isBot: true }),
    await hire(server, accountId),
    await hire(server, accountId),
  ]
  const desks: Desk[] = []
  for (const [index, one] of credentials.entries())
    desks.push({ id: one.id, isBot: index === 0, socket: await atWork(server, one) })
  const [bot, , bob] = desks as [Desk, Desk, Desk]
  await using stack = new AsyncDisposableStack()
  const talks: Opened[] = []
  for (const hour of range(0, 24)) {
    const talk = stack.use(await openConversation(server, accountId))
    talks.push(talk)
    await clock.advance(1_000)
    for (const desk of desks) await acceptAll(desk)
    // The bot answers in even hours only; consumers write to the three newest conversations.
    for (const one of talks.slice(-3)) await one.say(`at ${hour}`)
    await clock.advance(30_000)
    for (const one of await load(server, accountId, talks))
      if (bot.socket && assignedAgent(one)?.id === bot.id && hour % 2 === 0)
        await say(bot.socket, one.id, 'an answer')
    await clock.advance(61_000)
    for (const one of await load(server, accountId, talks)) {
      if (assignedAgent(one)?.id !== bot.id) continue
      // Whom the bot kept, it does not keep waiting. [TIM24]
      expect(mainDialog(one).activity.unansweredSince, `hour ${hour}`).toBeUndefined()
    }
    for (const desk of desks) await acceptAll(desk)
    // Bob is away from the eighth hour to the twelfth.
    if (hour === 8) {
      await bob.socket?.[Symbol.asyncDispose]()
      bob.socket = undefined
    }
    if (hour === 12) bob.socket = await atWork(server, credentials[2]!)
    await clock.advance(58 * MINUTE)
    for (const one of await load(server, accountId, talks)) {
      const lastAt = Math.max(one.updatedAt, mainDialog(one).activity.lastContent?.at ?? 0)
      if (one.state === 'closed') expect(one).toMatchObject({ closeReason: 'timeout' })
      else expect(clock.now() - lastAt, `hour ${hour}`).toBeLessThanOrEqual(3 * HOUR)
      if (hour === 9 && one.state === 'open') expect(assignedAgent(one)?.id).not.toBe(bob.id)
    }
  }
  expect(new Set((await load(server, accountId, talks)).map(({ state }) => state))).toEqual(
    new Set(['open', 'closed']),
  )
  for (const { socket } of desks) await socket?.[Symbol.asyncDispose]()
  await clock.advance(8 * HOUR)
  const ended = await load(server, accountId, talks)
  expect(ended.map(({ closeReason }) => closeReason)).toEqual(talks.map(() => 'timeout'))
  expect(await store.read('queuedTasks', { accountId, limit: 100 })).toEqual([])
  const reasons = new Set<string | undefined>()
  for (const { id } of talks) {
    const { tasks, rings } = await store.read('routingOf', { accountId, conversationId: id })
    for (const task of tasks) {
      reasons.add(task.reason)
      const rung = rings.filter(({ taskId }) => taskId === task.id).map(({ agentId }) => agentId)
      // Nothing that was taken from the bot rings at the bot. [TIM25]
      if (task.reason === 'bot_silent') expect(rung).not.toContain(bot.id)
    }
  }
  expect(reasons).toEqual(new Set([undefined, 'bot_silent', 'agent_gone']))
})
