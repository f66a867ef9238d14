import type {
  AccountId,
  AgentId,
  ConsumerId,
  ConversationId,
  RingId,
  SkillId,
  TaskId,
  Timestamp,
  UserId,
} from '@ringdown/protocol'

export type RingState = 'waiting' | 'accepted' | 'rejected' | 'expired' | 'cancelled'
export type RingInput = 'accept' | 'reject' | 'expire' | 'cancel'

const over = {
  accept: 'refused',
  reject: 'refused',
  expire: 'ignored',
  cancel: 'ignored',
} as const

/** Every state meets every input; the compiler sees to it. [RG1] */
export const ringMoves = {
  waiting: { accept: 'accepted', reject: 'rejected', expire: 'expired', cancel: 'cancelled' },
  accepted: over,
  rejected: over,
  expired: over,
  cancelled: over,
} as const satisfies Record<RingState, Record<RingInput, RingState | 'refused' | 'ignored'>>

/** The offer of a routing task to one agent. */
export interface Ring {
  readonly accountId: AccountId
  readonly id: RingId
  readonly taskId: TaskId
  readonly conversationId: ConversationId
  readonly consumerId: ConsumerId
  readonly skillId: SkillId
  readonly agentId: AgentId
  readonly agentUserId: UserId
  readonly state: RingState
  /** The task's deadline in milliseconds since the epoch: smaller is more urgent. */
  readonly weight: number
  readonly createdAt: Timestamp
  readonly expiresAt: Timestamp
}

export type TaskState = 'queued' | 'offered' | 'done'

/** The need for an agent for one conversation at one skill. */
export interface RoutingTask {
  readonly accountId: AccountId
  readonly id: TaskId
  readonly conversationId: ConversationId
  readonly consumerId: ConsumerId
  readonly skillId: SkillId
  readonly state: TaskState
  /** New conversations are for ONLINE agents only; transfers also reach OCCUPIED and BACK_SOON. */
  readonly cause: 'new' | 'transfer' | 'returned'
  /** Effective time to respond: what the queue is ordered by. */
  readonly deadline: Timestamp
  readonly createdAt: Timestamp
  /** Agents that let a ring of this task go by, latest last; they are asked last. */
  readonly passedBy: readonly AgentId[]
}
