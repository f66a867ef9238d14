/** Routing tasks, rings and agent states. */
import type {
  AccountId,
  AgentId,
  ConversationId,
  RingId,
  SkillId,
  TaskId,
  Timestamp,
} from '@ringdown/protocol'
import type { AgentState, Availability } from '../../domain/agent-state.ts'
import type { AgentRef } from '../../domain/change.ts'
import type { Ring, RingInput, RoutingTask } from '../../domain/ring.ts'
import type { TtrFacts } from '../../domain/ttr.ts'
import type { Changed } from '../store.ts'
import type { Call, InAccount } from './call.ts'
import type { DecisionCommands, DecisionQueries } from './decisions.ts'

export interface RingAnswered {
  readonly ring: Ring
  /** True when the same agent had accepted this ring before and is still assigned. [RG6] */
  readonly isRepeat: boolean
  /** Present after an answer that changed the conversation: accepted, or a suggestion rejected. */
  readonly change?: Changed
}

/** A queued task with what its deadline follows from. [RT14] */
export interface QueuedTask extends RoutingTask {
  readonly ttrFacts: TtrFacts
}

/** What an agent carries. */
export interface AgentLoad {
  readonly agentId: AgentId
  readonly assigned: number
  readonly ringing: number
  readonly lastAssignedAt: Timestamp
}

export interface RoutingCommands extends DecisionCommands {
  /** Offers a queued task to an agent; undefined when the task is no longer queued or the agent's
   *  assigned conversations and waiting rings fill `capacity`. */
  offerRing: Call<
    InAccount<{
      taskId: TaskId
      ringId: RingId
      agent: AgentRef
      capacity: number
      at: Timestamp
      expiresAt: Timestamp
    }>,
    Ring | undefined
  >
  /** Offers the task and accepts for the agent, at once; undefined as for `offerRing`. [RG8] */
  assignTask: Call<
    RoutingCommands['offerRing']['data'] & { readonly conversationId: ConversationId },
    { ring: Ring; change: Changed } | undefined
  >
  /** Moves a ring by `ringMoves`. Refuses with ring_not_found, other_agents_ring, ring_not_waiting. */
  answerRing: Call<
    InAccount<{
      ringId: RingId
      agent: AgentRef
      answer: 'accept' | 'reject'
      /** Kept with a ring that is rejected. */
      reason?: string
      at: Timestamp
    }>,
    RingAnswered
  >
  /** Ends waiting rings, by agent or by due time over all accounts, and queues their tasks again. */
  endRings: Call<
    {
      input: Extract<RingInput, 'expire' | 'cancel'>
      at: Timestamp
      of: { accountId: AccountId; agentId: AgentId } | { dueAt: Timestamp }
    },
    readonly Ring[]
  >
  setAgentState: Call<
    InAccount<{ agent: AgentRef; availability: Availability; description: string; at: Timestamp }>,
    { before?: AgentState; after: AgentState }
  >
}

export interface RoutingQueries extends DecisionQueries {
  agentStates: Call<AccountId, readonly AgentState[]>
  /** undefined for an agent that never set one. */
  agentState: Call<InAccount<{ agentId: AgentId }>, AgentState | undefined>
  /** Of all accounts, the states of agents that are not OFFLINE. */
  statesOfPresent: Call<null, readonly AgentState[]>
  /** Queued tasks, most urgent first, as of when their deadlines were last moved. */
  queuedTasks: Call<
    InAccount<{
      limit: number
      /** Tasks of these skills only; absent: of all. */
      skillIds?: readonly SkillId[]
      /** The page after this task. */
      after?: { deadline: Timestamp; createdAt: Timestamp; id: TaskId }
    }>,
    readonly QueuedTask[]
  >
  /** Accounts that have queued tasks. */
  accountsWithQueue: Call<null, readonly AccountId[]>
  agentLoads: Call<AccountId, readonly AgentLoad[]>
  waitingRings: Call<InAccount<{ agentId?: AgentId }>, readonly Ring[]>
  ring: Call<InAccount<{ id: RingId }>, Ring | undefined>
  /** When the next waiting ring expires, over all accounts. */
  nextRingExpiry: Call<null, Timestamp | undefined>
}
