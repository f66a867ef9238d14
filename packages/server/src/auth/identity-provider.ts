/** What a consumer can get from the identity provider: a new identity, or one that is proven. */
import type { AccountId, ConsumerId } from '@ringdown/protocol'
import { Refusal } from '@ringdown/protocol'
import type { Context } from '../context.ts'
import type { Account, Connector } from '../domain/account.ts'
import { brandIdentity } from './brand-tokens.ts'
import type { ConsumerTokens } from './consumer-tokens.ts'
import type { KeyRing } from './signing-keys.ts'
import { stepUp, unprovenConsumer } from './step-up.ts'

type Parts = Pick<Context, 'store' | 'clock' | 'bus'> & {
  readonly keys: KeyRing
  readonly tokens: ConsumerTokens
}

interface Asked {
  readonly accountId: AccountId
  /** What goes into `iss`. */
  readonly issuer: string
}

interface Proof {
  readonly credential: string
  /** The token of the unproven identity that this one goes on from. [DLG24] */
  readonly stepUpFrom?: string
}

export interface IdentityProvider {
  /** A new anonymous consumer with a lasting token. [IDP1] */
  signup(asked: Asked): Promise<string>
  /** The consumer that a brand's token names. [IDP4] */
  authenticate(asked: Asked & Proof): Promise<string>
  /** A new external anonymous token, or the next one of the same consumer. [IDP11] */
  authorizeAnonymous(asked: Asked & { readonly previous?: string }): Promise<string>
  /** Exchanges an external token at a connector. [IDP11] */
  exchange(asked: Asked & Proof & { readonly connectorId: string }): Promise<string>
}

const accountOf = async ({ store }: Parts, id: AccountId): Promise<Account> => {
  const account = await store.read('account', id)
  if (!account) throw new Refusal('account_not_found')
  return account
}

const saveAnonymous = (
  { store, clock }: Parts,
  accountId: AccountId,
  id: ConsumerId,
  kind: 'signup' | 'anonymous',
) => store.write('saveConsumer', { accountId, id, kind, claims: {}, createdAt: clock.now() })

const authenticated = async (
  parts: Parts,
  account: Account,
  { issuer, credential, stepUpFrom }: { issuer: string } & Proof,
): Promise<string> => {
  const accountId = account.id
  // Before the proof is used up: a client that shows a bad token may try again with a good one.
  const from =
    stepUpFrom === undefined
      ? undefined
      : await unprovenConsumer(parts.tokens, accountId, stepUpFrom)
  const { subject, issuer: brand, ...identity } = await brandIdentity(parts, account, credential)
  const external = { subject, issuer: brand }
  const id = parts.tokens.authenticatedId(accountId, external)
  await parts.store.write('saveConsumer', {
    accountId,
    id,
    kind: 'authenticated',
    externalId: subject,
    issuer: brand,
    claims: identity.claims,
    createdAt: parts.clock.now(),
  })
  if (from !== undefined) await stepUp(parts, { accountId, from, to: id })
  const { token } = await parts.tokens.authenticated({
    accountId,
    issuer,
    external,
    issuedAt: identity.issuedAt,
    expiresAt: identity.expiresAt,
  })
  return token
}

/** The consumer of the previous external token, if it may still be renewed. [IDP11] */
const renewable = async (
  { tokens, clock }: Parts,
  account: Account,
  previous: string,
): Promise<ConsumerId> => {
  const verdict = await tokens.verifyExternal(account.id, previous)
  if (verdict.lifetime === 'bad') throw new Refusal('invalid_token')
  const until = verdict.expiresAt * 1000 + account.settings.anonymousRefreshHours * 3_600_000
  if (clock.now() > until) throw new Refusal('token_expired')
  return verdict.consumerId
}

const exchangeAnonymous = async (
  parts: Parts,
  { accountId, issuer }: Asked,
  credential: string,
): Promise<string> => {
  const verdict = await parts.tokens.verifyExternal(accountId, credential)
  if (verdict.lifetime === 'bad') throw new Refusal('invalid_token')
  if (verdict.lifetime === 'expired')
    throw new Refusal('token_expired', 'The external token has expired')
  const { consumerId } = verdict
  await saveAnonymous(parts, accountId, consumerId, 'anonymous')
  return (await parts.tokens.anonymous({ accountId, issuer, consumerId })).token
}

const isOpenToAnybody = ({ enabled, type }: Connector): boolean =>
  enabled && type === 'unauthenticated'

export const identityProvider = (parts: Parts): IdentityProvider => ({
  async signup({ accountId, issuer }) {
    await accountOf(parts, accountId)
    const { token, consumerId } = await parts.tokens.signup({ accountId, issuer })
    await saveAnonymous(parts, accountId, consumerId, 'signup')
    return token
  },
  async authenticate({ accountId, ...proof }) {
    return authenticated(parts, await accountOf(parts, accountId), proof)
  },
  async authorizeAnonymous({ accountId, issuer, previous }) {
    const account = await accountOf(parts, accountId)
    if (!account.settings.connectors.some(isOpenToAnybody))
      throw new Refusal('not_permitted', 'The account has no unauthenticated connector')
    const consumerId =
      previous === undefined ? undefined : await renewable(parts, account, previous)
    const mint = { accountId, issuer, ...(consumerId !== undefined && { consumerId }) }
    return (await parts.tokens.external(mint)).token
  },
  async exchange({ accountId, issuer, connectorId, ...proof }) {
    const account = await accountOf(parts, accountId)
    const connector = account.settings.connectors.find(({ id }) => id === connectorId)
    if (!connector) throw new Refusal('connector_not_found')
    if (!connector.enabled) throw new Refusal('not_permitted', 'The connector is disabled')
    if (connector.type === 'brand') return authenticated(parts, account, { issuer, ...proof })
    if (proof.stepUpFrom !== undefined)
      throw new Refusal(
        'bad_request',
        'stepUpFrom needs a connector that proves who the consumer is',
      )
    return exchangeAnonymous(parts, { accountId, issuer }, proof.credential)
  },
})
