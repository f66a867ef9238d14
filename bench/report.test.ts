import { describe, expect, it } from 'vitest'
import type { LoadResult } from './load/job.ts'
import { parseOptions } from './options.ts'
import { figure, judgeRun, table } from './report.ts'

const spread = { p50: 1, p99: 2, p999: 3, max: 4, count: 10 }
const result = (over: Partial<LoadResult> = {}): LoadResult => ({
  messages: 10,
  perSecond: 10,
  latencyMs: spread,
  refusals: {},
  strangers: 0,
  isSettled: true,
  costs: {
    seconds: 1,
    serverCpuSeconds: 1,
    serverThreads: {},
    generatorCpuSeconds: 1,
    serverRssMb: 1,
  },
  history: {
    isClean: true,
    violations: [],
    broken: {},
    counts: {
      operations: 0,
      acked: 0,
      rejected: 0,
      indeterminate: 0,
      logged: 0,
      readers: 0,
      delivered: 0,
    },
  },
  ...over,
})

describe('a run', () => {
  it('counts when nothing speaks against it', () => {
    expect(judgeRun(result({ lagMs: { ...spread, p99: 1 } }))).toEqual({
      isValid: true,
      reasons: [],
    })
  })

  const { history } = result()
  it.each<[string, Partial<LoadResult>, string]>([
    [
      'its history is broken',
      {
        history: {
          ...history,
          isClean: false,
          violations: [{ rule: 'acked-present', detail: 'gone' }],
        },
      },
      'acked-present: gone',
    ],
    ['something sent was never shown', { isSettled: false }, 'not everything'],
    ['publishes were refused', { refusals: { 429: 3 } }, '3 publishes answered 429'],
    ['strangers spoke', { strangers: 1 }, 'nobody sent'],
    ['the generator was late', { lagMs: { ...spread, p99: 1.01 } }, 'generator late: 1.01 ms'],
  ])('is void when %s', (_name, over, reason) => {
    const verdict = judgeRun(result(over))
    expect(verdict.isValid).toBe(false)
    expect(verdict.reasons.join()).toContain(reason)
  })
})

describe('the report', () => {
  it.each([
    [12345.6, '12,346'],
    [99.96, '100'],
    [1.23456, '1.23'],
    [0.0271828, '0.0272'],
    [Number.NaN, '–'],
    [undefined, '–'],
  ])('shows %d as %s', (value, text) => {
    expect(figure(value)).toBe(text)
  })

  it('aligns a table whose lines have different columns', () => {
    expect(
      table([
        { name: 'a', n: 1 },
        { name: 'bcd', m: 22 },
      ]),
    ).toBe(
      ['| name | n | m  |', '|------|---|----|', '| a    | 1 |    |', '| bcd  |   | 22 |'].join(
        '\n',
      ),
    )
  })
})

describe('the command line', () => {
  it('leaves to the scenario what was not given', () => {
    expect(parseOptions(['p1'])).toEqual({
      scenario: 'p1',
      quick: false,
      tls: false,
      metadata: false,
      cold: false,
      agentVersion: '3',
      arrivals: 'poisson',
    })
  })

  it('takes numbers, choices and negations', () => {
    const options = parseOptions(['p6', '--events', '1_000_000', '--no-pin', '--only', 'minimal'])
    expect(options).toMatchObject({ events: 1_000_000, pin: false, only: 'minimal' })
  })

  it.each([
    [['p1', '--runs', 'many'], '--runs: many'],
    [['p1', '--runs', '0'], '--runs: 0'],
    [['p1', '--only', 'both'], '--only: both'],
  ])('refuses %j', (argv, message) => {
    expect(() => parseOptions(argv)).toThrow(message)
  })
})
