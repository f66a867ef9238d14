/** When a reply comes too late: a colleague has written since its author last looked. Pure. [CNT20] */
import type { ParticipantRole } from './conversation.ts'
import type { NewEvent, Publisher } from './event.ts'

/** Roles of those who answer. Not the consumer, and nothing that the server says by itself. */
export const answeringRoles = [
  'assigned_agent',
  'agent',
  'manager',
] as const satisfies readonly ParticipantRole[]

const answers: ReadonlySet<ParticipantRole> = new Set(answeringRoles)

/** Whether what was said is a colleague's word and no automatic one. */
export const isByColleague = (
  said: Pick<NewEvent, 'kind' | 'publisher' | 'isAutomatic'>,
  author: Publisher,
): boolean =>
  said.kind === 'content' &&
  !said.isAutomatic &&
  said.publisher.id !== author.id &&
  answers.has(said.publisher.role)
