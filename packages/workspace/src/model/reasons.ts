/** What the account lets agents give as reasons: for a state, and for declining what rings. */
import { type Availability, availabilities } from './own-state.ts'
import type { Rest } from './rest.ts'
import { Value } from './value.ts'

interface OnWire {
  readonly text: string
  readonly state?: string
  readonly enabled: boolean
}

export interface StateReason {
  readonly state: Availability
  readonly text: string
}

/** Clients write a state in many ways: `Away`, `BACK_SOON`, `back soon`. */
const stateOf = (written = ''): Availability | undefined => {
  const plain = (text: string) => text.replace(/[ _]/g, '').toUpperCase()
  const wanted = plain(written) === 'OCCUPIED' ? 'BACKSOON' : plain(written)
  return availabilities.find((one) => plain(one) === wanted)
}

export class Reasons {
  readonly states = new Value<readonly StateReason[]>([])
  readonly declining = new Value<readonly string[]>([])
  readonly #rest: Rest

  constructor(rest: Rest) {
    this.#rest = rest
    void this.refresh()
  }

  /** Without them states and rings are answered all the same. */
  async refresh(): Promise<void> {
    const [states, declining] = await Promise.all([
      this.#read('le-agents/status-reasons?v=2.0'),
      this.#read('le-agents/decline-reasons?v=2.0'),
    ])
    if (states)
      this.states.set(
        states.flatMap(({ text, state }) => {
          const known = stateOf(state)
          return known ? [{ state: known, text }] : []
        }),
      )
    if (declining) this.declining.set(declining.map(({ text }) => text))
  }

  async #read(path: string): Promise<readonly OnWire[] | undefined> {
    const read = await this.#rest.configuration<readonly OnWire[]>(path).catch(() => undefined)
    return read?.filter(({ enabled }) => enabled)
  }
}
