/** What was last stored of an account: why each task waits, and which roster the log has. */
import type { TaskId, Timestamp } from '@ringdown/protocol'
import type { Decision } from '../domain/routing/decide.ts'

/** Waiting tasks that are remembered; a forgotten one is stored once more with the same reason. */
const REMEMBERED = 20_000
/** The log's note of when a roster was last used is renewed after this. */
const RENEWED_MS = 3_600_000

export class WaitingReasons {
  readonly #reasons = new Map<TaskId, string>()
  #roster: { readonly id: string; readonly at: Timestamp } | undefined

  /** True when this is not what was noted of the task before. */
  note(taskId: TaskId, decision: Decision): boolean {
    const before = this.#reasons.get(taskId)
    this.#reasons.delete(taskId)
    if (decision.outcome === 'ring') return true
    const reason = `${decision.skillId} ${decision.reason}`
    this.#reasons.set(taskId, reason)
    if (this.#reasons.size > REMEMBERED) {
      const [oldest] = this.#reasons.keys()
      if (oldest !== undefined) this.#reasons.delete(oldest)
    }
    return reason !== before
  }

  /** What was noted of these was not stored. */
  forget(taskIds: readonly TaskId[]): void {
    for (const id of taskIds) this.#reasons.delete(id)
  }

  knowsRoster(id: string, at: Timestamp): boolean {
    return this.#roster?.id === id && at - this.#roster.at < RENEWED_MS
  }

  rosterIsKept(id: string, at: Timestamp): void {
    if (!this.knowsRoster(id, at)) this.#roster = { id, at }
  }
}
