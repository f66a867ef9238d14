import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Decision, decide, type RoutingInput } from '../domain/routing/decide.ts'
import { Agenda } from './agenda.ts'
import { chart } from './chart.ts'
import { type Plan, readPlan } from './plan.ts'
import { jain, report, waitingTimes } from './report.ts'
import { simulate } from './simulate.ts'

const factorial = (n: number): number => (n <= 1 ? 1 : n * factorial(n - 1))

/** Mean wait in seconds of Poisson arrivals, exponential handling and `agents` places (Erlang C). */
const erlangWait = (perHour: number, handleSeconds: number, agents: number): number => {
  const load = (perHour / 3600) * handleSeconds
  const last = load ** agents / factorial(agents) / (1 - load / agents)
  const sum = Array.from({ length: agents }, (_, k) => load ** k / factorial(k)).reduce(
    (total, one) => total + one,
    last,
  )
  return ((last / sum) * handleSeconds) / (agents - load)
}

const single = (over: Partial<Plan> = {}): Plan => ({
  seed: 7,
  conversations: 2000,
  agents: [{ name: 'agent', count: 3 }],
  arrivals: [{ perHour: 60, handleSeconds: 150 }],
  ...over,
})

describe('a simulation', () => {
  it.each([
    [1, 24, 75, 100],
    [2, 50, 115, 101],
    [5, 200, 76.5, 102],
    [20, 800, 81, 103],
  ])(
    '[SIM3] of %i agents, %i arrivals an hour and %f s each waits as theory has it',
    (agents, perHour, handleSeconds, seed) => {
      const plan = single({
        seed,
        conversations: 400_000,
        agents: [{ name: 'agent', count: agents }],
        arrivals: [{ perHour, handleSeconds }],
      })
      const outcome = simulate(plan)
      const { all, occupancy } = report(outcome)
      const expected = erlangWait(perHour, handleSeconds, agents)
      expect(Math.abs(all.waiting.mean / expected - 1)).toBeLessThan(0.05)
      const load = (perHour * handleSeconds) / 3600 / agents
      expect(Math.abs(occupancy / load - 1)).toBeLessThan(0.05)
    },
  )

  it('[SIM3] of one agent with several places waits as one of as many agents', () => {
    const arrivals = [{ perHour: 200, handleSeconds: 76.5 }]
    const plan = single({ conversations: 200_000, arrivals, agents: [{ name: 'a', capacity: 5 }] })
    const mean = report(simulate(plan)).all.waiting.mean
    expect(Math.abs(mean / erlangWait(200, 76.5, 5) - 1)).toBeLessThan(0.05)
  })

  it('[SIM2] gives the same for the same seed and another for another', () => {
    const run = (seed: number) => simulate(single({ seed, answerSeconds: 20 }))
    expect(run(3)).toEqual(run(3))
    expect(run(4)).not.toEqual(run(3))
  })

  it('[SIM2] of recorded conversations repeats their times', () => {
    const recorded = [
      { at: 10, handleSeconds: 100 },
      { at: 0, handleSeconds: 100 },
      { at: 20, handleSeconds: 100 },
    ]
    const { served } = simulate({ agents: [{ name: 'only' }], recorded })
    expect(served.map(({ at, assignedAt }) => [at, assignedAt])).toEqual([
      [0, 0],
      [10, 100],
      [20, 200],
    ])
  })

  it('[SIM4] explains every one of 100,000 conversations, and each decision repeats', () => {
    const skills = [
      { id: 'sales', groups: [{ groupId: 'near', priority: 1 }], fallbackSkillId: 'help' },
      { id: 'help' },
    ]
    const plan = single({
      conversations: 100_000,
      skills,
      answerSeconds: 30,
      agents: [
        { name: 'near', skillIds: ['sales'], groupId: 'near', capacity: 2, count: 3 },
        { name: 'all', skillIds: ['sales', 'help'], capacity: 3, count: 6 },
        { name: 'late', skillIds: ['help'], count: 2, shifts: [{ from: 3600, to: 90_000 }] },
      ],
      arrivals: [
        { skillId: 'sales', perHour: 240, handleSeconds: 120 },
        { skillId: 'help', perHour: 300, handleSeconds: 150, patienceSeconds: 900 },
      ],
    })
    let [rings, different] = [0, 0]
    const onDecision = (input: RoutingInput, decision: Decision) => {
      const isRing = decision.outcome === 'ring'
      if (isRing) rings += 1
      // Whom it gave somebody it gives from what is stored, too.
      const again = isRing ? (JSON.parse(JSON.stringify(input)) as RoutingInput) : input
      const isSame = JSON.stringify(decide(again)) === JSON.stringify(decision)
      const isExplained = decision.considered.length === input.candidates.length
      if (!isSame || !isExplained) different += 1
    }
    const outcome = simulate(plan, { onDecision })
    expect(outcome.arrived).toBe(100_000)
    expect(outcome.served).toHaveLength(100_000)
    expect(rings).toBeGreaterThanOrEqual(report(outcome).all.assigned)
    expect(different).toBe(0)
  })

  it('[SIM2] never gives an agent more than its places, and serves everybody once', () => {
    const plans = fc.record({
      seed: fc.nat(),
      capacity: fc.integer({ min: 1, max: 4 }),
      count: fc.integer({ min: 1, max: 4 }),
      answerSeconds: fc.constantFrom(0, 30, 120),
      patienceSeconds: fc.option(fc.constantFrom(20, 300), { nil: undefined }),
    })
    fc.assert(
      fc.property(plans, ({ seed, capacity, count, answerSeconds, patienceSeconds }) => {
        const stream = { perHour: 200, handleSeconds: 100 }
        const plan = single({
          seed,
          conversations: 300,
          answerSeconds,
          agents: [{ name: 'a', capacity, count }],
          arrivals: [{ ...stream, ...(patienceSeconds !== undefined && { patienceSeconds }) }],
        })
        let most = 0
        const onDecision = ({ candidates }: RoutingInput) => {
          for (const one of candidates) most = Math.max(most, one.busy - one.capacity)
        }
        const outcome = simulate(plan, { onDecision })
        expect(most).toBeLessThanOrEqual(0)
        expect(outcome.served).toHaveLength(300)
        expect(outcome.queue.at(-1)?.length ?? 0).toBe(0)
        for (const { taken, offered } of outcome.agents)
          expect(taken).toBeLessThanOrEqual(offered + 1e-6)
      }),
      { seed: 5, numRuns: 60 },
    )
  })

  it('[SIM2] leaves waiting whom nobody is there for', () => {
    const agents = [{ name: 'early', shifts: [{ from: 0, to: 60 }] }]
    const recorded = [
      { at: 1, handleSeconds: 10 },
      { at: 100, handleSeconds: 10 },
    ]
    const { all, stillWaiting } = report(simulate({ agents, recorded }))
    expect([all.assigned, stillWaiting]).toEqual([1, 1])
  })
})

