/** P9: one change of a conversation, seen by everybody who watches the account. */
import type { FanOutJob, FanOutResult } from '../load/job.ts'
import { median } from '../load/percentile.ts'
import type { BenchOptions } from '../options.ts'
import { figure, record, say, table, times } from '../report.ts'
import { runJob } from '../run-job.ts'
import { startProduct } from '../targets.ts'
import { caOf } from './shared.ts'

const MUST_MS = 300
const AIM_MS = 100

const judge = ({ missing, wrong }: FanOutResult) => {
  const reasons = [
    ...(missing > 0 ? [`${missing} changes were not shown to a watcher`] : []),
    ...(wrong > 0 ? [`${wrong} changes were shown twice`] : []),
  ]
  return { isValid: reasons.length === 0, reasons }
}

export const runFanOutScenario = async (options: BenchOptions): Promise<boolean> => {
  const { pin = false, tls, agentVersion, profileDir } = options
  const settings = {
    watchers: options.quick ? 50 : 500,
    changes: options.quick ? 10 : 60,
    everyMs: options.quick ? 50 : 250,
    agentVersion,
  }
  const agents = { count: settings.watchers, capacity: 0, roles: ['manager'] as const }
  await using running = await startProduct({
    pin,
    tls,
    agents,
    ...(profileDir ? { profileDir } : {}),
  })
  const job: FanOutJob = { load: 'fan-out', target: running.target, ...settings }
  const runs = options.runs ?? (options.quick ? 1 : 3)
  const results: FanOutResult[] = []
  let isValid = true
  for (let run = 1; run <= runs; run += 1) {
    const result = await runJob<FanOutResult>(job, { pin, ...caOf(running, tls) })
    const verdict = judge(result)
    record(options, {
      scenario: tls ? 'p9-tls' : 'p9',
      target: 'product',
      run,
      settings: { ...settings, pin, tls },
      result,
      verdict,
    })
    if (!verdict.isValid) say(`run ${run} is void: ${verdict.reasons.join('; ')}`)
    isValid &&= verdict.isValid
    results.push(result)
  }
  const lines = results.map((result, index) => ({
    run: index + 1,
    watchers: result.watchers,
    changes: result.changes,
    'each p50 / p99 / p99.9 / max ms': times(result.shownMs),
    'last of all p50 / p99 / p99.9 / max ms': times(result.lastMs),
    'server CPU ms per change': figure((result.costs.serverCpuSeconds / result.changes) * 1000),
  }))
  say(`\nP9 a change seen by all who watch the account\n${table(lines)}`)
  const p99 = median(results.map(({ shownMs }) => shownMs.p99))
  const reached = p99 <= AIM_MS ? 'aim reached' : p99 <= MUST_MS ? 'must reached' : 'MISSED'
  say(`median p99 ${figure(p99)} ms (must ${MUST_MS}, aim ${AIM_MS}: ${reached})`)
  return isValid
}
