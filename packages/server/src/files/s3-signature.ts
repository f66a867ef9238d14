/** AWS Signature, version 4, over headers: what every S3-compatible store asks for. Pure. */
import { createHash, createHmac } from 'node:crypto'

export interface S3Credentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
}

export interface S3Request {
  readonly method: string
  /** Encoded, as it goes over the wire. */
  readonly path: string
  /** Encoded and sorted; empty for none. */
  readonly query: string
  /** Names in lower case, `host` among them. All of them are signed. */
  readonly headers: Readonly<Record<string, string>>
  /** SHA-256 of the body in hex, or `UNSIGNED-PAYLOAD`. */
  readonly payloadHash: string
}

export interface SigningScope {
  readonly credentials: S3Credentials
  readonly region: string
  readonly service: string
  /** `20260101T000000Z` */
  readonly time: string
}

const hmac = (key: string | Buffer, text: string): Buffer =>
  createHmac('sha256', key).update(text).digest()

export const sha256Hex = (text: string | Buffer): string =>
  createHash('sha256').update(text).digest('hex')

const headerNames = (headers: S3Request['headers']): readonly string[] =>
  Object.keys(headers).toSorted()

export const canonicalRequest = (request: S3Request): string => {
  const names = headerNames(request.headers)
  const lines = names.map(
    (name) => `${name}:${(request.headers[name] ?? '').trim().replace(/ +/g, ' ')}`,
  )
  return [
    request.method,
    request.path,
    request.query,
    ...lines,
    '',
    names.join(';'),
    request.payloadHash,
  ].join('\n')
}

/** The value of the `authorization` header. */
export const authorizationOf = (request: S3Request, scope: SigningScope): string => {
  const { credentials, region, service, time } = scope
  const day = time.slice(0, 8)
  const place = `${day}/${region}/${service}/aws4_request`
  const text = ['AWS4-HMAC-SHA256', time, place, sha256Hex(canonicalRequest(request))].join('\n')
  const dayKey = hmac(`AWS4${credentials.secretAccessKey}`, day)
  const key = hmac(hmac(hmac(dayKey, region), service), 'aws4_request')
  const signature = hmac(key, text).toString('hex')
  const signed = headerNames(request.headers).join(';')
  return `AWS4-HMAC-SHA256 Credential=${credentials.accessKeyId}/${place}, SignedHeaders=${signed}, Signature=${signature}`
}

/** `2026-01-01T00:00:00.000Z` → `20260101T000000Z` */
export const amzTime = (now: number): string =>
  new Date(now).toISOString().replace(/[-:]|\.\d{3}/g, '')

/** Percent-encoding as S3 defines it: all but letters, digits, `-._~` and the slash. */
export const encodePath = (path: string): string =>
  encodeURIComponent(path)
    .replaceAll('%2F', '/')
    .replace(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`)
