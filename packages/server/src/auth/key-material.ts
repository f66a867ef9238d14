/** The server's keys as objects: made, checked and read back from their stored form. */
import {
  createPrivateKey,
  createPublicKey,
  generateKeyPair,
  type JsonWebKey,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto'
import { promisify } from 'node:util'
import type { SigningKey } from '../store/store.ts'

const MIN_MODULUS_BITS = 2048

/** A stored key that can be used. */
export interface UsableKey {
  readonly stored: SigningKey
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
}

/** A new RSA key in the form in which it is stored. */
export const newRsaKey = async (): Promise<SigningKey['privateJwk']> => {
  const { privateKey } = await promisify(generateKeyPair)('rsa', {
    modulusLength: MIN_MODULUS_BITS,
  })
  return { ...privateKey.export({ format: 'jwk' }) }
}

const broken = (kid: string, reason: string, cause?: unknown): Error =>
  new Error(`Key ${kid} in the store cannot be used: ${reason}`, { cause })

/** Signs and verifies a probe, so that a damaged key is found at the start and not at a login. */
const isSound = (privateKey: KeyObject, publicKey: KeyObject): boolean => {
  const probe = Buffer.from('probe')
  return verify('sha256', probe, publicKey, sign('sha256', probe, privateKey))
}

/** Reads a stored RSA key; throws when it is empty, too short or damaged. [IDP14] */
export const usableKey = (stored: SigningKey): UsableKey => {
  let privateKey: KeyObject
  try {
    privateKey = createPrivateKey({ key: stored.privateJwk as JsonWebKey, format: 'jwk' })
  } catch (cause) {
    throw broken(stored.kid, 'it is not a private key', cause)
  }
  const bits = privateKey.asymmetricKeyDetails?.modulusLength ?? 0
  if (privateKey.asymmetricKeyType !== 'rsa' || bits < MIN_MODULUS_BITS)
    throw broken(stored.kid, `it is not an RSA key of at least ${MIN_MODULUS_BITS} bits`)
  const publicKey = createPublicKey(privateKey)
  if (!isSound(privateKey, publicKey)) throw broken(stored.kid, 'its parts do not match')
  return { stored, privateKey, publicKey }
}

/** The bytes of the stored pseudonym secret; throws when it is too short. */
export const pseudonymSecret = (stored: SigningKey): Buffer => {
  const { kty, k } = stored.privateJwk
  const bytes = Buffer.from(typeof k === 'string' ? k : '', 'base64url')
  if (kty !== 'oct' || bytes.length < 32)
    throw broken(stored.kid, 'the secret has fewer than 32 bytes')
  return bytes
}

export interface PublicJwk {
  readonly kty: 'RSA'
  readonly kid: string
  readonly use: 'sig' | 'enc'
  readonly alg: 'RS256' | 'RSA-OAEP-256'
  readonly n: string
  readonly e: string
}

/** Picks the public members one by one, so that nothing private can slip out. [IDP13] */
export const publicJwk = ({ stored, publicKey }: UsableKey): PublicJwk => {
  const { n, e } = publicKey.export({ format: 'jwk' })
  const isSigning = stored.use === 'sign'
  return {
    kty: 'RSA',
    kid: stored.kid,
    use: isSigning ? 'sig' : 'enc',
    alg: isSigning ? 'RS256' : 'RSA-OAEP-256',
    n: n as string,
    e: e as string,
  }
}

/** Reads a brand's public key: base64 of a DER SubjectPublicKeyInfo. Undefined when it is not one. */
export const brandPublicKey = (base64: string): KeyObject | undefined => {
  try {
    const key = createPublicKey({ key: Buffer.from(base64, 'base64'), format: 'der', type: 'spki' })
    const bits = key.asymmetricKeyDetails?.modulusLength ?? 0
    return key.asymmetricKeyType === 'rsa' && bits >= MIN_MODULUS_BITS ? key : undefined
  } catch {
    return undefined
  }
}
