/** Rows of timers. */
import type { TimerKind } from '../domain/timer.ts'

export interface TimerRow {
  account_id: string
  kind: TimerKind
  subject_id: string
  due_at: number
  data: string
  /** Grows whenever the timer is armed or claimed: who claimed it settles that version only. */
  version: number
}
