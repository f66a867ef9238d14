/** What may be asked of a conversation, as data. One request carries one or more of these. */
import type { AgentId, DialogId, ErrorCode, SkillId, Timestamp, UserId } from '@ringdown/protocol'
import type { TtrType } from './account.ts'
import type { Actor } from './actor.ts'
import type { Conversation, Csat, ParticipantRole } from './conversation.ts'

export interface AgentRef {
  readonly id: AgentId
  readonly userId: UserId
}

export type ConversationChange =
  | { readonly kind: 'close_conversation' }
  | { readonly kind: 'close_dialog'; readonly dialogId: DialogId; readonly cause?: string }
  | {
      readonly kind: 'update_dialog'
      readonly dialogId: DialogId
      readonly metadata?: Readonly<Record<string, unknown>>
    }
  | { readonly kind: 'set_ttr'; readonly type: TtrType; readonly seconds: number }
  | { readonly kind: 'rate'; readonly csat: Csat }
  | {
      readonly kind: 'add_participant'
      readonly dialogId?: DialogId
      readonly role: ParticipantRole
      readonly agent: AgentRef
    }
  | {
      readonly kind: 'remove_participant'
      readonly dialogId?: DialogId
      readonly role: ParticipantRole
      readonly agent: AgentRef
    }
  | { readonly kind: 'suggest_agent'; readonly agent: AgentRef }
  | {
      readonly kind: 'set_skill'
      readonly skillId: SkillId
      /** Time to respond at the new skill. */
      readonly ttr: { readonly type: TtrType; readonly seconds: number }
    }
  | { readonly kind: 'set_manual_ettr'; readonly at: Timestamp | null }
  | { readonly kind: 'set_delay'; readonly type: string; readonly until: Timestamp }
  | { readonly kind: 'set_note'; readonly note: string }
  | { readonly kind: 'set_topic'; readonly topic: string }

export interface ChangeRequest {
  readonly actor: Actor
  /** Applied in order, all or none. */
  readonly changes: readonly ConversationChange[]
  readonly at: Timestamp
}

/** What the change means for the conversation's routing task. */
export type RoutingEffect =
  | 'none'
  /** Somebody else took it, or it closed: end the task and its rings. */
  | 'end'
  /** It needs an agent again: a new task of this cause. */
  | 'transfer'
  | 'returned'

export type ChangeOutcome =
  | { readonly ok: true; readonly conversation: Conversation; readonly routing: RoutingEffect }
  | { readonly ok: false; readonly code: ErrorCode; readonly detail?: string }

export type DecideChange = (conversation: Conversation, request: ChangeRequest) => ChangeOutcome
