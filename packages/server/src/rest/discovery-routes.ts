/** Domain discovery: which host serves what, for clients that know only the account. [NAM1] */
import { Refusal } from '@ringdown/protocol'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { announcedAuthority } from './authority.ts'
import { allowAnyOrigin, answerPreflight } from './cross-origin.ts'
import { answerFailures } from './failures.ts'
import { sendJsonp } from './jsonp.ts'
import type { RestParts } from './rest-parts.ts'
import { type ServiceAddress, serviceAddresses } from './services.ts'

interface Asked {
  Params: { account: string; service?: string }
  Querystring: { version?: unknown; cb?: unknown }
}

const ACCOUNT = /^\w{1,20}$/
const VERSION = /^1(?:\.\d+)?$/
const ROOTS = ['/api/account/:account/service', '/csdr/account/:account/service']

/** Whether a path is discovery's, so that it is answered without TLS too. [NAM7] */
export const isDiscoveryPath = (path: string): boolean =>
  /^\/(?:api|csdr)\/account\/[^/]+\/service\/(?:[^/]+\/)?baseURI(?:\.json|\.lpCsds)?\/?$/.test(path)

/** Checks what was asked, in the order that the answers' statuses suggest. [NAM3] */
const addressesFor = async (
  parts: RestParts,
  request: FastifyRequest<Asked>,
): Promise<readonly ServiceAddress[]> => {
  const { account } = request.params
  const { version } = request.query
  if (!ACCOUNT.test(account)) throw new Refusal('bad_request', 'Not an account id')
  if (version !== undefined && (typeof version !== 'string' || !VERSION.test(version)))
    throw new Refusal('bad_request', 'Unknown version')
  if (!(await parts.store.read('account', account)))
    throw new Refusal('not_authenticated', 'Unknown account')
  return serviceAddresses(account, announcedAuthority(parts, request))
}

const addressFor = async (
  parts: RestParts,
  request: FastifyRequest<Asked>,
): Promise<ServiceAddress> => {
  const { service } = request.params
  const found = (await addressesFor(parts, request)).find((one) => one.service === service)
  if (!found) throw new Refusal('bad_request', 'Unknown service')
  return found
}

export const discoveryRoutes = (parts: RestParts) => async (app: FastifyInstance) => {
  allowAnyOrigin(app)
  answerFailures(app, parts)
  for (const root of ROOTS) {
    for (const path of [`${root}/baseURI.json`, `${root}/baseURI`]) {
      app.get<Asked>(path, async (request) => ({ baseURIs: await addressesFor(parts, request) }))
      answerPreflight(app, path, 'GET')
    }
    for (const path of [`${root}/:service/baseURI.json`, `${root}/:service/baseURI`]) {
      app.get<Asked>(path, async (request) => {
        const found = await addressFor(parts, request)
        return { ...found, baseURIs: [found] }
      })
      answerPreflight(app, path, 'GET')
    }
    app.get<Asked>(`${root}/:service/baseURI.lpCsds`, async (request, reply) => {
      const { baseURI } = await addressFor(parts, request)
      return sendJsonp(reply, request.query.cb, { ResultSet: { lpData: [{ lpServer: baseURI }] } })
    })
  }
}
