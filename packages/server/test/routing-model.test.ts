/**
 * Random histories of agents, skills, capacity, rings, transfers, crashes and clock jumps. What the
 * database says after each step is judged by rules that know nothing of the code under test.
 */
import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, it } from 'vitest'
import { decide } from '../src/domain/routing/decide.ts'
import { systemIds } from '../src/ids.ts'
import { sqliteStore } from '../src/store/sqlite/sqlite-store.ts'
import type { ManualClock, TestServer } from '../src/testing/index.ts'
import { stillServer } from './bots/still-server.ts'
import { Company } from './model/routing-company.ts'
import { RoutingTruth } from './model/routing-truth.ts'
import { type Dice, seeded } from './model/seeded.ts'

const WORLDS = 10
const COMPANIES = 200
const ROUNDS = 14

interface Running extends AsyncDisposable {
  readonly server: TestServer
  readonly clock: ManualClock
  readonly truth: RoutingTruth
}

const fileIn = (dir: string): string => path.join(dir, 'store.db')

const start = async (dir: string, now?: number): Promise<Running> => {
  await using stack = new AsyncDisposableStack()
  const file = fileIn(dir)
  const store = stack.use(await sqliteStore({ file, hosting: 'inline', epoch: systemIds.uuid() }))
  const { server, clock } = await stillServer({ store, ...(now !== undefined && { now }) })
  stack.use(server)
  const truth = stack.use(new RoutingTruth(file))
  const parts = stack.move()
  return { server, clock, truth, [Symbol.asyncDispose]: () => parts.disposeAsync() }
}

const folder = (stack: AsyncDisposableStack): string => {
  // Power cuts are another test's: here memory will do for a disk.
  const root = existsSync('/dev/shm') ? '/dev/shm' : tmpdir()
  const dir = mkdtempSync(path.join(root, 'ringdown-model-'))
  stack.defer(() => rmSync(dir, { recursive: true, force: true }))
  return dir
}

/** The files as they are at this moment, as if the process had died now. */
const crashed = (from: string, to: string): void => {
  for (const name of ['store.db', 'store.db-wal'])
    if (existsSync(path.join(from, name))) copyFileSync(path.join(from, name), path.join(to, name))
}

/** Tasks that wait although somebody could be rung: nothing may be overlooked. */
const overlooked = async ({ server }: Running, accountId: string): Promise<readonly string[]> => {
  const { store, routing, clock } = server.services
  const tasks = await store.read('queuedTasks', { accountId, limit: 1_000 })
  const roster = await routing.roster(accountId)
  return tasks.flatMap((task) => {
    const decision = decide({
      task,
      candidates: roster.candidates(),
      skills: roster.skills,
      resting: routing.restingFor(task.id),
      // A suggestion ends by its own timer, which a set clock does not move.
      at: Math.min(clock.now(), (task.suggested?.until ?? Number.POSITIVE_INFINITY) - 1),
    })
    return decision.outcome === 'ring' ? [`${task.id} could ring ${decision.agentId}`] : []
  })
}

const SETTLING_TURNS = 100
/** Within this time of a change whoever is free is offered what waits. [RT17] */
const OFFERED_WITHIN_MS = 200

/** Lets routing come to rest; says what is still overlooked when it does not. */
const rest = async (
  running: Running,
  companies: readonly Company[],
): Promise<readonly string[]> => {
  let left: readonly string[] = []
  for (const waitMs of [0, OFFERED_WITHIN_MS]) {
    if (waitMs > 0) await running.clock.advance(waitMs)
    for (let turn = 0; turn < SETTLING_TURNS; turn += 1) {
      await new Promise<void>((resolve) => setImmediate(resolve))
      if (turn % 20 !== 19 || running.truth.wrongs().length > 0) continue
      const waited = running.truth.withQueue()
      const queues = companies.filter(({ id }) => waited.has(id))
      left = (await Promise.all(queues.map(({ id }) => overlooked(running, id)))).flat()
      if (left.length === 0) return []
    }
  }
  return left
}

/** Time passes, or the wall clock is set. */
const tick = async ({ clock }: Running, roll: Dice): Promise<void> => {
  const kind = roll(6)
  if (kind === 1) clock.jump((roll(3) - 2) * 3_600_000)
  else if (kind === 2) await clock.advance(roll(30) * 1_000)
  else if (kind === 3) await clock.advance(roll(500))
}

const history = async (seed: string): Promise<{ steps: number; crashes: number }> => {
  await using stack = new AsyncDisposableStack()
  const roll = seeded(seed)
  let dir = folder(stack)
  let running = await start(dir)
  stack.defer(() => running[Symbol.asyncDispose]())
  const companies = Array.from(
    { length: COMPANIES },
    (_, index) =>
      new Company(`${8_000_000 + index}`, seeded(`${seed}/${index}`), {
        services: running.server.services,
        truth: running.truth,
      }),
  )
  await Promise.all(companies.map((company) => company.found()))
  let crashes = 0
  const judge = async (when: string) => {
    const left = await rest(running, companies)
    expect({ seed, when, left, wrongs: running.truth.wrongs() }).toEqual({
      seed,
      when,
      left: [],
      wrongs: [],
    })
  }
  for (let round = 0; round < ROUNDS; round += 1) {
    await Promise.all(companies.map((company) => company.act()))
    await tick(running, roll)
    if (roll(8) === 1) {
      crashes += 1
      const next = folder(stack)
      crashed(dir, next)
      const after = running.clock.now() + (roll(2) - 1) * 90_000
      await running[Symbol.asyncDispose]()
      dir = next
      running = await start(dir, after)
      await running.clock.advance(0)
      for (const company of companies)
        company.moveTo({ services: running.server.services, truth: running.truth })
    }
    await judge(`round ${round}`)
  }
  await finish(running, companies)
  expect(companies.flatMap(({ strange }) => strange)).toEqual([])
  return { steps: ROUNDS * COMPANIES, crashes }
}

/** With people for everything, everything finds its agent: nothing was forgotten. */
const finish = async (running: Running, companies: readonly Company[]): Promise<void> => {
  await Promise.all(companies.map((company) => company.staffFully()))
  const waiting = () =>
    running.truth
      .conversations()
      .filter((one) => one.state === 'open' && one.assigned_agent_id === null)
  // Suggestions, rests after a rejection, and rings of those who do not look end.
  for (let round = 0; round < 8 && waiting().length > 0; round += 1) {
    await running.clock.advance(30_000)
    await rest(running, companies)
    await Promise.all(companies.map((company) => company.acceptAll()))
  }
  expect(waiting()).toEqual([])
  expect(running.truth.wrongs()).toEqual([])
}

it.each(Array.from({ length: WORLDS }, (_, index) => `model-${index}`))(
  '[RT40] every conversation is in one place and nothing is forgotten: %s',
  async (seed) => {
    const { steps, crashes } = await history(seed)
    expect(steps).toBe(ROUNDS * COMPANIES)
    expect(crashes).toBeGreaterThanOrEqual(0)
  },
)
