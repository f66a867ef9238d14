/** Files in an S3-compatible store: one object for each, written whole or not at all. */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Clock } from '../clock.ts'
import { type ByteRange, checkKey, type FileStore, FileStoreFailure } from './file-store.ts'
import { discard } from './folder-store.ts'
import type { S3Location } from './s3-location.ts'
import {
  amzTime,
  authorizationOf,
  encodePath,
  type S3Credentials,
  sha256Hex,
} from './s3-signature.ts'

/** Without a sign of life for so long the store counts as away. */
const SILENCE_MS = 20_000
const EMPTY_HASH = sha256Hex('')

export interface S3Parts {
  readonly location: S3Location
  readonly credentials: S3Credentials
  readonly clock: Pick<Clock, 'now'>
  /** For what is under way; the objects themselves are elsewhere. */
  readonly spoolFolder: string
}

interface Asking {
  readonly method: 'PUT' | 'GET' | 'DELETE'
  readonly key: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: { readonly file: string; readonly size: number; readonly hash: string }
}

const hashOf = async (file: string): Promise<string> => {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer)
  return hash.digest('hex')
}

const drained = async (answer: IncomingMessage): Promise<void> => {
  for await (const _ of answer) void _
}

export class S3Store implements FileStore, Disposable {
  readonly spoolFolder: string
  readonly #parts: S3Parts
  readonly #agent: HttpAgent | HttpsAgent

  constructor(parts: S3Parts) {
    this.#parts = parts
    this.spoolFolder = parts.spoolFolder
    const isPlain = parts.location.endpoint.protocol === 'http:'
    this.#agent = new (isPlain ? HttpAgent : HttpsAgent)({ keepAlive: true, maxSockets: 32 })
  }

  async put(key: string, file: string): Promise<void> {
    const { size } = await stat(file)
    const body = { file, size, hash: await hashOf(file) }
    const answer = await this.#ask({ method: 'PUT', key, body })
    await this.#expect(answer, 'keep', 200, 201, 204)
    await drained(answer)
    await discard(file)
  }

  async read(key: string, range?: ByteRange): Promise<Readable | undefined> {
    const headers = range ? { range: `bytes=${range.first}-${range.last}` } : {}
    const answer = await this.#ask({ method: 'GET', key, headers })
    if (answer.statusCode === 404) {
      await drained(answer)
      return undefined
    }
    await this.#expect(answer, 'read', range ? 206 : 200)
    return answer
  }

  async remove(key: string): Promise<void> {
    const answer = await this.#ask({ method: 'DELETE', key })
    await this.#expect(answer, 'remove', 200, 204, 404)
    await drained(answer)
  }

  [Symbol.dispose](): void {
    this.#agent.destroy()
  }

  async #expect(
    answer: IncomingMessage,
    what: string,
    ...statuses: readonly number[]
  ): Promise<void> {
    if (statuses.includes(answer.statusCode ?? 0)) return
    await drained(answer)
    throw new FileStoreFailure(`The file store answered ${answer.statusCode} to ${what} a file`)
  }

  #ask(asking: Asking): Promise<IncomingMessage> {
    const { location } = this.#parts
    const { host, hostname, port, protocol } = location.endpoint
    const path = this.#pathOf(asking.key)
    const headers = this.#signed(asking, { host, path })
    const send = protocol === 'http:' ? httpRequest : httpsRequest
    return new Promise((resolve, reject) => {
      const fail = (cause: Error) =>
        reject(new FileStoreFailure('The file store cannot be reached', { cause }))
      const request = send(
        { method: asking.method, hostname, port, path, headers, agent: this.#agent },
        resolve,
      )
      request.setTimeout(SILENCE_MS, () => request.destroy(new Error('no answer')))
      request.on('error', fail)
      if (asking.body) pipeline(createReadStream(asking.body.file), request).catch(fail)
      else request.end()
    })
  }

  #pathOf(key: string): string {
    checkKey(key)
    const { endpoint, bucket, prefix } = this.#parts.location
    const base = endpoint.pathname === '/' ? '' : endpoint.pathname
    return `${base}/${encodePath(`${bucket}/${prefix}${key}`)}`
  }

  #signed({ method, headers, body }: Asking, { host, path }: { host: string; path: string }) {
    const { location, credentials, clock } = this.#parts
    const time = amzTime(clock.now())
    const payloadHash = body?.hash ?? EMPTY_HASH
    const all: Record<string, string> = {
      host,
      'x-amz-content-sha256': payloadHash,
      'x-amz-date': time,
      ...headers,
      ...(body && { 'content-length': String(body.size) }),
      ...(credentials.sessionToken && { 'x-amz-security-token': credentials.sessionToken }),
    }
    const request = { method, path, query: '', headers: all, payloadHash }
    const scope = { credentials, region: location.region, service: 's3', time }
    return { ...all, authorization: authorizationOf(request, scope) }
  }
}
