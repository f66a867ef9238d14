/** Logging in with a password. Every refusal takes the same work and the same wait. [AG21] */
import type { AccountId } from '@ringdown/protocol'
import { Refusal } from '@ringdown/protocol'
import type { Clock } from '../clock.ts'
import type { Context } from '../context.ts'
import type { Agent } from '../domain/account.ts'
import { MAX_PASSWORD_BYTES, type Passwords } from './passwords.ts'
import { openSession, type SessionSecrets } from './sessions.ts'

type Parts = Pick<Context, 'store' | 'clock' | 'bus' | 'ids' | 'config'> & {
  readonly passwords: Passwords
}

export interface Credentials {
  readonly accountId: AccountId
  readonly loginName: string
  readonly password: string
}

export interface LoggedIn extends SessionSecrets {
  readonly agent: Agent
}

const MAX_LOGIN_NAME_BYTES = 256

const pause = (clock: Clock, delayMs: number): Promise<void> =>
  new Promise((resolve) => {
    clock.after(delayMs, resolve)
  })

const rehash = async (
  { store, passwords }: Parts,
  { accountId, userId }: Agent,
  password: string,
): Promise<void> => {
  const passwordHash = await passwords.hash(password)
  await store.write('updateAgent', { accountId, userId, passwordHash })
}

const provenAgent = async (
  parts: Parts,
  { accountId, loginName, password }: Credentials,
): Promise<Agent | undefined> => {
  const { store, passwords } = parts
  // An unusable name is looked up like an unknown one, without bothering the store.
  const isUsable = loginName.isWellFormed() && !loginName.includes('\0')
  const agent =
    isUsable && loginName !== '' ? await store.read('agent', { accountId, loginName }) : undefined
  const stored = agent && (await store.read('passwordHash', { accountId, userId: agent.userId }))
  const { isRight, needsRehash } = await passwords.verify(password, stored)
  if (!isRight || !agent?.isEnabled) return undefined
  if (needsRehash) await rehash(parts, agent, password)
  return agent
}

/** Opens a session for whoever proves to be an enabled agent of the account. [AG20] */
export const login = async (parts: Parts, credentials: Credentials): Promise<LoggedIn> => {
  const { loginName, password } = credentials
  if (Buffer.byteLength(loginName) > MAX_LOGIN_NAME_BYTES)
    throw new Refusal('bad_request', `username has more than ${MAX_LOGIN_NAME_BYTES} bytes`)
  if (Buffer.byteLength(password) > MAX_PASSWORD_BYTES)
    throw new Refusal('bad_request', `password has more than ${MAX_PASSWORD_BYTES} bytes`)
  const agent = await provenAgent(parts, credentials)
  if (!agent) {
    // Bots log in again at once when refused; the wait keeps that from becoming a storm. [AG21]
    await pause(parts.clock, parts.config.limits.loginDelayMs)
    throw new Refusal('bad_credentials')
  }
  const { bearer, csrf, cookie } = await openSession(parts, agent)
  return { agent, bearer, csrf, cookie }
}
