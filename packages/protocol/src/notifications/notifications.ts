/** Everything the server sends unasked. */
import { type Static, Type } from 'typebox'
import type { Role, Version } from '../frames.ts'
import { ConversationChange2, ConversationChange3, EventRecord } from '../objects/conversation.ts'
import { AgentStateChange, RoutingTaskChange } from '../objects/routing.ts'

const subscriptionId = Type.String({ minLength: 1, maxLength: 64 })

/** Version 3 batches events; a replay of nothing is an empty batch. */
export const EventNotification3 = Type.Object({
  dialogId: Type.Optional(Type.String()),
  changes: Type.Array(EventRecord),
})
export type EventNotification3 = Static<typeof EventNotification3>

/** Version 2 sends one event per frame: the body is the event. */
export const EventNotification2 = EventRecord
export type EventNotification2 = Static<typeof EventNotification2>

export const ConversationNotification3 = Type.Object({
  subscriptionId,
  sentTs: Type.Optional(Type.Integer({ minimum: 0 })),
  changes: Type.Array(ConversationChange3),
})
export type ConversationNotification3 = Static<typeof ConversationNotification3>

export const ConversationNotification2 = Type.Object({
  subscriptionId,
  sentTs: Type.Optional(Type.Integer({ minimum: 0 })),
  changes: Type.Array(ConversationChange2),
})
export type ConversationNotification2 = Static<typeof ConversationNotification2>

export const RoutingTaskNotification = Type.Object({
  subscriptionId,
  changes: Type.Array(RoutingTaskChange),
})
export type RoutingTaskNotification = Static<typeof RoutingTaskNotification>

export const AgentStateNotification = Type.Object({
  subscriptionId,
  changes: Type.Array(AgentStateChange),
})
export type AgentStateNotification = Static<typeof AgentStateNotification>

/** Schema of each notification's body, per version. */
export const notifications = {
  event: { 2: EventNotification2, 3: EventNotification3 },
  conversation: { 2: ConversationNotification2, 3: ConversationNotification3 },
  routingTask: { 2: RoutingTaskNotification, 3: RoutingTaskNotification },
  agentState: { 2: AgentStateNotification, 3: AgentStateNotification },
} as const

export type NotificationKind = keyof typeof notifications

/** What each notification is called; consumers get two of the four kinds. [FRM12] */
export const notificationNames = {
  consumer: {
    2: {
      event: '.ams.ms.OnlineEventDistribution',
      conversation: '.ams.aam.ExConversationChangeNotification',
    },
    3: {
      event: 'ms.MessagingEventNotification',
      conversation: 'cqm.ExConversationChangeNotification',
    },
  },
  agent: {
    2: {
      event: '.ams.ms.OnlineEventDistribution',
      conversation: '.ams.aam.ExConversationChangeNotification',
      routingTask: '.ams.routing.RoutingTaskNotification',
      agentState: '.ams.routing.AgentStateNotification',
    },
    3: {
      event: 'ms.MessagingEventNotification',
      conversation: 'cqm.ExConversationChangeNotification',
      routingTask: 'routing.RoutingTaskNotification',
      agentState: 'routing.AgentStateNotification',
    },
  },
} as const satisfies Record<Role, Record<Version, Partial<Record<NotificationKind, string>>>>
