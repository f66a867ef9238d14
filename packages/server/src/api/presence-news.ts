/** What others learn from the coming and going of sockets. */

import type { ConsumerNews } from '../bus/subjects.ts'
import { subjects } from '../bus/subjects.ts'
import type { AgentActor, ConsumerActor } from '../domain/actor.ts'
import type { Services } from './services.ts'
import type { Session } from './session.ts'

/** Counts the agent's socket; the last one to go starts the time to OFFLINE. [RT7] */
export const agentConnected = (services: Services, session: Session, actor: AgentActor): void => {
  const { presence, lastSeen, routing, config } = services
  const { accountId, id, userId } = actor
  const counted = presence.addSocket(accountId, id)
  lastSeen.forget(accountId, id)
  session.onEnd(() => {
    counted[Symbol.dispose]()
    if (presence.isConnected(accountId, id)) return
    lastSeen.note(accountId, id)
    routing.watchAbsence({ accountId, agent: { id, userId } }, config.limits.agentOfflineMs)
  })
}

/**
 * Agents see whether the consumer's window is there: its first socket and its last. Whoever follows a
 * conversation of the consumer listens for it; nothing is read, and nobody is told where nobody does. [EV9]
 */
export const consumerPresence = (
  { sessions, bus }: Pick<Services, 'sessions' | 'bus'>,
  { accountId, id }: ConsumerActor,
  chatState: ConsumerNews['chatState'],
): void => {
  const others = sessions.of(accountId, id).size - (chatState === 'ACTIVE' ? 1 : 0)
  if (others > 0) return
  const news: ConsumerNews = { chatState }
  bus.publish(subjects.consumer(accountId, id), news)
}
