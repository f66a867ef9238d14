/** Rings and agent states as sent to agents. */
import { type Static, Type } from 'typebox'
import { OneOf } from './lenient.ts'

export const availabilities = ['ONLINE', 'OCCUPIED', 'BACK_SOON', 'AWAY', 'OFFLINE'] as const
export const Availability = OneOf(availabilities)

const ChangeType = OneOf(['UPSERT', 'DELETE'])
const Time = Type.Integer({ minimum: 0 })

export const Ring = Type.Object({
  ringId: Type.String(),
  ringState: OneOf(['WAITING', 'ACCEPTED', 'REJECTED', 'EXPIRED', 'CANCELLED', 'AUTO_ACCEPT']),
  /** Milliseconds that the ring waits. */
  ringExpiration: Type.Integer({ minimum: 0 }),
  ringExpirationTs: Time,
  /** When an answer is due; smaller is more urgent. */
  weight: Type.Integer(),
  convId: Type.String(),
  consumerId: Type.String(),
  skillId: Type.String(),
  brandId: Type.String(),
})
export type Ring = Static<typeof Ring>

/** Also a DELETE carries the whole result: agent SDKs read into it without looking. [REQ14] */
export const RoutingTaskChange = Type.Object({
  type: ChangeType,
  result: Type.Object({
    routingTaskId: Type.String(),
    taskCompleted: Type.Boolean(),
    conversationId: Type.String(),
    brandId: Type.String(),
    consumerId: Type.String(),
    skillId: Type.String(),
    assignedAgentId: Type.Optional(Type.Unsafe<string | null>({ type: ['string', 'null'] })),
    ringsDetails: Type.Array(Ring),
  }),
})
export type RoutingTaskChange = Static<typeof RoutingTaskChange>

export const AgentStateChange = Type.Object({
  type: ChangeType,
  result: Type.Object({
    channels: Type.Array(Type.String(), { minItems: 1 }),
    agentUserId: Type.String(),
    availability: Availability,
    description: Type.String(),
  }),
})
export type AgentStateChange = Static<typeof AgentStateChange>
