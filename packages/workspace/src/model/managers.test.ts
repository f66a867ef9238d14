import { describe, expect, it } from 'vitest'
import { hashOf, routeOf } from './address.ts'
import { type AtWork, readinessOf } from './agents.ts'
import type { Conversation } from './conversation.ts'
import { dueOf, fits, listFilterOf, SOON_MS } from './list-filter.ts'
import { overviewOf, steady } from './overview.ts'
import { type Decided, passedOver, type Rung, type Step, standingOf } from './why.ts'

const NOW = 1_000_000_000
const MINUTE = 60_000

type Shown = Pick<Conversation, 'dueAt' | 'assignedAgentId' | 'skillId'>

const open = (change: Partial<Shown> = {}): Shown => ({
  dueAt: NOW + 60 * MINUTE,
  assignedAgentId: 'ana',
  skillId: '7',
  ...change,
})

describe('[WSP25] how things stand', () => {
  it.each([
    [undefined, 'waiting'],
    [NOW - 1, 'late'],
    [NOW, 'soon'],
    [NOW + SOON_MS, 'soon'],
    [NOW + SOON_MS + 1, undefined],
  ])('an answer that is due at %s is %s', (dueAt, due) => {
    expect(dueOf({ dueAt }, NOW)).toBe(due)
  })

  it('is counted, and each figure has as many rows in its list', () => {
    const all = [
      open(),
      open({ assignedAgentId: undefined }),
      open({ dueAt: undefined }),
      open({ dueAt: NOW - 1 }),
      open({ dueAt: NOW - 2, assignedAgentId: undefined }),
      open({ dueAt: NOW + MINUTE }),
    ]
    const counts = overviewOf(all, NOW)
    expect(counts).toEqual({ open: 6, waiting: 1, late: 2, soon: 1, inQueue: 2 })
    const listed = (filters: Record<string, string>) =>
      all.filter((one) => fits(listFilterOf(filters), one, NOW)).length
    expect(listed({})).toBe(counts.open)
    expect(listed({ due: 'late' })).toBe(counts.late)
    expect(listed({ due: 'soon' })).toBe(counts.soon)
    expect(listed({ due: 'waiting' })).toBe(counts.waiting)
    expect(listed({ agent: '-' })).toBe(counts.inQueue)
    expect(listed({ agent: '-', due: 'late' })).toBe(1)
    expect(listed({ due: 'nonsense' })).toBe(counts.open)
  })

  it('stays the same value while nothing has changed', () => {
    const before = overviewOf([open()], NOW)
    expect(steady(before, overviewOf([open()], NOW))).toBe(before)
    expect(steady(before, overviewOf([open(), open()], NOW))).toMatchObject({ open: 2 })
  })

  it('is counted over ten thousand within four milliseconds', () => {
    const all = new Map(
      Array.from({ length: 10_000 }, (_, number) => [
        `conversation-${number}`,
        open({ dueAt: number % 3 === 0 ? undefined : NOW + (number - 5000) * 1000 }),
      ]),
    )
    const spent = Array.from({ length: 21 }, () => {
      const begun = performance.now()
      overviewOf(all.values(), NOW)
      return performance.now() - begun
    }).sort((one, other) => one - other)
    expect(spent[10]).toBeLessThan(4)
  })

  it('stands in the address with the conversation, and comes back from it', () => {
    const route = {
      view: 'all',
      conversationId: 'a/b',
      filters: { due: 'late', text: 'ä?&#/' },
    } as const
    expect(routeOf(hashOf(route))).toEqual(route)
    expect(hashOf({ view: 'all', filters: { due: '' } })).toBe('#/all')
  })
})

it('[WSP27] an agent without a connection is not there, whatever it has declared', () => {
  const agent = { status: 'ONLINE', isConnected: true } as AtWork
  expect(readinessOf(agent)).toBe('online')
  expect(readinessOf({ ...agent, isConnected: false })).toBe('absent')
  expect(readinessOf({ ...agent, status: 'OFFLINE' })).toBe('absent')
  expect(readinessOf({ ...agent, status: 'BACK_SOON' })).toBe('busy')
  expect(readinessOf({ ...agent, status: 'OCCUPIED' })).toBe('busy')
  expect(readinessOf({ ...agent, status: 'AWAY' })).toBe('away')
})

describe('[WSP24] where a conversation stands', () => {
  const queued = (at: number): Step => ({ at, step: 'queued', skillId: '7', cause: 'new' })
  const decided = (at: number, change: Partial<Decided> = {}): Decided => ({
    at,
    step: 'decided',
    skillId: '7',
    outcome: 'ring',
    reason: 'least_busy',
    considered: [],
    others: {},
    ...change,
  })
  const ring = (at: number, userId: string, state: string): Rung => ({
    at,
    step: 'ring',
    userId,
    state,
  })
  const nobody = decided(2, { outcome: 'wait', reason: 'at_capacity' })

  it('in the queue it is the newest reason why nobody is asked', () => {
    const steps = [queued(1), nobody, decided(3, { outcome: 'wait', reason: 'availability' })]
    expect(standingOf({ steps })).toMatchObject({
      queued: { at: 1 },
      decided: { reason: 'availability' },
      ringing: undefined,
      taken: undefined,
    })
  })

  it('while it rings it is who is asked, until that is over', () => {
    const steps = [queued(1), decided(2, { userId: 'ana' }), ring(2, 'ana', 'waiting')]
    expect(standingOf({ steps }).ringing).toMatchObject({ userId: 'ana' })
    const declined = [...steps, ring(3, 'ana', 'rejected')]
    expect(standingOf({ steps: declined }).ringing).toBeUndefined()
  })

  it('with an agent it is what chose that agent, not what came before or after', () => {
    const steps = [
      queued(1),
      nobody,
      decided(3, { userId: 'bob', reason: 'only_one' }),
      ring(3, 'bob', 'waiting'),
      ring(4, 'bob', 'expired'),
      decided(5, { userId: 'ana', reason: 'not_asked_before' }),
      ring(5, 'ana', 'waiting'),
      ring(6, 'ana', 'accepted'),
    ]
    expect(standingOf({ steps, userId: 'ana' })).toMatchObject({
      decided: { reason: 'not_asked_before' },
      taken: { at: 6 },
    })
    expect(standingOf({ steps, userId: 'eve' }).taken).toBeUndefined()
  })

  it('those passed over are counted by reason, the named and the others together', () => {
    const one = { userId: 'u', availability: 'ONLINE', since: 0, busy: 0, capacity: 1 }
    const considered = ['chosen', 'not_first', 'lacks_skill'].map((verdict) => ({
      ...one,
      verdict,
    }))
    expect(passedOver(decided(1, { considered, others: { lacks_skill: 4, disabled: 1 } }))).toEqual(
      [
        ['not_first', 1],
        ['lacks_skill', 5],
        ['disabled', 1],
      ],
    )
  })
})
