/** Administration over HTTP: one line per operation of `admin/administration.ts`. [AG30] */
import { Refusal } from '@ringdown/protocol'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { isSameSecret } from '../auth/secrets.ts'
import { type Administration, administration } from './admin/administration.ts'
import { announcedAuthority } from './authority.ts'
import { bearerIn } from './bearer.ts'
import { answerFailures } from './failures.ts'
import { acceptAnyBody, jsonObjectBody, optionalJsonObjectBody } from './raw-body.ts'
import type { RestParts } from './rest-parts.ts'

interface Asked {
  Params: { account: string; id: string }
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

const accountRoutes = (app: FastifyInstance, admin: Administration): void => {
  const all = `${SERVER}/accounts`
  const one = `${all}/:account`
  app.get(all, () => admin.listAccounts())
  app.post(all, async (request, reply) =>
    reply.code(201).send(await admin.createAccount(jsonObjectBody(request))),
  )
  app.get<Asked>(one, ({ params }) => admin.showAccount(params.account))
  app.patch<Asked>(one, (request) =>
    admin.changeAccount(request.params.account, jsonObjectBody(request)),
  )
  app.delete<Asked>(one, async ({ params }, reply) => {
    await admin.deleteAccount(params.account)
    return reply.code(204).send()
  })
  app.get<Asked>(`${ACCOUNT}/settings`, ({ params }) => admin.showSettings(params.account))
  app.patch<Asked>(`${ACCOUNT}/settings`, (request) =>
    admin.changeSettings(request.params.account, jsonObjectBody(request)),
  )
}

const agentRoutes = (app: FastifyInstance, admin: Administration): void => {
  const all = `${ACCOUNT}/agents`
  const one = `${all}/:id`
  app.get<Asked>(all, ({ params }) => admin.listAgents(params.account))
  app.post<Asked>(all, async (request, reply) =>
    reply.code(201).send(await admin.createAgent(request.params.account, jsonObjectBody(request))),
  )
  app.get<Asked>(one, ({ params }) => admin.showAgent(params.account, params.id))
  app.patch<Asked>(one, (request) =>
    admin.changeAgent(request.params.account, request.params.id, jsonObjectBody(request)),
  )
  app.delete<Asked>(one, async ({ params }, reply) => {
    await admin.deleteAgent(params.account, params.id)
    return reply.code(204).send()
  })
}

const appKeyRoutes = (app: FastifyInstance, admin: Administration): void => {
  const all = `${ACCOUNT}/app-keys`
  app.get<Asked>(all, ({ params }) => admin.listAppKeys(params.account))
  app.post<Asked>(all, async (request, reply) => {
    const body = optionalJsonObjectBody(request)
    return reply.code(201).send(await admin.createAppKey(request.params.account, body))
  })
  app.delete<Asked>(`${all}/:id`, async ({ params }, reply) => {
    await admin.revokeAppKey(params.account, params.id)
    return reply.code(204).send()
  })
}

const agentSurveyRoutes = (app: FastifyInstance, admin: Administration): void => {
  const all = `${ACCOUNT}/agent-surveys`
  const one = `${all}/:id`
  app.get<Asked>(all, ({ params }) => admin.listAgentSurveys(params.account))
  app.post<Asked>(all, async (request, reply) => {
    const made = await admin.createAgentSurvey(request.params.account, jsonObjectBody(request))
    return reply.code(201).send(made)
  })
  app.get<Asked>(one, ({ params }) => admin.showAgentSurvey(params.account, params.id))
  app.put<Asked>(one, (request) =>
    admin.changeAgentSurvey(request.params.account, request.params.id, jsonObjectBody(request)),
  )
  app.delete<Asked>(one, async ({ params }, reply) => {
    await admin.deleteAgentSurvey(params.account, params.id)
    return reply.code(204).send()
  })
}

const skillRoutes = (app: FastifyInstance, admin: Administration): void => {
  const all = `${ACCOUNT}/skills`
  const one = `${all}/:id`
  app.get<Asked>(all, ({ params }) => admin.listSkills(params.account))
  app.post<Asked>(all, async (request, reply) =>
    reply.code(201).send(await admin.createSkill(request.params.account, jsonObjectBody(request))),
  )
  app.get<Asked>(one, ({ params }) => admin.showSkill(params.account, params.id))
  app.patch<Asked>(one, (request) =>
    admin.changeSkill(request.params.account, request.params.id, jsonObjectBody(request)),
  )
  app.delete<Asked>(one, async ({ params }, reply) => {
    await admin.deleteSkill(params.account, params.id)
    return reply.code(204).send()
  })
}

const routingRoutes = (app: FastifyInstance, admin: Administration): void => {
  app.get<Asked>(`${ACCOUNT}/conversations/:id/routing`, ({ params }) =>
    admin.explainRouting(params.account, params.id),
  )
}

const serverRoutes = (app: FastifyInstance, admin: Administration, parts: RestParts): void => {
  app.get(`${SERVER}/stats`, () => admin.stats())
  app.get(`${SERVER}/keys`, async () => admin.listKeys())
  app.post(`${SERVER}/keys/rotate`, () => admin.rotateKeys())
  app.delete<Asked>(`${SERVER}/keys/:id`, ({ params }) => admin.revokeKey(params.id))
  app.post<Asked>(`${ACCOUNT}/tokens/consumer`, async (request, reply) => {
    const issuer = `https://${announcedAuthority(parts, request)}`
    const body = optionalJsonObjectBody(request)
    return reply.code(201).send(await admin.mintConsumerToken(request.params.account, body, issuer))
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
  const admin = administration(parts)
  accountRoutes(app, admin)
  agentRoutes(app, admin)
  appKeyRoutes(app, admin)
  agentSurveyRoutes(app, admin)
  skillRoutes(app, admin)
  routingRoutes(app, admin)
  serverRoutes(app, admin, parts)
}
