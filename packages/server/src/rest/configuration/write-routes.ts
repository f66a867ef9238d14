/** Creating, replacing and deleting, one thing or many. [ADM4] [ADM8] */
import { Refusal } from '@ringdown/protocol'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { RestParts } from '../rest-parts.ts'
import { callerOf, callersNote, requireAccess } from './caller.ts'
import { type Body, id as idReader } from './members.ts'
import { expectedBy, tellRevision } from './preconditions.ts'
import type { Change, Changed, Resource } from './resource.ts'
import { type Asked, BASE, jsonBody, NUMBER, type Request } from './route-parts.ts'
import { selecting } from './select.ts'

const MAX_ITEMS = 1000

const asList = (value: unknown): readonly unknown[] => {
  if (!Array.isArray(value)) return [value]
  if (value.length === 0) throw new Refusal('bad_request', 'The list is empty')
  if (value.length > MAX_ITEMS)
    throw new Refusal('bad_request', `The list has more than ${MAX_ITEMS} items`)
  return value
}

/** Ids to delete: numbers or things that have one, in the body or as `ids`. */
const idsToRemove = (request: Request): readonly string[] => {
  const { ids } = request.query
  if (typeof ids === 'string' && ids !== '')
    return ids.split(',').map((one) => idReader(one.trim(), 'ids'))
  const found = asList(jsonBody(request)).map((one, index) => {
    const isObject = typeof one === 'object' && one !== null
    return idReader(isObject ? (one as Body)['id'] : one, `[${index}].id`)
  })
  return [...new Set(found)]
}

type Method = 'POST' | 'PUT' | 'DELETE'

/** What a POST means. [ADM8] */
const methodOf = ({ method, headers }: FastifyRequest): Method => {
  const override = headers['x-http-method-override']
  const named = typeof override === 'string' ? override.trim().toUpperCase() : ''
  if (named === '') return method as Method
  if (named === 'PUT' || named === 'DELETE' || named === method) return named as Method
  throw new Refusal('bad_request', 'X-HTTP-Method-Override must be PUT or DELETE')
}

export const writeRoutes = (app: FastifyInstance, parts: RestParts, resource: Resource): void => {
  const { collection } = resource
  const begin = async (request: Request, reply: FastifyReply) => {
    const accountId = request.params.account
    const caller = await callerOf(parts, accountId, request)
    requireAccess(caller, collection, 'write')
    const audit = callersNote(parts, caller)
    const change: Change = { accountId, audit, ...expectedBy(request) }
    // Read before anything is written: a bad one must not be refused after the change.
    const shown = selecting(request.query['select'])
    const end = ({ revision, items }: Changed) => {
      // Who changed how many, and nothing of what was written.
      const by = audit.by
      const about = { account: accountId, by, collection, revision, items: items.length }
      parts.log.info(about, 'configuration changed')
      tellRevision(reply, revision)
      return items.map(shown)
    }
    return { change, end, method: methodOf(request) }
  }
  const onCollection = async (request: Request, reply: FastifyReply) => {
    const { change, end, method } = await begin(request, reply)
    if (method === 'DELETE')
      return reply.send(end(await resource.remove(change, idsToRemove(request))))
    const body = jsonBody(request)
    const write = method === 'PUT' ? resource.replace : resource.create
    const changed = await write(change, asList(body))
    const items = end(changed)
    if (method === 'POST') reply.code(201)
    if (Array.isArray(body)) return reply.send(items)
    const path = request.url.split('?', 1).join('').replace(/\/$/, '')
    if (method === 'POST') reply.header('location', `${path}/${changed.items[0]?.['id']}`)
    return reply.send(items[0])
  }
  const onOne = async (request: Request, reply: FastifyReply) => {
    const { change, end, method } = await begin(request, reply)
    const { id } = request.params
    if (method === 'POST')
      throw new Refusal('bad_request', 'To change one thing send PUT; POST goes to the list')
    if (method === 'DELETE') return reply.send(end(await resource.remove(change, [id]))[0])
    const body = jsonBody(request)
    const given = typeof body === 'object' && body !== null ? (body as Body)['id'] : undefined
    if (given != null && String(given) !== id)
      throw new Refusal('bad_request', `id must be ${id}, as the address says`)
    const whole = typeof body === 'object' && body !== null && !Array.isArray(body)
    const changed = await resource.replace(change, [whole ? { ...body, id } : body])
    return reply.send(end(changed)[0])
  }
  for (const path of resource.paths) {
    app.route<Asked>({
      method: ['POST', 'PUT', 'DELETE'],
      url: BASE + path,
      handler: onCollection,
    })
    app.route<Asked>({
      method: ['POST', 'PUT', 'DELETE'],
      url: BASE + path + NUMBER,
      handler: onOne,
    })
  }
}
