/**
 * Everything that is served over plain HTTP requests, as two handlers for Node's servers: one for
 * requests that came over TLS, one for those that did not. Sockets, TLS and listening are elsewhere.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { Refusal } from '@ringdown/protocol'
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { adminRoutes } from './admin-routes.ts'
import { agentSurveyRoutes } from './agent-survey/agent-survey-routes.ts'
import { configurationRoutes } from './configuration/configuration-routes.ts'
import { discoveryRoutes, isDiscoveryPath } from './discovery-routes.ts'
import { draftRoutes } from './draft-routes.ts'
import { answerFailures, describeFailure } from './failures.ts'
import { fileRoutes } from './file-routes.ts'
import { healthRoutes } from './health-routes.ts'
import { historyRoutes } from './history/history-routes.ts'
import { idpRoutes } from './idp-routes.ts'
import { loginRoutes } from './login-routes.ts'
import { publicRoutes } from './public-routes.ts'
import type { RestParts } from './rest-parts.ts'
import { answerHeaders } from './web/page-headers.ts'
import { webRoutes } from './web-routes.ts'
import { whyRoutes } from './why-routes.ts'

export type RequestHandler = (request: IncomingMessage, response: ServerResponse) => void

export interface Rest extends AsyncDisposable {
  readonly app: FastifyInstance
  /** For requests over TLS. */
  readonly handle: RequestHandler
  /** For requests without: discovery is answered, the rest is sent to TLS. [NAM7] */
  readonly handlePlain: RequestHandler
}

const DEFAULT_BODY_LIMIT = 64 * 1024

const refusePlain = (response: ServerResponse): void => {
  const body = JSON.stringify({
    statusCode: 426,
    error: { code: 'tls_required', message: 'Use https' },
  })
  response.writeHead(426, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    upgrade: 'TLS/1.3, HTTP/1.1',
    connection: 'upgrade, close',
  })
  response.end(body)
}

const pathOf = ({ url = '' }: IncomingMessage): string => url.split('?', 1).join('')

const newApp = ({ config, ids }: RestParts): FastifyInstance =>
  fastify({
    logger: false,
    bodyLimit: DEFAULT_BODY_LIMIT,
    genReqId: () => ids.uuid(),
    // What a peer says about the client counts only when the peer is a proxy of ours. [NAM11]
    trustProxy: config.trustedProxies.length > 0 ? [...config.trustedProxies] : false,
    routerOptions: { ignoreTrailingSlash: true, caseSensitive: true },
    frameworkErrors: (_error, { protocol }, reply: FastifyReply) => {
      const refusal = new Refusal('bad_request')
      reply.headers(answerHeaders(protocol === 'https', config.dev))
      void reply.code(400).send(describeFailure({ status: 400, refusal }))
    },
  })

/** No id holds a control character, and some stores cannot even be asked for one. */
const refuseControlCharacters = async ({ params }: FastifyRequest): Promise<void> => {
  if (Object.values((params ?? {}) as Record<string, string>).some((one) => /\p{Cc}/u.test(one)))
    throw new Refusal('bad_request', 'The address holds a control character')
}

/** Builds all routes over the given parts. */
export const buildRest = async (parts: RestParts): Promise<Rest> => {
  const app = newApp(parts)
  app.addHook('onRequest', async ({ protocol }, reply) => {
    reply.headers(answerHeaders(protocol === 'https', parts.config.dev))
  })
  app.addHook('onRequest', refuseControlCharacters)
  answerFailures(app, parts)
  app.setNotFoundHandler((_request, reply) => {
    const refusal = new Refusal('route_not_found')
    return reply.code(404).send(describeFailure({ status: 404, refusal }))
  })
  const areas = [
    discoveryRoutes,
    idpRoutes,
    loginRoutes,
    publicRoutes,
    healthRoutes,
    fileRoutes,
    historyRoutes,
    agentSurveyRoutes,
    draftRoutes,
    whyRoutes,
    adminRoutes,
    configurationRoutes,
    webRoutes,
  ]
  for (const area of areas) await app.register(area(parts))
  await app.ready()
  const handle: RequestHandler = (request, response) => app.routing(request, response)
  return {
    app,
    handle,
    handlePlain(request, response) {
      const isAnswered = parts.config.plainHttp || isDiscoveryPath(pathOf(request))
      if (isAnswered) handle(request, response)
      else refusePlain(response)
    },
    [Symbol.asyncDispose]: () => app.close(),
  }
}
