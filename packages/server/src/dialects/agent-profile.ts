/** Whose profile a request asks for, and an agent's own. [CV32] */
import type { ConsumerId } from '@ringdown/protocol'
import type { Agent } from '../domain/account.ts'
import { type Actor, oldAgentId } from '../domain/actor.ts'
import { agentReference } from './agent-references.ts'
import { objectOf, textOf, type WireObject } from './decoded.ts'

export type ProfileTarget =
  | { readonly kind: 'own' }
  | { readonly kind: 'consumer'; readonly consumerId: ConsumerId }

/** The body is a consumer's id, an object that names one, or nothing, which means the caller.
 *  A consumer only ever gets its own. */
export const profileTarget = (body: unknown, actor: Actor): ProfileTarget => {
  if (actor.kind === 'consumer') return { kind: 'own' }
  const given = textOf(body) ?? textOf(objectOf(body)?.['userId'])
  if (given === undefined || agentReference(given, actor).kind === 'self') return { kind: 'own' }
  return { kind: 'consumer', consumerId: given }
}

type Known = Pick<
  Agent,
  'accountId' | 'userId' | 'id' | 'fullName' | 'nickname' | 'email' | 'roles'
>

/** An agent's own profile; older clients know agents by `<account>.<user id>`. */
export const agentProfile = (agent: Known, version: 2 | 3): WireObject => {
  const [firstName = '', ...others] = agent.fullName.split(' ')
  const isPlain = agent.roles.every((role) => role === 'agent')
  return {
    userId: version === 2 ? oldAgentId(agent.accountId, agent.userId) : agent.id,
    firstName,
    lastName: others.join(' '),
    nickname: agent.nickname,
    role: isPlain ? 'AGENT' : 'MANAGER',
    privateData: { mail: agent.email, email: agent.email },
  }
}
