/** Whose history an agent may read. [HIS2] */
import type { ConversationId } from '@ringdown/protocol'
import { servesConsumer } from '../../api/serves-consumer.ts'
import type { AgentActor } from '../../domain/actor.ts'
import { isCapable } from '../../domain/permissions.ts'
import type { Visibility } from '../../store/store.ts'
import type { RestParts } from '../rest-parts.ts'

/** What the agent took part in, and what its rights show beside. */
export const visibilityFor = (actor: AgentActor): { readonly visibleTo?: Visibility } => {
  const { id: agentId, rights } = actor
  if (!isCapable(actor, 'view_conversations')) return { visibleTo: { agentId } }
  if (rights?.scope.kind !== 'groups') return {}
  const { agentIds, skillIds } = rights.scope
  return { visibleTo: { agentId, groups: { agentIds: [...agentIds], skillIds: [...skillIds] } } }
}

/** Of one conversation: also what its consumer had, where the actor serves the consumer. [HIS2] */
export const visibilityOf = async (
  parts: Pick<RestParts, 'store'>,
  actor: AgentActor,
  id: ConversationId,
): Promise<{ readonly visibleTo?: Visibility }> => {
  const visible = visibilityFor(actor)
  if (!visible.visibleTo) return {}
  const conversation = await parts.store.read('conversation', { accountId: actor.accountId, id })
  if (!conversation) return visible
  return (await servesConsumer(parts, actor, conversation.consumerId)) ? {} : visible
}
