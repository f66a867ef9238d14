/** Prints a table for people and one JSON line per run for machines. */
import { appendFileSync } from 'node:fs'
import type { LoadResult } from './load/job.ts'
import type { Spread } from './load/percentile.ts'
import { machine, versions } from './machine.ts'
import type { BenchOptions } from './options.ts'

export type Cell = string | number
export type Line = Readonly<Record<string, Cell>>

/** Three significant digits, thousands grouped. */
export const figure = (value: number | undefined): string => {
  if (value === undefined || Number.isNaN(value)) return '–'
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString('en-US')
  return String(Number(value.toPrecision(3)))
}

export const times = ({ p50, p99, p999, max }: Spread): string =>
  [p50, p99, p999, max].map(figure).join(' / ')

export const table = (lines: readonly Line[]): string => {
  const names = [...new Set(lines.flatMap((line) => Object.keys(line)))]
  const rows = [names, ...lines.map((line) => names.map((name) => String(line[name] ?? '')))]
  const widths = names.map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)))
  const text = rows.map(
    (row) => `| ${row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(' | ')} |`,
  )
  text.splice(1, 0, `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`)
  return text.join('\n')
}

export interface Verdict {
  /** False: the figure is void, or a promise was broken. */
  readonly isValid: boolean
  readonly reasons: readonly string[]
}

const MAX_LAG_MS = 1

/** Why the figure of a load run would not count. */
export const judgeRun = (result: LoadResult): Verdict => {
  const { history, isSettled, strangers, refusals, lagMs } = result
  const reasons = [
    ...history.violations.slice(0, 5).map(({ rule, detail }) => `history: ${rule}: ${detail}`),
    ...(isSettled ? [] : ['not everything sent was answered and shown to both sides']),
    ...(strangers > 0 ? [`${strangers} events that nobody sent`] : []),
    ...Object.entries(refusals).map(([code, count]) => `${count} publishes answered ${code}`),
    ...(lagMs && lagMs.p99 > MAX_LAG_MS ? [`generator late: ${figure(lagMs.p99)} ms at p99`] : []),
  ]
  return { isValid: reasons.length === 0, reasons }
}

/** One line of JSON with everything that is needed to repeat the run. */
export const record = (
  options: BenchOptions,
  entry: {
    scenario: string
    target: string
    run: number
    settings: unknown
    result: unknown
    verdict: Verdict
  },
): void => {
  const line = JSON.stringify({
    at: new Date().toISOString(),
    ...entry,
    versions: versions(),
    machine: machine(),
  })
  process.stdout.write(`${line}\n`)
  if (options.out) appendFileSync(options.out, `${line}\n`)
}

export const say = (text: string): void => {
  process.stdout.write(`${text}\n`)
}

/** The columns that closed and open loop share. */
export const loadLine = (target: string, run: number, result: LoadResult): Line => {
  const { costs, messages } = result
  const perThousand = (seconds: number) => figure((seconds / messages) * 1000)
  return {
    server: target,
    run,
    'msg/s': figure(result.perSecond),
    'p50 / p99 / p99.9 / max ms': times(result.latencyMs),
    ...(result.lagMs ? { 'lag p99 ms': figure(result.lagMs.p99) } : {}),
    'server CPU s/1,000': perThousand(costs.serverCpuSeconds),
    'generator CPU s/1,000': perThousand(costs.generatorCpuSeconds),
    'flushes/s': figure(costs.flushesPerSecond),
    'events/commit': figure(costs.eventsPerCommit),
    'RSS MB': figure(costs.serverRssMb),
    history: result.history.isClean ? `clean (${result.history.counts.delivered} shown)` : 'BROKEN',
  }
}
