/** Agents at the account's services: the bearer of their login, in the header. [AG34] */
import { Refusal } from '@ringdown/protocol'
import type { FastifyRequest } from 'fastify'
import type { AgentActor } from '../domain/actor.ts'
import type { RestParts } from './rest-parts.ts'

/** Who asks; refuses whoever has no live session in this account. */
export const bearerOf = async (
  { auth }: Pick<RestParts, 'auth'>,
  { headers, params }: FastifyRequest,
): Promise<AgentActor> => {
  const { account } = params as { account: string }
  const bearer = /^Bearer +(\S{1,512}) *$/i.exec(headers.authorization ?? '')?.[1]
  const actor = bearer === undefined ? undefined : await auth.bearer(account, bearer)
  if (!actor) throw new Refusal('not_authenticated')
  return actor
}
