import type { AccountId } from '@ringdown/protocol'
import type { Context } from '../context.ts'
import type { AgentActor } from '../domain/actor.ts'
import type { Authenticator } from './authenticator.ts'
import type { ConsumerTokens } from './consumer-tokens.ts'
import { standingOf } from './read-rights.ts'
import { secretHash } from './secrets.ts'
import type { Standings } from './standings.ts'

/** Bearers are hex; anything much longer is not worth hashing. */
const MAX_BEARER_LENGTH = 256

interface Parts extends Pick<Context, 'store' | 'clock'> {
  readonly standings: Standings
}

const agentOfBearer = async (
  { store, clock, standings }: Parts,
  accountId: AccountId,
  bearer: string,
): Promise<AgentActor | undefined> => {
  if (bearer.length === 0 || bearer.length > MAX_BEARER_LENGTH) return undefined
  const session = await store.read('sessionByBearer', { bearerHash: secretHash(bearer) })
  if (session?.accountId !== accountId || session.endedAt !== undefined) return undefined
  if (session.expiresAt <= clock.now()) return undefined
  const agent = await store.read('agent', { accountId, userId: session.userId })
  if (!agent?.isEnabled) return undefined
  return {
    kind: 'agent',
    accountId,
    id: agent.id,
    userId: agent.userId,
    roles: agent.roles,
    ...(await standingOf(standings, agent)),
    sessionId: session.id,
    expiresAt: session.expiresAt,
  }
}

/**
 * Checks tokens against the keys and bearers against the store. A session that ended, an agent that
 * was disabled, a role or right that was taken count from the next check on: of what is checked only
 * the standings are kept, and they are dropped with every change. [IDP15]
 */
export const tokenAuthenticator = ({
  tokens,
  ...parts
}: Parts & { tokens: ConsumerTokens }): Authenticator => ({
  async consumer(accountId, token) {
    const verdict = await tokens.verify(accountId, token)
    if (verdict.ok) return verdict
    // Only who proved to have been an anonymous consumer is sent to renew itself. [IDP9]
    const mayRenew = verdict.isExpired && verdict.strength !== 'authenticated'
    return { ok: false, close: mayRenew ? 'anonymous_token' : 'token' }
  },
  bearer: (accountId, bearer) => agentOfBearer(parts, accountId, bearer),
})
