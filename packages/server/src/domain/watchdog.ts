/**
 * Watches a bot that leads a conversation: does it leave the consumer waiting, or talk to itself?
 * Looked at when a timer says so, never when a message arrives.
 */
import type { AgentId, Timestamp } from '@ringdown/protocol'
import type { AccountSettings, SkillRules } from './account.ts'
import type { Conversation } from './conversation.ts'
import { assignedAgent, mainDialog } from './conversation.ts'
import type { DialogEvent } from './event.ts'

/** Loops are looked for this often where no time to answer is set. */
const LOOP_LOOK_SECONDS = 60

export interface WatchRules {
  /** How long the consumer may wait for the bot; 0 means without limit. */
  readonly answerSeconds: number
  /** Messages of the bot in a row; 0 means without limit. */
  readonly maxInRow: number
}

export const watchRules = (
  settings: Pick<AccountSettings, 'botAnswerSeconds' | 'botMaxMessagesInRow'>,
  rules?: Pick<SkillRules, 'botAnswerSeconds'>,
): WatchRules => ({
  answerSeconds: rules?.botAnswerSeconds ?? settings.botAnswerSeconds,
  maxInRow: settings.botMaxMessagesInRow,
})

/** Milliseconds from one look to the next; undefined: nothing is watched. */
export const lookPeriodMs = ({ answerSeconds, maxInRow }: WatchRules): number | undefined => {
  if (answerSeconds > 0) return answerSeconds * 1000
  return maxInRow > 0 ? LOOP_LOOK_SECONDS * 1000 : undefined
}

/** The bot's place in the conversation, as its timer keeps it. */
export interface Watched {
  readonly agentId: AgentId
  /** When it was assigned. */
  readonly since: Timestamp
}

export type Watch =
  | { readonly kind: 'over' }
  | { readonly kind: 'silent' }
  /** Look again at this time; and whether the bot had the last word, so that it may be looping. */
  | { readonly kind: 'on_duty'; readonly next: Timestamp; readonly hadLastWord: boolean }

/** Since when the bot owes the consumer an answer. */
const owedSince = (conversation: Conversation, { since }: Watched): Timestamp | undefined => {
  const { unansweredSince } = mainDialog(conversation).activity
  // What a consumer wrote before the bot was there is the bot's from when it came.
  return unansweredSince === undefined ? undefined : Math.max(unansweredSince, since)
}

/** What is to be made of the bot at this time. [TIM24] */
export const watchBot = (
  conversation: Conversation,
  watched: Watched,
  { rules, at }: { rules: WatchRules; at: Timestamp },
): Watch => {
  const period = lookPeriodMs(rules)
  const isOver =
    conversation.state === 'closed' || assignedAgent(conversation)?.id !== watched.agentId
  if (isOver || period === undefined) return { kind: 'over' }
  const owed = rules.answerSeconds > 0 ? owedSince(conversation, watched) : undefined
  if (owed !== undefined && owed + period <= at) return { kind: 'silent' }
  const last = mainDialog(conversation).activity.lastContent
  return {
    kind: 'on_duty',
    next: owed === undefined ? at + period : owed + period,
    hadLastWord: rules.maxInRow > 0 && last?.publisher.id === watched.agentId,
  }
}

/** How many of the newest messages are the bot's alone; events ascend by sequence. [TIM27] */
export const messagesInRow = (
  events: readonly Pick<DialogEvent, 'kind' | 'publisher' | 'at'>[],
  { agentId, since }: Watched,
): { readonly count: number; readonly isWhole: boolean } => {
  let count = 0
  for (const { kind, publisher, at } of events.toReversed()) {
    if (at < since) return { count, isWhole: true }
    if (kind !== 'content') continue
    if (publisher.id !== agentId) return { count, isWhole: true }
    count += 1
  }
  return { count, isWhole: false }
}
