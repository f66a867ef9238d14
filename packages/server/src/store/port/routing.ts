/** Routing tasks, rings and agent states. */
import type { AccountId, AgentId, RingId, TaskId, Timestamp } from '@ringdown/protocol'
import type { AgentState, Availability } from '../../domain/agent-state.ts'
import type { AgentRef } from '../../domain/change.ts'
import type { Ring, RingInput, RoutingTask } from '../../domain/ring.ts'
import type { Changed } from '../store.ts'
import type { Call, InAccount } from './call.ts'

export interface RingAnswered {
  readonly ring: Ring
  /** True when the same agent had accepted this ring before and is still assigned. [RG6] */
  readonly isRepeat: boolean
  /** Present after an acceptance that changed the conversation. */
  readonly change?: Changed
}

/** What an agent carries. */
export interface AgentLoad {
  readonly agentId: AgentId
  readonly assigned: number
  readonly ringing: number
  readonly lastAssignedAt: Timestamp
}

export interface RoutingCommands {
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
  /** Moves a ring by `ringMoves`. Refuses with ring_not_found, other_agents_ring, ring_not_waiting. */
  answerRing: Call<
    InAccount<{ ringId: RingId; agent: AgentRef; answer: 'accept' | 'reject'; at: Timestamp }>,
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

export interface RoutingQueries {
  agentStates: Call<AccountId, readonly AgentState[]>
  /** Queued tasks, most urgent first. */
  queuedTasks: Call<{ accountId: AccountId; limit: number }, readonly RoutingTask[]>
  /** Accounts that have queued tasks. */
  accountsWithQueue: Call<null, readonly AccountId[]>
  agentLoads: Call<AccountId, readonly AgentLoad[]>
  waitingRings: Call<InAccount<{ agentId?: AgentId }>, readonly Ring[]>
  /** When the next waiting ring expires, over all accounts. */
  nextRingExpiry: Call<null, Timestamp | undefined>
}
