/** Every subject of the bus. Built from ids that the server made or checked, never from raw input. */
import type { AccountId, ConsumerId, DialogId, Timestamp } from '@ringdown/protocol'
import type { AgentState } from '../domain/agent-state.ts'
import type { ConfigurationCollection } from '../domain/configuration.ts'
import type { Conversation } from '../domain/conversation.ts'
import type { DialogEvent } from '../domain/event.ts'
import type { Ring } from '../domain/ring.ts'

export const subjects = {
  /** Committed events and passing chat states of one dialog. */
  dialog: (accountId: AccountId, dialogId: DialogId) => `a.${accountId}.d.${dialogId}`,
  /** The coming and going of one consumer. */
  consumer: (accountId: AccountId, consumerId: ConsumerId) => `a.${accountId}.c.${consumerId}`,
  /** Conversations that changed. */
  conversations: (accountId: AccountId) => `a.${accountId}.conversations`,
  rings: (accountId: AccountId) => `a.${accountId}.rings`,
  agentStates: (accountId: AccountId) => `a.${accountId}.agents`,
  /** Agents, skills or settings changed so that a queued task may find somebody. */
  routing: (accountId: AccountId) => `a.${accountId}.routing`,
  /** What the account configures changed: read it again. */
  configuration: (accountId: AccountId) => `a.${accountId}.configuration`,
  /** Sessions that ended: their sockets must close. */
  sessions: (accountId: AccountId) => `a.${accountId}.sessions`,
  /** A timer was armed that is due before those the node knew of. */
  timers: () => 'timers',
  /** A signing key was made, retired or revoked: read the keys again. */
  keys: () => 'keys',
} as const

export interface ChatState {
  readonly accountId: AccountId
  readonly conversationId: string
  readonly dialogId: DialogId
  readonly publisher: DialogEvent['publisher']
  /** JSON of the event. */
  readonly payload: string
  /** The socket that sent it. */
  readonly from: string
  /** The server's own observation of a consumer, which consumers do not hear. */
  readonly isForAgentsOnly?: boolean
}

export type DialogNews =
  | { readonly kind: 'event'; readonly event: DialogEvent }
  | { readonly kind: 'chat_state'; readonly state: ChatState }

export interface ConsumerNews {
  /** Whether the consumer's window is there. */
  readonly chatState: 'ACTIVE' | 'BACKGROUND'
}

export interface ConversationNews {
  readonly before?: Conversation
  readonly after: Conversation
  /** `message`: only the activity changed; may be thinned out. */
  readonly cause: 'structure' | 'message'
}

export interface RingNews {
  readonly ring: Ring
  readonly isTaskDone: boolean
}

export interface ConfigurationNews {
  readonly collections: readonly (ConfigurationCollection | 'settings')[]
}

export interface AgentStateNews {
  readonly before?: AgentState
  readonly after: AgentState
}

export interface TimerNews {
  readonly dueAt: Timestamp
}

export interface SessionNews {
  readonly sessionIds: readonly string[]
  /** The account itself is gone: consumers' connections end too. */
  readonly isWholeAccount?: boolean
  /** A consumer whose open conversations went to the identity that it has proven. [DLG26] */
  readonly steppedUp?: {
    readonly consumerId: ConsumerId
    readonly conversations: readonly Conversation[]
  }
}
