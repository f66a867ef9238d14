/** Bodies are read as text whatever their type, since clients declare anything or nothing. [IDP1] */
import { Refusal } from '@ringdown/protocol'
import type { FastifyInstance, FastifyRequest } from 'fastify'

export type JsonObject = Readonly<Record<string, unknown>>

/** Hands every body to the handlers as text. */
export const acceptAnyBody = (app: FastifyInstance): void => {
  app.addHook('onRequest', async ({ raw }) => {
    // A type that is not well-formed would be refused before any parser is asked.
    raw.headers['content-type'] = 'text/plain'
  })
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body))
}

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The body as a JSON object; refuses anything else. */
export const jsonObjectBody = ({ body }: FastifyRequest): JsonObject => {
  let value: unknown
  try {
    value = JSON.parse(typeof body === 'string' ? body : '')
  } catch {
    throw new Refusal('bad_request', 'The body is not JSON')
  }
  if (!isObject(value)) throw new Refusal('bad_request', 'The body is not a JSON object')
  return value
}

/** As `jsonObjectBody`; an empty body is an empty object. */
export const optionalJsonObjectBody = (request: FastifyRequest): JsonObject =>
  typeof request.body === 'string' && request.body.trim() !== '' ? jsonObjectBody(request) : {}
