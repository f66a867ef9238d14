/** When agents that have no socket any more were last here, as far as this process knows. */
import type { AccountId, AgentId } from '@ringdown/protocol'
import type { Clock } from '../clock.ts'

export class LastSeen {
  readonly #clock: Pick<Clock, 'monotonic'>
  readonly #startedAt: number
  readonly #left = new Map<string, number>()

  constructor(clock: Pick<Clock, 'monotonic'>) {
    this.#clock = clock
    this.#startedAt = clock.monotonic()
  }

  /** The agent's last socket is gone. */
  note(accountId: AccountId, agentId: AgentId): void {
    this.#left.set(`${accountId}/${agentId}`, this.#clock.monotonic())
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
