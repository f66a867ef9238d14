/**
 * Tokens that this server makes for consumers, and the check of them. Three kinds: `signup`, the
 * consumer token of a new anonymous consumer; `authenticated`, the one that a brand's token was
 * exchanged for; `anonymous`, the one that an external anonymous token was exchanged for. The
 * external token itself bears another type and opens nothing but the exchange. [IDP6]
 */
import { createHmac } from 'node:crypto'
import type { AccountId, ConsumerId } from '@ringdown/protocol'
import { CompactSign } from 'jose'
import type { Context } from '../context.ts'
import type { ConsumerActor } from '../domain/actor.ts'
import {
  type CompactToken,
  LEEWAY_SECONDS,
  lifetimeOf,
  readCompactToken,
  verifiedClaims,
} from './compact-token.ts'
import type { KeyRing } from './signing-keys.ts'

/** Thirteen years, to the second as the reference service has it. */
export const SIGNUP_SECONDS = 410_240_040
const ANONYMOUS_SECONDS = 60 * 60
const EXTERNAL_SECONDS = 10 * 60

const INTERNAL_TYPE = 'JWT'
const EXTERNAL_TYPE = 'ext+jwt'
/** Marks an anonymous identity: authentication context class 0. */
const ANONYMOUS_CLASS = '0'

export type ConsumerTokenVerdict =
  | { readonly ok: true; readonly actor: ConsumerActor }
  | {
      readonly ok: false
      readonly isExpired: boolean
      readonly strength?: ConsumerActor['strength']
    }

export interface ConsumerToken {
  readonly token: string
  readonly consumerId: ConsumerId
  /** Seconds since the epoch. */
  readonly expiresAt: number
}

export interface ExternalIdentity {
  readonly subject: string
  readonly issuer: string
}

export interface ConsumerTokens {
  signup(mint: Mint & { readonly ttlSeconds?: number }): Promise<ConsumerToken>
  authenticated(
    mint: Mint & Lived & { readonly external: ExternalIdentity },
  ): Promise<ConsumerToken>
  anonymous(mint: Mint & { readonly ttlSeconds?: number }): Promise<ConsumerToken>
  /** The external token of the connector flow. */
  external(mint: Mint): Promise<ConsumerToken>
  /** Checks a token that is to open a socket. [IDP7] */
  verify(accountId: AccountId, token: string): Promise<ConsumerTokenVerdict>
  /** Checks an external anonymous token; an expired one still names its consumer. */
  verifyExternal(accountId: AccountId, token: string): Promise<ExternalVerdict>
  /** Stable id of an authenticated consumer: 64 hex digits. [IDP4] */
  authenticatedId(accountId: AccountId, external: ExternalIdentity): ConsumerId
}

export type ExternalVerdict =
  | {
      readonly lifetime: 'valid' | 'expired'
      readonly consumerId: ConsumerId
      readonly expiresAt: number
    }
  | { readonly lifetime: 'bad' }

interface Mint {
  readonly accountId: AccountId
  readonly issuer: string
  /** Absent: a new consumer. */
  readonly consumerId?: ConsumerId
}

interface Lived {
  /** Seconds since the epoch. */
  readonly issuedAt: number
  readonly expiresAt: number
}

/**
 * JSON whose base64url never contains `-` or `_` and needs no padding, for clients that decode it
 * with plain base64. Those two digits arise only from non-ASCII bytes and from `>`, `?`, `~` and
 * DEL, all of which JSON can escape; white space makes up the length. [IDP2]
 */
