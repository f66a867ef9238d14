/** Time to respond: one function for every place that needs the deadline. [TTR1] */
import type { AccountSettings, Skill, TtrType } from './account.ts'
import type { Conversation } from './conversation.ts'
import { mainDialog } from './conversation.ts'

/** Nothing is owed. */
export const NO_DEADLINE = -1

/** When an agent should have answered, in milliseconds since the epoch, or -1. [TTR3] */
export const effectiveTtr = (
  conversation: Conversation,
  settings: Pick<AccountSettings, 'ttrCountsFrom'>,
): number => {
  if (conversation.state === 'closed') return NO_DEADLINE
  const { activity } = mainDialog(conversation)
  const waitingSince =
    settings.ttrCountsFrom === 'latest' ? activity.unansweredLatest : activity.unansweredSince
  // Before anybody said anything the conversation itself waits. [TTR2]
  const since = waitingSince ?? (activity.lastContent ? undefined : conversation.startedAt)
  if (since === undefined) return NO_DEADLINE
  if (conversation.manualEttr !== undefined) return conversation.manualEttr
  const start = Math.max(since, conversation.delay?.until ?? 0)
  return start + conversation.ttr.seconds * 1000
}

/** The seconds of every kind at a skill: its own, or else the account's. [TTR4] */
export const ttrSeconds = (
  settings: Pick<AccountSettings, 'ttr'>,
  skill?: Pick<Skill, 'ttr'>,
): Readonly<Record<TtrType, number>> => ({ ...settings.ttr, ...skill?.ttr })
