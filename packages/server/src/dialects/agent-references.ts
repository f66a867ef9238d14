/** The ways in which clients name an agent: public id, user id, or `<account>.<user id>`. [CV26] */
import type { AgentId, UserId } from '@ringdown/protocol'
import type { Actor } from '../domain/actor.ts'
import type { AgentRef } from '../domain/change.ts'
import { agentIdOf } from '../ids.ts'
import { textOf } from './decoded.ts'

export type AgentReference =
  | { readonly kind: 'self' }
  | { readonly kind: 'user'; readonly userId: UserId }
  | { readonly kind: 'agent'; readonly id: AgentId }

/** Bots whose own id got lost send nothing, null or `<account>.undefined`: they mean themselves. */
const meansSelf = (text: string): boolean => /^(?:.*\.)?(?:undefined|null)$/.test(text)

/** What a client's text refers to; whether there is such an agent is for the store to say. */
export const agentReference = (value: unknown, actor: Actor): AgentReference => {
  const text = textOf(value)
  if (text === undefined || meansSelf(text)) return { kind: 'self' }
  const prefix = `${actor.accountId}.`
  const rest = text.startsWith(prefix) ? text.slice(prefix.length) : text
  if (actor.kind === 'agent' && (rest === actor.id || rest === actor.userId)) {
    return { kind: 'self' }
  }
  return /^\d+$/.test(rest) ? { kind: 'user', userId: rest } : { kind: 'agent', id: rest }
}

/** Finds an agent of the account among those that were looked up beforehand. */
export const agentResolver =
  (agents: readonly AgentRef[]) =>
  (value: unknown, actor: Actor): AgentRef | undefined => {
    const reference = agentReference(value, actor)
    if (reference.kind === 'self') {
      return actor.kind === 'agent' ? { id: actor.id, userId: actor.userId } : undefined
    }
    const found = agents.find((agent) =>
      reference.kind === 'user' ? agent.userId === reference.userId : agent.id === reference.id,
    )
    return found && { id: found.id, userId: found.userId }
  }

export type ResolveAgent = ReturnType<typeof agentResolver>

/** The public id that a reference stands for; undefined when it means a caller who is no agent. */
export const publicIdOf = (value: unknown, actor: Actor): AgentId | undefined => {
  const reference = agentReference(value, actor)
  if (reference.kind === 'user') return agentIdOf(actor.accountId, reference.userId)
  if (reference.kind === 'agent') return reference.id
  return actor.kind === 'agent' ? actor.id : undefined
}
