/** Values for the tests of routing decisions. */
import type { Candidate, TaskNeed } from './candidate.ts'
import type { RoutingInput, RoutingRules } from './decide.ts'

export const task = (over: Partial<TaskNeed> = {}): TaskNeed => ({
  id: 't',
  conversationId: 'c',
  skillId: '-1',
  cause: 'new',
  passedBy: [],
  ...over,
})

export const candidate = (id: string, over: Partial<Candidate> = {}): Candidate => ({
  id,
  userId: id,
  isEnabled: true,
  skillIds: [],
  availability: 'ONLINE',
  since: 0,
  listens: [{}],
  capacity: 4,
  busy: 0,
  lastAssignedAt: 0,
  ...over,
})

export const rules = (over: Partial<RoutingRules> = {}): RoutingRules => ({
  groups: [],
  fallbackWhenAllAway: true,
  ...over,
})

export const input = (over: Partial<RoutingInput> = {}): RoutingInput => ({
  task: task(),
  candidates: [],
  skills: {},
  resting: [],
  at: 1000,
  ...over,
})
