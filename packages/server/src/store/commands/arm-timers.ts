/** The timers that changes of conversations, agents and settings set and take back. */

import type { Expression, Kysely } from 'kysely'
import { sql } from 'kysely'
import type { AccountSettings, Skill, SkillRules } from '../../domain/account.ts'
import type { Availability } from '../../domain/agent-state.ts'
import type { Conversation } from '../../domain/conversation.ts'
import { assignedAgent, mainDialog } from '../../domain/conversation.ts'
import { autoCloseSeconds, inactiveAt } from '../../domain/inactivity.ts'
import type { TimerKind } from '../../domain/timer.ts'
import { lookPeriodMs, type Watched, type WatchRules, watchRules } from '../../domain/watchdog.ts'
import { OPEN } from '../constants.ts'
import { parsed } from '../rows/optional.ts'
import type { Tables } from '../tables.ts'
import { settingsOf } from './tasks.ts'
import { armTimer, disarmTimer } from './timers.ts'

type Db = Kysely<Tables>
type Place = Pick<Conversation, 'accountId' | 'skillId'>

export interface Rules {
  readonly settings: AccountSettings
  readonly skill: SkillRules | undefined
}

/** What the account and the skill of a conversation say. */
export const rulesFor = async (db: Db, { accountId, skillId }: Place): Promise<Rules> => {
  const row = await db
    .selectFrom('skills')
    .select('rules')
    .where('account_id', '=', accountId)
    .where('id', '=', skillId)
    .executeTakeFirst()
  return {
    settings: await settingsOf(db, accountId),
    skill: row && parsed<SkillRules>(row.rules),
  }
}

/** What of an agent timers depend on; who never set a state is OFFLINE. */
const holderOf = async (db: Db, accountId: string, agentId: string) => {
  const row = await db
    .selectFrom('agents as agent')
    .leftJoin('agent_states as state', (join) =>
      join
        .onRef('state.account_id', '=', 'agent.account_id')
        .onRef('state.agent_id', '=', 'agent.id'),
    )
    .select(['agent.is_bot', 'state.availability'])
    .where('agent.account_id', '=', accountId)
    .where('agent.id', '=', agentId)
    .executeTakeFirst()
  return { isBot: row?.is_bot === 1, isOffline: (row?.availability ?? 'OFFLINE') === 'OFFLINE' }
}

const ofConversation = ['auto_close', 'bot_answer'] as const satisfies readonly TimerKind[]

const disarmAll = async (db: Db, { accountId, id }: Conversation): Promise<void> => {
  await db
    .deleteFrom('timers')
    .where('account_id', '=', accountId)
    .where('kind', 'in', ofConversation)
    .where('subject_id', '=', id)
    .execute()
}

const armAutoClose = async (db: Db, conversation: Conversation, rules: Rules): Promise<void> => {
  const seconds = autoCloseSeconds(rules.settings, rules.skill)
  const dueAt = inactiveAt(conversation, 0, seconds)
  if (dueAt === undefined) return
  const { accountId, id: subjectId } = conversation
  await armTimer(db, { accountId, kind: 'auto_close', subjectId, dueAt, data: {} })
}

const armWatch = async (
  db: Db,
  { accountId, id: subjectId }: Conversation,
  { rules, watched }: { rules: WatchRules; watched: Watched },
): Promise<void> => {
  const period = lookPeriodMs(rules)
  if (period === undefined) return
  const dueAt = watched.since + period
  const data = { ...watched }
  await armTimer(db, { accountId, kind: 'bot_answer', subjectId, dueAt, data })
}

/**
 * Who is given a conversation while it is OFFLINE may be gone, and its timer may have been served
 * before. One that is there keeps its time, but not its version: who serves it at this moment may
 * not have seen the conversation, and must not settle it. [TIM28]
 */
const armTakeBack = async (
  db: Db,
  { accountId, agentId }: { accountId: string; agentId: string },
  { settings, at }: { settings: AccountSettings; at: number },
): Promise<void> => {
  if (settings.takeBackAfterMs === 0) return
  await db
    .insertInto('timers')
    .values({
      account_id: accountId,
      kind: 'take_back',
      subject_id: agentId,
      due_at: at + settings.takeBackAfterMs,
      data: '{}',
      version: 1,
    })
    .onConflict((conflict) =>
      conflict
        .columns(['account_id', 'kind', 'subject_id'])
        .doUpdateSet((eb) => ({ version: eb('timers.version', '+', 1) })),
    )
    .execute()
}

