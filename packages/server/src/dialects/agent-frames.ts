/** Rings and agent states: what only agents are told. */
import { notificationNames, type Version } from '@ringdown/protocol'
import type { Ring } from '../domain/ring.ts'
import { isAccepted } from '../domain/ring.ts'
import type { Dialect } from './dialect.ts'
import { list, notification } from './envelopes.ts'
import { quote } from './json-text.ts'
import { byOldId, byPublicId, ringStateNames } from './wire-terms.ts'

type AgentFrames = Pick<
  Dialect,
  'ringChange' | 'ringFrame' | 'agentStateChange' | 'agentStateFrame'
>

const ringDetails = (ring: Ring) => ({
  ringId: ring.id,
  ringState: ringStateNames[ring.state],
  ringExpiration: ring.expiresAt - ring.createdAt,
  ringExpirationTs: ring.expiresAt,
  weight: ring.weight,
  convId: ring.conversationId,
  consumerId: ring.consumerId,
  skillId: ring.skillId,
  brandId: ring.accountId,
})

const body = (subscriptionId: string, changes: readonly string[]): string =>
  `{"subscriptionId":${quote(subscriptionId)},"changes":${list(changes)}}`

/** The agents' own frames of one version. [EV26] */
export const agentFrames = (version: Version): AgentFrames => {
  const names = notificationNames.agent[version]
  const name = version === 2 ? byOldId : byPublicId
  return {
    ringChange({ type, ring, isTaskDone }) {
      const agent = { id: ring.agentId, userId: ring.agentUserId }
      const result = {
        routingTaskId: ring.taskId,
        taskCompleted: isTaskDone,
        conversationId: ring.conversationId,
        brandId: ring.accountId,
        consumerId: ring.consumerId,
        skillId: ring.skillId,
        assignedAgentId: isAccepted(ring) ? name(ring.accountId, agent) : null,
        ringsDetails: [ringDetails(ring)],
      }
      return JSON.stringify({ type, result })
    },
    ringFrame: (subscriptionId, changes) =>
      notification(names.routingTask, body(subscriptionId, changes)),
    agentStateChange({ accountId, agentId, userId, availability, description }) {
      const result = {
        channels: ['MESSAGING'],
        agentUserId: byOldId(accountId, { id: agentId, userId }),
        availability,
        description,
        ...(version === 3 && { agentId }),
      }
      return JSON.stringify({ type: 'UPSERT', result })
    },
    agentStateFrame: (subscriptionId, changes) =>
      notification(names.agentState, body(subscriptionId, changes)),
  }
}

const refuse = (): never => {
  throw new Error('rings and agent states are never sent to consumers')
}

/** What a consumer dialect has in their place. */
export const noAgentFrames: AgentFrames = {
  ringChange: refuse,
  ringFrame: refuse,
  agentStateChange: refuse,
  agentStateFrame: refuse,
}
