import type { AccountId } from '@ringdown/protocol'
import { type ConsumerToken, SIGNUP_SECONDS } from '../../auth/consumer-tokens.ts'
import { knownAccount } from './accounts.ts'
import type { AdministrationParts } from './administration-parts.ts'
import { fields, integer, oneOf, optional, text } from './fields.ts'

const tokenWish = fields({
  consumerId: optional(text({ max: 64, pattern: /^[\w-]+$/ })),
  kind: optional(oneOf(['signup', 'anonymous'])),
  // A lifetime in the past makes a token that has expired, which tests need.
  ttlSeconds: optional(integer(-SIGNUP_SECONDS, SIGNUP_SECONDS)),
})

const issuerOf = ({ config: { publicAuthority, host, port } }: AdministrationParts): string =>
  `https://${publicAuthority ?? `${host}:${port}`}`

export const tokenAdministration = (parts: AdministrationParts) => ({
  /** A consumer's token, for a new consumer unless the body names one. */
  async mintConsumerToken(
    accountId: AccountId,
    body: unknown,
    issuer = issuerOf(parts),
  ): Promise<ConsumerToken> {
    const { kind = 'signup', ...wish } = tokenWish(body, '')
    await knownAccount(parts, accountId)
    const token = await parts.tokens[kind]({ accountId, issuer, ...wish })
    await parts.store.write('saveConsumer', {
      accountId,
      id: token.consumerId,
      kind,
      claims: {},
      createdAt: parts.clock.now(),
    })
    return token
  },
})