/** Sets what the agent calls for to which the conversation was given, or whose skill changed. */
const timeHolder = async (
  db: Db,
  after: Conversation,
  { agentId, isTaken }: { agentId: string; isTaken: boolean },
): Promise<void> => {
  const { accountId } = after
  const { isBot, isOffline } = await holderOf(db, accountId, agentId)
  // Not the conversation's own time, which may run ahead of the clock to tell snapshots apart.
  const at = mainDialog(after).updatedAt
  if (isTaken && isOffline)
    await armTakeBack(db, { accountId, agentId }, { settings: await settingsOf(db, accountId), at })
  if (!isBot) return
  const { settings, skill } = await rulesFor(db, after)
  const watched = { agentId, since: at }
  await armWatch(db, after, { rules: watchRules(settings, skill), watched })
}

/**
 * Sets what a new conversation, another skill or another agent calls for, and takes all back when
 * it closed. Messages set nothing: a timer looks at them when it is due. [TIM11]
 */
export const timeConversation = async (
  db: Db,
  before: Conversation | undefined,
  after: Conversation,
): Promise<void> => {
  if (after.state === 'closed') {
    if (before?.state !== 'closed') await disarmAll(db, after)
    return
  }
  const isMoved = before?.skillId !== after.skillId
  const agentId = assignedAgent(after)?.id
  const isTaken = agentId !== (before && assignedAgent(before)?.id)
  if (isMoved) await armAutoClose(db, after, await rulesFor(db, after))
  if (agentId !== undefined && (isMoved || isTaken))
    await timeHolder(db, after, { agentId, isTaken })
}

/** From OFFLINE on an agent is gone. [TIM20] */
export const timeAbsence = async (
  db: Db,
  { accountId, agentId }: { accountId: string; agentId: string },
  { availability, at }: { availability: Availability; at: number },
): Promise<void> => {
  const name = { accountId, kind: 'take_back', subjectId: agentId } as const
  if (availability !== 'OFFLINE') {
    await disarmTimer(db, name)
    return
  }
  const { takeBackAfterMs } = await settingsOf(db, accountId)
  if (takeBackAfterMs === 0) return
  await armTimer(db, { ...name, dueAt: at + takeBackAfterMs, data: {} })
}

const columns = ['account_id', 'kind', 'subject_id', 'due_at', 'data', 'version'] as const

/** Sets timers for rows of `columns`; one that is there and due earlier stays as it is. */
const armEarlier = async (db: Db, rows: Expression<unknown>): Promise<void> => {
  await db
    .insertInto('timers')
    .columns(columns)
    .expression(rows)
    .onConflict((conflict) =>
      conflict
        .columns(['account_id', 'kind', 'subject_id'])
        .doUpdateSet((eb) => ({
          due_at: eb.ref('excluded.due_at'),
          version: eb('timers.version', '+', 1),
        }))
        .whereRef('excluded.due_at', '<', 'timers.due_at'),
    )
    .execute()
}

/** All open conversations of an account, or those at some of its skills. */
interface Where {
  readonly accountId: string
  readonly skillIds?: readonly string[]
}

const openConversations = (db: Db, { accountId, skillIds }: Where) =>
  db
    .selectFrom('conversations')
    .where('conversations.account_id', '=', accountId)
    .where('conversations.state', '=', OPEN)
    .$if(skillIds !== undefined, (query) =>
      query.where('conversations.skill_id', 'in', skillIds ?? []),
    )

const later = (column: string, delayMs: number) =>
  sql<number>`${sql.ref(column)} + ${sql.lit(delayMs)}`

/** Looks at conversations as soon as they can have been inactive for so long. */
const armAutoCloses = (db: Db, where: Where, seconds: number): Promise<void> =>
  armEarlier(
    db,
    openConversations(db, where).select([
      'conversations.account_id',
      sql.lit('auto_close').as('kind'),
      'conversations.id',
      later('conversations.updated_at', seconds * 1000).as('due_at'),
      sql.lit('{}').as('data'),
      sql.lit(1).as('version'),
    ]),
  )

