export * from './close-codes.ts'
export * from './errors.ts'
export { pointerText } from './fault.ts'
export * from './frames.ts'
export * from './ids.ts'
export { commonErrors, type Method, type WireNames } from './methods/method.ts'
export * from './notifications/notifications.ts'
export type { ConversationFieldChange } from './objects/changes.ts'
export type { ClientProperties, Profile, ProfileInput } from './objects/consumer.ts'
export type {
  ConversationChange2,
  ConversationChange3,
  Dialog,
  EventRecord,
} from './objects/conversation.ts'
export type { Event, EventInput, HostedFile } from './objects/event.ts'
export type { AgentStateChange, Ring, RoutingTaskChange } from './objects/routing.ts'
export * from './registry.ts'
export * from './schemas.ts'
export * from './validate.ts'
export * from './version.ts'
