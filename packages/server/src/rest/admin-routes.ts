/** Administration over HTTP: one line per operation of `admin/administration.ts`. [AG30] */
import { Refusal } from '@ringdown/protocol'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { isSameSecret } from '../auth/secrets.ts'
import { TOKEN_HOLDER } from '../domain/audit.ts'
import { type Administration, administration } from './admin/administration.ts'
import { auditedStore } from './admin/audit.ts'
import { announcedAuthority } from './authority.ts'
import { bearerIn } from './bearer.ts'
import { answerFailures } from './failures.ts'
import { acceptAnyBody, jsonObjectBody, optionalJsonObjectBody } from './raw-body.ts'
import type { RestParts } from './rest-parts.ts'

interface Asked {
  Params: { account: string; id: string }
  Querystring: Readonly<Record<string, unknown>>
}

const SERVER = '/ringdown/v1'
const ACCOUNT = '/api/account/:account/ringdown/v1'
const BODY_LIMIT = 256 * 1024

/** Only the local administration token opens these routes. [AG30] */
const requireToken =
  ({ adminToken }: Pick<RestParts, 'adminToken'>) =>
  async ({ headers }: FastifyRequest): Promise<void> => {
    if (adminToken === '' || !isSameSecret(bearerIn(headers) ?? '', adminToken))
      throw new Refusal('not_authenticated', 'The administration token is missing or wrong')
  }

/** Administration on behalf of whoever sent the request: its changes are noted. [AG53] */
type AdministrationOf = (request: Pick<FastifyRequest, 'ip'>) => Administration

const accountRoutes = (app: FastifyInstance, admin: AdministrationOf): void => {
  const all = `${SERVER}/accounts`
  const one = `${all}/:account`
  app.get(all, (request) => admin(request).listAccounts())
  app.post(all, async (request, reply) =>
    reply.code(201).send(await admin(request).createAccount(jsonObjectBody(request))),
  )
  app.get<Asked>(one, (request) => admin(request).showAccount(request.params.account))
  app.patch<Asked>(one, (request) =>
    admin(request).changeAccount(request.params.account, jsonObjectBody(request)),
  )
  app.delete<Asked>(one, async (request, reply) => {
    await admin(request).deleteAccount(request.params.account)
    return reply.code(204).send()
  })
  app.get<Asked>(`${ACCOUNT}/settings`, (request) =>
    admin(request).showSettings(request.params.account),
  )
  app.patch<Asked>(`${ACCOUNT}/settings`, (request) =>
    admin(request).changeSettings(request.params.account, jsonObjectBody(request)),
  )
}

const agentRoutes = (app: FastifyInstance, admin: AdministrationOf): void => {
  const all = `${ACCOUNT}/agents`
  const one = `${all}/:id`
  app.get<Asked>(all, (request) => admin(request).listAgents(request.params.account))
  app.post<Asked>(all, async (request, reply) =>
    reply
      .code(201)
      .send(await admin(request).createAgent(request.params.account, jsonObjectBody(request))),
  )
  app.get<Asked>(one, (request) =>
    admin(request).showAgent(request.params.account, request.params.id),
  )
  app.patch<Asked>(one, (request) =>
    admin(request).changeAgent(request.params.account, request.params.id, jsonObjectBody(request)),
  )
  app.delete<Asked>(one, async (request, reply) => {
    await admin(request).deleteAgent(request.params.account, request.params.id)
    return reply.code(204).send()
  })
}

const appKeyRoutes = (app: FastifyInstance, admin: AdministrationOf): void => {
  const all = `${ACCOUNT}/app-keys`
  app.get<Asked>(all, (request) => admin(request).listAppKeys(request.params.account))
  app.post<Asked>(all, async (request, reply) => {
    const body = optionalJsonObjectBody(request)
    return reply.code(201).send(await admin(request).createAppKey(request.params.account, body))
  })
  app.delete<Asked>(`${all}/:id`, async (request, reply) => {
    await admin(request).revokeAppKey(request.params.account, request.params.id)
    return reply.code(204).send()
  })
}

