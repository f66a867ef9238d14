/**
 * The configuration of an account over HTTP: the same routes for each collection, and the few that
 * are some collection's own. [ADM3]
 */
import type { FastifyInstance } from 'fastify'
import { failureEnvelope } from '../failure-envelope.ts'
import { answerFailures } from '../failures.ts'
import { acceptAnyBody } from '../raw-body.ts'
import type { RestParts } from '../rest-parts.ts'
import { callerOf } from './caller.ts'
import { cannedRoutes } from './canned-routes.ts'
import {
  autoMessages,
  cannedCategories,
  cannedResponses,
  declineReasons,
  linesOfBusiness,
  statusReasons,
} from './content.ts'
import { featureGrantRoutes } from './feature-grants.ts'
import { agentGroups } from './groups.ts'
import { itemResource } from './items.ts'
import { passwordChanges } from './passwords.ts'
import { permissionProfiles } from './profiles.ts'
import { readRoutes } from './read-routes.ts'
import { type Asked, BASE, jsonBody, NUMBER } from './route-parts.ts'
import { skillResource } from './skills.ts'
import { subgroupRoutes } from './subgroups.ts'
import { userResource } from './users.ts'
import { writeRoutes } from './write-routes.ts'

const BODY_LIMIT = 4 * 1024 * 1024

const passwordRoutes = (app: FastifyInstance, parts: RestParts): void => {
  const passwords = passwordChanges(parts)
  for (const [name, act] of [
    ['changePassword', passwords.change],
    ['resetPassword', passwords.reset],
  ] as const)
    app.route<Asked>({
      method: ['PUT', 'POST'],
      url: `${BASE}/le-users/users${NUMBER}/${name}`,
      handler: async (request, reply) => {
        const { account, id } = request.params
        const caller = await callerOf(parts, account, request)
        await act(caller, account, id, jsonBody(request))
        return reply.send({})
      },
    })
}

/** Statuses that clients of this interface know. */
const statuses = {
  already_exists: 400,
  item_in_use: 400,
  skill_not_found: 404,
} as const

export const configurationRoutes = (parts: RestParts) => async (app: FastifyInstance) => {
  acceptAnyBody(app)
  answerFailures(app, parts, { describe: failureEnvelope(parts), statuses })
  app.addHook('onRequest', async (_request, reply) => {
    reply.header('cache-control', 'no-store')
  })
  app.addHook('onRoute', (route) => {
    route.bodyLimit ??= BODY_LIMIT
  })
  const kinds = [
    agentGroups(parts),
    permissionProfiles(parts),
    linesOfBusiness,
    statusReasons,
    declineReasons,
    cannedCategories,
    cannedResponses(parts),
    autoMessages,
  ]
  const items = kinds.map((kind) => itemResource(parts, kind))
  for (const resource of [userResource(parts), skillResource(parts), ...items]) {
    readRoutes(app, parts, resource)
    writeRoutes(app, parts, resource)
  }
  cannedRoutes(app, parts)
  passwordRoutes(app, parts)
  subgroupRoutes(app, parts)
  featureGrantRoutes(app, parts)
}
