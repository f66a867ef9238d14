/** Who is at work and how busy, for managers and for transfers. */
import type { Rest } from './rest.ts'
import { useValue, Value, type Watched } from './value.ts'

export interface AtWork {
  readonly id: string
  readonly userId: string
  readonly name: string
  readonly status: string
  /** Since when, by the server's clock. */
  readonly since: number
  readonly reason: string
  readonly isConnected: boolean
  readonly busy: number
  readonly ringing: number
  readonly most: number
  readonly skills: readonly string[]
}

interface StatusOnWire {
  readonly agentId: string
  readonly agentPid: string
  readonly agentName: string
  readonly agentNickname?: string
  readonly currentStatus: string
  readonly currentStatusStartTimeL: number
  readonly currentStatusReason?: string
  readonly currentConnectionState: string
  readonly busySlots: number
  readonly ringingSlots: number
  readonly configuredMaxSlots: number
  readonly agentSkills: readonly { readonly skillName: string }[]
}

/** All whom the caller may see, or of those that it names whoever there is. */
export const readAgents = async (
  rest: Rest,
  named?: readonly string[],
): Promise<readonly AtWork[]> => {
  const { agentStatusRecords } = await rest.history<{
    readonly agentStatusRecords: readonly StatusOnWire[]
  }>('agent-view/status', named ? { agentIds: named } : {})
  return agentStatusRecords.map((one) => ({
    id: one.agentPid,
    userId: one.agentId,
    name: one.agentNickname || one.agentName,
    status: one.currentStatus,
    since: one.currentStatusStartTimeL,
    reason: one.currentStatusReason ?? '',
    isConnected: one.currentConnectionState === 'CONNECTED',
    busy: one.busySlots,
    ringing: one.ringingSlots,
    most: one.configuredMaxSlots,
    skills: one.agentSkills.map(({ skillName }) => skillName),
  }))
}

const AGAIN_MS = 5_000

/** Read again every few seconds for as long as somebody looks; all who look share one reading. */
class Reading implements Watched<readonly AtWork[] | undefined> {
  readonly #read: () => Promise<readonly AtWork[]>
  readonly #value = new Value<readonly AtWork[] | undefined>(undefined)
  #watching = 0
  #isRunning = false

  constructor(read: () => Promise<readonly AtWork[]>) {
    this.#read = read
  }

  readonly get = () => this.#value.get()

  readonly subscribe = (listener: () => void): (() => void) => {
    const stop = this.#value.subscribe(listener)
    this.#watching += 1
    if (!this.#isRunning) void this.#run()
    return () => {
      stop()
      this.#watching -= 1
    }
  }

  async #run(): Promise<void> {
    this.#isRunning = true
    while (this.#watching > 0) {
      const found = await this.#read().catch(() => undefined)
      if (found) this.#value.set(found)
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS))
    }
    this.#isRunning = false
  }
}

const readings = new WeakMap<Rest, Map<string, Reading>>()

const readingOf = (rest: Rest, named: readonly string[] | undefined): Reading => {
  const ofRest = readings.get(rest) ?? new Map<string, Reading>()
  readings.set(rest, ofRest)
  const key = named?.join() ?? '*'
  const reading = ofRest.get(key) ?? new Reading(() => readAgents(rest, named))
  ofRest.set(key, reading)
  return reading
}

export const useAgents = (rest: Rest, named?: readonly string[]): readonly AtWork[] | undefined =>
  useValue(readingOf(rest, named))

/** Whom one can count on: declared and connected. Both states that take transfers only are one. */
export type Readiness = 'online' | 'busy' | 'away' | 'absent'

export const readinessOf = ({ status, isConnected }: AtWork): Readiness => {
  if (!isConnected || status === 'OFFLINE') return 'absent'
  if (status === 'ONLINE') return 'online'
  return status === 'AWAY' ? 'away' : 'busy'
}
