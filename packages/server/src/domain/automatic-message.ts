/** What the server says by itself: which event of a conversation, and in which words. Pure. [CNT30] */
import type { AutoMessage } from './configuration.ts'
import type { Conversation } from './conversation.ts'
import { assignedAgent, mainDialog } from './conversation.ts'

/** The events that the server notices. Items for others are the clients' business. */
export type MessageEvent =
  | 'CHAT_STARTED'
  | 'TRANSFER_TO_SKILL'
  | 'TRANSFER_TO_AGENT'
  | 'OFF_HOURS'
  | 'TTR_ACKNOWLEDGEMENT'

/** An agent who opens a conversation speaks first. */
export const messageEventOfOpening = (opened: Conversation): MessageEvent | undefined =>
  assignedAgent(opened) ? undefined : 'CHAT_STARTED'

const invited = (conversation: Conversation): readonly string[] =>
  mainDialog(conversation)
    .participants.filter(({ state }) => state === 'suggested')
    .map(({ id }) => id)

const isInviting = (before: Conversation, after: Conversation): boolean => {
  const already = invited(before)
  return invited(after).some((id) => !already.includes(id))
}

/** At most one message for one change: the weightiest. */
export const messageEventOfChange = (
  before: Conversation,
  after: Conversation,
): MessageEvent | undefined => {
  if (after.state === 'closed') return undefined
  if (isInviting(before, after)) return 'TRANSFER_TO_AGENT'
  if (before.skillId !== after.skillId)
    return assignedAgent(after) ? undefined : 'TRANSFER_TO_SKILL'
  if (after.delay && after.delay.until !== before.delay?.until) return 'OFF_HOURS'
  return before.ttr.type === after.ttr.type ? undefined : 'TTR_ACKNOWLEDGEMENT'
}

/** Said where the account has configured nothing for the event. */
const defaultTexts: Partial<Record<MessageEvent, string>> = {
  TRANSFER_TO_AGENT: 'You are being transferred to another agent.',
}

const primary = (language: string): string => language.toLowerCase().split(/[-_]/, 1)[0] as string

/** The text in the language, in another form of it, the default one, or the first. [CNT33] */
const textIn = ({ data }: AutoMessage, language: string): string | undefined => {
  const wanted = language.toLowerCase().replace('_', '-')
  const found =
    data.find(({ lang }) => lang.toLowerCase().replace('_', '-') === wanted) ??
    data.find(({ lang }) => primary(lang) === primary(language)) ??
    data.find(({ isDefault }) => isDefault) ??
    data[0]
  return found?.msg === '' ? undefined : found?.msg
}

const languageOf = ({ context }: Conversation): string => {
  const language = context?.['lang']
  return typeof language === 'string' ? language : ''
}

/** What is said at the event, if anything; an item that is switched off silences it. [CNT34] */
export const automaticText = (
  items: readonly AutoMessage[],
  event: MessageEvent,
  conversation: Conversation,
): string | undefined => {
  const meant = items.filter(({ messageEventId }) => messageEventId === event)
  if (meant.length === 0) return defaultTexts[event]
  const item = meant.find(({ enabled }) => enabled)
  return item && textIn(item, languageOf(conversation))
}
