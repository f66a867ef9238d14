/** What a stretch of a run costs, server and generator apart. Linux only: it reads `/proc`. */
import { readdirSync, readFileSync } from 'node:fs'
import type { Costs, Target } from './job.ts'

const TICKS_PER_SECOND = 100

const cpuOf = (statFile: string): number => {
  const stat = readFileSync(statFile, 'latin1')
  // The name in parentheses may hold blanks.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND
}

/** User and system time of all threads of a process. */
const cpuSeconds = (pid: number): number => cpuOf(`/proc/${pid}/stat`)

/** The same per thread, by its number and name; the first is the process's main thread. */
const threadSeconds = (pid: number): Map<string, number> => {
  const tasks = `/proc/${pid}/task`
  return new Map(
    readdirSync(tasks).map((thread) => {
      const name = readFileSync(`${tasks}/${thread}/comm`, 'latin1').trim()
      const label = Number(thread) === pid ? 'main' : `${thread} ${name}`
      return [label, cpuOf(`${tasks}/${thread}/stat`)]
    }),
  )
}

export const rssMb = (pid: number): number => {
  const status = readFileSync(`/proc/${pid}/status`, 'latin1')
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024
}

type ServerStats = { readonly commits?: number; readonly eventsAppended?: number }

const serverStats = async ({ statsUrl, statsToken }: Target): Promise<ServerStats | undefined> => {
  if (!statsUrl) return undefined
  const headers = statsToken ? { authorization: `Bearer ${statsToken}` } : undefined
  const response = await fetch(statsUrl, headers ? { headers } : {}).catch(() => undefined)
  if (!response?.ok) return undefined
  const body = (await response.json()) as ServerStats & { store?: ServerStats }
  return { ...body, ...body.store }
}

export class Meter {
  readonly #target: Target
  readonly #startedAt = performance.now()
  readonly #serverCpu: number
  readonly #threads: ReadonlyMap<string, number>
  readonly #ownCpu = process.cpuUsage()
  readonly #before: ServerStats | undefined

  private constructor(target: Target, before: ServerStats | undefined) {
    this.#target = target
    this.#before = before
    this.#serverCpu = cpuSeconds(target.pid)
    this.#threads = threadSeconds(target.pid)
  }

  static async start(target: Target): Promise<Meter> {
    return new Meter(target, await serverStats(target))
  }

  async stop(): Promise<Costs> {
    const seconds = (performance.now() - this.#startedAt) / 1000
    const own = process.cpuUsage(this.#ownCpu)
    const costs = {
      seconds,
      serverCpuSeconds: cpuSeconds(this.#target.pid) - this.#serverCpu,
      generatorCpuSeconds: (own.user + own.system) / 1e6,
      serverRssMb: rssMb(this.#target.pid),
      serverThreads: this.#threadCosts(),
    }
    const after = await serverStats(this.#target)
    const commits = (after?.commits ?? 0) - (this.#before?.commits ?? 0)
    if (!after || commits <= 0) return costs
    const events = (after.eventsAppended ?? 0) - (this.#before?.eventsAppended ?? 0)
    return {
      ...costs,
      flushesPerSecond: commits / seconds,
      eventsPerCommit: events / commits,
      serverStats: after,
    }
  }

  /** Threads that did something, busiest first. */
  #threadCosts(): Record<string, number> {
    const costs = [...threadSeconds(this.#target.pid)]
      .map(([thread, seconds]) => [thread, seconds - (this.#threads.get(thread) ?? 0)] as const)
      .filter(([, seconds]) => seconds > 0)
      .sort(([, one], [, other]) => other - one)
    return Object.fromEntries(costs)
  }
}
