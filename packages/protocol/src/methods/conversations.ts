/** Opening conversations and changing them. */
import { Type } from 'typebox'
import { ConversationFieldChange } from '../objects/changes.ts'
import {
  IdFilter,
  IdLike,
  IntegerLike,
  Maybe,
  OneOf,
  OneOrMany,
  Opaque,
} from '../objects/lenient.ts'
import { defineMethod, names, plain, plainNames } from './method.ts'

/** What a client tells of its surroundings; kept and shown to agents, never a reason to refuse. */
const ConversationContext = Type.Object({
  type: Maybe(Type.String()),
  lang: Maybe(Type.String()),
  visitorId: Maybe(IdFilter),
  sessionId: Maybe(IdFilter),
  interactionContextId: Maybe(IdFilter),
  clientProperties: Maybe(Opaque),
})

const opening = {
  brandId: Maybe(IdLike),
  channelType: Maybe(OneOf(['MESSAGING'])),
  skillId: Maybe(IdLike),
  ttrDefName: Maybe(OneOf(['NORMAL', 'URGENT', 'PRIORITIZED', 'CUSTOM', 'NIGHT'])),
  campaignInfo: Maybe(
    Type.Object({ campaignId: Maybe(IntegerLike), engagementId: Maybe(IntegerLike) }),
  ),
  conversationContext: Maybe(ConversationContext),
}

const Opened = Type.Object({ conversationId: Type.String() })
const opened = { 2: Opened, 3: Opened } as const
const openedResponse = {
  response: 'cm.RequestConversationResponse',
  response2: '.ams.cm.RequestConversation$Response',
}

export const requestConversation = defineMethod({
  title: 'Open a conversation',
  description: 'Opens a conversation of the calling consumer and looks for an agent.',
  names: { consumer: names({ request: 'cm.ConsumerRequestConversation', ...openedResponse }) },
  body: Type.Object({
    ...opening,
    appId: Maybe(Type.String()),
    /** Ignored: the token says who asks. */
    consumerId: Type.Optional(Type.Unknown()),
  }),
  answers: opened,
  isBuilt: true,
  errors: ['too_many_conversations', 'skill_not_found', 'account_not_found'],
})

export const agentRequestConversation = defineMethod({
  title: 'Open a conversation for a consumer',
  description: 'Opens a conversation with a consumer on behalf of the brand.',
  names: { agent: names({ request: 'cm.AgentRequestConversation', ...openedResponse }) },
  body: Type.Object({ ...opening, consumerId: IdLike, context: Maybe(Opaque) }),
  answers: opened,
  isBuilt: true,
  errors: [
    'consumer_not_found',
    'consumer_has_open_conversation',
    'account_not_found',
    'skill_not_found',
    'other_account',
  ],
})

const UPDATE = { request: 'cm.UpdateConversationField' }
/** One request carries few changes; the limit keeps a single transaction short. */
const MOST_CHANGES = 50
const Changes = OneOrMany(ConversationFieldChange, { minItems: 1, maxItems: MOST_CHANGES })

export const updateConversationField = defineMethod({
  title: 'Change a conversation',
  description: 'Applies a list of changes to a conversation, all of them or none.',
  names: { consumer: plainNames('consumer', UPDATE), agent: plainNames('agent', UPDATE) },
  body: Type.Object({ conversationId: IdLike, conversationField: Changes }),
  answers: plain,
  isBuilt: true,
  errors: [
    'conversation_not_found',
    'dialog_not_found',
    'conversation_closed',
    'dialog_closed',
    'not_participant',
    'no_assigned_agent',
    'already_assigned',
    'agent_already_participates',
    'agent_not_found',
    'skill_not_found',
    'account_not_found',
    'not_implemented',
  ],
})