const agentSurveyRoutes = (app: FastifyInstance, admin: AdministrationOf): void => {
  const all = `${ACCOUNT}/agent-surveys`
  const one = `${all}/:id`
  app.get<Asked>(all, (request) => admin(request).listAgentSurveys(request.params.account))
  app.post<Asked>(all, async (request, reply) => {
    const made = await admin(request).createAgentSurvey(
      request.params.account,
      jsonObjectBody(request),
    )
    return reply.code(201).send(made)
  })
  app.get<Asked>(one, (request) =>
    admin(request).showAgentSurvey(request.params.account, request.params.id),
  )
  app.put<Asked>(one, (request) =>
    admin(request).changeAgentSurvey(
      request.params.account,
      request.params.id,
      jsonObjectBody(request),
    ),
  )
  app.delete<Asked>(one, async (request, reply) => {
    await admin(request).deleteAgentSurvey(request.params.account, request.params.id)
    return reply.code(204).send()
  })
}

const skillRoutes = (app: FastifyInstance, admin: AdministrationOf): void => {
  const all = `${ACCOUNT}/skills`
  const one = `${all}/:id`
  app.get<Asked>(all, (request) => admin(request).listSkills(request.params.account))
  app.post<Asked>(all, async (request, reply) =>
    reply
      .code(201)
      .send(await admin(request).createSkill(request.params.account, jsonObjectBody(request))),
  )
  app.get<Asked>(one, (request) =>
    admin(request).showSkill(request.params.account, request.params.id),
  )
  app.patch<Asked>(one, (request) =>
    admin(request).changeSkill(request.params.account, request.params.id, jsonObjectBody(request)),
  )
  app.delete<Asked>(one, async (request, reply) => {
    await admin(request).deleteSkill(request.params.account, request.params.id)
    return reply.code(204).send()
  })
}

const routingRoutes = (app: FastifyInstance, admin: AdministrationOf): void => {
  app.get<Asked>(`${ACCOUNT}/conversations/:id/routing`, (request) =>
    admin(request).explainRouting(request.params.account, request.params.id),
  )
}

const serverRoutes = (app: FastifyInstance, admin: AdministrationOf, parts: RestParts): void => {
  app.get<Asked>(`${SERVER}/audit`, (request) => admin(request).listAudit(request.query))
  app.get<Asked>(`${ACCOUNT}/audit`, (request) =>
    admin(request).listAudit(request.query, request.params.account),
  )
  app.get(`${SERVER}/stats`, (request) => admin(request).stats())
  app.get(`${SERVER}/keys`, async (request) => admin(request).listKeys())
  app.post(`${SERVER}/keys/rotate`, (request) => admin(request).rotateKeys())
  app.delete<Asked>(`${SERVER}/keys/:id`, (request) => admin(request).revokeKey(request.params.id))
  app.post<Asked>(`${ACCOUNT}/tokens/consumer`, async (request, reply) => {
    const issuer = `https://${announcedAuthority(parts, request)}`
    const body = optionalJsonObjectBody(request)
    return reply
      .code(201)
      .send(await admin(request).mintConsumerToken(request.params.account, body, issuer))
  })
}

export const adminRoutes = (parts: RestParts) => async (app: FastifyInstance) => {
  acceptAnyBody(app)
  // What an address names and does not exist is 404, whatever a socket's answer would be.
  answerFailures(app, parts, { statuses: { skill_not_found: 404 } })
  app.addHook('onRequest', requireToken(parts))
  app.addHook('onRequest', async (_request, reply) => {
    reply.header('cache-control', 'no-store')
  })
  app.addHook('onRoute', (route) => {
    route.bodyLimit ??= BODY_LIMIT
  })
  const admin: AdministrationOf = ({ ip }) =>
    administration({
      ...parts,
      store: auditedStore(parts.store, parts, { by: TOKEN_HOLDER, from: ip }),
    })
  accountRoutes(app, admin)
  agentRoutes(app, admin)
  appKeyRoutes(app, admin)
  agentSurveyRoutes(app, admin)
  skillRoutes(app, admin)
  routingRoutes(app, admin)
  serverRoutes(app, admin, parts)
}
