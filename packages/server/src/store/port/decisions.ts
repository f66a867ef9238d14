/** What routing decided, with everything it decided from. */
import type { AccountId, AgentId, ConversationId, RingId, Timestamp } from '@ringdown/protocol'
import type { Ring, RoutingTask } from '../../domain/ring.ts'
import type { Suggestion } from '../../domain/routing/candidate.ts'
import type { PassView, RosterView, StoredNeed } from '../../domain/routing/stored.ts'
import type { Changed } from '../store.ts'
import type { Call, InAccount } from './call.ts'

/** One decision of a pass; `ordinal` is its place among those of the pass that are kept. */
export interface DecisionRecord {
  readonly ordinal: number
  readonly conversationId: ConversationId
  readonly agentId?: AgentId
  readonly ringId?: RingId
  /** The rule that chose, or why nobody was chosen. */
  readonly reason: string
  readonly need: StoredNeed
}

export interface PassRecord {
  readonly id: string
  readonly at: Timestamp
  readonly rosterId: string
  readonly loads: PassView
}

/** A decision as it was stored, with what its pass had decided before it. */
export interface StoredDecision extends DecisionRecord {
  readonly pass: PassRecord
  readonly roster: RosterView
  /** Who was rung earlier in the same pass, in order. */
  readonly rungBefore: readonly AgentId[]
}

export interface DecisionCommands {
  /** Keeps the decisions of one pass; the roster only comes when the log may not have it. */
  recordDecisions: Call<
    InAccount<{
      pass: PassRecord
      roster?: RosterView
      decisions: readonly DecisionRecord[]
    }>,
    null
  >
  /** Forgets passes of before a time, over all accounts, at most `limit` of them. */
  pruneDecisions: Call<{ before: Timestamp; limit: number }, { passes: number }>
  /** Lets the task ring everybody; changes nothing when it no longer waits for one agent. */
  dropSuggestion: Call<InAccount<{ taskId: string; at: Timestamp }>, { change?: Changed }>
  /** Follows what became of conversations whose tasks wait: new deadlines for queued tasks. */
  moveDeadlines: Call<
    InAccount<{ tasks: readonly { id: string; deadline: Timestamp }[] }>,
    { moved: number }
  >
}

export interface DecisionQueries {
  /** Oldest first; of more than `limit` the newest. */
  decisions: Call<
    InAccount<{ conversationId: ConversationId; limit: number }>,
    readonly StoredDecision[]
  >
  /** Every task of a conversation and every ring of it, oldest first. */
  routingOf: Call<
    InAccount<{ conversationId: ConversationId }>,
    { tasks: readonly RoutingTask[]; rings: readonly Ring[] }
  >
  /** Tasks that wait for one agent alone, over all accounts, the first to end first. */
  suggestions: Call<
    { limit: number },
    readonly (Suggestion & { accountId: AccountId; taskId: string })[]
  >
}
