/** The stale reply of `domain/stale-reply.ts` in SQL, for events that are stored. */
import { answeringRoles } from '../../domain/stale-reply.ts'

export { isByColleague } from '../../domain/stale-reply.ts'

const roles = answeringRoles.map((role) => `'${role}'`).join(', ')

/** A condition on `events`, besides the publisher's id. Metadata is kept as JSON without spaces. */
export const BY_COLLEAGUE = `kind = 'content' and publisher_role in (${roles})
  and (metadata is null or metadata not like '%"type":"AutoMessage"%')`
