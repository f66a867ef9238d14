/** What may be asked of a conversation, as data. One request carries one or more of these. */
import type { AgentId, DialogId, ErrorCode, SkillId, Timestamp, UserId } from '@ringdown/protocol'
import type { TtrType } from './account.ts'
import type { Actor } from './actor.ts'
import type { CoBrowse, CoBrowseState } from './co-browse.ts'
import type { Conversation, Csat, ParticipantRole } from './conversation.ts'
import type { Suggestion } from './routing/candidate.ts'
import type { SuggestTarget, TransferRules } from './suggest.ts'
import type { SurveyTerms } from './survey.ts'

export interface AgentRef {
  readonly id: AgentId
  readonly userId: UserId
}

export type ConversationChange =
  | { readonly kind: 'close_conversation' }
  | {
      readonly kind: 'close_dialog'
      readonly dialogId: DialogId
      readonly cause?: string
      /** Names the survey's dialog, if one follows; absent: none does. */
      readonly surveyDialogId?: DialogId
    }
  | {
      readonly kind: 'create_dialog'
      readonly dialogId: DialogId
      readonly metadata?: Readonly<Record<string, unknown>>
      /** Present: an invitation to co-browse. */
      readonly coBrowse?: Partial<Pick<CoBrowse, 'serviceId' | 'mode'>>
    }
  | {
      readonly kind: 'update_dialog'
      readonly dialogId: DialogId
      readonly metadata?: Readonly<Record<string, unknown>>
      /** What a co-browsing session has become. */
      readonly sessionState?: CoBrowseState
      /** The request says that the dialog is open, which a closed one cannot be again. */
      readonly isOpen?: boolean
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
  | {
      readonly kind: 'suggest_agent'
      readonly agent: AgentRef
      /** What is known of the agent; absent: there is none. */
      readonly target?: SuggestTarget
      /** How long it is waited for. */
      readonly waitSeconds?: number
    }
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
  /** Where the conversation's skill may be transferred to; absent: anywhere. */
  readonly transferRules?: TransferRules
  /** Filled in by whoever holds the conversation, where a survey may follow. */
  readonly survey?: SurveyTerms
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
  | {
      readonly ok: true
      readonly conversation: Conversation
      readonly routing: RoutingEffect
      /** The new task waits for this agent alone. */
      readonly suggested?: Suggestion
    }
  | { readonly ok: false; readonly code: ErrorCode; readonly detail?: string }

export type DecideChange = (conversation: Conversation, request: ChangeRequest) => ChangeOutcome
