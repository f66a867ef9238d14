/** Arbitrary inputs of routing decisions, for properties. */
import fc from 'fast-check'
import type { Candidate, TaskNeed } from '../domain/routing/candidate.ts'
import type { RoutingInput, RoutingRules } from '../domain/routing/decide.ts'

const agentIds = ['a', 'b', 'c', 'd', 'e', 'f']
const skillIds = ['1', '2', '3']
const groupIds = ['g', 'h', 'i']
const some = <T>(of: readonly T[]) => fc.subarray([...of])
const absentOr = <T>(one: fc.Arbitrary<T>) => fc.option(one, { nil: undefined })

/** Leaves absent fields out, as the types want them. */
const present = <T extends object>(value: T): T =>
  Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as T

const anyCandidates = fc
  .uniqueArray(
    fc.record({
      id: fc.constantFrom(...agentIds),
      isEnabled: fc.boolean(),
      isBot: absentOr(fc.constant(true)),
      skillIds: some(skillIds),
      groupId: absentOr(fc.constantFrom(...groupIds)),
      availability: fc.constantFrom('ONLINE', 'OCCUPIED', 'BACK_SOON', 'AWAY', 'OFFLINE'),
      since: fc.nat(1000),
      listens: fc.constantFrom([], [{}], [{}], [{}], [{ skillId: '1' }], [{ conversationId: 'x' }]),
      capacity: fc.nat(4),
      busy: fc.nat(4),
      lastAssignedAt: fc.nat(3),
    }),
    { selector: ({ id }) => id },
  )
  .map((list) => list.map((one) => ({ ...present(one), userId: `u${one.id}` }) as Candidate))

const anyRules = fc
  .record({
    groups: fc.uniqueArray(
      fc
        .record({
          groupId: fc.constantFrom(...groupIds),
          priority: fc.nat(2),
          splitPercentage: absentOr(fc.nat(100)),
        })
        .map(present),
      { selector: ({ groupId }) => groupId },
    ),
    fallbackSkillId: absentOr(fc.constantFrom(...skillIds)),
    fallbackWhenAllAway: fc.boolean(),
  })
  .map((one) => present(one) as RoutingRules)

const anyTask = fc
  .record({
    id: fc.uuid(),
    conversationId: fc.constantFrom('x', 'y'),
    skillId: fc.constantFrom('-1', ...skillIds),
    cause: fc.constantFrom('new', 'transfer', 'returned'),
    passedBy: some(agentIds),
    suggested: absentOr(
      fc.record({ agentId: fc.constantFrom(...agentIds), until: fc.constantFrom(500, 1500) }),
    ),
    peopleOnly: absentOr(fc.constant(true)),
    previousAgentId: absentOr(fc.constantFrom(...agentIds)),
  })
  .map((one) => present(one) as TaskNeed)

/** Inputs in which every rule and every reason occurs. */
export const anyInput: fc.Arbitrary<RoutingInput> = fc.record({
  task: anyTask,
  candidates: anyCandidates,
  skills: fc.dictionary(fc.constantFrom(...skillIds), anyRules),
  resting: some(['a', 'b']),
  at: fc.constant(1000),
})
