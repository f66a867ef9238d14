import type { AccountId, AgentId, Timestamp, UserId } from '@ringdown/protocol'

export type Availability = 'ONLINE' | 'OCCUPIED' | 'BACK_SOON' | 'AWAY' | 'OFFLINE'

/** Which routing tasks each state admits. [RT2] */
export const admits = {
  ONLINE: { new: true, transfer: true, returned: true },
  OCCUPIED: { new: false, transfer: true, returned: true },
  BACK_SOON: { new: false, transfer: true, returned: true },
  AWAY: { new: false, transfer: false, returned: false },
  OFFLINE: { new: false, transfer: false, returned: false },
} as const satisfies Record<Availability, Record<'new' | 'transfer' | 'returned', boolean>>

/** One state per agent; the last value wins over all of its sockets. */
export interface AgentState {
  readonly accountId: AccountId
  readonly agentId: AgentId
  readonly userId: UserId
  readonly availability: Availability
  /** Reason text of the status menu. */
  readonly description: string
  readonly since: Timestamp
}
