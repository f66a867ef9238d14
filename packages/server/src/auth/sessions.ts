/** Login sessions of agents: opened by a login, carried by a bearer, ended for good. */
import type { AccountId, AgentId, Timestamp, UserId } from '@ringdown/protocol'
import { type AgentStateNews, type SessionNews, subjects } from '../bus/subjects.ts'
import type { Context } from '../context.ts'
import type { Agent } from '../domain/account.ts'
import type { LoginSession } from '../store/store.ts'
import { isSameSecret, secretHash } from './secrets.ts'

type Parts = Pick<Context, 'store' | 'clock' | 'bus' | 'ids' | 'config'>

/** What only the client gets to see; the store keeps hashes. */
export interface SessionSecrets {
  /** Hex: it stands in the path of the socket's URL. [AG24] */
  readonly bearer: string
  readonly csrf: string
  readonly cookie: string
}

const SECRET_BYTES = 32

/** Opens a session beside those that the agent already has. [AG25] */
export const openSession = async (
  { store, clock, ids, config }: Pick<Context, 'store' | 'clock' | 'ids' | 'config'>,
  agent: Agent,
  appKeyId?: string,
): Promise<SessionSecrets & { readonly expiresAt: Timestamp }> => {
  const secrets = {
    bearer: ids.secret(SECRET_BYTES),
    csrf: ids.secret(SECRET_BYTES),
    cookie: ids.secret(SECRET_BYTES),
  }
  const createdAt = clock.now()
  const expiresAt = createdAt + config.limits.loginSessionMs
  await store.write('openSession', {
    id: ids.uuid(),
    accountId: agent.accountId,
    agentId: agent.id,
    userId: agent.userId,
    bearerHash: secretHash(secrets.bearer),
    csrfHash: secretHash(secrets.csrf),
    cookieHash: secretHash(secrets.cookie),
    createdAt,
    expiresAt,
    ...(appKeyId !== undefined && { appKeyId }),
  })
  return { ...secrets, expiresAt }
}

const announce = (
  { bus }: Pick<Context, 'bus'>,
  accountId: AccountId,
  sessionIds: readonly string[],
): void => {
  if (sessionIds.length === 0) return
  const news: SessionNews = { sessionIds }
  bus.publish(subjects.sessions(accountId), news)
}

/** Ends one session, or all of an agent, and has their sockets closed. [IDP15] */
export const endSessions = async (
  { store, clock, bus }: Pick<Context, 'store' | 'clock' | 'bus'>,
  of: { accountId: AccountId; agentId?: AgentId; sessionId?: string },
): Promise<void> => {
  const ended = await store.write('endSessions', { ...of, at: clock.now() })
  announce(
    { bus },
    of.accountId,
    ended.map(({ id }) => id),
  )
}

export type FoundSession =
  | { readonly kind: 'live'; readonly session: LoginSession }
  /** The cookie is of a live session, the csrf secret is not its own. */
  | { readonly kind: 'mismatch'; readonly session: LoginSession }
  /** No session, or one that has ended. */
  | { readonly kind: 'none'; readonly session?: LoginSession }

/** The session that cookie and csrf secret prove together. */
export const findSession = async (
  { store, clock, bus }: Pick<Context, 'store' | 'clock' | 'bus'>,
  { accountId, cookie, csrf }: { accountId: AccountId; cookie: string; csrf: string },
): Promise<FoundSession> => {
  if (cookie === '') return { kind: 'none' }
  const session = await store.read('sessionByCookie', { cookieHash: secretHash(cookie) })
  if (session?.accountId !== accountId) return { kind: 'none' }
  if (session.endedAt !== undefined) return { kind: 'none', session }
  if (session.expiresAt <= clock.now()) {
    // Sockets first: a client told here that its session is over must not have one left. [AG26]
    announce({ bus }, accountId, [session.id])
    return { kind: 'none', session }
  }
  const isProven = isSameSecret(secretHash(csrf), session.csrfHash)
  return { kind: isProven ? 'live' : 'mismatch', session }
}

/** Gives the session its full lifetime again; false when it has ended meanwhile. */
export const extendSession = async (
  { store, clock, config }: Parts,
  { id }: LoginSession,
): Promise<boolean> => {
  const at = clock.now()
  const expiresAt = at + config.limits.loginSessionMs
  return (await store.write('extendSession', { id, expiresAt, at })) !== undefined
}

/** Ends the session and puts the agent OFFLINE; what is assigned stays assigned. [AG27] */
export const logout = async (parts: Parts, session: LoginSession): Promise<void> => {
  const { accountId, agentId, userId } = session
  await endSessions(parts, { accountId, sessionId: session.id })
  await goOffline(parts, { accountId, id: agentId, userId })
}

export const goOffline = async (
  { store, clock, bus }: Pick<Context, 'store' | 'clock' | 'bus'>,
  { accountId, ...agent }: { accountId: AccountId; id: AgentId; userId: UserId },
): Promise<void> => {
  const news: AgentStateNews = await store.write('setAgentState', {
    accountId,
    agent,
    availability: 'OFFLINE',
    description: '',
    at: clock.now(),
  })
  bus.publish(subjects.agentStates(accountId), news)
}
