/** The stale reply of `domain/stale-reply.ts` in SQL, for events that are stored. */
import type { NewEvent } from '../../domain/event.ts'
import { answeringRoles } from '../../domain/stale-reply.ts'
import type { DialogRecord } from './dialog-record.ts'

export { isByColleague } from '../../domain/stale-reply.ts'

const roles = answeringRoles.map((role) => `'${role}'`).join(', ')

/** A condition on `events`, besides the publisher's id. Metadata is kept as JSON without spaces. */
export const BY_COLLEAGUE = `kind = 'content' and publisher_role in (${roles})
  and (metadata is null or metadata not like '%"type":"AutoMessage"%')`

/**
 * Whether stored events have to be asked: there are none to miss for an author who has seen the
 * newest content, as nearly all have. [CNT21]
 */
export const mayBeStale = (
  { activity }: Pick<DialogRecord, 'activity'>,
  event: NewEvent,
): event is NewEvent & { readonly lastSeen: number } =>
  event.lastSeen !== undefined && event.lastSeen < (activity.lastAgentContent?.sequence ?? -1)
