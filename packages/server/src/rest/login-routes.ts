/** Agents' login, refresh and logout. What they do is in `auth/login.ts` and `auth/sessions.ts`. */
import { STATUS_CODES } from 'node:http'
import { type AccountId, type ErrorCode, Refusal } from '@ringdown/protocol'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { type Credentials, login } from '../auth/login.ts'
import { readRights } from '../auth/read-rights.ts'
import { extendSession, type FoundSession, findSession, logout } from '../auth/sessions.ts'
import { configured } from '../domain/configuration.ts'
import { limitKey } from './address-limiter.ts'
import { announcedAuthority } from './authority.ts'
import { answerFailures, type Failure } from './failures.ts'
import { givenUp } from './given-up.ts'
import { type GroupsAsOf, loginAnswer } from './login-answer.ts'
import {
  acceptAnyBody,
  type JsonObject,
  jsonObjectBody,
  optionalJsonObjectBody,
} from './raw-body.ts'
import type { RestParts } from './rest-parts.ts'

interface Asked {
  Params: { account: string }
}

const BASE = '/api/account/:account'
const COOKIE = 'Session_id'
const COOKIE_FLAGS = 'Path=/; Secure; HttpOnly; SameSite=Strict'

const internalCodes: Partial<Record<ErrorCode, number>> = {
  bad_credentials: 1,
  bad_request: 2,
  not_implemented: 3,
  session_not_found: 10,
}
const OTHER_CODE = 99

/** Newer clients read the nested code, older ones the outer one. [AG23] */
const describeLoginFailure =
  ({ clock }: Pick<RestParts, 'clock'>) =>
  ({ status, refusal }: Failure): object => {
    const internalCode = internalCodes[refusal.code] ?? OTHER_CODE
    const responseStatus = (STATUS_CODES[status] ?? '').toUpperCase().replaceAll(' ', '_')
    const time = new Date(clock.now()).toISOString()
    return {
      error: { time, message: refusal.message, internalCode, responseStatus },
      internalCode,
    }
  }

const lowerCased = (body: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(body).map(([name, value]) => [name.toLowerCase(), value]))

const textIn = (body: JsonObject, name: string): string => {
  const value = body[name]
  if (typeof value !== 'string' || value === '')
    throw new Refusal('bad_request', `${name} is missing`)
  return value
}

/** Keys are read in any case, since printed examples differ in it. [AG20] [AG32] */
const credentialsIn = (parts: RestParts, request: FastifyRequest<Asked>): Credentials => {
  const body = lowerCased(jsonObjectBody(request))
  if (body['password'] === undefined && body['assertion'] !== undefined) {
    const origin = `https://${announcedAuthority(parts, request)}`
    return { kind: 'assertion', assertion: textIn(body, 'assertion'), origin }
  }
  const loginName = textIn(body, 'username')
  if (body['password'] === undefined && body['appkey'] !== undefined)
    return {
      kind: 'app_key',
      loginName,
      appKey: textIn(body, 'appkey'),
      secret: textIn(body, 'secret'),
      accessToken: textIn(body, 'accesstoken'),
      accessTokenSecret: textIn(body, 'accesstokensecret'),
    }
  return { kind: 'password', loginName, password: textIn(body, 'password') }
}

const cookieOf = ({ headers }: FastifyRequest): string => {
  const pairs = (headers.cookie ?? '').split(';').map((pair) => pair.trim())
  const own = pairs.find((pair) => pair.startsWith(`${COOKIE}=`))
  return own?.slice(COOKIE.length + 1) ?? ''
}

const sessionOf = (parts: RestParts, request: FastifyRequest<Asked>): Promise<FoundSession> => {
  const { csrf } = optionalJsonObjectBody(request)
  return findSession(parts, {
    accountId: request.params.account,
    cookie: cookieOf(request),
    csrf: typeof csrf === 'string' ? csrf : '',
  })
}

/**
 * A bot that is told 401 logs in again and drops its socket, hears that close, and begins anew, for
 * ever. So nobody is told while the agent has a socket, if only one that is about to close. [AG42]
 */
const refuseRefresh = ({ session }: FoundSession, parts: RestParts): never => {
  const isConnected =
    session !== undefined &&
    (parts.isConnected?.(session.id) ||
      parts.isAgentConnected?.(session.accountId, session.agentId))
  throw isConnected
    ? new Refusal('not_permitted', 'CSRF token invalid')
    : new Refusal('session_not_found')
}

/** The revision first: one that is older than the groups costs a read, a newer one would lie. [ADM25] */
const readGroups = async ({ store }: RestParts, accountId: AccountId): Promise<GroupsAsOf> => {
  const revision = await store.read('configurationRevision', { accountId, collection: 'groups' })
  const items = await store.read('configurationItems', { accountId, kind: 'groups' })
  return { revision, items: configured('groups', items) }
}

export const loginRoutes = (parts: RestParts) => async (app: FastifyInstance) => {
  acceptAnyBody(app)
  answerFailures(app, parts, { describe: describeLoginFailure(parts) })
  app.addHook('onRequest', async (_request, reply) => {
    reply.header('cache-control', 'no-store')
  })

  app.post<Asked>(`${BASE}/login`, async (request, reply) => {
    const from = {
      credentials: credentialsIn(parts, request),
      address: limitKey(request.ip),
      isGivenUp: givenUp(request),
    }
    const loggedIn = await login(parts, request.params.account, from)
    reply.header('set-cookie', `${COOKIE}=${loggedIn.cookie}; ${COOKIE_FLAGS}`)
    return loginAnswer(loggedIn, {
      authority: announcedAuthority(parts, request),
      now: parts.clock.now(),
      sessionMs: parts.config.limits.loginSessionMs,
      rights: await readRights(parts.store, loggedIn.agent),
      groups: await readGroups(parts, loggedIn.agent.accountId),
    })
  })

  app.post<Asked>(`${BASE}/refresh`, async (request, reply) => {
    const found = await sessionOf(parts, request)
    if (found.kind !== 'live' || !(await extendSession(parts, found.session)))
      return refuseRefresh(found, parts)
    return reply.send()
  })

  app.post<Asked>(`${BASE}/logout`, async (request, reply) => {
    const found = await sessionOf(parts, request)
    if (found.kind !== 'live') throw new Refusal('session_not_found')
    await logout(parts, found.session)
    reply.header('set-cookie', `${COOKIE}=; ${COOKIE_FLAGS}; Max-Age=0`)
    return reply.send()
  })
}
