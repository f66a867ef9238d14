/**
 * A co-browsing or call session that an agent offers, kept as data: what takes place in it is between
 * the two clients.
 *
 *   invited ──accepted──▶ accepted
 *      └──closed, expire──▶ closed ◀──closed──┘
 */
import type { Timestamp } from '@ringdown/protocol'

export type CoBrowseState = 'invited' | 'accepted' | 'closed'
export type CoBrowseMode = 'shared' | 'view' | 'follow' | 'VOICE_CALL' | 'VIDEO_CALL'

export interface CoBrowse {
  readonly serviceId: string
  readonly mode: CoBrowseMode
  readonly state: CoBrowseState
  /** Until when it may be accepted. */
  readonly expiresAt: Timestamp
}

/** How long an invitation stands, in milliseconds. [DLG16] */
export const INVITATION_MS = 120_000

/** What a client says the session has become, or its time is over. */
export type CoBrowseInput = CoBrowseState | 'expire'

/** Every state meets every input; an answered invitation does not expire. [DLG15] [DLG16] */
export const coBrowseMoves = {
  invited: { invited: 'invited', accepted: 'accepted', closed: 'closed', expire: 'closed' },
  accepted: { invited: 'refused', accepted: 'accepted', closed: 'closed', expire: 'accepted' },
  closed: { invited: 'refused', accepted: 'refused', closed: 'closed', expire: 'closed' },
} as const satisfies Record<CoBrowseState, Record<CoBrowseInput, CoBrowseState | 'refused'>>
