/**
 * A brand's own tokens about its consumers: RS256 JWTs by a key that the account lists, plain or
 * wrapped in a JWE for our encryption key. Nothing is ever fetched to check one. [IDP4] [IDP5]
 */
import { Refusal } from '@ringdown/protocol'
import { compactDecrypt } from 'jose'
import type { Context } from '../context.ts'
import type { Account, AccountSettings } from '../domain/account.ts'
import {
  type CompactToken,
  LEEWAY_SECONDS,
  lifetimeOf,
  MAX_TOKEN_BYTES,
  readCompactToken,
  verifiedClaims,
} from './compact-token.ts'
import { brandPublicKey } from './key-material.ts'
import type { KeyRing } from './signing-keys.ts'

const MAX_SUBJECT_BYTES = 256
/** With replay refused, a token must be used this soon after it was issued. */
const MAX_AGE_MS = 5 * 60 * 1000

export interface BrandIdentity {
  readonly subject: string
  readonly issuer: string
  /** Seconds since the epoch, as the brand set them. */
  readonly issuedAt: number
  readonly expiresAt: number
  readonly claims: Readonly<Record<string, unknown>>
}

type Claims = Readonly<Record<string, unknown>>
type Parts = Pick<Context, 'store' | 'clock'> & { readonly keys: KeyRing }

const KEY_WRAPPING = ['RSA-OAEP-256']
const ENCRYPTIONS = [
  'A128GCM',
  'A192GCM',
  'A256GCM',
  'A128CBC-HS256',
  'A192CBC-HS384',
  'A256CBC-HS512',
]

/** The token inside a wrapped one; undefined when our key does not open it. [IDP5] */
const unwrapped = async (keys: KeyRing, token: string): Promise<string | undefined> => {
  try {
    const { plaintext } = await compactDecrypt(
      token,
      ({ kid, zip }) => {
        const key = zip === undefined ? keys.unwrapping(kid) : undefined
        if (!key) throw new Error('No key of ours is meant')
        return key.privateKey
      },
      { keyManagementAlgorithms: KEY_WRAPPING, contentEncryptionAlgorithms: ENCRYPTIONS },
    )
    return new TextDecoder().decode(plaintext)
  } catch {
    // The reason tells an attacker about the key; the answer is the same for all of them.
    return undefined
  }
}

/** The claims when one of the account's keys made the signature. */
const brandClaims = async (
  { brandKeys }: Pick<AccountSettings, 'brandKeys'>,
  token: CompactToken,
): Promise<Claims | undefined> => {
  const { kid } = token.header
  for (const brandKey of brandKeys) {
    if (brandKey.kid !== undefined && kid !== undefined && brandKey.kid !== kid) continue
    const key = brandPublicKey(brandKey.publicKey)
    const claims = key && (await verifiedClaims(token, key))
    if (claims) return claims
  }
  return undefined
}

const controlCharacter = /\p{Cc}/u

/** Text that every store and every client can hold. */
const isPlainText = (value: unknown): value is string =>
  typeof value === 'string' && value.isWellFormed() && !controlCharacter.test(value)

const TEXT_CLAIMS = [
  'given_name',
  'family_name',
  'email',
  'phone_number',
  'gender',
  'preferred_username',
]

/** Only the claims that mean something here are kept. [IDP4] */
const keptClaims = (claims: Claims): Claims => {
  const kept: Record<string, unknown> = {}
  for (const name of TEXT_CLAIMS) {
    const value = claims[name]
    if (value === undefined) continue
    if (!isPlainText(value)) throw new Refusal('bad_request', `The claim ${name} is not plain text`)
    kept[name] = value
  }
  const { lp_sdes: attributes } = claims
  if (attributes === undefined) return kept
  if (!Array.isArray(attributes) || JSON.stringify(attributes).includes('\\u0000'))
    throw new Refusal('bad_request', 'The claim lp_sdes is not a list of attributes')
  return { ...kept, lp_sdes: attributes }
}

const identityFrom = (claims: Claims): BrandIdentity => {
  const { sub, iss } = claims
  if (!isPlainText(sub) || sub === '') throw new Refusal('bad_request', 'The claim sub is missing')
  if (Buffer.byteLength(sub) > MAX_SUBJECT_BYTES)
    throw new Refusal('bad_request', `The claim sub has more than ${MAX_SUBJECT_BYTES} bytes`)
  if (!isPlainText(iss) || iss === '') throw new Refusal('invalid_token')
  return {
    subject: sub,
    issuer: iss,
    issuedAt: claims['iat'] as number,
    expiresAt: claims['exp'] as number,
    claims: keptClaims(claims),
  }
}

/** With replay refused a token needs an id, must be young, and counts once. [IDP10] */
const refuseReplay = async ({ store, clock }: Parts, account: Account, claims: Claims) => {
  const { jti, exp, iat } = claims
  if (!isPlainText(jti) || jti === '' || Buffer.byteLength(jti) > MAX_SUBJECT_BYTES)
    throw new Refusal('invalid_token')
  if ((iat as number) * 1000 + MAX_AGE_MS < clock.now()) throw new Refusal('token_expired')
  const isFirst = await store.write('recordTokenUse', {
    accountId: account.id,
    tokenId: JSON.stringify([claims['iss'], jti]),
    expiresAt: ((exp as number) + LEEWAY_SECONDS) * 1000,
    at: clock.now(),
  })
  if (!isFirst) throw new Refusal('invalid_token')
}

/** Who the brand says its consumer is; refuses whatever it cannot prove. */
export const brandIdentity = async (
  parts: Parts,
  account: Account,
  credential: string,
): Promise<BrandIdentity> => {
  if (credential.length > 2 * MAX_TOKEN_BYTES) throw new Refusal('invalid_token')
  const segments = credential.split('.').length
  if (segments === 1) throw new Refusal('not_implemented', 'The code flow is not available')
  const isWrapped = segments === 5
  if (account.settings.requireEncryptedTokens && !isWrapped) throw new Refusal('invalid_token')
  const text = isWrapped ? await unwrapped(parts.keys, credential) : credential
  const token = text === undefined ? undefined : readCompactToken(text)
  const claims = token && (await brandClaims(account.settings, token))
  if (!claims) throw new Refusal('invalid_token')
  const lifetime = lifetimeOf(claims, parts.clock.now())
  if (lifetime === 'bad') throw new Refusal('invalid_token')
  if (lifetime === 'expired') throw new Refusal('token_expired')
  const { brandIssuer, refuseTokenReplay } = account.settings
  const identity = identityFrom(claims)
  if (brandIssuer && identity.issuer !== brandIssuer) throw new Refusal('invalid_token')
  if (refuseTokenReplay) await refuseReplay(parts, account, claims)
  return identity
}
