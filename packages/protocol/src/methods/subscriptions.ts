/** Standing requests for what becomes of conversations. */
import { Type } from 'typebox'
import { IdFilter, IdLike, Maybe, NumberLike, OneOf, OneOrMany } from '../objects/lenient.ts'
import { defineMethod, names, plain, plainNames } from './method.ts'

const States = Maybe(OneOrMany(OneOf(['OPEN', 'CLOSE', 'LOCKED', 'QUEUED', 'PENDING'])))
/** An SDK that does not know its own id yet sends null, which stands for the caller. */
const AgentFilter = Type.Unsafe<string | number | null>({
  ...IdFilter,
  type: ['string', 'integer', 'null'],
})

/** All given filters must match. */
const filters = {
  convState: States,
  stage: States,
  agentIds: Maybe(OneOrMany(AgentFilter, { maxItems: 1000 })),
  consumerId: Maybe(IdFilter),
  brandId: Maybe(IdFilter),
  conversationId: Maybe(IdFilter),
  dialogId: Maybe(IdFilter),
  minLastUpdatedTime: Maybe(NumberLike),
  maxLastUpdatedTime: Maybe(NumberLike),
  maxETTR: Maybe(NumberLike),
}

const Subscribed = Type.Object({ subscriptionId: Type.String({ minLength: 1, maxLength: 64 }) })
const subscribed = { 2: Subscribed, 3: Subscribed } as const

const subscribeNames = names({
  request: 'cqm.SubscribeExConversations',
  request2: '.ams.aam.SubscribeExConversations',
  response: 'cqm.SubscribeExConversationsResponse',
  response2: '.ams.aam.SubscribeExConversations$Response',
})

export const subscribeConversations = defineMethod({
  title: 'Subscribe to conversations',
  description: 'Sends every conversation that matches and then every change to one.',
  names: { consumer: subscribeNames, agent: subscribeNames },
  body: Type.Object(filters),
  answers: subscribed,
  isBuilt: true,
  errors: ['other_account'],
})

export const updateConversationSubscription = defineMethod({
  title: 'Change a subscription to conversations',
  description: 'Replaces the filters of a subscription to conversations.',
  names: {
    agent: names({
      request: 'cqm.UpdateExConversationSubscription',
      request2: '.ams.aam.UpdateExConversationSubscription',
      response: 'GenericSubscribeResponse',
      response2: '.ams.GenericSubscribe$Response',
    }),
  },
  body: Type.Object({ subscriptionId: IdLike, ...filters }),
  answers: subscribed,
  isBuilt: true,
  errors: ['other_account'],
})

const UNSUBSCRIBE = {
  request: 'cqm.UnsubscribeExConversations',
  request2: '.ams.aam.UnsubscribeExConversations',
}

export const unsubscribeConversations = defineMethod({
  title: 'End a subscription to conversations',
  description: 'Ends a subscription to conversations; an unknown id is no fault.',
  names: { consumer: plainNames('consumer', UNSUBSCRIBE), agent: plainNames('agent', UNSUBSCRIBE) },
  body: Type.Object({ subscriptionId: IdLike }),
  answers: plain,
  isBuilt: true,
  errors: [],
})
