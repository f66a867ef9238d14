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
  downloadFile,
  FileRefused,
  fileProblem,
  fileTypeOf,
  fileUrl,
  type PutFile,
  type PutOptions,
  pickableFiles,
  putByFetch,
  type SharedFile,
  type UploadOptions,
  uploadFile,
} from './files.ts'
export {
  type Abortable,
  type AgentLogin,
  authenticate,
  keepLogin,
  logIn,
  logOut,
  type Place,
  refreshLogin,
  signUp,
} from './identity.ts'
export { type Keeper, keeperOn, type StorageLike } from './keeper.ts'
export type { LinkState, TokenNeed } from './link.ts'
export { type OpeningOptions, openConversation } from './opening.ts'
export type { Guard, Message, OutboxEntry, OutboxStorage, Sent } from './outbox.ts'
export {
  ClientClosed,
  ConnectionLost,
  DialogReplaced,
  isPassing,
  RequestRefused,
  RequestTimedOut,
} from './problems.ts'
export { type MethodName, type RequestAnswer, type RequestBody, wireNames } from './requests.ts'
export type { OpenSocket, SocketLike } from './socket.ts'
export { type Retrying, untilTaken } from './until-taken.ts'
