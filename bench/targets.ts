/** Starts the servers under test, each as a process of its own on a data folder of its own. */
import type { ChildProcess } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Target } from './load/job.ts'
import { ACCOUNT, type AgentNeeds, prepare } from './prepare.ts'
import { startNode, stop, whenReady } from './processes.ts'

export const SERVER_CORE = 0
export const GENERATOR_CORE = 1

export interface TargetOptions {
  readonly pin: boolean
  readonly tls: boolean
  /** A folder for a CPU profile of the server. */
  readonly profileDir?: string
  readonly agents: AgentNeeds
  /** A folder that outlives the server; absent: a fresh one, removed with it. */
  readonly dataDir?: string
}

export interface RunningTarget extends AsyncDisposable {
  readonly target: Target
  readonly dataDir: string
}

/** The limits stay in the path; they are only set where no load of ours reaches them. */
const LIMITS = ['requestsPerSecond=100000', 'requestBurst=100000', 'signupsPerMinute=1000000']

const script = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

const freshDir = (): string => mkdtempSync(join(tmpdir(), 'ringdown-bench-'))

const disposing = (child: ChildProcess, dir: string, options: TargetOptions) => async () => {
  await stop(child)
  if (!options.dataDir) rmSync(dir, { recursive: true, force: true })
}

const coreOf = ({ pin }: TargetOptions) => (pin ? { core: SERVER_CORE } : {})

const hostAndPort = (authority: string) => ({
  host: '127.0.0.1',
  port: Number(authority.split(':').at(-1)),
})

/** The yardstick of minimal-server.ts. */
export const startMinimal = async (options: TargetOptions): Promise<RunningTarget> => {
  const dir = options.dataDir ?? freshDir()
  const readyFile = join(dir, 'ready.json')
  const args = ['--data', dir, '--ready-file', readyFile]
  const child = startNode(script('minimal-server.ts'), args, coreOf(options))
  const ready = await whenReady<{ pid: number; authority: string; logFile: string }>(
    child,
    readyFile,
  )
  return {
    dataDir: dir,
    target: {
      kind: 'minimal',
      address: hostAndPort(ready.authority),
      account: 'bench',
      pid: ready.pid,
      agents: [],
      statsUrl: `http://${ready.authority}/stats`,
      logFile: ready.logFile,
    },
    [Symbol.asyncDispose]: disposing(child, dir, options),
  }
}

interface ReadyFile {
  readonly pid: number
  readonly authority: string
  readonly ca?: string
}

/** The product, as `ringdown serve` starts it. */
export const startProduct = async (options: TargetOptions): Promise<RunningTarget> => {
  const dir = options.dataDir ?? freshDir()
  const readyFile = join(dir, 'ready.json')
  rmSync(readyFile, { force: true })
  const agents = await prepare(dir, options.agents)
  const args = ['serve', '--data', dir, '--port', '0', '--ready-file', readyFile]
  args.push('--log-level', 'warn', ...LIMITS.flatMap((limit) => ['--limit', limit]))
  args.push(options.tls ? '--dev' : '--plain-http')
  const profiling = options.profileDir ? ['--cpu-prof', `--cpu-prof-dir=${options.profileDir}`] : []
  const child = startNode(script('../packages/cli/bin/ringdown.mjs'), args, {
    ...coreOf(options),
    nodeArguments: profiling,
  })
  const ready = await whenReady<ReadyFile>(child, readyFile)
  const ca = options.tls && ready.ca ? { ca: readFileSync(ready.ca, 'utf8') } : {}
  const { adminToken } = JSON.parse(readFileSync(join(dir, 'server.json'), 'utf8')) as {
    adminToken: string
  }
  const address = { ...hostAndPort(ready.authority), ...ca }
  const origin = options.tls ? 'https://localhost' : 'http://127.0.0.1'
  return {
    dataDir: dir,
    target: {
      kind: 'product',
      address,
      account: ACCOUNT,
      pid: ready.pid,
      agents,
      statsUrl: `${origin}:${address.port}/ringdown/v1/stats`,
      statsToken: adminToken,
    },
    [Symbol.asyncDispose]: disposing(child, dir, options),
  }
}
