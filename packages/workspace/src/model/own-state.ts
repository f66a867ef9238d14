/**
 * What the agent has declared itself to be, and remembers having chosen. A fresh sign-in takes the
 * last choice up again, since the server sets everybody offline who has signed out. [WSP50]
 */
import type { AgentState } from '@ringdown/client'
import type { Desk } from './desk.ts'
import { keep, readKept } from './kept.ts'
import type { Session } from './session.ts'
import { Value } from './value.ts'

export type Availability = 'ONLINE' | 'BACK_SOON' | 'AWAY' | 'OFFLINE'
export const availabilities: readonly Availability[] = ['ONLINE', 'BACK_SOON', 'AWAY', 'OFFLINE']

export interface Declared {
  readonly availability: AgentState['availability']
  readonly description: string
}

export class OwnState implements Disposable {
  /** What this agent chose last on this machine. */
  readonly chosen: Value<Declared | undefined>
  /** Whether a fresh sign-in has settled what the agent is. */
  readonly hasArrived: Value<boolean>
  readonly #desk: Desk
  readonly #key: string
  readonly #stop = new AbortController()

  constructor(desk: Desk, session: Session, isFresh: boolean) {
    this.#desk = desk
    this.#key = `ringdown.state.${session.account}.${session.agentId}`
    this.chosen = new Value(readKept<Declared>('machine', this.#key))
    this.hasArrived = new Value(!isFresh)
    const { signal } = this.#stop
    const read = ({ key }: StorageEvent) => {
      if (key === this.#key) this.chosen.set(readKept<Declared>('machine', this.#key))
    }
    addEventListener('storage', read, { signal })
    if (isFresh) this.#arrive(signal)
  }

  async declare(availability: Declared['availability'], description = ''): Promise<void> {
    this.choose({ availability, description })
    const channels = ['MESSAGING']
    await this.#desk.client.request('setAgentState', { availability, channels, description })
  }

  choose(declared: Declared): void {
    keep('machine', this.#key, declared)
    this.chosen.set(declared)
  }

  [Symbol.dispose](): void {
    this.#stop.abort()
  }

  /** What the agent is already, e.g. in another browser, is left alone. */
  #arrive(signal: AbortSignal): void {
    const { ownState, mayView } = this.#desk
    const settle = async () => {
      const state = ownState.get()
      if (!state || signal.aborted) return
      stop()
      // Who looks after others is not rung before having said so once.
      const usual = mayView ? undefined : { availability: 'ONLINE' as const, description: '' }
      const wanted = this.chosen.get() ?? usual
      if (state.availability === 'OFFLINE' && wanted && wanted.availability !== 'OFFLINE')
        await this.declare(wanted.availability, wanted.description).catch(() => {})
      else if (!this.chosen.get()) this.choose(state)
      this.hasArrived.set(true)
    }
    const stop = ownState.subscribe(() => void settle())
    void settle()
  }
}
