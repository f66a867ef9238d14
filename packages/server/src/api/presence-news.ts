/** What others learn from the coming and going of sockets. */

import type { DialogNews } from '../bus/subjects.ts'
import { subjects } from '../bus/subjects.ts'
import type { AgentActor, ConsumerActor } from '../domain/actor.ts'
import type { Conversation } from '../domain/conversation.ts'
import { mainDialog } from '../domain/conversation.ts'
import type { Services } from './services.ts'
import type { Session } from './session.ts'

/** Open conversations of one consumer that hear of it. */
const CONVERSATIONS = 20

/** Counts the agent's socket; the last one to go starts the time to OFFLINE. [RT7] */
export const agentConnected = (services: Services, session: Session, actor: AgentActor): void => {
  const { presence, lastSeen, routing, config } = services
  const { accountId, id, userId } = actor
  const counted = presence.addSocket(accountId, id)
  session.onEnd(() => {
    counted[Symbol.dispose]()
    if (presence.isConnected(accountId, id)) return
    lastSeen.note(accountId, id)
    routing.watchAbsence({ accountId, agent: { id, userId } }, config.limits.agentOfflineMs)
  })
}

const chatState = (conversation: Conversation, chatStateName: string): DialogNews => ({
  kind: 'chat_state',
  state: {
    accountId: conversation.accountId,
    conversationId: conversation.id,
    dialogId: mainDialog(conversation).id,
    publisher: { id: conversation.consumerId, role: 'consumer' },
    payload: JSON.stringify({ type: 'ChatStateEvent', chatState: chatStateName }),
    from: '',
    isForAgentsOnly: true,
  },
})

/** Agents see whether the consumer's window is there: its first socket and its last. [EV9] */
export const consumerPresence = (
  services: Services,
  { accountId, id }: ConsumerActor,
  state: 'ACTIVE' | 'BACKGROUND',
): void => {
  const { sessions, store, bus, log } = services
  const others = sessions.of(accountId, id).size - (state === 'ACTIVE' ? 1 : 0)
  if (others > 0) return
  store
    .read('conversations', { accountId, consumerId: id, states: ['open'], limit: CONVERSATIONS })
    .then(
      (open) => {
        for (const conversation of open)
          bus.publish(subjects.dialog(accountId, conversation.id), chatState(conversation, state))
      },
      (error: unknown) => log.warn({ err: error }, 'presence could not be told'),
    )
}
