/** Timers: what shall happen to something at a time unless it is taken back. */
import type { AgentId, ConversationId, TaskId, Timestamp } from '@ringdown/protocol'
import type { TaskReason } from '../../domain/ring.ts'
import type { Timer, TimerName } from '../../domain/timer.ts'
import type { Changed } from '../store.ts'
import type { Call, InAccount } from './call.ts'

/** A timer that fell due and that nobody else is given until its claim ends. */
export interface ClaimedTimer extends Timer {
  readonly version: number
}

export interface TimerCommands {
  /** Sets the timer, or sets it anew. */
  armTimer: Call<Timer, null>
  disarmTimer: Call<TimerName, { disarmed: boolean }>
  /** Takes timers that are due, at most `limit`, earliest first. They are due again at `until`,
   *  unless they are settled: who claimed them may die. [TIM2] */
  claimTimers: Call<{ dueAt: Timestamp; until: Timestamp; limit: number }, readonly ClaimedTimer[]>
  /** Ends a claimed timer, or sets it to `next`. Nothing when it was armed anew in between. */
  settleTimer: Call<TimerName & { version: number; next?: Timestamp }, null>
  /** Closes the conversation if nothing happened in it for as long as its skill or account says;
   *  otherwise `next` is when that can be the case at the earliest. [TIM10] */
  closeInactive: Call<
    InAccount<{ conversationId: ConversationId; taskId: TaskId; at: Timestamp }>,
    { change?: Changed; next?: Timestamp }
  >
  /** Returns the conversation to the queue if the agent is assigned to it. */
  returnToQueue: Call<
    InAccount<{
      conversationId: ConversationId
      agentId: AgentId
      taskId: TaskId
      reason: TaskReason
      peopleOnly: boolean
      /** Only while the consumer has been waiting since this time or longer. */
      waitingSince?: Timestamp
      at: Timestamp
    }>,
    { change?: Changed }
  >
}

export interface TimerQueries {
  /** When the next timer is due, over all accounts. */
  nextTimerDue: Call<null, Timestamp | undefined>
}
