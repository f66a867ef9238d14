/** Tells the node's parts, and through the bus the other nodes, what a command has changed. */
import type { ConversationNews, DialogNews } from '../bus/subjects.ts'
import { subjects } from '../bus/subjects.ts'
import type { Conversation } from '../domain/conversation.ts'
import { assignedAgent } from '../domain/conversation.ts'
import type { DialogEvent, NewEvent } from '../domain/event.ts'
import type { Changed } from '../store/store.ts'
import type { Services } from './services.ts'

type Parts = Pick<Services, 'bus' | 'routing' | 'automatic'>

export const announceOpened = ({ bus, routing, automatic }: Parts, after: Conversation): void => {
  const news: ConversationNews = { after, cause: 'structure' }
  bus.publish(subjects.conversations(after.accountId), news)
  // One that an agent opened is its own from the beginning.
  if (!assignedAgent(after)) routing.wake(after.accountId)
  automatic.opened(after)
}

/**
 * A task was queued, or an agent's ring has ended. An agent that carries less needs no word here:
 * whoever knows the account's agents hears it from the news of the conversation. [RT17]
 */
const mayLetRoute = ({ rings, task }: Changed): boolean =>
  task?.state === 'queued' || rings.length > 0

/** Rings first, then the conversation: a bot learns that its ring is over before what came of it. */
export const announceChange = ({ bus, routing, automatic }: Parts, changed: Changed): void => {
  const { before, after, rings } = changed
  routing.announceRings(rings)
  if (before === after || before.revision === after.revision) return
  const news: ConversationNews = { before, after, cause: 'structure' }
  bus.publish(subjects.conversations(after.accountId), news)
  if (mayLetRoute(changed)) routing.wake(after.accountId)
  automatic.changed(before, after)
}

/** The event to its dialog's readers, then what it changed in the conversation. [EV3] */
export const announceEvent = (
  { bus, hubs, log }: Pick<Services, 'bus' | 'hubs' | 'log'>,
  event: DialogEvent,
  source: Pick<NewEvent, 'receipt' | 'isAutomatic'>,
): void => {
  const { accountId, dialogId } = event
  bus.publish(subjects.dialog(accountId, dialogId), { kind: 'event', event } satisfies DialogNews)
  const before = hubs.cache.peek(accountId, dialogId)
  const after = hubs.cache.applyEvent(event, source)
  if (after) {
    const news: ConversationNews = { ...(before && { before }), after, cause: 'message' }
    bus.publish(subjects.conversations(accountId), news)
    return
  }
  hubs.cache.ofDialog(accountId, dialogId).then(
    (read) => {
      if (read) bus.publish(subjects.conversations(accountId), { after: read, cause: 'message' })
    },
    (error: unknown) => log.warn({ err: error }, 'conversation could not be read'),
  )
}
