import type { AccountId, AgentId, CloseCause, ConsumerId, UserId } from '@ringdown/protocol'
import type { AgentRole } from './account.ts'
import type { AgentRights } from './agent-rights.ts'

/** Whoever makes a request, as its token says. Ids in bodies never replace these. */
export type Actor = ConsumerActor | AgentActor

export interface ConsumerActor {
  readonly kind: 'consumer'
  readonly accountId: AccountId
  readonly id: ConsumerId
  /** Anonymous tokens of the connector flow are renewed at the identity provider (4407). */
  readonly strength: 'signup' | 'anonymous' | 'authenticated'
  /** When the token ends, in milliseconds since the epoch. */
  readonly expiresAt: number
}

/** How a connection ends when its consumer's token does: who can renew itself is told so. [IDP9] */
export const closeOfExpired = ({ strength }: ConsumerActor): CloseCause =>
  strength === 'authenticated' ? 'token' : 'anonymous_token'

export interface AgentActor {
  readonly kind: 'agent'
  readonly accountId: AccountId
  /** Public id. */
  readonly id: AgentId
  readonly userId: UserId
  readonly roles: readonly AgentRole[]
  /** As profiles and groups say; absent: what the roles allow by default, account-wide. [PRM5] */
  readonly rights?: AgentRights
  /** Survey applications that the agent leads. [DLG5] */
  readonly appIds?: readonly string[]
  /** The login session that the bearer belongs to. */
  readonly sessionId: string
  readonly expiresAt: number
}

/** The id by which older clients know an agent: `<account>.<user id>`. */
export const oldAgentId = (accountId: AccountId, userId: UserId): string => `${accountId}.${userId}`
