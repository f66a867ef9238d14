/** How well a conversation went, from 0 to 100. [HIS6] */
import type { Csat, OpenState } from './conversation.ts'

export const POINTS_PER_STAR = 25
/** Without a rating the middle, a little less while it is open, nothing while it was nobody's. */
export const UNRATED = { closed: 50, open: 49, unassigned: 0 } as const

export const scoreOf = (
  { csat, state }: { readonly csat?: Csat; readonly state: OpenState },
  wasAssigned: boolean,
): number => {
  if (csat?.rate !== undefined) return (csat.rate - 1) * POINTS_PER_STAR
  return wasAssigned ? UNRATED[state] : UNRATED.unassigned
}
