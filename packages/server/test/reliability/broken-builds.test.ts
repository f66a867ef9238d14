/** The proofs of this folder are worth something only if they fail when a promise is broken. */
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import type { HistoryRule, HistoryVerdict } from '../../src/testing/history.ts'
import { dice } from './dice.ts'
import type { Fault } from './faults.ts'
import {
  hopAfterEverything,
  killOnce,
  resumeDuringBursts,
  retryThroughCuts,
  type Stage,
  writeAndRead,
} from './scenarios.ts'
import { ServerProcess, temporaryFolder } from './server-process.ts'

type Scenario = (stage: Stage) => Promise<HistoryVerdict>

const retry: Scenario = async (stage) => (await retryThroughCuts(stage, 40)).verdict
const resume: Scenario = async (stage) =>
  (await resumeDuringBursts(stage, dice('broken hand-off'), 100)).verdict

const broken: readonly [Fault, Scenario, HistoryRule][] = [
  ['answer-early', killOnce, 'acked-present'],
  ['deliver-early', killOnce, 'no-phantom'],
  ['forget-event-ids', retry, 'at-most-once'],
  ['answer-wrongly', writeAndRead, 'acked-present'],
  ['reorder', writeAndRead, 'connection-order'],
  ['lose-hand-off', resume, 'stream-contiguous'],
  ['forget-events', writeAndRead, 'logs-agree'],
]

it.each(broken)(
  '[OPS50] the proof fails on a build with the fault %s',
  async (fault, scenario, rule) => {
    await using folder = temporaryFolder()
    await using server = await ServerProcess.start({ dataDir: folder.path, fault })
    const verdict = await scenario({ server, dataDir: folder.path })
    expect(verdict.broken[rule], JSON.stringify(verdict)).toBeGreaterThan(0)
  },
)

it('[OPS50] the proof fails on a build that leaves a number out', async () => {
  await using folder = temporaryFolder()
  const preload = [fileURLToPath(new URL('./skip-sequence.mjs', import.meta.url))]
  await using server = await ServerProcess.start({ dataDir: folder.path, preload })
  const verdict = await writeAndRead({ server, dataDir: folder.path })
  expect(verdict.broken['log-contiguous']).toBeGreaterThan(0)
})

it('[OPS50] the proof fails on a build that reads from a copy that is behind', async () => {
  await using folder = temporaryFolder()
  await using server = await ServerProcess.start({ dataDir: folder.path, fault: 'read-stale' })
  const { wentBack } = await hopAfterEverything({ server, dataDir: folder.path }, 5)
  expect(wentBack).toBeGreaterThan(0)
})

it.each([
  ['a kill', killOnce],
  ['load', writeAndRead],
  ['lost answers', retry],
] as const)('[OPS50] the same proof of %s holds on a sound build', async (_name, scenario) => {
  await using folder = temporaryFolder()
  await using server = await ServerProcess.start({ dataDir: folder.path })
  expect((await scenario({ server, dataDir: folder.path })).violations).toEqual([])
})
