/**
 * An S3-compatible store for tests: the one that RINGDOWN_TEST_S3_URL names (as `--files` takes it,
 * with credentials from the usual variables), or a strict one in this process, which works out every
 * signature from the bytes that came over the wire and refuses what it would not have signed itself.
 */
import { createHash, createHmac } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { s3Credentials, s3Location } from './s3-location.ts'

export const testCredentials = { accessKeyId: 'AKIATEST', secretAccessKey: 'a/secret+key' }

const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest()
const sha256 = (bytes: string | Buffer) => createHash('sha256').update(bytes).digest('hex')

const FORM =
  /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, SignedHeaders=([a-z0-9;-]+), Signature=([0-9a-f]{64})$/

/** Why the request is not to be believed. */
const faultOf = (request: IncomingMessage, body: Buffer): string | undefined => {
  const { headers, method, url = '' } = request
  const [, id, day, region, signed = '', signature] = FORM.exec(headers.authorization ?? '') ?? []
  if (id !== testCredentials.accessKeyId) return 'InvalidAccessKeyId'
  const time = String(headers['x-amz-date'])
  if (!time.startsWith(`${day}T`)) return 'AuthorizationHeaderMalformed'
  const names = signed.split(';')
  const needed = ['host', 'x-amz-date', 'x-amz-content-sha256', ...(headers.range ? ['range'] : [])]
  if (!needed.every((name) => names.includes(name))) return 'AccessDenied'
  if (headers['x-amz-content-sha256'] !== sha256(body)) return 'XAmzContentSHA256Mismatch'
  const [path = '', query = ''] = url.split('?')
  const lines = names.map((name) => `${name}:${String(headers[name]).trim()}\n`).join('')
  const canonical = [method, path, query, lines, signed, sha256(body)].join('\n')
  const scope = `${day}/${region}/s3/aws4_request`
  const text = ['AWS4-HMAC-SHA256', time, scope, sha256(canonical)].join('\n')
  const dayKey = hmac(`AWS4${testCredentials.secretAccessKey}`, String(day))
  const key = hmac(hmac(hmac(dayKey, String(region)), 's3'), 'aws4_request')
  return hmac(key, text).toString('hex') === signature ? undefined : 'SignatureDoesNotMatch'
}

const rangeOf = (header: string | undefined, bytes: Buffer): Buffer => {
  const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(header ?? '') ?? []
  return first === undefined ? bytes : bytes.subarray(Number(first), Number(last) + 1)
}

export class StrictS3 implements AsyncDisposable {
  readonly objects = new Map<string, Buffer>()
  readonly faults: string[] = []
  /** Answered instead of doing anything. */
  failing: number | undefined
  readonly #server = createServer((request, response) => void this.#answer(request, response))

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await buffer(request)
    const fault = faultOf(request, body)
    if (fault !== undefined) this.faults.push(fault)
    const status = fault === undefined ? this.failing : 403
    if (status !== undefined) response.writeHead(status).end(`<Error><Code>${fault}</Code></Error>`)
    else this.#serve(request, response, body)
  }

  #serve({ method, url = '', headers }: IncomingMessage, response: ServerResponse, body: Buffer) {
    const found = this.objects.get(url)
    if (method === 'PUT') {
      this.objects.set(url, body)
      response.writeHead(200).end()
    } else if (method === 'DELETE') {
      this.objects.delete(url)
      response.writeHead(204).end()
    } else if (found) {
      response.writeHead(headers.range ? 206 : 200).end(rangeOf(headers.range, found))
    } else response.writeHead(404).end('<Error><Code>NoSuchKey</Code></Error>')
  }
}

/** Where to find the store of the environment; undefined: there is none. */
export const givenS3 = () => {
  const url = process.env['RINGDOWN_TEST_S3_URL']
  return url ? { location: s3Location(url), credentials: s3Credentials(process.env) } : undefined
}
