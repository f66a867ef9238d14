/** What the routes of the configuration interface share. */
import { Refusal } from '@ringdown/protocol'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { mayReadUserDetails, publicUserMembers } from '../../domain/administration-rights.ts'
import type { RestParts } from '../rest-parts.ts'
import { type Caller, callerOf, requireAccess } from './caller.ts'
import type { Body } from './members.ts'
import { isUnchanged, tellRevision } from './preconditions.ts'
import type { Resource } from './resource.ts'
import { selecting } from './select.ts'

export interface Asked {
  Params: { account: string; id: string }
  Querystring: Readonly<Record<string, unknown>>
}

export type Request = FastifyRequest<Asked>

export const BASE = '/api/account/:account/configuration'
/** Users that have a number are theirs to see who may; what is not a number is a public id. */
export const NUMBER = '/:id(^-?\\d+$)'

export const jsonBody = ({ body }: Pick<FastifyRequest, 'body'>): unknown => {
  try {
    return JSON.parse(typeof body === 'string' ? body : '')
  } catch {
    throw new Refusal('bad_request', 'The body is not JSON')
  }
}

/** Colleagues know each other by what the workspace shows; only of itself a user reads all. */
const asSeenBy =
  ({ roles, userId }: Caller, collection: Resource['collection']) =>
  (body: Body): Body => {
    if (collection !== 'users' || mayReadUserDetails(roles)) return body
    if (String(body['id']) === userId) return body
    return Object.fromEntries(
      Object.entries(body).filter(([name]) => publicUserMembers.includes(name)),
    )
  }

/** Lets a reader in, tells the revision, and says how things are shown. */
export const beginRead = async (
  parts: RestParts,
  { collection }: Pick<Resource, 'collection'>,
  { request, reply }: { request: Request; reply: FastifyReply },
) => {
  const accountId = request.params.account
  const caller = await callerOf(parts, accountId, request)
  requireAccess(caller, collection, 'read')
  const shown = selecting(request.query['select'])
  // Read before the items: an older revision than theirs costs one more read, a newer one would lie.
  const revision = await parts.store.read('configurationRevision', { accountId, collection })
  tellRevision(reply, revision)
  const seen = asSeenBy(caller, collection)
  return { isKnown: isUnchanged(request, revision), out: (body: Body) => shown(seen(body)) }
}
