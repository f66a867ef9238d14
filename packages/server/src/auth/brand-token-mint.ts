/** The brand's side of the implicit flow, for trying it out: a key pair, and tokens by it. */
import { createPrivateKey, generateKeyPair } from 'node:crypto'
import { promisify } from 'node:util'
import { CompactSign } from 'jose'
import type { Clock } from '../clock.ts'

export interface BrandKeyPair {
  /** PEM, for the brand alone. */
  readonly privateKey: string
  /** Base64 as the account's settings take it. */
  readonly publicKey: string
}

export const newBrandKeyPair = async (): Promise<BrandKeyPair> => {
  const pair = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 })
  return {
    privateKey: pair.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
    publicKey: pair.publicKey.export({ format: 'der', type: 'spki' }).toString('base64'),
  }
}

export interface BrandTokenWish {
  /** PEM of the brand's private key. */
  readonly privateKey: string
  readonly kid?: string
  readonly issuer: string
  readonly subject: string
  readonly ttlSeconds: number
  /** More claims: names, contacts, `lp_sdes`, `jti`. */
  readonly claims?: Readonly<Record<string, unknown>>
}

/** A token as a brand's login would make it. [IDP4] */
export const mintBrandToken = (
  clock: Pick<Clock, 'now'>,
  { privateKey, kid, issuer, subject, ttlSeconds, claims }: BrandTokenWish,
): Promise<string> => {
  const iat = Math.floor(clock.now() / 1000)
  const payload = { ...claims, iss: issuer, sub: subject, iat, exp: iat + ttlSeconds }
  return new CompactSign(Buffer.from(JSON.stringify(payload)))
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT', ...(kid !== undefined && { kid }) })
    .sign(createPrivateKey(privateKey))
}
