/** Lists and single things, with their revision. [ADM3] [ADM5] */
import { Refusal } from '@ringdown/protocol'
import type { FastifyInstance } from 'fastify'
import type { RestParts } from '../rest-parts.ts'
import type { Resource } from './resource.ts'
import { type Asked, BASE, beginRead, NUMBER, type Request } from './route-parts.ts'

const wantsDeleted = ({ query }: Request): boolean => query['include_deleted'] === 'true'

export const readRoutes = (app: FastifyInstance, parts: RestParts, resource: Resource): void => {
  const { collection } = resource
  for (const path of resource.paths) {
    app.get<Asked>(BASE + path, async (request, reply) => {
      const { isKnown, out } = await beginRead(parts, resource, { request, reply })
      if (isKnown) return reply.code(304).send()
      const { account } = request.params
      const items = await resource.list(account, wantsDeleted(request))
      const refined = resource.refine ? await resource.refine(account, items, request.query) : items
      return reply.send(refined.map(out))
    })
    app.get<Asked>(BASE + path + NUMBER, async (request, reply) => {
      const { isKnown, out } = await beginRead(parts, resource, { request, reply })
      const item = await resource.one(request.params.account, request.params.id)
      if (!item)
        throw new Refusal('item_not_found', `${collection}: there is no ${request.params.id}`)
      return isKnown ? reply.code(304).send() : reply.send(out(item))
    })
  }
}
