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
import type { TaskNeed } from './routing/candidate.ts'

export type RingState =
  | 'waiting'
  | 'accepted'
  | 'auto_accepted'
  | 'rejected'
  | 'expired'
  | 'cancelled'
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
  /** Begins and ends so: the server assigned the agent without asking. [RG8] */
  auto_accepted: over,
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
  /** When it stopped waiting. */
  readonly endedAt?: Timestamp
  /** What its agent gave as the reason for declining. [RG10] */
  readonly declineReason?: string
}

export type TaskState = 'queued' | 'offered' | 'done'

/** Why the server itself put a conversation back into the queue. */
export type TaskReason =
  /** Its agent was gone for as long as the account allows. [TIM20] */
  | 'agent_gone'
  /** Its bot left the consumer without an answer. [TIM24] */
  | 'bot_silent'
  /** Its bot kept on writing without the consumer. [TIM27] */
  | 'bot_loops'

/** The need for an agent for one conversation at one skill. */
export interface RoutingTask extends TaskNeed {
  readonly accountId: AccountId
  readonly consumerId: ConsumerId
  readonly state: TaskState
  /** Effective time to respond: what the queue is ordered by. */
  readonly deadline: Timestamp
  readonly createdAt: Timestamp
  readonly endedAt?: Timestamp
  /** Why the server put it here; absent: a person's or a bot's doing. */
  readonly reason?: TaskReason
}

/** Whether the agent of the ring was assigned by it. */
export const isAccepted = ({ state }: Pick<Ring, 'state'>): boolean =>
  state === 'accepted' || state === 'auto_accepted'