const armWatches = (db: Db, where: Where, periodMs: number): Promise<void> =>
  armEarlier(
    db,
    openConversations(db, where)
      .innerJoin('agents', (join) =>
        join
          .onRef('agents.account_id', '=', 'conversations.account_id')
          .onRef('agents.id', '=', 'conversations.assigned_agent_id'),
      )
      .where('agents.is_bot', '=', 1)
      .select([
        'conversations.account_id',
        sql.lit('bot_answer').as('kind'),
        'conversations.id',
        later('conversations.updated_at', periodMs).as('due_at'),
        sql<string>`'{"agentId":"' || ${sql.ref('agents.id')} || '","since":'
          || ${sql.ref('conversations.updated_at')} || '}'`.as('data'),
        sql.lit(1).as('version'),
      ]),
  )

const armTakeBacks = (db: Db, accountId: string, afterMs: number): Promise<void> =>
  armEarlier(
    db,
    db
      .selectFrom('agent_states')
      .where('account_id', '=', accountId)
      .where('availability', '=', 'OFFLINE')
      .select([
        'account_id',
        sql.lit('take_back').as('kind'),
        'agent_id',
        later('since', afterMs).as('due_at'),
        sql.lit('{}').as('data'),
        sql.lit(1).as('version'),
      ]),
  )

const timed = [
  'autoCloseSeconds',
  'takeBackAfterMs',
  'botAnswerSeconds',
  'botMaxMessagesInRow',
] as const satisfies readonly (keyof AccountSettings)[]

/** Changed settings count for what is open already, too. [TIM6] */
export const timeSettings = async (
  db: Db,
  accountId: string,
  { before, after }: { before: AccountSettings; after: AccountSettings },
): Promise<void> => {
  const isChanged = (...names: readonly (typeof timed)[number][]) =>
    names.some((name) => before[name] !== after[name])
  const { autoCloseSeconds: seconds, takeBackAfterMs } = after
  if (isChanged('autoCloseSeconds') && seconds > 0) await armAutoCloses(db, { accountId }, seconds)
  if (isChanged('takeBackAfterMs') && takeBackAfterMs > 0)
    await armTakeBacks(db, accountId, takeBackAfterMs)
  const period = lookPeriodMs(watchRules(after))
  if (isChanged('botAnswerSeconds', 'botMaxMessagesInRow') && period !== undefined)
    await armWatches(db, { accountId }, period)
}

type RulesById = ReadonlyMap<string, SkillRules>

/** The rules of some skills as they are, to compare with what they become. */
export const rulesOfSkills = async (
  db: Db,
  accountId: string,
  ids: readonly string[],
): Promise<RulesById> => {
  if (ids.length === 0) return new Map()
  const rows = await db
    .selectFrom('skills')
    .select(['id', 'rules'])
    .where('account_id', '=', accountId)
    .where('id', 'in', ids)
    .execute()
  return new Map(rows.map(({ id, rules }) => [id, parsed<SkillRules>(rules)]))
}

/**
 * So do changed rules of skills: one statement for all of them, at the shortest of their times. A
 * look that comes too early sets its timer right. [TIM6]
 */
export const timeSkills = async (
  db: Db,
  accountId: string,
  { before, after }: { before: RulesById; after: readonly Pick<Skill, 'id' | 'rules'>[] },
): Promise<void> => {
  const changed = (name: 'autoCloseSeconds' | 'botAnswerSeconds') =>
    after.filter(({ id, rules }) => before.has(id) && before.get(id)?.[name] !== rules[name])
  const closing = changed('autoCloseSeconds')
  const answering = changed('botAnswerSeconds')
  if (closing.length + answering.length === 0) return
  const settings = await settingsOf(db, accountId)
  const where = (skills: typeof after) => ({ accountId, skillIds: skills.map(({ id }) => id) })
  const seconds = closing.map(({ rules }) => autoCloseSeconds(settings, rules)).filter(Boolean)
  if (seconds.length > 0) await armAutoCloses(db, where(closing), Math.min(...seconds))
  const periods = answering.flatMap(({ rules }) => lookPeriodMs(watchRules(settings, rules)) ?? [])
  if (periods.length > 0) await armWatches(db, where(answering), Math.min(...periods))
}
