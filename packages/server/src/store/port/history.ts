/** Searching what was said and who took part, open or closed. */
import type {
  AccountId,
  AgentId,
  ConsumerId,
  ConversationId,
  DialogId,
  Sequence,
  SkillId,
  Timestamp,
  UserId,
} from '@ringdown/protocol'
import type { Conversation, OpenState, Participant } from '../../domain/conversation.ts'
import type { Call } from './call.ts'

/** Milliseconds, both ends included. */
export interface Between {
  readonly from?: Timestamp
  readonly to?: Timestamp
}

/** Whose eyes a search has: absent, everybody's in the account. */
export interface Visibility {
  /** Sees what it took part in at any time. */
  readonly agentId: AgentId
  /** And conversations assigned to these, and unassigned ones at these skills. */
  readonly groups?: {
    readonly agentIds: readonly AgentId[]
    readonly skillIds: readonly SkillId[]
  }
}

export interface HistoryFilter {
  readonly accountId: AccountId
  readonly visibleTo?: Visibility
  readonly conversationId?: ConversationId
  readonly conversationIds?: readonly ConversationId[]
  readonly consumerId?: ConsumerId
  readonly states?: readonly OpenState[]
  readonly started?: Between
  readonly ended?: Between
  /** The skill that the conversation has now. */
  readonly skillIds?: readonly SkillId[]
  /** Who was assigned at any time. */
  readonly agentIds?: readonly AgentId[]
  /** Who is assigned, or was when it closed. */
  readonly latestAgentIds?: readonly AgentId[]
  /** Whether somebody is assigned, or was when it closed. */
  readonly isAssigned?: boolean
  /** Stars of the consumer's rating. */
  readonly csat?: Between
  /** How well it went, in points. */
  readonly score?: Between
  /** What all stands in the agents' note. */
  readonly noteWords?: readonly string[]
  readonly updatedFrom?: Timestamp
  readonly sort: { readonly by: 'start' | 'end'; readonly direction: 'asc' | 'desc' }
  readonly offset: number
  readonly limit: number
}

/** Somebody of the brand's side who takes or took part in a dialog. */
export interface PastParticipant extends Pick<Participant, 'id' | 'role' | 'state'> {
  readonly userId?: UserId
  readonly dialogId: DialogId
  readonly leftAt?: Timestamp
}

export interface HistoryRecord {
  readonly conversation: Conversation
  /** In the order in which they left, those who are still there last. */
  readonly agents: readonly PastParticipant[]
}

/** A conversation that a search for words has to go through. */
export interface SearchedConversation {
  readonly id: ConversationId
  readonly startedAt: Timestamp
  readonly dialogs: readonly { readonly id: DialogId; readonly events: number }[]
}

/** Looks for words in what was said in some dialogs. */
export interface WordSearch {
  readonly accountId: AccountId
  readonly dialogIds: readonly DialogId[]
  /** The first sequence, and the one behind the last. */
  readonly from: Sequence
  readonly before: Sequence
  /** All of them stand in what is found. */
  readonly words: readonly string[]
}

/** What may hold the words: they stand somewhere in its JSON. */
export interface SaidEvent {
  readonly dialogId: DialogId
  readonly sequence: Sequence
  readonly payload: string
}

export interface HistoryQueries {
  /** One page, and how many match in all. Ties of the order are broken by id. [HIS5] */
  history: Call<HistoryFilter, { count: number; records: readonly HistoryRecord[] }>
  /** What a search for words goes through, in the order of the search. [HIS22] */
  searchedConversations: Call<Omit<HistoryFilter, 'offset'>, readonly SearchedConversation[]>
  /** By dialog and sequence. [HIS22] */
  saidWords: Call<WordSearch, readonly SaidEvent[]>
}
