import type { MethodName } from '@ringdown/protocol'
import {
  subscribeRoutingTasks,
  updateRingState,
  updateRoutingTaskSubscription,
} from './agent-routing.ts'
import { setAgentState, subscribeAgentStates } from './agent-states.ts'
import { getClock, keepAlive } from './clock.ts'
import {
  subscribeConversations,
  unsubscribeConversations,
  updateConversationSubscription,
} from './conversation-subscriptions.ts'
import { generateDownloadToken, generateDownloadUrl, generateUploadUrl } from './files.ts'
import type { Handler } from './handler.ts'
import { initConnection } from './init-connection.ts'
import {
  queryMessages,
  subscribeMessagingEvents,
  unsubscribeMessagingEvents,
} from './messaging-events.ts'
import { notBuilt } from './not-built.ts'
import { getUserProfile, setUserProfile } from './profiles.ts'
import { publishEvent } from './publish-event.ts'
import { agentRequestConversation, requestConversation } from './request-conversation.ts'
import { updateConversationField } from './update-conversation.ts'

/** Who answers what; a method without a handler does not compile. */
export const handlers: { readonly [M in MethodName]: Handler<M> } = {
  initConnection,
  getClock,
  keepAlive,
  requestConversation,
  agentRequestConversation,
  updateConversationField,
  publishEvent,
  subscribeMessagingEvents,
  unsubscribeMessagingEvents,
  queryMessages,
  subscribeConversations,
  updateConversationSubscription,
  unsubscribeConversations,
  generateUploadUrl,
  generateDownloadUrl,
  generateUploadToken: notBuilt,
  generateDownloadToken,
  getUserProfile,
  setUserProfile,
  setAgentState,
  subscribeAgentStates,
  subscribeRoutingTasks,
  updateRoutingTaskSubscription,
  updateRingState,
  brandProfile: notBuilt,
}
