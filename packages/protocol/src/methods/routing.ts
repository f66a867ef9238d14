/** What agents ask of routing: their state, their rings. */
import { Type } from 'typebox'
import { IdFilter, IdLike, Maybe, NO_NUL, OneOf, OneOrMany } from '../objects/lenient.ts'
import { Availability, availabilities } from '../objects/routing.ts'
import { defineMethod, names, plain, plainNames } from './method.ts'

const Subscribed = Type.Object({ subscriptionId: Type.String({ minLength: 1, maxLength: 64 }) })
const subscribed = { 2: Subscribed, 3: Subscribed } as const
const subscribeNames = (request: string) => ({
  agent: names({
    request,
    response: 'GenericSubscribeResponse',
    response2: '.ams.GenericSubscribe$Response',
  }),
})

export const setAgentState = defineMethod({
  title: 'Set the own availability',
  description: 'Says whether the calling agent takes conversations.',
  names: { agent: plainNames('agent', { request: 'routing.SetAgentState' }) },
  body: Type.Object({
    availability: Availability,
    channels: Maybe(OneOrMany(Type.String())),
    /** Ignored: the session says who asks. */
    agentUserId: Maybe(IdFilter),
    /** Reason text of the status. */
    description: Maybe(Type.String()),
  }),
  answers: plain,
  isBuilt: true,
  errors: [],
})

export const subscribeAgentStates = defineMethod({
  title: 'Subscribe to agent states',
  description: 'Sends the state of an agent, or of all that the caller may see, and every change.',
  names: subscribeNames('routing.SubscribeAgentsState'),
  body: Type.Object({
    brandId: Maybe(IdFilter),
    agentId: Maybe(IdFilter),
    /** The empty string means any. */
    agentAvailability: Maybe(OneOrMany(OneOf([...availabilities, '']))),
  }),
  answers: subscribed,
  isBuilt: true,
  errors: ['other_account'],
})

const filters = {
  brandId: Maybe(IdFilter),
  agentId: Maybe(IdFilter),
  channelType: Maybe(Type.String()),
  skillId: Maybe(IdFilter),
  conversationId: Maybe(IdFilter),
}

export const subscribeRoutingTasks = defineMethod({
  title: 'Subscribe to rings',
  description: 'Sends the waiting rings of the calling agent and what becomes of them.',
  names: subscribeNames('routing.SubscribeRoutingTasks'),
  body: Type.Object(filters),
  answers: subscribed,
  isBuilt: true,
  errors: ['other_account'],
})

export const updateRoutingTaskSubscription = defineMethod({
  title: 'Change a subscription to rings',
  description: 'Replaces the filters of a subscription to rings.',
  names: subscribeNames('routing.UpdateRoutingTaskSubscription'),
  body: Type.Object({ subscriptionId: IdLike, ...filters }),
  answers: subscribed,
  isBuilt: true,
  errors: ['other_account'],
})

/** Why a ring is rejected, in the agent's words or one of the account's. [RG10] */
const Declined = Type.Object({ reason: Maybe(Type.String({ maxLength: 256, pattern: NO_NUL })) })

/** Ids of rings are put together from others and longer than those. */
const RingIdText = Type.String({ minLength: 1, maxLength: 256, pattern: NO_NUL })

export const updateRingState = defineMethod({
  title: 'Answer a ring',
  description: 'Accepts or rejects a ring of the calling agent.',
  names: { agent: plainNames('agent', { request: 'routing.UpdateRingState' }) },
  body: Type.Object({
    ringId: RingIdText,
    ringState: OneOf(['ACCEPTED', 'REJECTED']),
    /** An extension of this server: kept with a ring that is rejected. */
    ringdown: Maybe(Declined),
  }),
  answers: plain,
  isBuilt: true,
  errors: [
    'ring_not_found',
    'ring_not_waiting',
    'other_agents_ring',
    'already_assigned',
    'conversation_closed',
    'conversation_not_found',
  ],
})
