/** What has to happen after agents were changed or deleted. */
import type { AgentId } from '@ringdown/protocol'
import { endSessions, goOffline } from '../../auth/sessions.ts'
import type { Agent } from '../../domain/account.ts'
import type { AdministrationParts } from './administration-parts.ts'

type Parts = Pick<AdministrationParts, 'store' | 'clock' | 'bus'>

const isSameSet = (some: readonly string[], others: readonly string[]): boolean =>
  some.length === others.length && some.every((one) => others.includes(one))

/** Rights that were taken, and secrets that were replaced, must not live on in sockets. [IDP15] */
export const afterAgentChange = async (
  parts: Parts,
  before: Agent,
  after: Agent,
  { isSecretReplaced }: { readonly isSecretReplaced: boolean },
): Promise<void> => {
  const { accountId, id } = after
  const losesSessions =
    isSecretReplaced || !after.isEnabled || !isSameSet(before.roles, after.roles)
  if (losesSessions) await endSessions(parts, { accountId, agentId: id as AgentId })
  if (before.isEnabled && !after.isEnabled) await goOffline(parts, after)
}
