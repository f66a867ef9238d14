import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anyInput } from '../../testing/routing-inputs.ts'
import type { Availability } from '../agent-state.ts'
import { admits } from '../agent-state.ts'
import type { Candidate, TaskNeed } from './candidate.ts'
import { passedOver } from './candidate.ts'
import type { RoutingInput } from './decide.ts'
import { decide } from './decide.ts'
import { candidate, input, rules, task } from './test-candidates.ts'

const reasonFor = (need: TaskNeed, one: Candidate) =>
  passedOver({ task: need, skillId: need.skillId, resting: ['r'] }, one)

describe('who may be rung', () => {
  it.each([
    ['ONLINE', true, true, true],
    ['OCCUPIED', false, true, true],
    ['BACK_SOON', false, true, true],
    ['AWAY', false, false, false],
    ['OFFLINE', false, false, false],
  ] as const)('[RT2] %s: new %s, transfer %s, returned %s', (state, ...expected) => {
    const { new: fresh, transfer, returned } = admits[state as Availability]
    expect([fresh, transfer, returned]).toEqual(expected)
    const verdicts = (['new', 'transfer', 'returned'] as const).map((cause) =>
      reasonFor(task({ cause }), candidate('a', { availability: state })),
    )
    expect(verdicts).toEqual(expected.map((isFine) => (isFine ? undefined : 'availability')))
  })

  it.each([
    ['disabled', {}, { isEnabled: false }],
    ['not_listening', {}, { listens: [] }],
    ['not_listening', { skillId: '7' }, { skillIds: ['7'], listens: [{ skillId: '8' }] }],
    ['not_listening', {}, { listens: [{ conversationId: 'other' }] }],
    ['lacks_skill', { skillId: '7' }, { skillIds: ['8'] }],
    ['rejected', {}, { id: 'r' }],
    ['at_capacity', {}, { busy: 4 }],
    ['at_capacity', {}, { capacity: 0 }],
    [undefined, { skillId: '7' }, { skillIds: ['8', '7'], listens: [{ skillId: '7' }] }],
    [undefined, {}, { listens: [{ skillId: '8' }, { conversationId: 'c' }] }],
    [undefined, {}, { busy: 3 }],
  ] as const)('[RT2] the reason is %s for %j and %j', (reason, wanted, over) => {
    expect(reasonFor(task(wanted), candidate('a', over))).toBe(reason)
  })
})

const chosen = (over: Partial<RoutingInput>) => {
  const decision = decide(input(over))
  return decision.outcome === 'ring' ? [decision.agentId, decision.rule] : [decision.reason]
}

describe('who is rung', () => {
  it.each([
    ['the only one', [candidate('a')], ['a', 'only_one']],
    ['the least busy', [candidate('a', { busy: 1 }), candidate('b')], ['b', 'least_busy']],
    [
      'the least busy for its capacity',
      [candidate('a', { busy: 1 }), candidate('b', { busy: 2, capacity: 10 })],
      ['b', 'least_busy'],
    ],
    [
      'the longest without work',
      [candidate('a', { lastAssignedAt: 5 }), candidate('b', { lastAssignedAt: 3 })],
      ['b', 'longest_idle'],
    ],
    ['none of none', [], ['no_agents']],
  ] as const)('[RT3] %s', (_, candidates, expected) => {
    expect(chosen({ candidates })).toEqual(expected)
  })

  it('[RT10] between equals, who had the consumer before', () => {
    const candidates = [candidate('a'), candidate('b')]
    expect(chosen({ candidates })).toEqual(['a', 'listed_first'])
    expect(chosen({ candidates, task: task({ previousAgentId: 'b' }) })).toEqual([
      'b',
      'previous_agent',
    ])
  })

  it('[RT3] agents that let it go by come last, the latest of them at the end', () => {
    const candidates = [candidate('a'), candidate('b', { busy: 3 })]
    const after = (...passedBy: string[]) => chosen({ candidates, task: task({ passedBy }) })
    expect(after('a')).toEqual(['b', 'not_asked_before'])
    expect(after('a', 'b')).toEqual(['a', 'not_asked_before'])
    expect(after('b', 'a')).toEqual(['b', 'not_asked_before'])
    expect(chosen({ candidates: [candidate('a')], task: task({ passedBy: ['a'] }) })).toEqual([
      'a',
      'only_one',
    ])
  })
})

