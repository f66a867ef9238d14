/** The bytes of hosted files: PUT to a signed address, GET and HEAD from one. */
import type { Readable } from 'node:stream'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { FileContent } from '../domain/hosted-file.ts'
import { type FileMethod, pathOf } from '../files/file-address.ts'
import { fileTypeOf } from '../files/file-types.ts'
import type { Files } from '../files/files.ts'
import { wantedRange } from '../files/range.ts'
import { bearerIn } from './bearer.ts'
import { allowAnyOrigin, answerPreflight } from './cross-origin.ts'
import { answerFailures } from './failures.ts'
import type { RestParts } from './rest-parts.ts'

interface Asked {
  Params: { account: string; '*': string }
  Querystring: { temp_url_sig?: unknown; temp_url_expires?: unknown; token?: unknown }
}

type AskedRequest = FastifyRequest<Asked>

/**
 * Guides put a slash between host and path, which begins with one. [FIL4] A name may be longer than
 * the router lets a parameter be.
 */
const addresses = ['/v1/AUTH_async-images/:account/*', '//v1/AUTH_async-images/:account/*']

const statuses = { file_too_large: 413, file_type_not_supported: 403 } as const

/** Bodies go to the handler as they come, whatever their declared type. */
const streamBodies = (app: FastifyInstance): void => {
  app.addHook('onRequest', async ({ raw }) => {
    raw.headers['content-type'] = 'application/octet-stream'
  })
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_request, body, done) => done(null, body))
}

const shown = ({ params, query }: AskedRequest, method: FileMethod) => ({
  accountId: params.account,
  path: pathOf(params.account, params['*']),
  signature: query.temp_url_sig,
  expires: query.temp_url_expires,
  method,
})

const lengthOf = ({ headers }: FastifyRequest): { length: number } | undefined => {
  const length = headers['content-length']
  return length === undefined ? undefined : { length: Number(length) }
}

/** Nothing that a browser could run, and no page of ours. [FIL12] */
const describe = (reply: FastifyReply, { type, storedAt, key }: FileContent): void => {
  reply.headers({
    'content-type': fileTypeOf(type)?.contentType ?? 'application/octet-stream',
    // The name is ours: nothing that a client chose goes into a header.
    'content-disposition': `attachment; filename="file-${key.slice(-8)}.${type.toLowerCase()}"`,
    'content-security-policy': "sandbox; default-src 'none'",
    'cross-origin-resource-policy': 'cross-origin',
    'cache-control': 'private, no-store',
    'accept-ranges': 'bytes',
    'last-modified': new Date(storedAt).toUTCString(),
  })
}

/** An agent's key, in the address or in a header. [FIL20] */
const tokenOf = ({ query, headers }: AskedRequest): string | undefined => {
  if (typeof query.token === 'string') return query.token
  return bearerIn(headers)
}

const download = (files: Files) => async (request: AskedRequest, reply: FastifyReply) => {
  const { content } = await files.find({ ...shown(request, 'GET'), token: tokenOf(request) })
  const { size } = content
  const wanted = wantedRange(request.headers.range, size)
  if (wanted === 'none') {
    reply.header('content-range', `bytes */${size}`)
    return reply.code(416).send()
  }
  describe(reply, content)
  const range = wanted === 'whole' ? undefined : wanted
  if (range) {
    reply.code(206).header('content-range', `bytes ${range.first}-${range.last}/${size}`)
  }
  reply.header('content-length', range ? range.last - range.first + 1 : size)
  if (request.method === 'HEAD') return reply.send()
  return reply.send(await files.read(content, range))
}

const upload = (files: Files) => async (request: AskedRequest, reply: FastifyReply) => {
  const body = request.body as Readable | undefined
  try {
    await files.receive({
      ...shown(request, 'PUT'),
      body: body ?? request.raw,
      ...lengthOf(request),
    })
  } finally {
    // What is not wanted is let past, so that the client gets to read the answer; the connection's
    // own time limit ends it. [FIL5]
    request.raw.resume()
  }
  return reply.code(201).send()
}

export const fileRoutes = (parts: RestParts) => async (app: FastifyInstance) => {
  const { files } = parts
  if (!files) return
  allowAnyOrigin(app)
  app.addHook('onRequest', async (_request, reply) => {
    reply.header('access-control-expose-headers', 'content-disposition, content-range')
  })
  streamBodies(app)
  answerFailures(app, parts, { statuses })
  for (const address of addresses) {
    app.put<Asked>(address, { bodyLimit: Number.MAX_SAFE_INTEGER }, upload(files))
    app.route<Asked>({ method: ['GET', 'HEAD'], url: address, handler: download(files) })
    answerPreflight(app, address, 'GET, HEAD, PUT')
  }
}
