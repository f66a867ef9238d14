/** How most tests of bots begin: a bot at work, and somebody who talks to it. */
import type { SocketClient } from '../../src/testing/index.ts'
import type { TlsWorld } from './tls-world.ts'

/** Opens a conversation; says its id. */
export const open = async (consumer: SocketClient): Promise<string> => {
  const { body } = await consumer.request('cm.ConsumerRequestConversation')
  return body.conversationId
}

/** A bot in an account of its own, once it hears of rings. */
export const botAtWork = async (world: TlsWorld, program: Parameters<TlsWorld['bot']>[0]) => {
  const { id: accountId } = await world.server.account()
  const agent = await world.agent(accountId)
  const bot = world.bot(program, agent)
  await bot.told('RoutingTaskNotification')
  return { accountId, agent, bot, [Symbol.asyncDispose]: () => bot[Symbol.asyncDispose]() }
}