export const plainPayload = (claims: Readonly<Record<string, unknown>>): string => {
  const json = JSON.stringify(claims).replace(
    /[>?~\u007f-\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
  return `${json.slice(0, -1)}${' '.repeat((3 - (json.length % 3)) % 3)}}`
}

const audienceOf = (accountId: AccountId): string => `acc:${accountId}`

const strengthOf = (claims: Readonly<Record<string, unknown>>): ConsumerActor['strength'] => {
  if (claims['lp.ext'] !== undefined) return 'authenticated'
  return claims['acr'] === ANONYMOUS_CLASS ? 'anonymous' : 'signup'
}

const OWN_HEADERS = ['kid', 'typ', 'alg']

/** The claims of a token that one of our own keys signed as this type for this account. */
const ownClaims = async (
  keys: KeyRing,
  { accountId, type, token }: { accountId: AccountId; type: string; token: string },
): Promise<Readonly<Record<string, unknown>> | undefined> => {
  const read: CompactToken | undefined = readCompactToken(token)
  if (!read || Object.keys(read.header).some((name) => !OWN_HEADERS.includes(name)))
    return undefined
  const { kid, typ } = read.header
  if (typeof kid !== 'string' || typ !== type) return undefined
  const key = await keys.verifying(kid)
  const claims = key && (await verifiedClaims(read, key.publicKey))
  if (claims?.['aud'] !== audienceOf(accountId)) return undefined
  const { sub, iss } = claims
  return typeof sub === 'string' && sub !== '' && typeof iss === 'string' ? claims : undefined
}

/** An open connection ends at `exp`; the leeway is for opening one with a clock that differs. */
const endOf = (exp: number, now: number): number =>
  exp * 1000 > now ? exp * 1000 : (exp + LEEWAY_SECONDS) * 1000

const verifyInternal =
  (keys: KeyRing, { clock }: Pick<Context, 'clock'>): ConsumerTokens['verify'] =>
  async (accountId, token) => {
    const claims = await ownClaims(keys, { accountId, type: INTERNAL_TYPE, token })
    if (!claims) return { ok: false, isExpired: false }
    const now = clock.now()
    const strength = strengthOf(claims)
    const lifetime = lifetimeOf(claims, now)
    if (lifetime !== 'valid') return { ok: false, isExpired: lifetime === 'expired', strength }
    const expiresAt = endOf(claims['exp'] as number, now)
    return {
      ok: true,
      actor: { kind: 'consumer', accountId, id: claims['sub'] as string, strength, expiresAt },
    }
  }

export const consumerTokens = (
  keys: KeyRing,
  { clock, ids }: Pick<Context, 'clock' | 'ids'>,
): ConsumerTokens => {
  const mint = async (
    { accountId, issuer, consumerId = ids.uuid() }: Mint,
    { issuedAt, expiresAt }: Lived,
    { typ = INTERNAL_TYPE, ...extra }: Readonly<Record<string, unknown>> = {},
  ): Promise<ConsumerToken> => {
    const claims = {
      sub: consumerId,
      aud: audienceOf(accountId),
      iss: issuer,
      exp: expiresAt,
      iat: issuedAt,
      jti: ids.uuid(),
      ...extra,
    }
    const { stored, privateKey } = keys.signing()
    const token = await new CompactSign(Buffer.from(plainPayload(claims)))
      .setProtectedHeader({ kid: stored.kid, typ: typ as string, alg: 'RS256' })
      .sign(privateKey)
    return { token, consumerId, expiresAt }
  }
  const lasting = (seconds: number): Lived => {
    const issuedAt = Math.floor(clock.now() / 1000)
    return { issuedAt, expiresAt: issuedAt + seconds }
  }
  const authenticatedId: ConsumerTokens['authenticatedId'] = (accountId, { subject, issuer }) =>
    createHmac('sha256', keys.pseudonymSecret())
      .update(JSON.stringify([accountId, issuer, subject]))
      .digest('hex')

  return {
    signup: (token) => mint(token, lasting(token.ttlSeconds ?? SIGNUP_SECONDS)),
    authenticated: ({ external, ...token }) =>
      mint({ ...token, consumerId: authenticatedId(token.accountId, external) }, token, {
        'lp.ext': { sub: external.subject, iss: external.issuer },
      }),
    anonymous: (token) =>
      mint(token, lasting(token.ttlSeconds ?? ANONYMOUS_SECONDS), { acr: ANONYMOUS_CLASS }),
    external: (token) =>
      mint(token, lasting(EXTERNAL_SECONDS), { typ: EXTERNAL_TYPE, acr: ANONYMOUS_CLASS }),
    verify: verifyInternal(keys, { clock }),
    async verifyExternal(accountId, token) {
      const claims = await ownClaims(keys, { accountId, type: EXTERNAL_TYPE, token })
      const lifetime = claims ? lifetimeOf(claims, clock.now()) : 'bad'
      if (!claims || lifetime === 'bad') return { lifetime: 'bad' }
      return {
        lifetime,
        consumerId: claims['sub'] as string,
        expiresAt: claims['exp'] as number,
      }
    },
    authenticatedId,
  }
}
