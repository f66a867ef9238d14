import type {
  AccountId,
  ConversationId,
  DialogId,
  Sequence,
  Timestamp,
  UserId,
} from '@ringdown/protocol'
import type { ParticipantRole } from './conversation.ts'

export type Audience = 'all' | 'agents'

/** What an event is to the rules; what it says is opaque. */
export type EventKind = 'content' | 'receipt'

/** Who said it, as known when it was said. */
export interface Publisher {
  readonly id: string
  readonly role: ParticipantRole
  /** Agents only. */
  readonly userId?: UserId
}

/** An event on its way into the log. */
export interface NewEvent {
  readonly accountId: AccountId
  readonly conversationId: ConversationId
  readonly dialogId: DialogId
  readonly publisher: Publisher
  readonly kind: EventKind
  /** A private event is for agents and managers. A receipt for hidden events is made private. [EV8] */
  readonly audience: Audience
  /** The client's own id for it: the idempotency key within dialog and publisher. [EV4] */
  readonly clientEventId?: string
  /** Id that readers see: the client's, or a new UUID version 7. */
  readonly eventId: string
  /** JSON of the event as sent to readers, written once. */
  readonly payload: string
  /** JSON array of the request's metadata. */
  readonly metadata?: string
  /** JSON text of the request's encoded metadata. */
  readonly encodedMetadata?: string
  /** Refuse when a colleague of the publisher has written after this sequence. [CNT20] */
  readonly lastSeen?: Sequence
  /** Receipts: what they acknowledge. */
  readonly receipt?: { readonly status: string; readonly sequences: readonly Sequence[] }
  /** Automatic messages do not count as an answer. */
  readonly isAutomatic?: boolean
  /** Wall clock when it was accepted; the log never lets a dialog's time go back. */
  readonly at: Timestamp
}

/** Something said or done in a dialog; kept; never changed. */
export interface DialogEvent {
  readonly accountId: AccountId
  readonly conversationId: ConversationId
  readonly dialogId: DialogId
  readonly sequence: Sequence
  /** The last sequence before this one that consumers may see, or -1. */
  readonly previousPublic: Sequence
  readonly publisher: Publisher
  readonly kind: EventKind
  readonly audience: Audience
  readonly eventId: string
  readonly payload: string
  readonly metadata?: string
  readonly encodedMetadata?: string
  readonly at: Timestamp
}
