/** Logging in, in any of the ways. Every refusal takes the same work and the same wait. [AG21] */
import type { AccountId } from '@ringdown/protocol'
import { Refusal } from '@ringdown/protocol'
import type { Context } from '../context.ts'
import type { Agent } from '../domain/account.ts'
import { type AppKeyCredentials, appKeyHolder } from './app-keys.ts'
import type { Attempt, LoginTurns } from './login-turns.ts'
import { MAX_PASSWORD_BYTES, type Passwords } from './passwords.ts'
import { checkAssertion } from './saml.ts'
import { openSession, type SessionSecrets } from './sessions.ts'

type Parts = Pick<Context, 'store' | 'clock' | 'bus' | 'ids' | 'config' | 'log'> & {
  readonly passwords: Passwords
  readonly loginTurns: LoginTurns
}

export type Credentials =
  | { readonly kind: 'password'; readonly loginName: string; readonly password: string }
  | ({ readonly kind: 'app_key' } & AppKeyCredentials)
  | {
      readonly kind: 'assertion'
      readonly assertion: string
      /** `https://host:port` under which the client knows this server. */
      readonly origin: string
    }

export interface LoginRequest extends Pick<Attempt, 'address' | 'isGivenUp'> {
  readonly credentials: Credentials
}

export interface LoggedIn extends SessionSecrets {
  readonly agent: Agent
}

/** Who proved to be whom, and by which key. */
interface Proven {
  readonly agent: Agent
  readonly appKeyId?: string
}

const MAX_LOGIN_NAME_BYTES = 256

/** The agent of a login name; an unusable name is nobody's, without bothering the store. */
const agentNamed = async (
  { store }: Pick<Parts, 'store'>,
  accountId: AccountId,
  loginName: string,
): Promise<Agent | undefined> => {
  const isUsable = loginName !== '' && loginName.isWellFormed() && !loginName.includes('\0')
  return isUsable ? store.read('agent', { accountId, loginName }) : undefined
}

const rehash = async (
  { store, passwords }: Parts,
  { accountId, userId }: Agent,
  password: string,
): Promise<void> => {
  const passwordHash = await passwords.hash(password)
  await store.write('updateAgent', { accountId, userId, passwordHash })
}

const byPassword = async (
  parts: Parts,
  accountId: AccountId,
  { loginName, password }: Extract<Credentials, { kind: 'password' }>,
): Promise<Proven | undefined> => {
  const { store, passwords } = parts
  const agent = await agentNamed(parts, accountId, loginName)
  const stored = agent && (await store.read('passwordHash', { accountId, userId: agent.userId }))
  const { isRight, needsRehash } = await passwords.verify(password, stored)
  // An API user's way in is its key, whatever password somebody once gave it. [AG35]
  if (!isRight || !agent?.isEnabled || agent.isApiUser) return undefined
  if (needsRehash) await rehash(parts, agent, password)
  return { agent }
}

const byAppKey = async (
  parts: Parts,
  accountId: AccountId,
  credentials: AppKeyCredentials,
): Promise<Proven | undefined> => {
  const agent = await agentNamed(parts, accountId, credentials.loginName)
  const key = await appKeyHolder(parts, accountId, { ...credentials, ...(agent && { agent }) })
  return agent && key && { agent, appKeyId: key.id }
}

const byAssertion = async (
  parts: Parts,
  accountId: AccountId,
  { assertion, origin }: Extract<Credentials, { kind: 'assertion' }>,
): Promise<Proven | undefined> => {
  const { store, clock, log } = parts
  const account = await store.read('account', accountId)
  const providers = account?.settings.samlIdentityProviders ?? []
  const now = clock.now()
  const verdict = checkAssertion({ accountId, assertion, providers, origin, now })
  if (!verdict.ok) {
    // Said in the log alone, or nobody could ever set a provider up. [AG41]
    if (account) log.info({ account: accountId, reason: verdict.reason }, 'assertion refused')
    return undefined
  }
  const agent = await agentNamed(parts, accountId, verdict.loginName)
  if (!agent?.isEnabled) return undefined
  const { useId: tokenId, expiresAt } = verdict
  const use = { accountId, tokenId, expiresAt, at: now }
  return (await store.write('recordTokenUse', use)) ? { agent } : undefined
}

/** Who is proven to ask; that nobody is, is known only after the wait. [AG21] */
const provenBy = async (
  parts: Parts,
  accountId: AccountId,
  { credentials, address, isGivenUp }: LoginRequest,
): Promise<Proven | undefined> => {
  const { loginTurns } = parts
  if (credentials.kind === 'password') {
    const attempt = { accountId, loginName: credentials.loginName, address, isGivenUp }
    return loginTurns.prove(attempt, () => byPassword(parts, accountId, credentials))
  }
  const proven = await (credentials.kind === 'app_key'
    ? byAppKey(parts, accountId, credentials)
    : byAssertion(parts, accountId, credentials))
  // Bots log in again at once when refused; the wait keeps that from becoming a storm.
  if (!proven) await loginTurns.pause()
  return proven
}

const refuseOversized = (credentials: Credentials): void => {
  if (credentials.kind === 'assertion') return
  if (Buffer.byteLength(credentials.loginName) > MAX_LOGIN_NAME_BYTES)
    throw new Refusal('bad_request', `username has more than ${MAX_LOGIN_NAME_BYTES} bytes`)
  if (credentials.kind !== 'password') return
  if (Buffer.byteLength(credentials.password) > MAX_PASSWORD_BYTES)
    throw new Refusal('bad_request', `password has more than ${MAX_PASSWORD_BYTES} bytes`)
}

/** Opens a session for whoever proves to be an enabled agent of the account. [AG20] */
export const login = async (
  parts: Parts,
  accountId: AccountId,
  request: LoginRequest,
): Promise<LoggedIn> => {
  refuseOversized(request.credentials)
  const proven = await provenBy(parts, accountId, request)
  if (!proven) throw new Refusal('bad_credentials')
  const { agent, appKeyId } = proven
  const { bearer, csrf, cookie } = await openSession(parts, agent, appKeyId)
  return { agent, bearer, csrf, cookie }
}
