/** Agents and skills as the configuration interface writes them: whole, in bulk, all or none. [ADM4] */
import { Refusal } from '@ringdown/protocol/errors'
import type { Kysely } from 'kysely'
import type { Agent, Skill, SkillRules } from '../../domain/account.ts'
import { agentIdOf } from '../../ids.ts'
import type { AgentWrite, SkillWrite } from '../port/configuration.ts'
import { toAgent, toSkill } from '../rows/account-rows.ts'
import { flag, orNull, parsed } from '../rows/optional.ts'
import type { CommandData, CommandResult } from '../store.ts'
import type { Tables } from '../tables.ts'
import { insertAgent } from './agents.ts'
import { rulesOfSkills, timeSkills } from './arm-timers.ts'
import { nextRevision, rememberDeleted } from './revisions.ts'
import { insertSkill } from './skills.ts'

const replaceAgent = async (
  db: Kysely<Tables>,
  { accountId, userId = '', passwordHash, ...agent }: AgentWrite & { accountId: string },
): Promise<Agent> => {
  const row = await db
    .updateTable('agents')
    .set({
      login_name: agent.loginName,
      full_name: agent.fullName,
      nickname: agent.nickname,
      email: agent.email,
      is_enabled: flag(agent.isEnabled),
      is_bot: flag(agent.isBot),
      roles: JSON.stringify(agent.roles),
      skill_ids: JSON.stringify(agent.skillIds),
      capacity: orNull(agent.capacity),
      group_id: orNull(agent.groupId),
      managed_group_ids: JSON.stringify(agent.managedGroupIds),
      profile_ids: JSON.stringify(agent.profileIds),
      is_api_user: flag(agent.isApiUser),
      details: JSON.stringify(agent.details),
      ...(passwordHash !== undefined && { password_hash: passwordHash }),
    })
    .where('account_id', '=', accountId)
    .where('user_id', '=', userId)
    .returningAll()
    .executeTakeFirst()
  if (!row) throw new Refusal('agent_not_found', `There is no user ${userId}`)
  return toAgent(row)
}

export const saveAgents = async (
  db: Kysely<Tables>,
  { accountId, writes, at, expectedRevision }: CommandData<'saveAgents'>,
): Promise<CommandResult<'saveAgents'>> => {
  const expected = expectedRevision === undefined ? {} : { expectedRevision }
  const revision = await nextRevision(db, { accountId, collection: 'users', ...expected })
  const agents: Agent[] = []
  for (const one of writes)
    agents.push(
      one.mode === 'create'
        ? await insertAgent(db, { ...one, accountId, createdAt: at })
        : await replaceAgent(db, { ...one, accountId }),
    )
  return { revision, agents }
}

const deleteAgent = async (
  db: Kysely<Tables>,
  { accountId, userId }: { accountId: string; userId: string },
): Promise<{ agent: Agent; sessionIds: readonly string[] }> => {
  const agentId = agentIdOf(accountId, userId)
  const sessions = await db
    .deleteFrom('sessions')
    .where('account_id', '=', accountId)
    .where('agent_id', '=', agentId)
    .returning(['id', 'ended_at'])
    .execute()
  await db
    .deleteFrom('agent_states')
    .where('account_id', '=', accountId)
    .where('agent_id', '=', agentId)
    .execute()
  await db
    .deleteFrom('drafts')
    .where('account_id', '=', accountId)
    .where('agent_id', '=', agentId)
    .execute()
  const row = await db
    .deleteFrom('agents')
    .where('account_id', '=', accountId)
    .where('user_id', '=', userId)
    .returningAll()
    .executeTakeFirst()
  if (!row) throw new Refusal('agent_not_found', `There is no user ${userId}`)
  const live = sessions.filter(({ ended_at }) => ended_at === null)
  return { agent: toAgent(row), sessionIds: live.map(({ id }) => id) }
}

export const deleteAgents = async (
  db: Kysely<Tables>,
  { accountId, userIds, at, ...rest }: CommandData<'deleteAgents'>,
): Promise<CommandResult<'deleteAgents'>> => {
  const revision = await nextRevision(db, { accountId, collection: 'users', ...rest })
  const ended: string[] = []
  for (const id of userIds) {
    const { agent, sessionIds } = await deleteAgent(db, { accountId, userId: id })
    ended.push(...sessionIds)
    const { loginName, fullName, nickname } = agent
    const body = { pid: agent.id, loginName, fullName, nickname }
    await rememberDeleted(db, { accountId, kind: 'users', id }, { body, revision, at })
  }
  return { revision, sessionIds: ended }
}

