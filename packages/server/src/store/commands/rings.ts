import { Refusal } from '@ringdown/protocol/errors'
import type { Kysely } from 'kysely'
import { assignedTo } from '../../domain/accept-ring.ts'
import { assignedAgent } from '../../domain/conversation.ts'
import type { Ring, RingState } from '../../domain/ring.ts'
import { ringMoves } from '../../domain/ring.ts'
import { OPEN, QUEUED, WAITING } from '../constants.ts'
import { dialectOf } from '../dialect.ts'
import { loadConversation } from '../queries/load-conversations.ts'
import { toRing, toRingRow } from '../rows/routing-rows.ts'
import type { CommandData, CommandResult, RingAnswered } from '../store.ts'
import type { Tables } from '../tables.ts'
import { applyOutcome, lockConversation } from './conversations.ts'
import { dropSuggestion, isSuggestedTo } from './suggestions.ts'
import { requeueTask } from './tasks.ts'

type Offer = CommandData<'offerRing'>
type Answer = CommandData<'answerRing'>

/** Assigned conversations and waiting rings, counted at one instant. */
const burdenOf = async (db: Kysely<Tables>, { accountId, agent }: Offer): Promise<number> => {
  const { assigned, ringing } = await db
    .selectNoFrom(({ selectFrom, fn }) => [
      selectFrom('conversations')
        .select(fn.countAll<number>().as('count'))
        .where('account_id', '=', accountId)
        .where('assigned_agent_id', '=', agent.id)
        .where('state', '=', OPEN)
        .as('assigned'),
      selectFrom('rings')
        .select(fn.countAll<number>().as('count'))
        .where('account_id', '=', accountId)
        .where('agent_id', '=', agent.id)
        .where('state', '=', WAITING)
        .as('ringing'),
    ])
    .executeTakeFirstOrThrow()
  return Number(assigned) + Number(ringing)
}

/** Offers to one agent wait for each other, so that no two take its last free place. [RT2] */
const hasRoom = async (db: Kysely<Tables>, data: Offer): Promise<boolean> => {
  await dialectOf(db).serialize(db, `agent/${data.accountId}/${data.agent.id}`)
  return (await burdenOf(db, data)) < data.capacity
}

/** Takes a queued task and makes its ring; undefined when the task is no longer queued. */
const makeRing = async (
  db: Kysely<Tables>,
  data: Offer,
  state: 'waiting' | 'auto_accepted',
): Promise<Ring | undefined> => {
  const { accountId, taskId, agent } = data
  const task = await db
    .updateTable('routing_tasks')
    .set({ state: 'offered' })
    .where('account_id', '=', accountId)
    .where('id', '=', taskId)
    .where('state', '=', QUEUED)
    .returningAll()
    .executeTakeFirst()
  if (!task) return undefined
  const ring: Ring = {
    accountId,
    id: data.ringId,
    taskId,
    conversationId: task.conversation_id,
    consumerId: task.consumer_id,
    skillId: task.skill_id,
    agentId: agent.id,
    agentUserId: agent.userId,
    state,
    weight: task.deadline,
    createdAt: data.at,
    expiresAt: data.expiresAt,
    ...(state !== 'waiting' && { endedAt: data.at }),
  }
  await db.insertInto('rings').values(toRingRow(ring)).execute()
  return ring
}

export const offerRing = async (
  db: Kysely<Tables>,
  data: Offer,
): Promise<CommandResult<'offerRing'>> =>
  (await hasRoom(db, data)) ? makeRing(db, data, 'waiting') : undefined

/** Offers and accepts in one: the account's agents are not asked. [RG8] */
export const assignTask = async (
  db: Kysely<Tables>,
  { conversationId, ...data }: CommandData<'assignTask'>,
): Promise<CommandResult<'assignTask'>> => {
  const { accountId, taskId, agent, at } = data
  if (!(await hasRoom(db, data))) return undefined
  const before = await lockConversation(db, accountId, conversationId)
  const ring = await makeRing(db, data, 'auto_accepted')
  if (!ring) return undefined
  const outcome = assignedTo(before, agent, at)
  return { ring, change: await applyOutcome(db, { before, outcome, taskId, at }) }
}

