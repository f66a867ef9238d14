/** What may be asked, by the names of version 3; types come from the protocol package alone. */
import type { AnswerOf, BodyOf, MethodName } from '@ringdown/protocol'

/** Methods of version 3 and what they are called on the wire. */
export const wireNames = {
  initConnection: 'InitConnection',
  getClock: 'GetClock',
  keepAlive: 'KeepAlive',
  requestConversation: 'cm.ConsumerRequestConversation',
  agentRequestConversation: 'cm.AgentRequestConversation',
  updateConversationField: 'cm.UpdateConversationField',
  publishEvent: 'ms.PublishEvent',
  subscribeMessagingEvents: 'ms.SubscribeMessagingEvents',
  unsubscribeMessagingEvents: 'ms.UnsubscribeMessagingEvents',
  queryMessages: 'ms.QueryMessages',
  subscribeConversations: 'cqm.SubscribeExConversations',
  updateConversationSubscription: 'cqm.UpdateExConversationSubscription',
  unsubscribeConversations: 'cqm.UnsubscribeExConversations',
  generateUploadUrl: 'ms.GenerateURLForUploadFile',
  generateDownloadUrl: 'ms.GenerateURLForDownloadFile',
  generateUploadToken: 'ms.GenerateUploadToken',
  generateDownloadToken: 'ms.token.GenerateDownloadToken',
  getUserProfile: 'userprofile.GetUserProfile',
  setUserProfile: 'userprofile.SetUserProfile',
  setAgentState: 'routing.SetAgentState',
  subscribeAgentStates: 'routing.SubscribeAgentsState',
  subscribeRoutingTasks: 'routing.SubscribeRoutingTasks',
  updateRoutingTaskSubscription: 'routing.UpdateRoutingTaskSubscription',
  updateRingState: 'routing.UpdateRingState',
  brandProfile: 'brandprofile.GetBrandProfile',
} as const satisfies Record<MethodName, string>

export type { MethodName }
export type RequestBody<Name extends MethodName> = BodyOf<Name>
export type RequestAnswer<Name extends MethodName> = AnswerOf<Name, 3>
