/** What shall happen to something at a time unless it is taken back: rows, so that a restart forgets none. */
import type { AccountId, Timestamp } from '@ringdown/protocol'

/** What a timer is about. Each kind has one handler. */
export type TimerKind =
  /** A conversation in which nothing happens. The subject is the conversation. */
  | 'auto_close'
  /** An agent that is gone and keeps its conversations. The subject is the agent's public id. */
  | 'take_back'
  /** A conversation that a bot leads. The subject is the conversation. */
  | 'bot_answer'
  /** A survey or an invitation to co-browse that nobody ends. The subject is the dialog. */
  | 'dialog_end'

export interface TimerName {
  readonly accountId: AccountId
  readonly kind: TimerKind
  /** What it is about, as the kind says: one timer per account, kind and subject. */
  readonly subjectId: string
}

export interface Timer extends TimerName {
  readonly dueAt: Timestamp
  /** Whatever the handler wants to find again. */
  readonly data: Readonly<Record<string, unknown>>
}