const findRing = async (
  db: Kysely<Tables>,
  { accountId, ringId, agent }: Answer,
): Promise<Ring> => {
  const row = await db
    .selectFrom('rings')
    .selectAll()
    .where('account_id', '=', accountId)
    .where('id', '=', ringId)
    .executeTakeFirst()
  if (!row) throw new Refusal('ring_not_found')
  if (row.agent_id !== agent.id) throw new Refusal('other_agents_ring')
  return toRing(row)
}

/** Moves a ring that still waits; undefined when it no longer does. */
const moveRing = async (
  db: Kysely<Tables>,
  { accountId, id }: Pick<Ring, 'accountId' | 'id'>,
  { state, at, reason }: { state: RingState; at: number; reason?: string | undefined },
): Promise<Ring | undefined> => {
  const row = await db
    .updateTable('rings')
    .set({ state, ended_at: at, decline_reason: reason ?? null })
    .where('account_id', '=', accountId)
    .where('id', '=', id)
    .where('state', '=', WAITING)
    .returningAll()
    .executeTakeFirst()
  return row && toRing(row)
}

/** An agent that did not hear the first answer asks again. [RG6] */
const repeated = async (db: Kysely<Tables>, ring: Ring): Promise<RingAnswered> => {
  const conversation = await loadConversation(db, ring.accountId, ring.conversationId)
  const assignee = conversation && assignedAgent(conversation)
  if (ring.state !== 'accepted' || conversation?.state !== 'open' || assignee?.id !== ring.agentId)
    throw new Refusal('ring_not_waiting')
  return { ring, isRepeat: true }
}

const accept = async (db: Kysely<Tables>, found: Ring, data: Answer): Promise<RingAnswered> => {
  const before = await lockConversation(db, found.accountId, found.conversationId)
  const ring = await moveRing(db, found, { state: ringMoves.waiting.accept, at: data.at })
  if (!ring) throw new Refusal('ring_not_waiting')
  const outcome = assignedTo(before, data.agent, data.at)
  const change = await applyOutcome(db, { before, outcome, taskId: ring.taskId, at: data.at })
  return { ring, isRepeat: false, change }
}

/** Who was asked alone and says no is asked no more: the task goes to everybody. [RT13] */
const reject = async (
  db: Kysely<Tables>,
  found: Ring,
  { at, reason }: Answer,
): Promise<RingAnswered> => {
  const { change } = (await isSuggestedTo(db, found))
    ? await dropSuggestion(db, { ...found, at })
    : {}
  await lockTask(db, found)
  const ring = await moveRing(db, found, { state: ringMoves.waiting.reject, at, reason })
  if (!ring) throw new Refusal('ring_not_waiting')
  await requeueTask(db, ring, true)
  return { ring, isRepeat: false, ...(change && { change }) }
}

export const answerRing = async (db: Kysely<Tables>, data: Answer): Promise<RingAnswered> => {
  const ring = await findRing(db, data)
  if (ringMoves[ring.state][data.answer] === 'refused') {
    if (data.answer === 'accept') return repeated(db, ring)
    throw new Refusal('ring_not_waiting')
  }
  return data.answer === 'accept' ? accept(db, ring, data) : reject(db, ring, data)
}

/** Tasks are locked before rings, everywhere, so that no two commands wait for each other. */
const lockTask = async (db: Kysely<Tables>, { accountId, taskId }: Ring): Promise<void> => {
  if (!dialectOf(db).locksRows) return
  await db
    .selectFrom('routing_tasks')
    .select('id')
    .where('account_id', '=', accountId)
    .where('id', '=', taskId)
    .forUpdate()
    .execute()
}

export const endRings = async (
  db: Kysely<Tables>,
  { input, at, of }: CommandData<'endRings'>,
): Promise<readonly Ring[]> => {
  const waiting = db
    .selectFrom('rings')
    .selectAll()
    .where('state', '=', WAITING)
    .orderBy('account_id')
    .orderBy('task_id')
  const found = await ('dueAt' in of
    ? waiting.where('expires_at', '<=', of.dueAt)
    : waiting.where('account_id', '=', of.accountId).where('agent_id', '=', of.agentId)
  ).execute()
  const ended: Ring[] = []
  for (const row of found) {
    await lockTask(db, toRing(row))
    const ring = await moveRing(db, toRing(row), { state: ringMoves.waiting[input], at })
    if (!ring) continue
    await requeueTask(db, ring, input === 'expire')
    ended.push(ring)
  }
  return ended
}
