import { Refusal } from '@ringdown/protocol/errors'
import type { Kysely } from 'kysely'
import type { ChangeOutcome, RoutingEffect } from '../../domain/change.ts'
import { changeConversation as decide } from '../../domain/change-conversation.ts'
import type { Conversation } from '../../domain/conversation.ts'
import { assignedAgent } from '../../domain/conversation.ts'
import { openedConversation, openingRefused } from '../../domain/open-conversation.ts'
import type { Suggestion } from '../../domain/routing/candidate.ts'
import { dialectOf } from '../dialect.ts'
import { loadConversation } from '../queries/load-conversations.ts'
import type { Changed, CommandData, CommandResult } from '../store.ts'
import type { Tables } from '../tables.ts'
import { timeConversation } from './arm-timers.ts'
import { surveyTerms } from './surveys.ts'
import { type Because, endTasks, followDeadline, queueTask } from './tasks.ts'
import { timeDialogs } from './time-dialogs.ts'
import { insertConversation, updateConversation } from './write-conversation.ts'

/** Refuses unless there is such an account. */
const requireAccount = async (db: Kysely<Tables>, accountId: string): Promise<void> => {
  const row = await db
    .selectFrom('accounts')
    .select('id')
    .where('id', '=', accountId)
    .executeTakeFirst()
  if (!row) throw new Refusal('account_not_found')
}

const countsOf = async (db: Kysely<Tables>, accountId: string, consumerId: string) => {
  const row = await db
    .selectFrom('conversations')
    .select(({ fn, eb }) => [
      fn.countAll<number>().as('all'),
      fn.sum<number>(eb.case().when('state', '=', 'open').then(1).else(0).end()).as('open'),
    ])
    .where('account_id', '=', accountId)
    .where('consumer_id', '=', consumerId)
    .executeTakeFirstOrThrow()
  return { all: Number(row.all), open: Number(row.open ?? 0) }
}

export const openConversation = async (
  db: Kysely<Tables>,
  data: CommandData<'openConversation'>,
): Promise<CommandResult<'openConversation'>> => {
  const { accountId, consumerId } = data
  await requireAccount(db, accountId)
  // Two openings at once must not both find the last free place.
  await dialectOf(db).serialize(db, `consumer/${accountId}/${consumerId}`)
  const { all, open } = await countsOf(db, accountId, consumerId)
  const code = openingRefused(data, open)
  if (code) throw new Refusal(code)
  const conversation = openedConversation(data, all === 0)
  await insertConversation(db, conversation)
  await timeConversation(db, undefined, conversation)
  if (data.openedBy) return { conversation }
  const task = await queueTask(db, conversation, { id: data.taskId, cause: 'new', at: data.at })
  return { conversation, task }
}

/** Loads a conversation and keeps it and its dialogs from changing until the transaction ends. */
export const lockConversation = async (
  db: Kysely<Tables>,
  accountId: string,
  id: string,
): Promise<Conversation> => {
  if (dialectOf(db).locksRows) {
    await db
      .selectFrom('conversations')
      .select('id')
      .where('account_id', '=', accountId)
      .where('id', '=', id)
      .forUpdate()
      .execute()
    await db
      .selectFrom('dialogs')
      .select('key')
      .where('account_id', '=', accountId)
      .where('conversation_id', '=', id)
      .orderBy('key')
      .forUpdate()
      .execute()
  }
  const conversation = await loadConversation(db, accountId, id)
  if (!conversation) throw new Refusal('conversation_not_found')
  return conversation
}

interface Applied {
  readonly before: Conversation
  readonly outcome: ChangeOutcome
  readonly taskId: string
  readonly at: number
  readonly because?: Because
}

interface Routed extends Omit<Applied, 'outcome'> {
  readonly after: Conversation
  readonly suggested?: Suggestion
}

const causes = { transfer: 'transfer', returned: 'returned' } as const

const applyRouting = async (
  db: Kysely<Tables>,
  routing: RoutingEffect,
  { before, after, taskId, at, because, suggested }: Routed,
): Promise<Pick<Changed, 'rings' | 'task'>> => {
  if (routing === 'none') {
    await followDeadline(db, before, after)
    return { rings: [] }
  }
  const ended = await endTasks(db, after)
  if (routing === 'end') return ended
  const passedBy = assignedAgent(before)?.id
  const task = await queueTask(db, after, {
    id: taskId,
    cause: causes[routing],
    at,
    ...(passedBy !== undefined && { passedBy }),
    ...(because && { because }),
    ...(suggested && { suggested }),
  })
  return { rings: ended.rings, task }
}

/** Writes a decision of the domain, or refuses as it does. */
export const applyOutcome = async (
  db: Kysely<Tables>,
  { before, outcome, taskId, at, because }: Applied,
): Promise<Changed> => {
  if (!outcome.ok) throw new Refusal(outcome.code, outcome.detail)
  const { conversation: after, routing, suggested } = outcome
  if (after === before) return { before, after, rings: [] }
  await updateConversation(db, before, after)
  await timeConversation(db, before, after)
  await timeDialogs(db, before, after)
  const routed = {
    ...{ before, after, taskId, at },
    ...(because && { because }),
    ...(suggested && { suggested }),
  }
  return { before, after, ...(await applyRouting(db, routing, routed)) }
}

export const changeConversation = async (
  db: Kysely<Tables>,
  { accountId, conversationId, taskId, request }: CommandData<'changeConversation'>,
): Promise<Changed> => {
  const before = await lockConversation(db, accountId, conversationId)
  const survey = await surveyTerms(db, before, request)
  const outcome = decide(before, { ...request, ...(survey && { survey }) })
  return applyOutcome(db, { before, outcome, taskId, at: request.at })
}
