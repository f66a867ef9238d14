/** The identity provider's addresses. What they do is in `auth/identity-provider.ts`. */
import { type ErrorCode, Refusal } from '@ringdown/protocol'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type IdentityProvider, identityProvider } from '../auth/identity-provider.ts'
import { addressLimiter } from './address-limiter.ts'
import { announcedAuthority } from './authority.ts'
import { allowAnyOrigin, answerPreflight } from './cross-origin.ts'
import { answerFailures, type Failure } from './failures.ts'
import { sendJsonp } from './jsonp.ts'
import { acceptAnyBody, jsonObjectBody, optionalJsonObjectBody } from './raw-body.ts'
import type { RestParts } from './rest-parts.ts'

interface Asked {
  Params: { account: string; connector: string }
  Querystring: { callback?: unknown }
}

const BASE = '/api/account/:account'

/** One client takes 2001 for "ask for a new token"; the others are for people. [IDP3] */
const internalCodes: Partial<Record<ErrorCode, number>> = {
  bad_request: 2000,
  token_expired: 2001,
  invalid_token: 2002,
  not_permitted: 2003,
  account_not_found: 2004,
  connector_not_found: 2005,
  too_many_requests: 2006,
  not_implemented: 2007,
}
const OTHER_CODE = 2099

/** Carries every key under which some client looks for the reason. [IDP3] */
const describeIdentityFailure = ({ status, refusal }: Failure): object => {
  const code = internalCodes[refusal.code] ?? OTHER_CODE
  const { message } = refusal
  return {
    statusCode: status,
    internalErrorCode: code,
    message,
    error: { statusCode: status, internalCode: String(code), message },
  }
}

/** Clients read either key. [IDP1] */
const bothKeys = (token: string) => ({ jwt: token, token })

const credentialIn = (body: Readonly<Record<string, unknown>>, names: readonly string[]) => {
  const value = names.map((name) => body[name]).find((one) => one !== undefined)
  if (typeof value !== 'string' || value === '')
    throw new Refusal('bad_request', `${names[0]} is missing`)
  return value
}

/** What proves the consumer, and whom it goes on from. [DLG24] */
const proofIn = (body: Readonly<Record<string, unknown>>, names: readonly string[]) => {
  const isStep = body['stepUpFrom'] !== undefined && body['stepUpFrom'] !== null
  return {
    credential: credentialIn(body, names),
    ...(isStep && { stepUpFrom: credentialIn(body, ['stepUpFrom']) }),
  }
}

const signupRoutes = (app: FastifyInstance, parts: RestParts, provider: IdentityProvider): void => {
  const { clock, config } = parts
  const limiter = addressLimiter(clock, { perMinute: config.limits.signupsPerMinute })
  const admit = async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const retryAfter = limiter.take(request.ip)
    if (retryAfter === undefined) return
    reply.header('retry-after', String(retryAfter))
    throw new Refusal('too_many_requests')
  }
  const asked = (request: FastifyRequest<Asked>) => ({
    accountId: request.params.account,
    issuer: `https://${announcedAuthority(parts, request)}`,
  })
  const options = { preHandler: admit }
  app.post<Asked>(`${BASE}/signup`, options, async (request) =>
    bothKeys(await provider.signup(asked(request))),
  )
  app.get<Asked>(`${BASE}/signup.jsonp`, options, async (request, reply) =>
    sendJsonp(reply, request.query.callback, bothKeys(await provider.signup(asked(request)))),
  )
  app.get<Asked>(`${BASE}/anonymous/authorize`, options, async (request) => ({
    token: await provider.authorizeAnonymous(asked(request)),
  }))
  app.post<Asked>(`${BASE}/anonymous/authorize`, options, async (request) => {
    const body = optionalJsonObjectBody(request)
    const previous = body['id_token'] === undefined ? undefined : credentialIn(body, ['id_token'])
    const token = await provider.authorizeAnonymous({
      ...asked(request),
      ...(previous !== undefined && { previous }),
    })
    return { token }
  })
  app.post<Asked>(`${BASE}/authenticate`, async (request) => {
    const proof = proofIn(jsonObjectBody(request), ['authCode', 'id_token'])
    return bothKeys(await provider.authenticate({ ...asked(request), ...proof }))
  })
  app.post<Asked>(`${BASE}/app/:connector/authenticate`, async (request) => {
    const proof = proofIn(jsonObjectBody(request), ['id_token', 'authCode'])
    const connectorId = request.params.connector
    return bothKeys(await provider.exchange({ ...asked(request), connectorId, ...proof }))
  })
}

/** Public keys, for whoever checks our tokens or wraps tokens for us. [IDP13] */
const keyRoutes = (app: FastifyInstance, { keys }: RestParts): void => {
  for (const path of ['/.well-known/jwks.json', `${BASE}/.well-known/jwks.json`]) {
    app.get(path, async (_request, reply) => {
      reply.header('cache-control', 'public, max-age=300')
      return { keys: keys.publicKeys() }
    })
    answerPreflight(app, path, 'GET')
  }
}

export const idpRoutes = (parts: RestParts) => async (app: FastifyInstance) => {
  allowAnyOrigin(app)
  acceptAnyBody(app)
  answerFailures(app, parts, { describe: describeIdentityFailure })
  app.addHook('onRequest', async (_request, reply) => {
    reply.header('cache-control', 'no-store')
  })
  signupRoutes(app, parts, identityProvider(parts))
  keyRoutes(app, parts)
  for (const path of ['signup', 'authenticate', 'app/:connector/authenticate'])
    answerPreflight(app, `${BASE}/${path}`, 'POST')
  answerPreflight(app, `${BASE}/anonymous/authorize`, 'GET, POST')
}
