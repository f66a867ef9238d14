/** What of all conversations is shown; it stands in the address, so that it can be linked to. [WSP25] */
import type { Filters } from './address.ts'
import type { Conversation } from './conversation.ts'

/** How an answer stands: late, due within five minutes, or not owed at all. */
export type Due = 'late' | 'soon' | 'waiting'

export interface ListFilter {
  readonly skillId: string
  /** Nothing for everybody, `-` for those in the queue. */
  readonly agentId: string
  readonly text: string
  readonly due: '' | Due
}

export const IN_QUEUE = '-'
export const SOON_MS = 300_000

export const dueOf = ({ dueAt }: Pick<Conversation, 'dueAt'>, now: number): Due | undefined => {
  if (dueAt === undefined) return 'waiting'
  if (dueAt < now) return 'late'
  return dueAt - now <= SOON_MS ? 'soon' : undefined
}

const dues: readonly string[] = ['late', 'soon', 'waiting'] satisfies readonly Due[]

export const listFilterOf = ({ skill, agent, text, due }: Filters = {}): ListFilter => ({
  skillId: skill ?? '',
  agentId: agent ?? '',
  text: text ?? '',
  due: due !== undefined && dues.includes(due) ? (due as Due) : '',
})

export const isNarrowed = (filter: ListFilter): boolean =>
  Object.values(filter).some((one) => one !== '')

/** Everything but the words that are looked for, which need names. */
export const fits = (
  { skillId, agentId, due }: ListFilter,
  one: Pick<Conversation, 'skillId' | 'assignedAgentId' | 'dueAt'>,
  now: number,
): boolean =>
  (skillId === '' || one.skillId === skillId) &&
  (agentId === '' ||
    (agentId === IN_QUEUE ? one.assignedAgentId === undefined : one.assignedAgentId === agentId)) &&
  (due === '' || dueOf(one, now) === due)
