import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anyInput } from '../../testing/routing-inputs.ts'
import { decide } from './decide.ts'
import { inputOf, passView, rosterView, storedNeed } from './stored.ts'
import { candidate, input } from './test-candidates.ts'

/** Through the text that a table holds. */
const kept = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T

describe('a decision that was stored', () => {
  it('[RT20] is decided again from what was stored, trace and all', () => {
    fc.assert(
      fc.property(anyInput, fc.subarray(['a', 'b', 'c', 'a']), (given, rungBefore) => {
        const { candidates, skills, at, task } = given
        const seen = candidates.map((one) => ({
          ...one,
          busy: one.busy + rungBefore.filter((id) => id === one.id).length,
        }))
        const read = inputOf({
          conversationId: task.conversationId,
          need: kept(storedNeed(given)),
          pass: { at, loads: kept(passView(candidates, at)) },
          roster: kept(rosterView(candidates, skills)),
          rungBefore,
        })
        expect(decide(read)).toEqual(decide({ ...given, candidates: seen }))
      }),
      { seed: 20, numRuns: 5000 },
    )
  })

  it('[RT20] takes little more than one number per agent and pass', () => {
    const candidates = Array.from({ length: 500 }, (_, number) =>
      candidate(`agent-${number}`, { busy: number % 7, lastAssignedAt: 900 + (number % 50) }),
    )
    const view = passView(candidates, input().at)
    expect(JSON.stringify(view).length).toBeLessThan(500 * 10)
  })
})
