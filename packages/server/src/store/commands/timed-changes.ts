/** What timers do to conversations: decided again inside the transaction, by what is true then. */
import type { Kysely } from 'kysely'
import { closeBySystem } from '../../domain/close.ts'
import type { Conversation } from '../../domain/conversation.ts'
import { mainDialog } from '../../domain/conversation.ts'
import { autoCloseSeconds, inactiveAt } from '../../domain/inactivity.ts'
import { takenBack } from '../../domain/take-back.ts'
import type { CommandData, CommandResult } from '../store.ts'
import type { Tables } from '../tables.ts'
import { rulesFor } from './arm-timers.ts'
import { applyOutcome, lockConversation } from './conversations.ts'

const lastEventAt = async (db: Kysely<Tables>, conversation: Conversation): Promise<number> => {
  const { last_at } = await db
    .selectFrom('dialogs')
    .select('last_at')
    .where('account_id', '=', conversation.accountId)
    .where('id', '=', mainDialog(conversation).id)
    .executeTakeFirstOrThrow()
  return last_at
}

export const closeInactive = async (
  db: Kysely<Tables>,
  { accountId, conversationId, taskId, at }: CommandData<'closeInactive'>,
): Promise<CommandResult<'closeInactive'>> => {
  const before = await lockConversation(db, accountId, conversationId)
  const { settings, skill } = await rulesFor(db, before)
  const seconds = autoCloseSeconds(settings, skill)
  const due = inactiveAt(before, await lastEventAt(db, before), seconds)
  if (due === undefined) return {}
  if (due > at) return { next: due }
  const outcome = closeBySystem(before, 'all', { at, reason: 'timeout' })
  return { change: await applyOutcome(db, { before, outcome, taskId, at }) }
}

export const returnToQueue = async (
  db: Kysely<Tables>,
  data: CommandData<'returnToQueue'>,
): Promise<CommandResult<'returnToQueue'>> => {
  const { accountId, conversationId, agentId, taskId, reason, peopleOnly, waitingSince, at } = data
  const before = await lockConversation(db, accountId, conversationId)
  const { unansweredSince } = mainDialog(before).activity
  // An answer that came in the meantime is an answer.
  if (waitingSince !== undefined && (unansweredSince ?? Infinity) > waitingSince) return {}
  const outcome = takenBack(before, agentId, at)
  if (outcome.ok && outcome.conversation === before) return {}
  const because = { reason, peopleOnly }
  return { change: await applyOutcome(db, { before, outcome, taskId, at, because }) }
}
