export type { AgentState, Ring } from './agent-feeds.ts'
export { type Backoff, defaultBackoff, waitBefore } from './backoff.ts'
export {
  type AgentClient,
  agentClient,
  type ClientOptions,
  consumerClient,
  type MessagingClient,
  type RequestOptions,
} from './client.ts'
export type {
  ConversationFilter,
  ConversationSnapshot,
  ConversationsChange,
} from './conversations.ts'
export type { DialogEvent, EventsOptions } from './events.ts'
export {
  type AgentLogin,
  authenticate,
  keepLogin,
  logIn,
  logOut,
  type Place,
  refreshLogin,
  signUp,
} from './identity.ts'
export type { LinkState, TokenNeed } from './link.ts'
export type { Guard, Message, OutboxEntry, OutboxStorage, Sent } from './outbox.ts'
export { ClientClosed, ConnectionLost, RequestRefused, RequestTimedOut } from './problems.ts'
export { type MethodName, type RequestAnswer, type RequestBody, wireNames } from './requests.ts'
export type { OpenSocket, SocketLike } from './socket.ts'
