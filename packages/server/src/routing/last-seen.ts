/** When agents that have no socket any more were last here, as far as this process knows. */
import type { AccountId, AgentId } from '@ringdown/protocol'
import type { Clock } from '../clock.ts'

/** The longest time that an account may set for its agents to come back is a year. */
const REMEMBERED_MS = 366 * 86_400_000

export class LastSeen {
  readonly #clock: Pick<Clock, 'monotonic'>
  readonly #startedAt: number
  /** Who left longest ago comes first. */
  readonly #left = new Map<string, number>()

  constructor(clock: Pick<Clock, 'monotonic'>) {
    this.#clock = clock
    this.#startedAt = clock.monotonic()
  }

  /** Agents that are remembered. */
  get size(): number {
    return this.#left.size
  }

  /** The agent is here: when it left before does not matter any more. */
  forget(accountId: AccountId, agentId: AgentId): void {
    this.#left.delete(`${accountId}/${agentId}`)
  }

  /** The agent's last socket is gone. */
  note(accountId: AccountId, agentId: AgentId): void {
    const now = this.#clock.monotonic()
    this.forget(accountId, agentId)
    this.#left.set(`${accountId}/${agentId}`, now)
    for (const [key, left] of this.#left) {
      if (now - left < REMEMBERED_MS) return
      this.#left.delete(key)
    }
  }

  /** Milliseconds since it left; undefined: it has not been here since the process started. */
  goneMs(accountId: AccountId, agentId: AgentId): number | undefined {
    const left = this.#left.get(`${accountId}/${agentId}`)
    return left === undefined ? undefined : this.#clock.monotonic() - left
  }

  /** How long agents have had the time to connect. */
  get upMs(): number {
    return this.#clock.monotonic() - this.#startedAt
  }
}
