import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Availability } from './agent-state.ts'
import { admits } from './agent-state.ts'
import type { RoutingTask } from './ring.ts'
import type { Candidate } from './routing-policy.ts'
import { chooseAgent, passedOver } from './routing-policy.ts'

const task: RoutingTask = {
  accountId: '1',
  id: 't',
  conversationId: 'c',
  consumerId: 'ann',
  skillId: '-1',
  state: 'queued',
  cause: 'new',
  deadline: 0,
  createdAt: 0,
  passedBy: [],
}

const candidate = (id: string, over: Partial<Candidate> = {}): Candidate => ({
  agent: { id, userId: id, isEnabled: true, skillIds: [] },
  availability: 'ONLINE',
  isListening: true,
  capacity: 4,
  busy: 0,
  lastAssignedAt: 0,
  ...over,
})

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
    const causes = ['new', 'transfer', 'returned'] as const
    const verdicts = causes.map((cause) =>
      passedOver({ ...task, cause }, candidate('a', { availability: state })),
    )
    expect(verdicts).toEqual(expected.map((isFine) => (isFine ? undefined : 'availability')))
  })

  const agent = (over: object) => ({ ...candidate('a').agent, ...over })
  it.each([
    ['disabled', task, { agent: agent({ isEnabled: false }) }],
    ['not_listening', task, { isListening: false }],
    ['lacks_skill', { ...task, skillId: '7' }, { agent: agent({ skillIds: ['8'] }) }],
    ['at_capacity', task, { busy: 4 }],
    ['at_capacity', task, { capacity: 0 }],
    [undefined, { ...task, skillId: '7' }, { agent: agent({ skillIds: ['8', '7'] }) }],
    [undefined, task, { busy: 3 }],
  ] as const)('[RT2] the reason is %s', (reason, wanted, over) => {
    expect(passedOver(wanted, candidate('a', over))).toBe(reason)
  })
})

describe('who is rung', () => {
  const chosen = (candidates: readonly Candidate[], passedBy: readonly string[] = []) =>
    chooseAgent({ ...task, passedBy }, candidates)?.agent.id

  it('[RT3] the least busy for its capacity, then the longest without work', () => {
    expect(chosen([candidate('a', { busy: 1 }), candidate('b')])).toBe('b')
    expect(chosen([candidate('a', { busy: 1 }), candidate('b', { busy: 2, capacity: 10 })])).toBe(
      'b',
    )
    expect(
      chosen([candidate('a', { lastAssignedAt: 5 }), candidate('b', { lastAssignedAt: 3 })]),
    ).toBe('b')
    expect(chosen([])).toBeUndefined()
  })

  it('[RT3] agents that let it go by come last, the latest of them at the end', () => {
    const both = [candidate('a'), candidate('b', { busy: 3 })]
    expect(chosen(both, ['a'])).toBe('b')
    expect(chosen(both, ['a', 'b'])).toBe('a')
    expect(chosen(both, ['b', 'a'])).toBe('b')
    expect(chosen([candidate('a')], ['a'])).toBe('a')
  })

  it('[RT3] does not depend on the order in which agents are listed, and is always one who may', () => {
    const some = fc.uniqueArray(
      fc.record({
        id: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
        busy: fc.nat(5),
        lastAssignedAt: fc.nat(3),
        isListening: fc.boolean(),
      }),
      { selector: ({ id }) => id },
    )
    fc.assert(
      fc.property(some, fc.subarray(['a', 'b', 'c']), (list, passedBy) => {
        const candidates = list.map(({ id, ...over }) => candidate(id, over))
        const one = chosen(candidates, passedBy)
        expect(chosen(candidates.toReversed(), passedBy)).toBe(one)
        const able = candidates.filter((other) => passedOver(task, other) === undefined)
        expect(one !== undefined).toBe(able.length > 0)
        if (one) expect(able.map(({ agent }) => agent.id)).toContain(one)
      }),
      { seed: 3 },
    )
  })
})
