/** When a conversation in which nothing happens is closed. [TIM10] */
import type { Timestamp } from '@ringdown/protocol'
import type { AccountSettings, SkillRules } from './account.ts'
import type { Conversation } from './conversation.ts'

/** The skill's own value, or else the account's; 0 means never. */
export const autoCloseSeconds = (
  settings: Pick<AccountSettings, 'autoCloseSeconds'>,
  rules?: Pick<SkillRules, 'autoCloseSeconds'>,
): number => rules?.autoCloseSeconds ?? settings.autoCloseSeconds

/**
 * When the conversation has been inactive for so long, if nothing more happens; undefined: never.
 * `lastEventAt` is the time of the newest event of its main dialog, 0 without one.
 */
export const inactiveAt = (
  { state, updatedAt }: Pick<Conversation, 'state' | 'updatedAt'>,
  lastEventAt: Timestamp,
  seconds: number,
): Timestamp | undefined =>
  state === 'closed' || seconds === 0
    ? undefined
    : Math.max(updatedAt, lastEventAt) + seconds * 1000
