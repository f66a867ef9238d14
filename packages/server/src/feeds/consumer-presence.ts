/** Whoever follows a conversation hears whether its consumer's window is there. [EV9] */
import type { ConsumerId } from '@ringdown/protocol'
import type { Bus } from '../bus/bus.ts'
import { type ConsumerNews, subjects } from '../bus/subjects.ts'
import type { ConversationCache } from './conversation-cache.ts'
import type { DialogChannel } from './dialog-channel.ts'

/** Tells the channel of a main dialog, for as long as the conversation is open. */
export const hearConsumer = (
  channel: DialogChannel,
  consumerId: ConsumerId,
  { bus, cache }: { bus: Bus; cache: ConversationCache },
): Disposable => {
  const { accountId, dialogId } = channel.key
  return bus.listen<ConsumerNews>(subjects.consumer(accountId, consumerId), (news) => {
    if (news === 'gap' || cache.peek(accountId, dialogId)?.state === 'closed') return
    channel.tell({
      accountId,
      conversationId: dialogId,
      dialogId,
      publisher: { id: consumerId, role: 'consumer' },
      payload: JSON.stringify({ type: 'ChatStateEvent', chatState: news.chatState }),
      from: '',
      isForAgentsOnly: true,
    })
  })
}
