/** P5: what a connection costs that says nothing. */
import type { IdleJob, IdleResult } from '../load/job.ts'
import type { BenchOptions } from '../options.ts'
import { figure, record, say, table } from '../report.ts'
import { runJob } from '../run-job.ts'
import { startMinimal, startProduct } from '../targets.ts'
import { caOf } from './shared.ts'

const MUST_KB = 25
const AIM_KB = 12

export const runIdleScenario = async (options: BenchOptions): Promise<boolean> => {
  const { pin = true, tls } = options
  const settings = {
    connections: options.connections ?? (options.quick ? 500 : 10_000),
    before: options.quick ? 50 : 500,
    settleSeconds: options.quick ? 1 : 5,
  }
  const start = options.only === 'minimal' ? startMinimal : startProduct
  await using running = await start({ pin, tls, agents: { count: 0, capacity: 0 } })
  const job: IdleJob = { load: 'idle', target: running.target, ...settings }
  const result = await runJob<IdleResult>(job, { pin, ...caOf(running, tls) })
  const verdict = {
    isValid: result.lost === 0,
    reasons: result.lost > 0 ? [`${result.lost} connections were lost`] : [],
  }
  const scenario = tls ? 'p5-tls' : 'p5'
  record(options, {
    scenario,
    target: running.target.kind,
    run: 1,
    settings: { ...settings, pin, tls },
    result,
    verdict,
  })
  const line = {
    connections: result.connections,
    'KB each': figure(result.perConnectionKb),
    'RSS before MB': figure(result.rssBeforeMb),
    'RSS after MB': figure(result.rssAfterMb),
    'set up /s': figure(result.connectsPerSecond),
    lost: result.lost,
  }
  const kb = result.perConnectionKb
  const reached = kb <= AIM_KB ? 'aim reached' : kb <= MUST_KB ? 'must reached' : 'MISSED'
  say(`\nP5 idle connections${tls ? ' over TLS' : ''}\n${table([line])}`)
  say(`${figure(kb)} KB each (must ${MUST_KB}, aim ${AIM_KB}: ${reached})`)
  return verdict.isValid
}
