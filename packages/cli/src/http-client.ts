/** Requests to a server, with its certificate authority and without a proxy in between. */
import { request as plainRequest } from 'node:http'
import { request as secureRequest } from 'node:https'
import { CommandError } from './exit-codes.ts'

export interface Target {
  readonly host: string
  readonly port: number
  /** `host:port` as the server's certificate and discovery name it. */
  readonly authority: string
  readonly isSecure: boolean
  /** PEM of the authority to trust besides the usual ones. */
  readonly ca?: string
  readonly token?: string
}

export interface Answer {
  readonly status: number
  readonly body: unknown
}

const TIMEOUT_MS = 30_000

const parse = (text: string): unknown => {
  try {
    return text === '' ? undefined : JSON.parse(text)
  } catch {
    // Some answers are plain text.
    return text
  }
}

const hostOf = (authority: string) => authority.replace(/:\d+$/, '').replace(/^\[|\]$/g, '')

const isAddress = (host: string) => /^[\d.]+$|:/.test(host)

const optionsFor = (target: Target, method: string, path: string, payload: string | undefined) => {
  const name = hostOf(target.authority)
  return {
    host: target.host,
    port: target.port,
    method,
    path,
    ...(isAddress(name) ? {} : { servername: name }),
    ...(target.ca === undefined ? {} : { ca: target.ca }),
    headers: {
      host: target.authority,
      ...(target.token === undefined ? {} : { authorization: `Bearer ${target.token}` }),
      ...(payload === undefined ? {} : { 'content-type': 'application/json' }),
    },
    timeout: TIMEOUT_MS,
    agent: false as const,
  }
}

/** One request; rejects with a CommandError when the server cannot be reached. */
export const call = (
  target: Target,
  method: string,
  path: string,
  body?: unknown,
): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const payload = body === undefined ? undefined : JSON.stringify(body)
    const send = target.isSecure ? secureRequest : plainRequest
    const request = send(optionsFor(target, method, path, payload), (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (part: string) => {
        text += part
      })
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: parse(text) }))
      response.on('error', reject)
    })
    request.on('timeout', () =>
      request.destroy(new Error(`no answer within ${TIMEOUT_MS / 1000} s`)),
    )
    request.on('error', (cause: NodeJS.ErrnoException) => {
      const reason = cause.code ?? cause.message
      const hint = /CERT|VERIFY|SIGNATURE/.test(reason)
        ? 'Its certificate is not trusted: give its authority with --ca FILE.'
        : 'Is it running? `npm start` or `npx ringdown serve --dev` starts one.'
      reject(
        new CommandError('unavailable', `No server at ${target.authority} (${reason}). ${hint}`, {
          cause,
        }),
      )
    })
    request.end(payload)
  })

const messageOf = ({ status, body }: Answer): string => {
  if (typeof body === 'string' && body !== '') return body
  const { message, error } = (body ?? {}) as { message?: string; error?: { message?: string } }
  return message ?? error?.message ?? `The server answered with status ${status}`
}

/** A request whose answer must be a success; a refusal becomes the command's error. */
export const callOrFail = async (
  target: Target,
  method: string,
  path: string,
  body?: unknown,
): Promise<unknown> => {
  const answer = await call(target, method, path, body)
  if (answer.status >= 200 && answer.status < 300) return answer.body
  throw new CommandError(answer.status >= 500 ? 'unavailable' : 'failed', messageOf(answer))
}
