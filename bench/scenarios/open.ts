/** P3 and P4: a fixed rate of messages on a thousand connections, whatever the server does. */
import type { LoadResult, OpenJob } from '../load/job.ts'
import { median } from '../load/percentile.ts'
import type { BenchOptions } from '../options.ts'
import { figure, judgeRun, type Line, loadLine, record, say, table, times } from '../report.ts'
import { runJob } from '../run-job.ts'
import { startMinimal, startProduct } from '../targets.ts'
import { caOf } from './shared.ts'

export interface OpenScenario {
  readonly name: string
  readonly perSecond: number
  readonly mustMs: number
  readonly aimMs: number
}

export const p3: OpenScenario = { name: 'p3', perSecond: 500, mustMs: 10, aimMs: 2 }
export const p4: OpenScenario = { name: 'p4', perSecond: 4000, mustMs: 25, aimMs: 10 }

/** Few agents carry many conversations each, as in a real contact centre. */
const AGENTS = 100
const CONSUMERS = 900

export const runOpen = async (scenario: OpenScenario, options: BenchOptions): Promise<boolean> => {
  const { pin = false, tls, profileDir } = options
  const runs = options.runs ?? (options.quick ? 1 : 3)
  const scale = options.quick ? 0.1 : 1
  const settings = {
    pairs: CONSUMERS * scale,
    agents: AGENTS * scale,
    metadata: options.metadata,
    agentVersion: options.agentVersion,
    perSecond: scenario.perSecond,
    arrivals: options.arrivals,
    warmUpSeconds: options.quick ? 1 : 3,
    seconds: options.seconds ?? (options.quick ? 3 : 15),
  } as const
  const agents = {
    count: settings.agents,
    capacity: Math.ceil(settings.pairs / settings.agents) + 2,
  }
  const start = options.only === 'minimal' ? startMinimal : startProduct
  await using running = await start({ pin, tls, agents, ...(profileDir ? { profileDir } : {}) })
  const results: LoadResult[] = []
  const lines: Line[] = []
  let isValid = true
  for (let run = 1; run <= runs; run++) {
    const job: OpenJob = { load: 'open', target: running.target, seed: run, ...settings }
    const result = await runJob<LoadResult>(job, { pin, ...caOf(running, tls) })
    const verdict = judgeRun(result)
    isValid &&= verdict.isValid
    results.push(result)
    lines.push({
      ...loadLine(running.target.kind, run, result),
      'shown p50 / p99 / p99.9 / max ms': result.deliveryMs ? times(result.deliveryMs) : '',
    })
    const { name } = scenario
    const target = running.target.kind
    record(options, {
      scenario: tls ? `${name}-tls` : name,
      target,
      run,
      settings,
      result,
      verdict,
    })
    for (const reason of verdict.reasons) say(`VOID run ${run}: ${reason}`)
  }
  const p99 = median(results.map(({ latencyMs }) => latencyMs.p99))
  const reached =
    p99 <= scenario.aimMs ? 'aim reached' : p99 <= scenario.mustMs ? 'must reached' : 'MISSED'
  const connections = settings.pairs + settings.agents
  const title = `${scenario.name.toUpperCase()} open loop, ${scenario.perSecond} msg/s, ${connections} connections`
  say(`\n${title}\n${table(lines)}`)
  say(`median p99 ${figure(p99)} ms (must ${scenario.mustMs}, aim ${scenario.aimMs}: ${reached})`)
  return isValid
}
