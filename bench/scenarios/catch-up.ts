/**
 * P6: whether coming back costs more the more is stored. Two stores, one of 10,000 events and a
 * large one; in each the same number of consumers fetch the last 100 events of their dialogs. The
 * first visit of each dialog after a start is a figure of its own (the cold one, with `--cold`).
 */
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { CatchUpJob, CatchUpResult, Owner, OwnersResult } from '../load/job.ts'
import type { BenchOptions } from '../options.ts'
import { startNode } from '../processes.ts'
import { figure, type Line, record, say, table, times } from '../report.ts'
import { runJob } from '../run-job.ts'
import { startProduct } from '../targets.ts'
import { caOf } from './shared.ts'

const MUST_MS = 5
const MUST_RATIO = 1.5
const PER_DIALOG = 100
const SMALL = 10_000
/** Dialogs that the warm figure visits again and again, in both stores. */
const READERS = SMALL / PER_DIALOG
const SAMPLES = 2_000
const DATABASE = 'ringdown.db'

interface Store {
  readonly events: number
  readonly owners: number
}

const fill = async (dir: string, events: number, owners: readonly Owner[]): Promise<void> => {
  const list = join(dir, 'bench-dialogs.json')
  writeFileSync(list, JSON.stringify(owners.map(({ dialogId }) => dialogId)))
  const script = fileURLToPath(new URL('../load-events.ts', import.meta.url))
  const args = ['--database', join(dir, DATABASE), '--events', String(events)]
  const child = startNode(
    script,
    [...args, '--per-dialog', String(PER_DIALOG), '--dialogs', list],
    {},
  )
  const [code] = await once(child, 'exit')
  if (code !== 0) throw new Error(`filling the store ended with ${code}`)
}

/** Empties the page cache where the system lets us; says whether it did. */
const dropCaches = (): boolean => {
  try {
    writeFileSync('/proc/sys/vm/drop_caches', '3')
    return true
  } catch {
    return false
  }
}

const measure = async (dir: string, { events, owners: count }: Store, options: BenchOptions) => {
  const { pin = true, tls } = options
  const common = { pin, tls, dataDir: dir, agents: { count: 0, capacity: 0 } }
  let owners: readonly Owner[]
  {
    await using running = await startProduct(common)
    const job = { load: 'owners', target: running.target, count } as const
    owners = (await runJob<OwnersResult>(job, { pin, ...caOf(running, tls) })).owners
  }
  await fill(dir, events, owners)
  const isCold = options.cold && dropCaches()
  const startedAt = performance.now()
  await using running = await startProduct(common)
  const startMs = performance.now() - startedAt
  const job: CatchUpJob = {
    load: 'catch-up',
    target: running.target,
    owners,
    tail: PER_DIALOG - 1,
    behind: PER_DIALOG,
    rounds: 1 + Math.max(2, Math.ceil(SAMPLES / count)),
    concurrency: 1,
  }
  const result = await runJob<CatchUpResult>(job, { pin, ...caOf(running, tls) })
  const { owners: _, target, ...settings } = job
  const verdict = {
    isValid: result.wrong === 0,
    reasons: result.wrong > 0 ? [`${result.wrong} catch-ups had gaps or repeats`] : [],
  }
  const stated = { ...settings, pin, tls, events, dialogsRead: count, isCold, startMs }
  const scenario = tls ? 'p6-tls' : 'p6'
  record(options, { scenario, target: target.kind, run: 1, settings: stated, result, verdict })
  return { result, isCold, startMs, isValid: verdict.isValid }
}

type Measured = Awaited<ReturnType<typeof measure>>

const lineOf = ({ events, owners }: Store, { result, isCold, startMs }: Measured): Line => ({
  'events stored': figure(events),
  'dialogs read': owners,
  'warm p50 / p99 / p99.9 / max ms': times(result.latencyMs),
  [isCold ? 'cold p50 / p99 / p99.9 / max ms' : 'first visit p50 / p99 / p99.9 / max ms']: times(
    result.firstMs,
  ),
  'start ms': figure(startMs),
  wrong: result.wrong,
})

export const runCatchUpScenario = async (options: BenchOptions): Promise<boolean> => {
  const large = options.events ?? (options.quick ? 200_000 : 10_000_000)
  const stores: Store[] = [
    { events: SMALL, owners: READERS },
    { events: large, owners: READERS },
    { events: large, owners: Math.min(2_000, large / PER_DIALOG / 2) },
  ]
  const measured: Measured[] = []
  for (const store of stores) {
    const dir = mkdtempSync(join(tmpdir(), 'ringdown-bench-'))
    try {
      measured.push(await measure(dir, store, options))
    } finally {
      rmSync(dir, { recursive: true, force: true })
    }
  }
  say(`\nP6 catch-up of ${PER_DIALOG} events, one at a time`)
  say(table(measured.map((one, i) => lineOf(stores[i] as Store, one))))
  const [small, big] = measured.map(({ result }) => result.latencyMs.p99) as [number, number]
  const isReached = big <= MUST_MS && big / small <= MUST_RATIO
  say(
    `warm p99 ${figure(big)} ms (must ${MUST_MS}), ${(big / small).toFixed(2)}× of the small store ` +
      `(must ${MUST_RATIO}): ${isReached ? 'reached' : 'MISSED'}`,
  )
  return measured.every(({ isValid }) => isValid)
}