const replaceSkill = async (
  db: Kysely<Tables>,
  { accountId, id = '', name, ttr, rules, details }: SkillWrite & { accountId: string },
): Promise<Skill> => {
  const row = await db
    .updateTable('skills')
    .set({
      name,
      ttr: JSON.stringify(ttr),
      rules: JSON.stringify(rules),
      details: JSON.stringify(details),
    })
    .where('account_id', '=', accountId)
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst()
  if (!row) throw new Refusal('skill_not_found', `There is no skill ${id}`)
  return toSkill(row)
}

export const saveSkills = async (
  db: Kysely<Tables>,
  { accountId, writes, ...rest }: CommandData<'saveSkills'>,
): Promise<CommandResult<'saveSkills'>> => {
  const revision = await nextRevision(db, { accountId, collection: 'skills', ...rest })
  const ids = writes.flatMap(({ id }) => id ?? [])
  const before = await rulesOfSkills(db, accountId, ids)
  const skills: Skill[] = []
  for (const one of writes) {
    const save = one.mode === 'create' ? insertSkill : replaceSkill
    skills.push(await save(db, { ...one, accountId }))
  }
  await timeSkills(db, accountId, { before, after: skills })
  return { revision, skills }
}

/** Agents lose the skills; true when some had one. */
const takeFromAgents = async (
  db: Kysely<Tables>,
  accountId: string,
  isGone: (id: string) => boolean,
): Promise<void> => {
  const rows = await db
    .selectFrom('agents')
    .select(['user_id', 'skill_ids'])
    .where('account_id', '=', accountId)
    .execute()
  const holders = rows.filter(({ skill_ids }) => parsed<string[]>(skill_ids).some(isGone))
  if (holders.length > 0) await nextRevision(db, { accountId, collection: 'users' })
  for (const { user_id, skill_ids } of holders)
    await db
      .updateTable('agents')
      .set({ skill_ids: JSON.stringify(parsed<string[]>(skill_ids).filter((id) => !isGone(id))) })
      .where('account_id', '=', accountId)
      .where('user_id', '=', user_id)
      .execute()
}

const withoutSkills = (
  { transferTo, fallbackSkillId, ...rules }: SkillRules,
  isGone: (id: string) => boolean,
): SkillRules => ({
  ...rules,
  ...(transferTo && { transferTo: transferTo.filter((id) => !isGone(id)) }),
  ...(fallbackSkillId !== undefined && !isGone(fallbackSkillId) && { fallbackSkillId }),
})

const takeFromSkills = async (
  db: Kysely<Tables>,
  accountId: string,
  isGone: (id: string) => boolean,
): Promise<void> => {
  const rows = await db
    .selectFrom('skills')
    .selectAll()
    .where('account_id', '=', accountId)
    .execute()
  for (const { id, rules } of rows.map(toSkill)) {
    const { transferTo = [], fallbackSkillId = '' } = rules
    if (![...transferTo, fallbackSkillId].some(isGone)) continue
    await db
      .updateTable('skills')
      .set({ rules: JSON.stringify(withoutSkills(rules, isGone)) })
      .where('account_id', '=', accountId)
      .where('id', '=', id)
      .execute()
  }
}

export const deleteSkills = async (
  db: Kysely<Tables>,
  { accountId, ids, at, ...rest }: CommandData<'deleteSkills'>,
): Promise<CommandResult<'deleteSkills'>> => {
  const revision = await nextRevision(db, { accountId, collection: 'skills', ...rest })
  const isGone = (id: string) => ids.includes(id)
  for (const id of ids) {
    const row = await db
      .deleteFrom('skills')
      .where('account_id', '=', accountId)
      .where('id', '=', id)
      .returningAll()
      .executeTakeFirst()
    if (!row) throw new Refusal('skill_not_found', `There is no skill ${id}`)
    const { name } = row
    await rememberDeleted(db, { accountId, kind: 'skills', id }, { body: { name }, revision, at })
  }
  await takeFromSkills(db, accountId, isGone)
  await takeFromAgents(db, accountId, isGone)
  return { revision }
}
