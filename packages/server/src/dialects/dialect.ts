/**
 * How domain values look on the wire to one role and version. Pure: a value in, JSON text out.
 * Every frame is made once per dialect and sent to all sockets that speak it.
 */
import type { MethodName, Refusal, SubscriptionId } from '@ringdown/protocol'
import type { ChatState } from '../bus/subjects.ts'
import type { AgentState } from '../domain/agent-state.ts'
import type { Conversation } from '../domain/conversation.ts'
import type { DialogEvent } from '../domain/event.ts'
import type { Ring } from '../domain/ring.ts'

export interface Dialect {
  readonly role: 'consumer' | 'agent'
  readonly version: 2 | 3
  /** A whole response frame. `body` is JSON-ready; a string becomes a string response; a `JsonText`
   *  is taken as it stands. */
  response(reqId: string, method: MethodName, body: unknown): string
  /** A whole refusal frame; its type is the dialect's plain string response. */
  refusal(reqId: string, refusal: Refusal): string
  /** A whole notification frame for one live event. */
  event(event: DialogEvent): string
  /** The events of a replay as whole frames, in order; an empty replay is one empty frame where
   *  the dialect has such a thing. At most `maxBytes` of events go into one frame. */
  replay(dialogId: string, events: readonly DialogEvent[], maxBytes: number): readonly string[]
  /** The events as the body of a QueryMessages answer, as JSON text. */
  queryBody(events: readonly DialogEvent[]): string
  chatState(state: ChatState): string
  /** One change, as JSON text, to be put into a frame by `conversationFrame`. `effectiveTtr` is
   *  milliseconds since the epoch or -1. */
  conversationChange(change: {
    type: 'UPSERT' | 'DELETE'
    conversation: Conversation
    effectiveTtr: number
  }): string
  conversationFrame(frame: {
    subscriptionId: SubscriptionId
    sentAt: number
    changes: readonly string[]
  }): string
  ringChange(change: { type: 'UPSERT' | 'DELETE'; ring: Ring; isTaskDone: boolean }): string
  ringFrame(subscriptionId: SubscriptionId, changes: readonly string[]): string
  agentStateChange(state: AgentState): string
  agentStateFrame(subscriptionId: SubscriptionId, changes: readonly string[]): string
}
