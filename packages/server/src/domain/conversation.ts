/**
 * A conversation as everybody sees it: an immutable snapshot of its own fields, its dialogs and
 * their participants. Whoever needs a newer one asks the store; nobody changes one in place.
 */
import type {
  AccountId,
  ConsumerId,
  ConversationId,
  DialogId,
  Sequence,
  SkillId,
  Timestamp,
  UserId,
} from '@ringdown/protocol'
import type { TtrType } from './account.ts'
import type { CoBrowse } from './co-browse.ts'
import type { DialogEvent } from './event.ts'

export type OpenState = 'open' | 'closed'
export type ClosedBy = 'consumer' | 'agent' | 'system'
export type CloseReason = ClosedBy | 'timeout'
export type ParticipantRole =
  | 'consumer'
  | 'assigned_agent'
  | 'agent'
  | 'manager'
  | 'reader'
  | 'controller'

export interface Participant {
  /** Consumer id, or the agent's public id. */
  readonly id: string
  readonly role: ParticipantRole
  /** `suggested` agents were invited and have not accepted. */
  readonly state: 'active' | 'suggested'
  /** Agents only. */
  readonly userId?: UserId
}

/** What messages did to a dialog; the part of a snapshot that changes without a structural change. */
export interface Activity {
  /** The sequence that the next event gets. */
  readonly nextSequence: Sequence
  /** Consumer messages that no agent has answered: the first and the latest, by time. */
  readonly unansweredSince?: Timestamp
  readonly unansweredLatest?: Timestamp
  /** Unread content events per participant id. */
  readonly unread: Readonly<Record<string, number>>
  /** The newest content event that everybody may see. */
  readonly lastContent?: DialogEvent
  /** The newest content event of any audience; differs from `lastContent` after a private one. */
  readonly lastAgentContent?: DialogEvent
}

export interface Dialog {
  readonly id: DialogId
  readonly conversationId: ConversationId
  readonly type: 'main' | 'post_survey' | 'other'
  readonly channel: 'messaging' | 'cobrowse'
  readonly state: OpenState
  readonly createdAt: Timestamp
  readonly updatedAt: Timestamp
  readonly endedAt?: Timestamp
  readonly closedBy?: ClosedBy
  readonly closedCause?: string
  readonly metadata?: Readonly<Record<string, unknown>>
  /** The application that leads a survey. */
  readonly appId?: string
  /** Co-browsing dialogs only. */
  readonly coBrowse?: CoBrowse
  readonly participants: readonly Participant[]
  readonly activity: Activity
}

export interface Csat {
  readonly rate?: number
  readonly resolutionConfirmed?: boolean | null
  readonly status: 'FILLED' | 'PARTIALLY_FILLED' | 'SKIPPED'
}

export interface Conversation {
  readonly accountId: AccountId
  readonly id: ConversationId
  readonly consumerId: ConsumerId
  /** State of the main dialog. */
  readonly state: OpenState
  /** State of the whole container: open while any dialog is. */
  readonly stage: OpenState
  readonly skillId: SkillId
  readonly startedAt: Timestamp
  /** Moves with every structural change; clients drop older snapshots by it. */
  readonly updatedAt: Timestamp
  readonly endedAt?: Timestamp
  readonly closeReason?: CloseReason
  /** The consumer's first conversation ever. */
  readonly isFirst: boolean
  readonly ttr: { readonly type: TtrType; readonly seconds: number }
  readonly manualEttr?: Timestamp
  readonly delay?: { readonly type: string; readonly until: Timestamp }
  readonly csat?: Csat
  readonly campaign?: { readonly campaignId: number; readonly engagementId: number }
  /** What the client told about itself: language, visitor ids, client properties. */
  readonly context?: Readonly<Record<string, unknown>>
  readonly note?: string
  readonly topic?: string
  /** The main dialog first, then by time of creation. */
  readonly dialogs: readonly Dialog[]
  /** Grows with every write to this conversation. */
  readonly revision: number
}

export const mainDialog = (conversation: Conversation): Dialog => conversation.dialogs[0] as Dialog

export const findDialog = (conversation: Conversation, id: DialogId): Dialog | undefined =>
  conversation.dialogs.find((dialog) => dialog.id === id)

/** As whom somebody takes part; who reads and also has another role is known by that. */
export const findParticipant = (dialog: Dialog, id: string): Participant | undefined => {
  let reader: Participant | undefined
  for (const one of dialog.participants) {
    if (one.id !== id || one.state !== 'active') continue
    if (one.role !== 'reader') return one
    reader = one
  }
  return reader
}

/** The active assigned agent of the main dialog. */
export const assignedAgent = (conversation: Conversation): Participant | undefined =>
  mainDialog(conversation).participants.find(
    (one) => one.role === 'assigned_agent' && one.state === 'active',
  )