describe('its report', () => {
  it('[SIM5] counts breaches, percentiles and fairness', () => {
    const waits = Array.from({ length: 100 }, (_, i) => ({
      skillId: '1',
      at: 0,
      assignedAt: i + 1,
      dueAt: 90,
    }))
    expect(waitingTimes(waits)).toEqual({ mean: 50.5, p50: 50, p90: 90, p99: 99, max: 100 })
    const outcome = { served: waits, agents: [], queue: [], arrived: 100, decisions: 0, endedAt: 1 }
    expect(report(outcome).all.breaches).toBeCloseTo(0.1)
    expect(jain([1, 1, 1, 1])).toBe(1)
    expect(jain([4, 0, 0, 0])).toBe(0.25)
    expect(jain([0, 0])).toBe(1)
  })

  it('[SIM5] is drawn, with names escaped', () => {
    const plan = single({ agents: [{ name: '<script>&"', capacity: 9 }] })
    const drawing = chart(simulate(plan))
    expect(drawing).toMatch(/^<svg xmlns/)
    expect(drawing).not.toContain('<script>')
    expect(drawing).toContain('&lt;script&gt;&amp;&quot;')
    expect(drawing).not.toMatch(/NaN|undefined|Infinity/)
  })
})

describe('a plan', () => {
  const agents = [{ name: 'ana' }]
  const arrivals = [{ perHour: 10, handleSeconds: 60 }]
  it.each([
    ['no agents', { agents: [], arrivals, hours: 1 }, '/agents'],
    ['no arrivals', { agents, hours: 1 }, 'arrivals or recorded is needed'],
    ['no end', { agents, arrivals }, 'hours or conversations is needed'],
    ['a rate of 0', { agents, hours: 1, arrivals: [{ perHour: 0, handleSeconds: 1 }] }, '/perHour'],
    ['an unknown member', { agents, arrivals, hours: 1, colour: 'red' }, 'colour'],
    ['an unknown skill', { agents: [{ name: 'a', skillIds: ['9'] }], arrivals, hours: 1 }, '9'],
    ['something else', 'text', 'object'],
  ])('[SIM1] with %s is refused, and the place is named', (_, plan, expected) => {
    expect(() => readPlan(plan)).toThrow(expected)
  })
})

it('[SIM2] an agenda gives the smallest first, and equals in order of arrival', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(20)), (keys) => {
      const agenda = new Agenda<readonly [number, number]>()
      for (const [index, key] of keys.entries()) agenda.add(key, [key, index])
      const taken = Array.from({ length: keys.length }, () => agenda.take())
      const sorted = keys
        .map((key, index) => [key, index] as const)
        .toSorted(([a, i], [b, j]) => a - b || i - j)
      expect(taken).toEqual(sorted)
      expect(agenda.take()).toBeUndefined()
    }),
  )
})
