/** Child processes of a bench run: pinned to a core, ended by their own id, never left behind. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { setTimeout as pause } from 'node:timers/promises'

const children = new Set<ChildProcess>()

process.on('exit', () => {
  for (const child of children) child.kill('SIGKILL')
})
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(130))

const canPin = availableParallelism() > 1 && spawnSync('taskset', ['--version']).status === 0
const canHurry = spawnSync('chrt', ['-f', '1', 'true']).status === 0

export interface ChildOptions {
  /** The core to run on; absent: anywhere. */
  readonly core?: number
  /** Runs before others as soon as it is due, where the system lets it. */
  readonly isPrompt?: boolean
  readonly env?: NodeJS.ProcessEnv
  readonly nodeArguments?: readonly string[]
  readonly withChannel?: boolean
}

/** Starts a Node program. Its id is the program's own, pinned or not. */
export const startNode = (
  script: string,
  args: readonly string[],
  options: ChildOptions,
): ChildProcess => {
  const node = [process.execPath, ...(options.nodeArguments ?? []), script, ...args]
  const pin = options.core !== undefined && canPin ? ['taskset', '-c', String(options.core)] : []
  const prompt = options.isPrompt && canHurry ? ['chrt', '-f', '1'] : []
  const [command, ...rest] = [...pin, ...prompt, ...node] as [string, ...string[]]
  const child = spawn(command, rest, {
    stdio: ['ignore', 'ignore', 'inherit', ...(options.withChannel ? (['ipc'] as const) : [])],
    env: { ...process.env, ...options.env },
  })
  children.add(child)
  child.once('exit', () => children.delete(child))
  return child
}

const exited = (child: ChildProcess): Promise<void> =>
  child.exitCode !== null || child.signalCode !== null
    ? Promise.resolve()
    : new Promise((resolve) => {
        child.once('exit', () => resolve())
      })

const GRACE_MS = 20_000

/** Asks politely, then insists. */
export const stop = async (child: ChildProcess): Promise<void> => {
  child.kill('SIGTERM')
  const insist = setTimeout(() => child.kill('SIGKILL'), GRACE_MS)
  await exited(child)
  clearTimeout(insist)
}

const READY_MS = 60_000
const POLL_MS = 10

/** What a server writes about itself once it accepts connections. */
export const whenReady = async <Ready>(child: ChildProcess, file: string): Promise<Ready> => {
  const deadline = performance.now() + READY_MS
  while (performance.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}`)
    try {
      return JSON.parse(readFileSync(file, 'utf8')) as Ready
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    }
    await pause(POLL_MS)
  }
  throw new Error(`the server was not ready within ${READY_MS / 1000} s`)
}
