/** P1: as many messages as a hundred pairs can exchange, product and yardstick in turn. */
import type { ClosedJob, LoadResult } from '../load/job.ts'
import { median } from '../load/percentile.ts'
import type { BenchOptions } from '../options.ts'
import { figure, judgeRun, type Line, loadLine, record, say, table, times } from '../report.ts'
import { runJob } from '../run-job.ts'
import { type RunningTarget, startMinimal, startProduct } from '../targets.ts'
import { caOf } from './shared.ts'

const MUST = 0.6
const AIM = 0.85

type Name = 'product' | 'minimal'

const compare = (results: Readonly<Record<Name, LoadResult[]>>): void => {
  const rate = (name: Name) => median(results[name].map(({ perSecond }) => perSecond))
  const [product, minimal] = [rate('product'), rate('minimal')]
  const ratio = product / minimal
  const verdict = ratio >= AIM ? 'aim reached' : ratio >= MUST ? 'must reached' : 'MISSED'
  say(
    `medians: product ${figure(product)} msg/s, minimal ${figure(minimal)} msg/s, ` +
      `ratio ${ratio.toFixed(2)} (must ${MUST}, aim ${AIM}: ${verdict})`,
  )
}

export const runClosed = async (options: BenchOptions): Promise<boolean> => {
  const pairs = options.pairs ?? 100
  const runs = options.runs ?? (options.quick ? 1 : 5)
  const settings = {
    pairs,
    agents: pairs,
    metadata: options.metadata,
    agentVersion: options.agentVersion,
    warmUpSeconds: options.quick ? 1 : 2,
    seconds: options.seconds ?? (options.quick ? 3 : 6),
  } as const
  const { pin = false, tls, profileDir } = options
  const common = { pin, agents: { count: pairs, capacity: 5 } }
  await using minimal =
    options.only === 'product' ? undefined : await startMinimal({ ...common, tls: false })
  await using product =
    options.only === 'minimal'
      ? undefined
      : await startProduct({ ...common, tls, ...(profileDir ? { profileDir } : {}) })
  const targets = { product, minimal } satisfies Record<Name, RunningTarget | undefined>
  const results: Record<Name, LoadResult[]> = { product: [], minimal: [] }
  const lines: Line[] = []
  let isValid = true
  for (let run = 1; run <= runs; run++) {
    for (const name of ['product', 'minimal'] as const) {
      const running = targets[name]
      if (!running) continue
      const job: ClosedJob = { load: 'closed', target: running.target, ...settings }
      const result = await runJob<LoadResult>(job, { pin, ...caOf(running, tls) })
      const verdict = judgeRun(result)
      isValid &&= verdict.isValid
      results[name].push(result)
      lines.push(loadLine(name, run, result))
      record(options, {
        scenario: tls ? 'p1-tls' : 'p1',
        target: name,
        run,
        settings,
        result,
        verdict,
      })
      for (const reason of verdict.reasons) say(`VOID ${name} run ${run}: ${reason}`)
      say(`${name} run ${run}: ${figure(result.perSecond)} msg/s, ${times(result.latencyMs)} ms`)
    }
  }
  say(`\nP1 closed loop, ${pairs} pairs${tls ? ', product over TLS' : ''}\n${table(lines)}`)
  if (results.product.length > 0 && results.minimal.length > 0) compare(results)
  return isValid
}
