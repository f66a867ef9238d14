import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
} from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { systemClock, systemIds } from '@ringdown/server/configuration'

export interface BrandSigningKey {
  readonly privateKey: KeyObject
  /** Base64 of the DER SubjectPublicKeyInfo, as account settings hold it. */
  readonly publicKey: string
}

const keyFrom = (pem: string): BrandSigningKey => {
  const privateKey = createPrivateKey(pem)
  const publicKey = createPublicKey(privateKey).export({ type: 'spki', format: 'der' })
  return { privateKey, publicKey: publicKey.toString('base64') }
}

const newPem = () =>
  generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  }).privateKey

/** The key in the given file; without one, a test key that is kept in the data folder. */
export const brandKeyAt = async (
  file: string | undefined,
  dataDir: string,
): Promise<BrandSigningKey> => {
  const own = path.join(dataDir, 'dev', 'brand-key.pem')
  const chosen = file ?? own
  if (file === undefined && !existsSync(own)) {
    await mkdir(path.dirname(own), { recursive: true, mode: 0o700 })
    await writeFile(own, newPem(), { mode: 0o600 })
  }
  return keyFrom(readFileSync(chosen, 'utf8'))
}

export interface BrandClaims {
  readonly account: string
  readonly subject: string
  readonly issuer: string
  readonly ttlSeconds: number
  readonly claims: Readonly<Record<string, unknown>>
}

const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')

/** An RS256 token with which a brand vouches for a consumer. */
export const signBrandToken = (key: BrandSigningKey, wanted: BrandClaims): string => {
  const iat = Math.floor(systemClock.now() / 1000)
  const payload = {
    iss: wanted.issuer,
    aud: `acc:${wanted.account}`,
    sub: wanted.subject,
    iat,
    exp: iat + wanted.ttlSeconds,
    jti: systemIds.uuid(),
    ...wanted.claims,
  }
  const input = `${encoded({ alg: 'RS256', typ: 'JWT' })}.${encoded(payload)}`
  return `${input}.${sign('sha256', Buffer.from(input), key.privateKey).toString('base64url')}`
}
