/** Time to respond: one function for every place that needs the deadline. [TTR1] */

import type { Timestamp } from '@ringdown/protocol'
import type { AccountSettings, Skill, TtrType } from './account.ts'
import type { Conversation } from './conversation.ts'
import { mainDialog } from './conversation.ts'

/** Nothing is owed. */
export const NO_DEADLINE = -1

/** What the deadline follows from. */
export interface TtrFacts {
  readonly startedAt: Timestamp
  readonly ttrSeconds: number
  readonly manualEttr?: Timestamp
  readonly delayUntil?: Timestamp
  /** Consumer messages that no agent has answered: the first and the latest. */
  readonly unansweredSince?: Timestamp
  readonly unansweredLatest?: Timestamp
  /** Whether anybody said anything that all may see. */
  readonly hasContent: boolean
}

type CountsFrom = Pick<AccountSettings, 'ttrCountsFrom'>

/** When an open conversation with these facts should be answered, or -1. [TTR3] */
export const dueAt = (facts: TtrFacts, { ttrCountsFrom }: CountsFrom): number => {
  const waitingSince = ttrCountsFrom === 'latest' ? facts.unansweredLatest : facts.unansweredSince
  // Before anybody said anything the conversation itself waits. [TTR2]
  const since = waitingSince ?? (facts.hasContent ? undefined : facts.startedAt)
  if (since === undefined) return NO_DEADLINE
  if (facts.manualEttr !== undefined) return facts.manualEttr
  return Math.max(since, facts.delayUntil ?? 0) + facts.ttrSeconds * 1000
}

const factsOf = (conversation: Conversation): TtrFacts => {
  const { startedAt, ttr, manualEttr, delay } = conversation
  const { unansweredSince, unansweredLatest, lastContent } = mainDialog(conversation).activity
  return {
    startedAt,
    ttrSeconds: ttr.seconds,
    hasContent: lastContent !== undefined,
    ...(manualEttr !== undefined && { manualEttr }),
    ...(delay && { delayUntil: delay.until }),
    ...(unansweredSince !== undefined && { unansweredSince }),
    ...(unansweredLatest !== undefined && { unansweredLatest }),
  }
}

/** When an agent should have answered, in milliseconds since the epoch, or -1. [TTR3] */
export const effectiveTtr = (conversation: Conversation, settings: CountsFrom): number =>
  conversation.state === 'closed' ? NO_DEADLINE : dueAt(factsOf(conversation), settings)

/** The seconds of every kind at a skill: its own, or else the account's. [TTR4] */
export const ttrSeconds = (
  settings: Pick<AccountSettings, 'ttr'>,
  skill?: Pick<Skill, 'ttr'>,
): Readonly<Record<TtrType, number>> => ({ ...settings.ttr, ...skill?.ttr })
