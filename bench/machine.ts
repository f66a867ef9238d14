/** What has to be known to repeat a figure. */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { availableParallelism, cpus, loadavg, release, totalmem } from 'node:os'
import { websocketVersion } from './websocket.ts'

const git = (...args: string[]): string =>
  spawnSync('git', args, { encoding: 'utf8' }).stdout.trim()

const distribution = (): string => {
  try {
    return /PRETTY_NAME="(.*)"/.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? 'unknown'
  } catch {
    return 'unknown'
  }
}

export const machine = () => ({
  cpu: cpus()[0]?.model ?? 'unknown',
  cores: availableParallelism(),
  memoryGb: Math.round(totalmem() / 2 ** 30),
  system: `${distribution()}, Linux ${release()}`,
  load: loadavg().map((value) => Math.round(value * 100) / 100),
})

export const versions = () => ({
  node: process.version,
  ws: websocketVersion,
  commit: git('rev-parse', '--short', 'HEAD') || 'unknown',
  isClean: git('status', '--porcelain') === '',
})
