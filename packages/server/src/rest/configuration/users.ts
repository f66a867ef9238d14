/** Users: the agents of an account as its administrators write them. [ADM10] */
import type { AccountId } from '@ringdown/protocol'
import { Refusal } from '@ringdown/protocol'
import { type SessionNews, subjects } from '../../bus/subjects.ts'
import type { Agent } from '../../domain/account.ts'
import { configured, withRoot } from '../../domain/configuration.ts'
import type { AgentWrite } from '../../store/store.ts'
import { afterAgentChange } from '../admin/agent-effects.ts'
import { announceConfiguration } from '../admin/announce-configuration.ts'
import { type Body, idOut, id as idReader } from './members.ts'
import { readProfiles } from './profiles.ts'
import { type Change, type ConfigurationParts, placeOf, type Resource } from './resource.ts'
import {
  agentOf,
  checkUser,
  readUser,
  type Surroundings,
  type UserBody,
  userOut,
} from './user-body.ts'

/** Hashing one takes long, and the request waits for all. */
const MAX_PASSWORDS_AT_ONCE = 50

const surroundingsOf = async (
  parts: ConfigurationParts,
  accountId: AccountId,
): Promise<Surroundings> => {
  const groups = await parts.store.read('configurationItems', { accountId, kind: 'groups' })
  return {
    skills: await parts.store.read('skills', accountId),
    groups: withRoot(configured('groups', groups)),
    profiles: await readProfiles(parts, accountId),
  }
}

interface GivenUser {
  readonly userId?: string
  readonly user: UserBody
  readonly before?: Agent
}

const USER_ID = /^[1-9]\d{0,17}$/

const readOne = (value: unknown, at: string): Omit<GivenUser, 'before'> => {
  const { id, ...rest } = { ...(value as Body) }
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
  const user = readUser(isObject ? rest : value, at)
  if (id == null) return { user }
  const place = at === '' ? 'id' : `${at}.id`
  const userId = idReader(id, place)
  if (!USER_ID.test(userId)) throw new Refusal('bad_request', `${place} must be a positive number`)
  return { user, userId }
}

const readUsers = async (
  parts: ConfigurationParts,
  accountId: AccountId,
  bodies: readonly unknown[],
): Promise<{ given: readonly GivenUser[]; surroundings: Surroundings }> => {
  const surroundings = await surroundingsOf(parts, accountId)
  const agents = await parts.store.read('agents', accountId)
  const given = bodies.map((value, index) => {
    const at = placeOf(bodies, index)
    const one = readOne(value, at)
    checkUser(one.user, surroundings, at)
    const before = agents.find(({ userId }) => userId === one.userId)
    return { ...one, ...(before && { before }) }
  })
  const ids = given.flatMap(({ userId }) => userId ?? [])
  const repeated = ids.find((one, index) => ids.indexOf(one) !== index)
  if (repeated !== undefined) throw new Refusal('bad_request', `id: ${repeated} stands twice`)
  const passwords = given.filter(({ user }) => user.passwordSh !== undefined)
  if (passwords.length > MAX_PASSWORDS_AT_ONCE)
    throw new Refusal('bad_request', `At most ${MAX_PASSWORDS_AT_ONCE} passwords in one request`)
  return { given, surroundings }
}

/** What becomes of the password: API users have none. [ADM12] */
const passwordOf = async (
  { passwords }: ConfigurationParts,
  { isApiUser, passwordSh }: UserBody,
): Promise<Pick<AgentWrite, 'passwordHash'>> => {
  if (isApiUser) return { passwordHash: null }
  return passwordSh === undefined ? {} : { passwordHash: await passwords.hash(passwordSh) }
}

const save = async (
  parts: ConfigurationParts,
  { accountId, ...change }: Change,
  bodies: readonly unknown[],
  mode: AgentWrite['mode'],
) => {
  const { given, surroundings } = await readUsers(parts, accountId, bodies)
  const now = parts.clock.now()
  const writes: AgentWrite[] = []
  for (const { user, userId, before } of given) {
    const agent = agentOf(user, surroundings, { before, now })
    const secret = await passwordOf(parts, user)
    writes.push({ ...agent, ...secret, mode, ...(userId !== undefined && { userId }) })
  }
  const saved = await parts.store.write('saveAgents', { accountId, writes, at: now, ...change })
  for (const [index, after] of saved.agents.entries()) {
    const { before, user } = given[index] as GivenUser
    const isSecretReplaced = user.passwordSh !== undefined || (user.isApiUser && !before?.isApiUser)
    if (before)
      await afterAgentChange(parts, before, after, { isSecretReplaced: isSecretReplaced ?? false })
  }
  announceConfiguration(parts, accountId, 'users')
  const items = saved.agents.map((agent) => userOut(agent, surroundings))
  return { revision: saved.revision, items }
}

export const userResource = (parts: ConfigurationParts): Resource => {
  const { store, clock } = parts
  return {
    collection: 'users',
    paths: ['/le-users/users'],
    async list(accountId, includeDeleted) {
      const surroundings = await surroundingsOf(parts, accountId)
      const agents = await store.read('agents', accountId)
      const users = agents.map((agent) => userOut(agent, surroundings))
      if (includeDeleted) {
        const data = { accountId, kind: 'users', includeDeleted } as const
        for (const { id, body } of await store.read('configurationItems', data))
          users.push({ id: idOut(id), ...body, deleted: true, isEnabled: false })
      }
      return users.toSorted((one, other) => Number(one['id']) - Number(other['id']))
    },
    async one(accountId, userId) {
      const agent = await store.read('agent', { accountId, userId })
      return agent && userOut(agent, await surroundingsOf(parts, accountId))
    },
    create: (change, bodies) => save(parts, change, bodies, 'create'),
    replace: (change, bodies) => save(parts, change, bodies, 'replace'),
    async remove({ accountId, ...change }, userIds) {
      const agents = await store.read('agents', accountId)
      const data = { accountId, userIds, at: clock.now(), ...change }
      const doomed = agents.filter(({ userId }) => userIds.includes(userId))
      const { revision, sessionIds } = await store.write('deleteAgents', data)
      const news: SessionNews = { sessionIds }
      if (sessionIds.length > 0) parts.bus.publish(subjects.sessions(accountId), news)
      announceConfiguration(parts, accountId, 'users')
      return {
        revision,
        items: doomed.map(({ userId, id }) => ({ id: idOut(userId), pid: id, deleted: true })),
      }
    },
  }
}
