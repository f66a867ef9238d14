/** Which conversations a subscription is about. [SUB5] */
import type { Actor } from '../domain/actor.ts'
import type { Conversation } from '../domain/conversation.ts'
import { findParticipant } from '../domain/conversation.ts'
import { isCapable, maySee } from '../domain/permissions.ts'
import type { ConversationFilter } from '../store/store.ts'

export type SubscriptionFilter = Omit<ConversationFilter, 'accountId' | 'limit' | 'after'>

const includes = <T>(wanted: readonly T[] | undefined, value: T): boolean =>
  !wanted || wanted.includes(value)

const hasAgent = (conversation: Conversation, agentIds: readonly string[] | undefined): boolean =>
  !agentIds ||
  agentIds.length === 0 ||
  conversation.dialogs.some((dialog) =>
    agentIds.some((id) => findParticipant(dialog, id) !== undefined),
  )

export const matches = (
  actor: Actor,
  filter: SubscriptionFilter,
  conversation: Conversation,
): boolean =>
  maySee(actor, conversation) &&
  (filter.conversationId === undefined || filter.conversationId === conversation.id) &&
  (filter.consumerId === undefined || filter.consumerId === conversation.consumerId) &&
  includes(filter.states, conversation.state) &&
  includes(filter.stages, conversation.stage) &&
  hasAgent(conversation, filter.agentIds) &&
  conversation.updatedAt >= (filter.minUpdatedAt ?? 0) &&
  conversation.updatedAt <= (filter.maxUpdatedAt ?? Number.MAX_SAFE_INTEGER)

/** Where surveys of an application are filed, beside the ids of people. */
export const appPlace = (appId: string): string => `app ${appId}`

/** Where the hub files a subscription: the participant it is about, or all of the account. */
export const participantsOf = (
  actor: Actor,
  filter: SubscriptionFilter,
): readonly string[] | 'all' => {
  if (actor.kind === 'consumer') return [actor.id]
  if (filter.agentIds && filter.agentIds.length > 0) return filter.agentIds
  if (filter.consumerId !== undefined) return [filter.consumerId]
  if (isCapable(actor, 'view_conversations')) return 'all'
  return [actor.id, ...(actor.appIds ?? []).map(appPlace)]
}
