/**
 * Sums up CPU profiles: where each thread of the server spent its time, by file and by function.
 *
 * Usage: node bench/profile.ts DIR [MESSAGES]
 * With the number of messages of the run it prints microseconds per message as well.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { figure, type Line, say, table } from './report.ts'

interface Profile {
  readonly nodes: readonly {
    readonly id: number
    readonly callFrame: {
      readonly functionName: string
      readonly url: string
      readonly lineNumber: number
    }
  }[]
  readonly samples: readonly number[]
  readonly timeDeltas: readonly number[]
}

const TOP = 30
const IDLE = new Set(['(idle)', '(root)'])

const shortName = (url: string): string =>
  url === ''
    ? '(native)'
    : url.replace(/^.*\/(?=packages\/|node_modules\/)/, '').replace(/^file:\/\//, '')

/** Microseconds by name, without idle time. */
export const selfTimes = (
  profile: Profile,
  nameOf: (frame: Profile['nodes'][number]['callFrame']) => string,
) => {
  const frames = new Map(profile.nodes.map(({ id, callFrame }) => [id, callFrame]))
  const times = new Map<string, number>()
  for (const [i, id] of profile.samples.entries()) {
    const frame = frames.get(id)
    if (!frame || IDLE.has(frame.functionName)) continue
    const name = nameOf(frame)
    times.set(name, (times.get(name) ?? 0) + (profile.timeDeltas[i] ?? 0))
  }
  return times
}

const lines = (times: ReadonlyMap<string, number>, messages: number | undefined): Line[] => {
  const total = [...times.values()].reduce((sum, time) => sum + time, 0)
  const sorted = [...times].sort(([, one], [, other]) => other - one)
  return sorted.slice(0, TOP).map(([name, time]) => ({
    share: `${((100 * time) / total).toFixed(1)} %`,
    ...(messages ? { 'µs/message': figure(time / messages) } : {}),
    where: name,
  }))
}

if (import.meta.main) {
  const [dir = '.', count] = process.argv.slice(2)
  const messages = count === undefined ? undefined : Number(count)
  for (const file of readdirSync(dir).filter((name) => name.endsWith('.cpuprofile'))) {
    const profile = JSON.parse(readFileSync(join(dir, file), 'utf8')) as Profile
    const byFile = selfTimes(profile, ({ functionName, url }) =>
      functionName.startsWith('(') ? functionName : shortName(url),
    )
    const byFunction = selfTimes(
      profile,
      ({ functionName, url, lineNumber }) =>
        `${functionName || '(anonymous)'} ${shortName(url)}:${lineNumber + 1}`,
    )
    const total = [...byFile.values()].reduce((sum, time) => sum + time, 0)
    say(`\n${file}: ${figure(total / 1e6)} s busy\n\n${table(lines(byFile, messages))}\n`)
    say(table(lines(byFunction, messages)))
  }
}
