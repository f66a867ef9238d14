import { Refusal } from '@ringdown/protocol/errors'
import type { Kysely, Updateable } from 'kysely'
import { type Agent, type AgentPlace, noPlace } from '../../domain/account.ts'
import { agentIdOf } from '../../ids.ts'
import { dialectOf } from '../dialect.ts'
import { toAgent, toAgentState } from '../rows/account-rows.ts'
import { flag, orNull } from '../rows/optional.ts'
import type { CommandData, CommandResult } from '../store.ts'
import type { AgentRow, Tables } from '../tables.ts'
import { timeAbsence } from './arm-timers.ts'
import { forgetDeleted, nextRevision } from './revisions.ts'

const isTaken = async (db: Kysely<Tables>, accountId: string, userId: string): Promise<boolean> => {
  const row = await db
    .selectFrom('agents')
    .select('user_id')
    .where('account_id', '=', accountId)
    .where('user_id', '=', userId)
    .executeTakeFirst()
  return row !== undefined
}

/** Numbers are never given twice, even after a deletion: events name agents by them. */
const nextUserId = async (db: Kysely<Tables>, accountId: string): Promise<string> => {
  for (;;) {
    const { next_user_number } = await db
      .updateTable('accounts')
      .set((eb) => ({ next_user_number: eb('next_user_number', '+', 1) }))
      .where('id', '=', accountId)
      .returning('next_user_number')
      .executeTakeFirstOrThrow()
    const userId = String(next_user_number - 1)
    if (!(await isTaken(db, accountId, userId))) return userId
  }
}

const requireAccount = async (db: Kysely<Tables>, accountId: string): Promise<void> => {
  const row = await db
    .selectFrom('accounts')
    .select('id')
    .where('id', '=', accountId)
    .$if(dialectOf(db).locksRows, (query) => query.forUpdate())
    .executeTakeFirst()
  if (!row) throw new Refusal('account_not_found')
}

const placeRow = (place: AgentPlace) => ({
  group_id: orNull(place.groupId),
  managed_group_ids: JSON.stringify(place.managedGroupIds),
  profile_ids: JSON.stringify(place.profileIds),
  is_api_user: flag(place.isApiUser),
  details: JSON.stringify(place.details),
})

type NewAgent = Omit<CommandData<'createAgent'>, 'passwordHash'> & {
  readonly passwordHash?: string | null
}

/** Without counting the change. */
export const insertAgent = async (db: Kysely<Tables>, data: NewAgent): Promise<Agent> => {
  const { accountId } = data
  await requireAccount(db, accountId)
  const userId = data.userId ?? (await nextUserId(db, accountId))
  await forgetDeleted(db, { accountId, kind: 'users', id: userId })
  const row = await db
    .insertInto('agents')
    .values({
      account_id: accountId,
      user_id: userId,
      id: agentIdOf(accountId, userId),
      login_name: data.loginName,
      full_name: data.fullName,
      nickname: data.nickname,
      email: data.email,
      is_enabled: flag(data.isEnabled),
      is_bot: flag(data.isBot),
      roles: JSON.stringify(data.roles),
      skill_ids: JSON.stringify(data.skillIds),
      capacity: orNull(data.capacity),
      password_hash: orNull(data.passwordHash),
      created_at: data.createdAt,
      last_assigned_at: 0,
      ...placeRow({ ...noPlace, ...data }),
    })
    .returningAll()
    .executeTakeFirstOrThrow()
  return toAgent(row)
}

export const createAgent = async (
  db: Kysely<Tables>,
  data: CommandData<'createAgent'>,
): Promise<Agent> => {
  await nextRevision(db, { accountId: data.accountId, collection: 'users' })
  return insertAgent(db, data)
}

type Changes = Omit<CommandData<'updateAgent'>, 'accountId' | 'userId' | 'audit'>

const columns: {
  [K in keyof Required<Changes>]: (value: NonNullable<Changes[K]>) => Updateable<AgentRow>
} = {
  loginName: (value) => ({ login_name: value }),
  fullName: (value) => ({ full_name: value }),
  nickname: (value) => ({ nickname: value }),
  email: (value) => ({ email: value }),
  isEnabled: (value) => ({ is_enabled: flag(value) }),
  isBot: (value) => ({ is_bot: flag(value) }),
  roles: (value) => ({ roles: JSON.stringify(value) }),
  skillIds: (value) => ({ skill_ids: JSON.stringify(value) }),
  capacity: (value) => ({ capacity: value }),
  passwordHash: (value) => ({ password_hash: value }),
  groupId: (value) => ({ group_id: value }),
  managedGroupIds: (value) => ({ managed_group_ids: JSON.stringify(value) }),
  profileIds: (value) => ({ profile_ids: JSON.stringify(value) }),
  isApiUser: (value) => ({ is_api_user: flag(value) }),
  details: (value) => ({ details: JSON.stringify(value) }),
}

const changedColumns = (changes: Changes): Updateable<AgentRow> => {
  const row: Updateable<AgentRow> = {}
  for (const name of Object.keys(columns) as (keyof Changes)[]) {
    const value = changes[name]
    if (value !== undefined)
      Object.assign(row, (columns[name] as (value: unknown) => Updateable<AgentRow>)(value))
  }
  return row
}

export const updateAgent = async (
  db: Kysely<Tables>,
  { accountId, userId, ...changes }: CommandData<'updateAgent'>,
): Promise<Agent> => {
  const { passwordHash: _, ...visible } = changes
  if (Object.keys(visible).length > 0) await nextRevision(db, { accountId, collection: 'users' })
  const row = await db
    .updateTable('agents')
    // A change of nothing still has to name a column.
    .set({ user_id: userId, ...changedColumns(changes) })
    .where('account_id', '=', accountId)
    .where('user_id', '=', userId)
    .returningAll()
    .executeTakeFirst()
  if (!row) throw new Refusal('agent_not_found')
  return toAgent(row)
}

export const setAgentState = async (
  db: Kysely<Tables>,
  { accountId, agent, availability, description, at }: CommandData<'setAgentState'>,
): Promise<CommandResult<'setAgentState'>> => {
  await dialectOf(db).serialize(db, `agent/${accountId}/${agent.id}`)
  const before = await db
    .selectFrom('agent_states')
    .selectAll()
    .where('account_id', '=', accountId)
    .where('agent_id', '=', agent.id)
    .executeTakeFirst()
  const isSame = before?.availability === availability && before.description === description
  const row = {
    account_id: accountId,
    agent_id: agent.id,
    user_id: agent.userId,
    availability,
    description,
    since: isSame ? before.since : at,
  }
  await db
    .insertInto('agent_states')
    .values(row)
    .onConflict((conflict) =>
      conflict
        .columns(['account_id', 'agent_id'])
        .doUpdateSet({ availability, description, since: row.since }),
    )
    .execute()
  await timeAbsence(db, { accountId, agentId: agent.id }, { availability, at })
  return { ...(before && { before: toAgentState(before) }), after: toAgentState(row) }
}
