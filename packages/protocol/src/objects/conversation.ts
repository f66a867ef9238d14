/** A conversation as sent, in both dialects. */
import { type Static, Type } from 'typebox'
import { ClientProperties } from './consumer.ts'
import { Event, MessageAudience } from './event.ts'
import { OneOf, Opaque } from './lenient.ts'

const Time = Type.Integer({ minimum: 0 })
const participantRoles = [
  'CONSUMER',
  'ASSIGNED_AGENT',
  'AGENT',
  'MANAGER',
  'READER',
  'CONTROLLER',
] as const
const OpenState = OneOf(['OPEN', 'CLOSE'])
const RoleName = OneOf(participantRoles)
/** Ids per role; a role that nobody has may be an empty list. */
const RoleMap = Type.Record(Type.String(), Type.Array(Type.String()))

const Originator = Type.Object({
  id: Type.String(),
  role: RoleName,
  clientProperties: Type.Optional(Opaque),
})

/** One event as it stands in a notification or in the answer to a query. [REQ10] */
export const EventRecord = Type.Object({
  sequence: Type.Optional(Type.Integer({ minimum: 0 })),
  /** The last sequence before this one that the reader may see; -1 when there is none. */
  previousSequence: Type.Optional(Type.Integer({ minimum: -1 })),
  originatorId: Type.String(),
  originatorPId: Type.String(),
  originatorMetadata: Originator,
  originatorClientProperties: Type.Optional(ClientProperties),
  serverTimestamp: Type.Optional(Time),
  event: Event,
  eventId: Type.Optional(Type.String()),
  messageAudience: Type.Optional(MessageAudience),
  metadata: Type.Optional(
    Type.Unsafe<unknown[] | null>({ type: ['array', 'null'], items: { type: 'object' } }),
  ),
  encodedMetadata: Type.Optional(Type.String()),
  conversationId: Type.String(),
  dialogId: Type.String(),
})
export type EventRecord = Static<typeof EventRecord>

export const Dialog = Type.Object({
  dialogId: Type.String(),
  dialogType: OneOf(['MAIN', 'POST_SURVEY', 'OTHER']),
  channelType: OneOf(['MESSAGING', 'COBROWSE']),
  state: OpenState,
  participantsDetails: Type.Array(
    Type.Object({ id: Type.String(), role: RoleName, state: OneOf(['ACTIVE', 'SUGGESTED']) }),
  ),
  participants: Type.Optional(Type.Array(Type.String())),
  metaData: Type.Optional(Opaque),
  creationTs: Time,
  endTs: Type.Optional(Time),
  metaDataLastUpdateTs: Time,
  closedBy: Type.Optional(OneOf(['CONSUMER', 'AGENT', 'SYSTEM'])),
  closedCause: Type.Optional(Type.String()),
})
export type Dialog = Static<typeof Dialog>

const detailFields = {
  skillId: Type.String(),
  brandId: Type.String(),
  dialogs: Type.Array(Dialog),
  state: OpenState,
  stage: OpenState,
  closeReason: Type.Optional(OneOf(['CONSUMER', 'AGENT', 'SYSTEM', 'TIMEOUT'])),
  startTs: Time,
  endTs: Type.Optional(Time),
  metaDataLastUpdateTs: Time,
  firstConversation: Type.Boolean(),
  ttr: Type.Object({
    ttrType: OneOf(['NORMAL', 'URGENT', 'PRIORITIZED', 'CUSTOM']),
    value: Type.Integer({ minimum: 0 }),
  }),
  delay: Type.Optional(
    Type.Object({ type: OneOf(['NIGHT', 'WEEKEND', 'HOLIDAY']), tillWhen: Time }),
  ),
  manualETTR: Type.Optional(Time),
  csat: Type.Optional(
    Type.Object({
      field: Type.Literal('CSATRate'),
      csatRate: Type.Optional(Type.Integer({ minimum: 1, maximum: 5 })),
      csatResolutionConfirmation: Type.Optional(
        Type.Unsafe<boolean | null>({ type: ['boolean', 'null'] }),
      ),
      status: OneOf(['FILLED', 'PARTIALLY_FILLED', 'SKIPPED']),
    }),
  ),
  campaignInfo: Type.Optional(
    Type.Object({ campaignId: Type.Number(), engagementId: Type.Number() }),
  ),
  context: Type.Optional(Opaque),
  conversationHandlerDetails: Type.Optional(
    Type.Object({ accountId: Type.String(), skillId: Type.String() }),
  ),
  /** Agents only, as are the group and the rate below. */
  note: Type.Optional(Type.String()),
  topic: Type.Optional(Type.String()),
  groupId: Type.Optional(Type.Null()),
  csatRate: Type.Optional(Type.Integer()),
  convId: Type.Optional(Type.String()),
}

const resultFields = {
  convId: Type.String(),
  /** When an agent should have answered; -1 when nothing waits for an answer. */
  effectiveTTR: Type.Integer({ minimum: -1 }),
  lastUpdateTime: Time,
  numberOfunreadMessages: Type.Optional(Type.Record(Type.String(), Type.Integer({ minimum: 0 }))),
  lastContentEventNotification: Type.Optional(EventRecord),
}

const ChangeType = OneOf(['UPSERT', 'DELETE'])

/** Version 3: participants are a list of public ids; consumers get the map of roles beside it. */
export const ConversationChange3 = Type.Object({
  type: ChangeType,
  result: Type.Object({
    ...resultFields,
    conversationDetails: Type.Object({
      ...detailFields,
      participants: Type.Array(Type.Object({ id: Type.String(), role: RoleName })),
      participantsPId: Type.Optional(RoleMap),
    }),
  }),
})
export type ConversationChange3 = Static<typeof ConversationChange3>

/** Version 2: two maps of roles with the same order, one of older ids and one of public ids. */
export const ConversationChange2 = Type.Object({
  type: ChangeType,
  result: Type.Object({
    ...resultFields,
    conversationDetails: Type.Object({
      ...detailFields,
      participants: RoleMap,
      participantsPId: RoleMap,
    }),
  }),
})
export type ConversationChange2 = Static<typeof ConversationChange2>
