/** Bearers in the header; at the account's services that of an agent's login. [AG34] */
import type { IncomingHttpHeaders } from 'node:http'
import { Refusal } from '@ringdown/protocol'
import type { FastifyRequest } from 'fastify'
import type { AgentActor } from '../domain/actor.ts'
import type { RestParts } from './rest-parts.ts'

/** What stands behind `Bearer` in the header, if anything of a sensible length does. */
export const bearerIn = ({
  authorization = '',
}: Pick<IncomingHttpHeaders, 'authorization'>): string | undefined =>
  /^Bearer +(\S{1,512}) *$/i.exec(authorization)?.[1]

/** Who asks; refuses whoever has no live session in this account. */
export const bearerOf = async (
  { auth }: Pick<RestParts, 'auth'>,
  { headers, params }: FastifyRequest,
): Promise<AgentActor> => {
  const { account } = params as { account: string }
  const bearer = bearerIn(headers)
  const actor = bearer === undefined ? undefined : await auth.bearer(account, bearer)
  if (!actor) throw new Refusal('not_authenticated')
  return actor
}
