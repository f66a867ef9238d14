/**
 * Reads a compact JWS as strictly as its standard is written: three segments of canonical
 * base64url, small, RS256 and nothing that asks the reader to fetch or to do anything. What passes
 * here still has to have its signature verified. [IDP7]
 */
import type { KeyObject } from 'node:crypto'
import { compactVerify } from 'jose'

export const MAX_TOKEN_BYTES = 16 * 1024

/** Headers that name other keys or change how the token is read. */
const FORBIDDEN = ['crit', 'b64', 'zip', 'jku', 'x5u', 'jwk', 'x5c']

export interface CompactToken {
  readonly text: string
  readonly header: Readonly<Record<string, unknown>>
}

/** Decodes a segment whose text is the only one that stands for its bytes. */
const canonicalBytes = (segment: string): Buffer | undefined => {
  if (!/^[A-Za-z0-9_-]+$/.test(segment)) return undefined
  const bytes = Buffer.from(segment, 'base64url')
  return bytes.toString('base64url') === segment ? bytes : undefined
}

const jsonObject = (bytes: Uint8Array): Readonly<Record<string, unknown>> | undefined => {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined
  } catch {
    return undefined
  }
}

/** Undefined when the text is not a token that may be looked at any further. */
export const readCompactToken = (text: string): CompactToken | undefined => {
  if (text.length > MAX_TOKEN_BYTES) return undefined
  const segments = text.split('.')
  if (segments.length !== 3) return undefined
  const parts = segments.map(canonicalBytes)
  const [headerBytes] = parts
  if (!headerBytes || parts.includes(undefined)) return undefined
  const header = jsonObject(headerBytes)
  if (header?.['alg'] !== 'RS256' || FORBIDDEN.some((name) => Object.hasOwn(header, name)))
    return undefined
  return { text, header }
}

/** The claims when the key made the signature, else undefined. */
export const verifiedClaims = async (
  { text }: CompactToken,
  key: KeyObject,
): Promise<Readonly<Record<string, unknown>> | undefined> => {
  try {
    const { payload } = await compactVerify(text, key, { algorithms: ['RS256'] })
    return jsonObject(payload)
  } catch {
    // jose tells apart many ways in which a token is bad; none of them may reach the client.
    return undefined
  }
}

/** Clocks of different machines may differ by this much. */
export const LEEWAY_SECONDS = 60
/** The year 9999: no later moment is meant by anybody. */
const LAST_SECOND = 253_402_300_799

const isMoment = (value: unknown): value is number =>
  Number.isInteger(value) && (value as number) >= 0 && (value as number) <= LAST_SECOND

export type Lifetime = 'valid' | 'expired' | 'bad'

/** Judges `exp`, `iat` and `nbf` at a moment in milliseconds. [IDP8] */
export const lifetimeOf = (claims: Readonly<Record<string, unknown>>, now: number): Lifetime => {
  const { exp, iat, nbf } = claims
  const seconds = now / 1000
  if (!isMoment(exp) || !isMoment(iat)) return 'bad'
  if (nbf !== undefined && (!isMoment(nbf) || nbf > seconds + LEEWAY_SECONDS)) return 'bad'
  if (iat > seconds + LEEWAY_SECONDS) return 'bad'
  return exp + LEEWAY_SECONDS <= seconds ? 'expired' : 'valid'
}