describe('groups of a skill', () => {
  const members = [
    candidate('a', { skillIds: ['1'], busy: 3, groupId: 'near' }),
    candidate('b', { skillIds: ['1'], busy: 1, groupId: 'far' }),
    candidate('c', { skillIds: ['1'] }),
  ]
  const at = (...groups: Parameters<typeof rules>[0][]) => ({
    skills: { 1: rules(groups[0]) },
    task: task({ skillId: '1' }),
  })
  const groups = [
    { groupId: 'near', priority: 1 },
    { groupId: 'far', priority: 2 },
  ]

  it('[RT11] of a smaller priority come first, agents of no listed group last', () => {
    expect(chosen({ ...at({ groups }), candidates: members })).toEqual(['a', 'group'])
    expect(chosen({ ...at({ groups }), candidates: members.slice(1) })).toEqual(['b', 'group'])
    expect(chosen({ ...at({ groups: [] }), candidates: members })).toEqual(['c', 'least_busy'])
  })

  it('[RT11] of one priority share the work by their percentages', () => {
    const split = [
      { groupId: 'near', priority: 1, splitPercentage: 30 },
      { groupId: 'far', priority: 1, splitPercentage: 70 },
      { groupId: 'empty', priority: 1, splitPercentage: 900 },
    ]
    const counts: Record<string, number> = {}
    for (let number = 0; number < 10_000; number += 1) {
      const need = { ...at({ groups: split }), candidates: members }
      const [id = ''] = chosen({ ...need, task: task({ skillId: '1', id: `task-${number}` }) })
      counts[id] = (counts[id] ?? 0) + 1
    }
    expect(counts['c']).toBeUndefined()
    expect(counts['a']! / 10_000).toBeCloseTo(0.3, 1)
    expect(counts['b']! / 10_000).toBeCloseTo(0.7, 1)
  })
})

describe('the fallback skill', () => {
  const need = { task: task({ skillId: '1' }) }
  const own = candidate('own', { skillIds: ['1'] })
  const other = candidate('other', { skillIds: ['2'] })
  const at = (own1: Partial<Candidate>, other1: Partial<Candidate>, allAway = true) =>
    chosen({
      ...need,
      skills: { 1: rules({ fallbackSkillId: '2', fallbackWhenAllAway: allAway }) },
      candidates: [
        { ...own, ...own1 },
        { ...other, ...other1 },
      ],
    })[0]

  it.each([
    ['while somebody of the skill is there', {}, {}, true, 'own'],
    ['while who is there is full', { busy: 4 }, {}, true, 'at_capacity'],
    ['while who is there is occupied', { availability: 'OCCUPIED' }, {}, true, 'availability'],
    ['when nobody of the skill listens', { listens: [] }, {}, false, 'other'],
    ['when nobody of the skill is logged in', { availability: 'OFFLINE' }, {}, false, 'other'],
    ['when all of the skill are disabled', { isEnabled: false }, {}, false, 'other'],
    ['when all are away, if it is so set', { availability: 'AWAY' }, {}, true, 'other'],
    ['when all are away, unless it is so set', { availability: 'AWAY' }, {}, false, 'availability'],
    ['when nobody is there either', { listens: [] }, { listens: [] }, true, 'not_listening'],
    ['when who is there is full', { listens: [] }, { busy: 4 }, true, 'at_capacity'],
  ] as const)('[RT12] %s', (...[, own1, other1, allAway, expected]) => {
    expect(at(own1, other1, allAway)).toBe(expected)
  })
})

describe('a suggested agent', () => {
  const suggested = { agentId: 'b', until: 2000 }
  const candidates = [candidate('a'), candidate('b', { busy: 3 })]

  it('[RT13] is the only one to be rung', () => {
    expect(chosen({ candidates, task: task({ suggested }) })).toEqual(['b', 'suggested'])
    const full = [candidate('a'), candidate('b', { busy: 4 })]
    expect(chosen({ candidates: full, task: task({ suggested }) })).toEqual(['at_capacity'])
  })

  it('[RT13] is one of many when its time is over', () => {
    expect(chosen({ candidates, task: task({ suggested }), at: 2000 })).toEqual(['a', 'least_busy'])
  })
})

describe('every decision', () => {
  it('[RT9] names all agents once, and rings one of those who may be', () => {
    fc.assert(
      fc.property(anyInput, (given) => {
        const decision = decide(given)
        const verdicts = new Map(decision.considered.map((one) => [one.agentId, one.verdict]))
        expect([...verdicts.keys()]).toEqual(given.candidates.map(({ id }) => id))
        const able = [...verdicts].filter(([, verdict]) => /chosen|not_first/.test(verdict))
        const rung = [...verdicts].filter(([, verdict]) => verdict === 'chosen')
        expect(rung.length).toBe(Math.min(1, able.length))
        expect(decision.outcome).toBe(able.length > 0 ? 'ring' : 'wait')
        if (decision.outcome === 'ring') expect(rung[0]?.[0]).toBe(decision.agentId)
        else if (decision.reason !== 'no_agents')
          expect([...verdicts.values()]).toContain(decision.reason)
      }),
      { seed: 9, numRuns: 3000 },
    )
  })

  it('[RT10] does not depend on the order in which agents are listed', () => {
    const result = (given: RoutingInput) => {
      const { considered: _, ...rest } = decide(given)
      return rest
    }
    fc.assert(
      fc.property(anyInput, (given) => {
        const turned = { ...given, candidates: given.candidates.toReversed() }
        expect(result(turned)).toEqual(result(given))
      }),
      { seed: 3, numRuns: 3000 },
    )
  })
})
