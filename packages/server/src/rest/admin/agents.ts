import type { AccountId, SkillId, UserId } from '@ringdown/protocol'
import { Refusal } from '@ringdown/protocol'
import { MAX_PASSWORD_BYTES } from '../../auth/passwords.ts'
import { type SessionNews, subjects } from '../../bus/subjects.ts'
import type { Agent, AgentPlace, AgentRole } from '../../domain/account.ts'
import { ROOT_GROUP_ID } from '../../domain/configuration.ts'
import { knownAccount } from './accounts.ts'
import type { AdministrationParts } from './administration-parts.ts'
import { afterAgentChange } from './agent-effects.ts'
import { announceConfiguration } from './announce-configuration.ts'
import {
  fields,
  flag,
  integer,
  listOf,
  oneOf,
  optional,
  type Reader,
  required,
  text,
} from './fields.ts'

const MIN_PASSWORD_BYTES = 8
const GENERATED_PASSWORD_BYTES = 12

const roles: Reader<readonly AgentRole[]> = listOf(oneOf(['agent', 'manager', 'administrator']))
const reference = text({ max: 18, pattern: /^-?\d+$/ })
const changeable = {
  fullName: optional(text({ min: 0 })),
  nickname: optional(text({ min: 0 })),
  email: optional(text({ min: 0 })),
  isEnabled: optional(flag),
  isBot: optional(flag),
  roles: optional(roles),
  skillIds: optional(listOf(text({ max: 64 }))),
  capacity: optional(integer(0, 10_000)),
  appInstallIds: optional(listOf(text({ max: 64 }))),
  groupId: optional(reference),
  managedGroupIds: optional(listOf(reference)),
  profileIds: optional(listOf(reference)),
  password: optional(text({ min: MIN_PASSWORD_BYTES, max: MAX_PASSWORD_BYTES })),
}

const newAgent = fields({
  ...changeable,
  loginName: required(text()),
  userId: optional(text({ max: 18, pattern: /^[1-9]\d*$/ })),
  isApiUser: optional(flag),
})

const agentChange = fields({ ...changeable, loginName: optional(text()) })

/** An agent whose password was generated carries it this once. */
export type NewAgent = Agent & { readonly password?: string }

const refuseUnknownSkills = async (
  { store }: AdministrationParts,
  accountId: AccountId,
  skillIds: readonly SkillId[] = [],
): Promise<void> => {
  for (const id of skillIds) {
    const skill = await store.read('skill', { accountId, id })
    if (!skill) throw new Refusal('bad_request', `skillIds: there is no skill ${id}`)
  }
}

/** Refuses what names a group or a profile that the account does not have. [ADM24] */
const refuseUnknownPlaces = async (
  { store }: AdministrationParts,
  accountId: AccountId,
  { groupId, managedGroupIds = [], profileIds = [] }: Partial<AgentPlace>,
): Promise<void> => {
  const refuseUnknown = async (kind: 'groups' | 'profiles', ids: readonly string[]) => {
    if (ids.length === 0) return
    const items = await store.read('configurationItems', { accountId, kind })
    const unknown = ids.find((id) => id !== ROOT_GROUP_ID && !items.some((one) => one.id === id))
    if (unknown !== undefined)
      throw new Refusal('bad_request', `${kind}: there is no ${unknown} in this account`)
  }
  await refuseUnknown('groups', [...(groupId === undefined ? [] : [groupId]), ...managedGroupIds])
  await refuseUnknown('profiles', profileIds)
}

/** By user id, or else by login name. */
const knownAgent = async (
  { store }: AdministrationParts,
  accountId: AccountId,
  reference: string,
): Promise<Agent> => {
  const byNumber = /^\d+$/.test(reference)
    ? await store.read('agent', { accountId, userId: reference })
    : undefined
  const agent = byNumber ?? (await store.read('agent', { accountId, loginName: reference }))
  if (!agent) throw new Refusal('agent_not_found')
  return agent
}

const create = async (
  parts: AdministrationParts,
  accountId: AccountId,
  body: unknown,
): Promise<NewAgent> => {
  const { store, ids, clock, passwords } = parts
  const { password: chosen, userId, appInstallIds, ...given } = newAgent(body, '')
  await knownAccount(parts, accountId)
  await refuseUnknownSkills(parts, accountId, given.skillIds)
  await refuseUnknownPlaces(parts, accountId, given)
  if (given.isApiUser && chosen !== undefined)
    throw new Refusal('bad_request', 'password: API users have none')
  const password = chosen ?? ids.secret(GENERATED_PASSWORD_BYTES)
  const agent = await store.write('createAgent', {
    fullName: given.loginName,
    nickname: given.loginName,
    email: '',
    isEnabled: true,
    isBot: false,
    roles: ['agent'],
    skillIds: [],
    ...given,
    ...(appInstallIds && { details: { appInstallIds } }),
    accountId,
    ...(userId !== undefined && { userId }),
    ...(!given.isApiUser && { passwordHash: await passwords.hash(password) }),
    createdAt: clock.now(),
  })
  announceConfiguration(parts, accountId, 'users')
  return chosen === undefined && !agent.isApiUser ? { ...agent, password } : agent
}

const change = async (parts: AdministrationParts, before: Agent, body: unknown): Promise<Agent> => {
  const { store, passwords } = parts
  const { accountId, userId } = before
  const { password, appInstallIds, ...given } = agentChange(body, '')
  await refuseUnknownSkills(parts, accountId, given.skillIds)
  await refuseUnknownPlaces(parts, accountId, given)
  const agent = await store.write('updateAgent', {
    ...given,
    ...(appInstallIds && { details: { ...before.details, appInstallIds } }),
    accountId,
    userId,
    ...(password !== undefined && { passwordHash: await passwords.hash(password) }),
  })
  await afterAgentChange(parts, before, agent, { isSecretReplaced: password !== undefined })
  announceConfiguration(parts, accountId, 'users')
  return agent
}

export const agentAdministration = (parts: AdministrationParts) => ({
  /** Makes up a password when the body has none, and returns it once. */
  createAgent: (accountId: AccountId, body: unknown): Promise<NewAgent> =>
    create(parts, accountId, body),
  async listAgents(accountId: AccountId): Promise<readonly Agent[]> {
    await knownAccount(parts, accountId)
    return parts.store.read('agents', accountId)
  },
  showAgent: (accountId: AccountId, reference: UserId | string): Promise<Agent> =>
    knownAgent(parts, accountId, reference),
  changeAgent: async (accountId: AccountId, reference: string, body: unknown): Promise<Agent> =>
    change(parts, await knownAgent(parts, accountId, reference), body),
  async deleteAgent(accountId: AccountId, reference: string): Promise<void> {
    const { userId } = await knownAgent(parts, accountId, reference)
    const { sessionIds } = await parts.store.write('deleteAgents', {
      accountId,
      userIds: [userId],
      at: parts.clock.now(),
    })
    const news: SessionNews = { sessionIds }
    if (sessionIds.length > 0) parts.bus.publish(subjects.sessions(accountId), news)
    announceConfiguration(parts, accountId, 'users')
  },
})
