/** Who asks for configuration, and whether it may. [ADM1] [ADM2] */
import type { AccountId } from '@ringdown/protocol'
import { Refusal } from '@ringdown/protocol'
import type { FastifyRequest } from 'fastify'
import { isSameSecret } from '../../auth/secrets.ts'
import type { AgentRole } from '../../domain/account.ts'
import { type Access, mayAdminister } from '../../domain/administration-rights.ts'
import { type AuditNote, TOKEN_HOLDER } from '../../domain/audit.ts'
import type { ConfigurationCollection } from '../../domain/configuration.ts'
import { knownAccount } from '../admin/accounts.ts'
import { auditNote } from '../admin/audit.ts'
import { bearerIn } from '../bearer.ts'
import { givenUp } from '../given-up.ts'
import type { RestParts } from '../rest-parts.ts'

export interface Caller {
  /** Absent: the holder of the administration token. */
  readonly userId?: string
  readonly roles: readonly AgentRole[]
  /** Where the request comes from. */
  readonly ip: string
  /** Whether it has hung up. */
  readonly isGivenUp: () => boolean
}

/** An agent of the account by its login session, or whoever holds the administration token. */
export const callerOf = async (
  parts: RestParts,
  accountId: AccountId,
  request: FastifyRequest,
): Promise<Caller> => {
  const { headers, ip } = request
  const from = { ip, isGivenUp: givenUp(request) }
  const given = bearerIn(headers)
  if (given === undefined)
    throw new Refusal('not_authenticated', 'Send Authorization: Bearer with the bearer of a login')
  if (parts.adminToken !== '' && isSameSecret(given, parts.adminToken)) {
    await knownAccount(parts, accountId)
    return { ...from, roles: ['administrator'] }
  }
  const actor = await parts.auth.bearer(accountId, given)
  if (!actor) throw new Refusal('not_authenticated', 'The bearer is unknown or has expired')
  return { ...from, userId: actor.userId, roles: actor.roles }
}

/** What is noted of a change by this caller. [AG53] */
export const callersNote = (
  parts: Pick<RestParts, 'clock' | 'config'>,
  { userId = TOKEN_HOLDER, ip }: Caller,
): AuditNote => auditNote(parts, { by: userId, from: ip })

export const requireAccess = (
  { roles }: Caller,
  collection: ConfigurationCollection,
  access: Access,
): void => {
  if (!mayAdminister(roles, collection, access))
    throw new Refusal('not_permitted', `Your roles do not ${access} ${collection}`)
}
