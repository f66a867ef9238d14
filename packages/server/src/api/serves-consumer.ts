/** Whom an agent serves: more of that consumer is the agent's to read than what the agent took part in. */
import type { ConsumerId } from '@ringdown/protocol'
import type { AgentActor } from '../domain/actor.ts'
import type { Services } from './services.ts'

/** Whoever serves a consumer, or is asked to, reads all that the consumer had with the brand. [HIS2] */
export const servesConsumer = async (
  { store }: Pick<Services, 'store'>,
  { accountId, id }: Pick<AgentActor, 'accountId' | 'id'>,
  consumerId: ConsumerId,
): Promise<boolean> => {
  const filter = { accountId, consumerId, agentIds: [id], limit: 1 }
  if ((await store.read('conversations', filter)).length > 0) return true
  const rings = await store.read('waitingRings', { accountId, agentId: id })
  return rings.some((ring) => ring.consumerId === consumerId)
}
