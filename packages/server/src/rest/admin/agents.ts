import type { AccountId, SkillId, UserId } from '@ringdown/protocol'
import { Refusal } from '@ringdown/protocol'
import { MAX_PASSWORD_BYTES } from '../../auth/passwords.ts'
import { endSessions, goOffline } from '../../auth/sessions.ts'
import { subjects } from '../../bus/subjects.ts'
import type { Agent, AgentRole } from '../../domain/account.ts'
import { knownAccount } from './accounts.ts'
import type { AdministrationParts } from './administration-parts.ts'
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
const changeable = {
  fullName: optional(text({ min: 0 })),
  nickname: optional(text({ min: 0 })),
  email: optional(text({ min: 0 })),
  isEnabled: optional(flag),
  isBot: optional(flag),
  roles: optional(roles),
  skillIds: optional(listOf(text({ max: 64 }))),
  capacity: optional(integer(0, 10_000)),
  password: optional(text({ min: MIN_PASSWORD_BYTES, max: MAX_PASSWORD_BYTES })),
}

const newAgent = fields({
  ...changeable,
  loginName: required(text()),
  userId: optional(text({ max: 18, pattern: /^[1-9]\d*$/ })),
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
  const { password: chosen, userId, ...given } = newAgent(body, '')
  await knownAccount(parts, accountId)
  await refuseUnknownSkills(parts, accountId, given.skillIds)
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
    accountId,
    ...(userId !== undefined && { userId }),
    passwordHash: await passwords.hash(password),
    createdAt: clock.now(),
  })
  return chosen === undefined ? { ...agent, password } : agent
}

const isSameSet = (some: readonly string[], others: readonly string[]): boolean =>
  some.length === others.length && some.every((one) => others.includes(one))

const change = async (parts: AdministrationParts, before: Agent, body: unknown): Promise<Agent> => {
  const { store, passwords } = parts
  const { accountId, userId } = before
  const { password, ...given } = agentChange(body, '')
  await refuseUnknownSkills(parts, accountId, given.skillIds)
  const agent = await store.write('updateAgent', {
    ...given,
    accountId,
    userId,
    ...(password !== undefined && { passwordHash: await passwords.hash(password) }),
  })
  // Rights that were taken, and secrets that were replaced, must not live on in sockets. [IDP15]
  const losesSessions =
    password !== undefined || !agent.isEnabled || !isSameSet(before.roles, agent.roles)
  if (losesSessions) await endSessions(parts, { accountId, agentId: agent.id })
  if (before.isEnabled && !agent.isEnabled) await goOffline(parts, agent)
  parts.bus.publish(subjects.routing(accountId), {})
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
    const { id, userId } = await knownAgent(parts, accountId, reference)
    await endSessions(parts, { accountId, agentId: id })
    await parts.store.write('deleteAgent', { accountId, userId })
  },
})
