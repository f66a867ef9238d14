/** Changes of conversations, and the frame that carries them to one subscription. */
import { notificationNames, type Role, type Version } from '@ringdown/protocol'
import type { Conversation } from '../domain/conversation.ts'
import type { DialogEvent } from '../domain/event.ts'
import { conversationDetails, namePersonFor } from './conversation-details.ts'
import type { Dialect } from './dialect.ts'
import { list, notification } from './envelopes.ts'
import { eventForm } from './event-body.ts'
import { quote } from './json-text.ts'
import { activeParticipants } from './participants.ts'

type ConversationFrames = Pick<Dialect, 'conversationChange' | 'conversationFrame'>

/** The newest content that this role may see, over all dialogs. */
const lastContent = ({ dialogs }: Conversation, role: Role): DialogEvent | undefined => {
  let newest: DialogEvent | undefined
  for (const { activity } of dialogs) {
    const last = role === 'agent' ? activity.lastAgentContent : activity.lastContent
    const isVisible = role === 'agent' || last?.audience === 'all'
    if (last && isVisible && (!newest || last.at >= newest.at)) newest = last
  }
  return newest
}

/** Unread content per participant; a consumer learns only its own count. [CV25] */
const unreadCounts = (
  conversation: Conversation,
  { role, version }: { role: Role; version: Version },
): Record<string, number> => {
  const name = namePersonFor({ role, version })
  const counts: [string, number][] = []
  for (const participant of activeParticipants(conversation)) {
    if (role === 'consumer' && participant.role !== 'consumer') continue
    const unread = conversation.dialogs.map((one) => one.activity.unread[participant.id] ?? 0)
    counts.push([
      name(conversation.accountId, participant),
      unread.reduce((sum, count) => sum + count, 0),
    ])
  }
  return Object.fromEntries(counts)
}

/** The conversation frames of one role and version. */
export const conversationFrames = (role: Role, version: Version): ConversationFrames => {
  const { event: contentText } = eventForm({ reader: role, version })
  return {
    conversationChange({ type, conversation, effectiveTtr }) {
      const last = lastContent(conversation, role)
      const lastUpdateTime = Math.max(conversation.updatedAt, last?.at ?? 0)
      const details = JSON.stringify(conversationDetails(conversation, { role, version }))
      const unread = JSON.stringify(unreadCounts(conversation, { role, version }))
      const content = last ? `,"lastContentEventNotification":${contentText(last)}` : ''
      return `{"type":"${type}","result":{"convId":${quote(conversation.id)},"effectiveTTR":${effectiveTtr},"lastUpdateTime":${lastUpdateTime},"numberOfunreadMessages":${unread},"conversationDetails":${details}${content}}}`
    },
    conversationFrame({ subscriptionId, sentAt, changes }) {
      const sent = version === 3 ? `,"sentTs":${sentAt}` : ''
      return notification(
        notificationNames[role][version].conversation,
        `{"subscriptionId":${quote(subscriptionId)}${sent},"changes":${list(changes)}}`,
      )
    },
  }
}
