/**
 * The inputs of decisions as they are kept: a roster once for as long as it is the same, what a pass
 * saw of it in columns, and per decision only what belongs to its task. Reading them back gives the
 * input of `decide` again. [RT20]
 */
import type { AgentId, SkillId, Timestamp, UserId } from '@ringdown/protocol'
import type { Availability } from '../agent-state.ts'
import type { Candidate, RingFilter, TaskNeed } from './candidate.ts'
import type { RoutingInput, RoutingRules } from './decide.ts'

/** What configuration says of agents and skills, in columns of the same length. */
export interface RosterView {
  readonly ids: readonly AgentId[]
  readonly userIds: readonly UserId[]
  readonly skillIds: readonly (readonly SkillId[])[]
  readonly groupIds: readonly (string | null)[]
  readonly capacities: readonly number[]
  /** Places of agents that are disabled. */
  readonly disabled: readonly number[]
  /** Places of bots. */
  readonly bots: readonly number[]
  readonly skills: Readonly<Record<SkillId, RoutingRules>>
}

/** What one pass saw. Loads are kept of agents that listen: of nobody else do they matter. */
export interface PassView {
  /** One letter per agent. */
  readonly states: string
  /** One digit per agent: 0 deaf, 1 hears every ring, 2 see `filters`. */
  readonly listens: string
  /** Filters by place. */
  readonly filters?: Readonly<Record<string, readonly RingFilter[]>>
  /** Since when agents by place are neither ONLINE nor OFFLINE, in milliseconds before the pass. */
  readonly since: Readonly<Record<string, number>>
  /** Of listening agents, in their order. */
  readonly busy: readonly number[]
  /** Milliseconds before the pass; null: never. */
  readonly assigned: readonly (number | null)[]
}

/** A decision's own part of the input. */
export interface StoredNeed extends Omit<TaskNeed, 'conversationId'> {
  readonly resting?: readonly AgentId[]
}

const letters = {
  ONLINE: 'O',
  OCCUPIED: 'C',
  BACK_SOON: 'B',
  AWAY: 'A',
  OFFLINE: '-',
} as const satisfies Record<Availability, string>

const states = new Map(
  (Object.keys(letters) as Availability[]).map((state) => [letters[state] as string, state]),
)

export const rosterView = (
  candidates: readonly Candidate[],
  skills: Readonly<Record<SkillId, RoutingRules>>,
): RosterView => ({
  ids: candidates.map(({ id }) => id),
  userIds: candidates.map(({ userId }) => userId),
  skillIds: candidates.map(({ skillIds }) => skillIds),
  groupIds: candidates.map(({ groupId }) => groupId ?? null),
  capacities: candidates.map(({ capacity }) => capacity),
  disabled: candidates.flatMap(({ isEnabled }, place) => (isEnabled ? [] : [place])),
  bots: candidates.flatMap(({ isBot }, place) => (isBot ? [place] : [])),
  skills,
})

const hearsAll = (listens: readonly RingFilter[]): boolean =>
  listens.some(({ skillId, conversationId }) => (skillId ?? conversationId) === undefined)

const digitOf = ({ listens }: Candidate): string =>
  listens.length === 0 ? '0' : hearsAll(listens) ? '1' : '2'

export const passView = (candidates: readonly Candidate[], at: Timestamp): PassView => {
  const listening = candidates.filter(({ listens }) => listens.length > 0)
  const filters: Record<string, readonly RingFilter[]> = {}
  const since: Record<string, number> = {}
  for (const [place, one] of candidates.entries()) {
    if (digitOf(one) === '2') filters[place] = one.listens
    if (one.availability !== 'ONLINE' && one.availability !== 'OFFLINE')
      since[place] = at - one.since
  }
  return {
    states: candidates.map(({ availability }) => letters[availability]).join(''),
    listens: candidates.map(digitOf).join(''),
    ...(Object.keys(filters).length > 0 && { filters }),
    since,
    busy: listening.map(({ busy }) => busy),
    assigned: listening.map(({ lastAssignedAt: last }) => (last === 0 ? null : at - last)),
  }
}

const listensAt = ({ listens, filters }: PassView, place: number): readonly RingFilter[] =>
  listens[place] === '0' ? [] : (filters?.[place] ?? [{}])

/** The agents as the pass saw them, with the rings that it had given out before. */
export const candidatesOf = (
  roster: RosterView,
  view: PassView,
  { at, rungBefore }: { at: Timestamp; rungBefore: readonly AgentId[] },
): Candidate[] => {
  const disabled = new Set(roster.disabled)
  const bots = new Set(roster.bots)
  let listening = -1
  return roster.ids.map((id, place): Candidate => {
    const listens = listensAt(view, place)
    if (listens.length > 0) listening += 1
    const groupId = roster.groupIds[place] ?? undefined
    const ago = listens.length > 0 ? view.assigned[listening] : null
    const rung = rungBefore.filter((other) => other === id).length
    return {
      id,
      userId: roster.userIds[place] as UserId,
      isEnabled: !disabled.has(place),
      ...(bots.has(place) && { isBot: true }),
      skillIds: roster.skillIds[place] ?? [],
      ...(groupId !== undefined && { groupId }),
      availability: states.get(view.states[place] ?? '') ?? 'OFFLINE',
      since: at - (view.since[place] ?? 0),
      listens,
      capacity: roster.capacities[place] ?? 0,
      busy: (listens.length > 0 ? (view.busy[listening] ?? 0) : 0) + rung,
      lastAssignedAt: typeof ago === 'number' ? at - ago : 0,
    }
  })
}

export const storedNeed = ({ task, resting }: RoutingInput): StoredNeed => {
  const { id, skillId, cause, passedBy, suggested, previousAgentId, peopleOnly } = task
  return {
    id,
    skillId,
    cause,
    passedBy,
    ...(suggested && { suggested }),
    ...(previousAgentId !== undefined && { previousAgentId }),
    ...(peopleOnly && { peopleOnly }),
    ...(resting.length > 0 && { resting }),
  }
}

/** What `decide` was given. */
export const inputOf = (stored: {
  readonly conversationId: string
  readonly need: StoredNeed
  readonly pass: { readonly at: Timestamp; readonly loads: PassView }
  readonly roster: RosterView
  readonly rungBefore: readonly AgentId[]
}): RoutingInput => {
  const { conversationId, pass, roster, rungBefore } = stored
  const { resting = [], ...need } = stored.need
  const { at } = pass
  return {
    task: { ...need, conversationId },
    candidates: candidatesOf(roster, pass.loads, { at, rungBefore }),
    skills: roster.skills,
    resting,
    at,
  }
}
