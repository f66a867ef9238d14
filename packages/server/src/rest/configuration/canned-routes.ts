/** Predefined content: what changed since a revision, and what accounts may begin with. [ADM21] */
import type { FastifyInstance } from 'fastify'
import { jsonObjectBody } from '../raw-body.ts'
import type { RestParts } from '../rest-parts.ts'
import { cannedDefaults, filtered, revisionAsked } from './canned-reads.ts'
import { cannedResponses } from './content.ts'
import { itemResource } from './items.ts'
import { type Asked, BASE, beginRead } from './route-parts.ts'

const PATH = '/engagement-window/canned-responses'

export const cannedRoutes = (app: FastifyInstance, parts: RestParts): void => {
  const resource = itemResource(parts, cannedResponses(parts))

  app.post<Asked>(`${BASE}${PATH}/query`, async (request, reply) => {
    const { out } = await beginRead(parts, resource, { request, reply })
    const after = revisionAsked(jsonObjectBody(request))
    const accountId = request.params.account
    const data = { accountId, kind: 'canned-responses', includeDeleted: true } as const
    const changed = (await parts.store.read('configurationItems', data)).filter(
      ({ revision }) => revision > after,
    )
    const ids = new Set(changed.map(({ id }) => id))
    const items = await resource.list(accountId, true)
    return reply.send(items.filter((item) => ids.has(String(item['id']))).map(out))
  })

  app.get<Pick<Asked, 'Querystring'>>(
    `/api/configuration/defaults${PATH}`,
    async ({ query }, reply) => reply.send(filtered(cannedDefaults, query)),
  )
}
