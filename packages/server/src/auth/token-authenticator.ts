import type { AccountId } from '@ringdown/protocol'
import type { Context } from '../context.ts'
import type { Agent } from '../domain/account.ts'
import type { AgentActor } from '../domain/actor.ts'
import { appIdsOf } from '../domain/survey.ts'
import type { Authenticator } from './authenticator.ts'
import type { ConsumerTokens } from './consumer-tokens.ts'
import { readRights } from './read-rights.ts'
import { secretHash } from './secrets.ts'

/** Bearers are hex; anything much longer is not worth hashing. */
const MAX_BEARER_LENGTH = 256

/** Most agents speak for no application, and for them the account is not read. */
const readAppIds = async (
  store: Pick<Context['store'], 'read'>,
  agent: Agent,
): Promise<readonly string[]> => {
  const mayHaveSome = agent.isBot || agent.isApiUser || 'appInstallIds' in agent.details
  const account = mayHaveSome ? await store.read('account', agent.accountId) : undefined
  return account ? appIdsOf(agent, account.settings) : []
}

const agentOfBearer = async (
  { store, clock }: Pick<Context, 'store' | 'clock'>,
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
    rights: await readRights(store, agent),
    appIds: await readAppIds(store, agent),
    sessionId: session.id,
    expiresAt: session.expiresAt,
  }
}

/**
 * Checks tokens against the keys and bearers against the store. Nothing is cached: a session that
 * ended, an agent that was disabled, a role that was taken count from the next check on. [IDP15]
 */
export const tokenAuthenticator = ({
  tokens,
  ...parts
}: Pick<Context, 'store' | 'clock'> & { tokens: ConsumerTokens }): Authenticator => ({
  async consumer(accountId, token) {
    const verdict = await tokens.verify(accountId, token)
    if (verdict.ok) return verdict
    // Only who proved to have been an anonymous consumer is sent to renew itself. [IDP9]
    const mayRenew = verdict.isExpired && verdict.strength !== 'authenticated'
    return { ok: false, close: mayRenew ? 'anonymous_token' : 'token' }
  },
  bearer: (accountId, bearer) => agentOfBearer(parts, accountId, bearer),
})
