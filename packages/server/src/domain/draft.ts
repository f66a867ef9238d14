/** What an agent has begun to write and not sent, wherever it writes. Pure. [DRF1] */
import type { AccountId, AgentId, ConversationId, DialogId, Timestamp } from '@ringdown/protocol'

/** A text, for the consumer or as a note among agents, and when it was written. */
export interface DraftText {
  readonly text: string
  readonly isNote: boolean
  readonly at: Timestamp
}

export interface Draft extends DraftText {
  readonly accountId: AccountId
  readonly agentId: AgentId
  readonly dialogId: DialogId
  readonly conversationId: ConversationId
  /** Another one after every change. */
  readonly revision: string
  /** What was written elsewhere at the same time, newest first. */
  readonly others: readonly DraftText[]
}

export type DraftContent = Pick<Draft, 'text' | 'isNote' | 'at' | 'others'>

/** Texts beside the newest one that are kept. */
export const OTHERS_KEPT = 3

const isBlank = ({ text }: DraftText) => text.trim() === ''

/** Nothing of `less` is lost where `more` is. */
const holds = (more: DraftText, less: DraftText) =>
  more.isNote === less.isNote && more.text.startsWith(less.text)

const textOf = ({ text, isNote, at }: DraftText): DraftText => ({ text, isNote, at })

const kept = (first: DraftText, rest: readonly DraftText[]): readonly DraftText[] => {
  const others: DraftText[] = []
  for (const one of rest.toSorted((a, b) => b.at - a.at))
    if (!isBlank(one) && ![first, ...others].some((other) => holds(other, one))) others.push(one)
  return others.slice(0, OTHERS_KEPT)
}

export const isEmpty = (content: DraftContent): boolean =>
  isBlank(content) && content.others.length === 0

/**
 * What becomes of two that were written without knowledge of each other: the newest one stands, and
 * what it lacks of the other is kept beside it. Who has nothing to say takes nothing away. [DRF3]
 */
export const mergedDraft = (before: DraftContent, coming: DraftContent): DraftContent => {
  const isNewer = isBlank(before) || (!isBlank(coming) && coming.at >= before.at)
  const [first, second] = isNewer ? [coming, before] : [before, coming]
  return {
    ...textOf(first),
    others: kept(first, [textOf(second), ...before.others, ...coming.others]),
  }
}

/** As its writer wants it, who knew the one before. */
export const replacedDraft = (coming: DraftContent): DraftContent => ({
  ...textOf(coming),
  others: kept(coming, coming.others),
})
