/** Application keys: how programs log in without a password. [AG36] */
import type { AccountId, UserId } from '@ringdown/protocol'
import { Refusal } from '@ringdown/protocol'
import { type SessionNews, subjects } from '../bus/subjects.ts'
import type { Context } from '../context.ts'
import type { Agent } from '../domain/account.ts'
import type { AppKey } from '../store/store.ts'
import { isSameSecret, secretHash } from './secrets.ts'

const ID_BYTES = 16
const SECRET_BYTES = 16
const MAX_ID_LENGTH = 128

export interface AppKeyCredentials {
  readonly loginName: string
  readonly appKey: string
  readonly secret: string
  readonly accessToken: string
  readonly accessTokenSecret: string
}

/** A key as its maker gets to see it, once. */
export interface NewAppKey {
  readonly key: AppKey
  readonly secret: string
  readonly accessTokenSecret: string
}

export const createAppKey = async (
  { store, clock, ids }: Pick<Context, 'store' | 'clock' | 'ids'>,
  of: { accountId: AccountId; name: string; userIds: readonly UserId[] },
): Promise<NewAppKey> => {
  const secret = ids.secret(SECRET_BYTES)
  const accessTokenSecret = ids.secret(SECRET_BYTES)
  const key = await store.write('createAppKey', {
    ...of,
    id: ids.secret(ID_BYTES),
    accessToken: ids.secret(ID_BYTES),
    secretHash: secretHash(secret),
    accessTokenSecretHash: secretHash(accessTokenSecret),
    createdAt: clock.now(),
  })
  return { key, secret, accessTokenSecret }
}

/** Ends the key and the sessions that it opened, and has their sockets closed. [AG37] */
export const revokeAppKey = async (
  { store, clock, bus }: Pick<Context, 'store' | 'clock' | 'bus'>,
  { accountId, id }: { accountId: AccountId; id: string },
): Promise<void> => {
  const ended = await store.write('revokeAppKey', { accountId, id, at: clock.now() })
  if (ended.length === 0) return
  const news: SessionNews = { sessionIds: ended.map((session) => session.id) }
  bus.publish(subjects.sessions(accountId), news)
}

const textsOf = (value: unknown): readonly string[] => {
  if (typeof value === 'string') return value.split(',').map((one) => one.trim())
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : []
}

/** What the agent's own entry says: `allowedAppKeys`, a list or text with commas; none: any key. */
const isAllowedBy = ({ details }: Agent, keyId: string): boolean => {
  const allowed = textsOf(details['allowedAppKeys']).filter((one) => one !== '')
  return allowed.length === 0 || allowed.includes(keyId)
}

/** Programs alone log in with keys, and only those that key and agent name. [AG33] */
const mayUse = (agent: Agent, { id, userIds }: AppKey): boolean =>
  agent.isEnabled &&
  (agent.isApiUser || agent.isBot) &&
  (userIds.length === 0 || userIds.includes(agent.userId)) &&
  isAllowedBy(agent, id)

/** The key, when all four values are right and it is the agent's to use. */
export const appKeyHolder = async (
  { store }: Pick<Context, 'store'>,
  accountId: AccountId,
  { appKey: id, agent, ...given }: AppKeyCredentials & { agent?: Agent },
): Promise<AppKey | undefined> => {
  const isUsable = id.length <= MAX_ID_LENGTH && id.isWellFormed() && !id.includes('\0')
  const key = isUsable ? await store.read('appKey', { accountId, id }) : undefined
  // Compared whether or not there is a key, so that its absence takes no less time.
  const isRight = [
    isSameSecret(secretHash(given.secret), key?.secretHash ?? ''),
    isSameSecret(given.accessToken, key?.accessToken ?? ''),
    isSameSecret(secretHash(given.accessTokenSecret), key?.accessTokenSecretHash ?? ''),
  ].every(Boolean)
  return key && isRight && agent && mayUse(agent, key) ? key : undefined
}

/** The agents that a key may be restricted to: refuses those who could not use it. */
export const refuseUnfitUsers = async (
  { store }: Pick<Context, 'store'>,
  accountId: AccountId,
  userIds: readonly UserId[],
): Promise<void> => {
  for (const userId of userIds) {
    const agent = await store.read('agent', { accountId, userId })
    if (!agent) throw new Refusal('bad_request', `userIds: there is no agent ${userId}`)
    if (!agent.isApiUser && !agent.isBot)
      throw new Refusal('bad_request', `userIds: agent ${userId} is neither a bot nor an API user`)
  }
}
