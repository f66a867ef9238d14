/** Runs the real executable, as a person would. */
import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect } from 'vitest'

const executable = fileURLToPath(new URL('../bin/ringdown.mjs', import.meta.url))

export interface Outcome {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

interface Surroundings {
  readonly env?: Readonly<Record<string, string>>
  readonly input?: string
}

const start = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  spawn(process.execPath, [executable, ...args], { env: { ...process.env, ...env } })

const collected = (child: ChildProcess): Promise<Outcome> => {
  let [stdout, stderr] = ['', '']
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, stdout, stderr }))
  })
}

/** One command, to its end. */
export const ringdown = (
  args: readonly string[],
  { env, input = '' }: Surroundings = {},
): Promise<Outcome> => {
  const child = start(args, env)
  child.stdin.end(input)
  return collected(child)
}

export interface ReadyFile {
  readonly pid: number
  readonly account?: string
  readonly authority: string
  readonly ca?: string
  readonly agents: readonly { loginName: string; password: string; userId: string }[]
}

export interface Served extends AsyncDisposable {
  readonly data: string
  readonly ready: ReadyFile
  readonly readyFile: string
  kill(signal: NodeJS.Signals): void
  /** Resolves when the process has ended. */
  readonly ended: Promise<Outcome>
}

export const temporaryFolder = () => mkdtemp(path.join(tmpdir(), 'ringdown-cli-'))

/** A server on a free port; resolves with what it wrote to its ready file. */
export const served = async (data: string, ...args: readonly string[]): Promise<Served> => {
  const readyFile = path.join(data, 'ready.json')
  const child = start(['serve', '--port', '0', '--data', data, '--ready-file', readyFile, ...args])
  const ended = collected(child)
  await new Promise<void>((resolve, reject) => {
    child.stdout.on('data', (text: string) => {
      if (/Ctrl-C stops the server|"msg":"started"/.test(text)) resolve()
    })
    void ended.then(({ code, stdout, stderr }) =>
      reject(new Error(`the server ended with ${code}\n${stdout}\n${stderr}`)),
    )
  })
  return {
    data,
    readyFile,
    ready: JSON.parse(readFileSync(readyFile, 'utf8')) as ReadyFile,
    kill: (signal) => child.kill(signal),
    ended,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL')
      await ended
    },
  }
}

export const removeFolder = (folder: string) => rm(folder, { recursive: true, force: true })

/** A server for all tests of a file, and commands that find it by its data folder. */
export class SharedServer {
  folder = ''
  server!: Served

  constructor(...args: readonly string[]) {
    beforeAll(async () => {
      this.folder = await temporaryFolder()
      this.server = await served(this.folder, ...args)
    })
    afterAll(async () => {
      await this.server[Symbol.asyncDispose]()
      await removeFolder(this.folder)
    })
  }

  at(...names: readonly string[]): string {
    return path.join(this.folder, ...names)
  }

  run(...args: readonly string[]): Promise<Outcome> {
    return ringdown([...args, '--data', this.folder])
  }

  /** The JSON that a verb prints. */
  async json(...args: readonly string[]) {
    const { code, stdout, stderr } = await this.run(...args, '--json')
    expect([code, stderr]).toEqual([0, ''])
    return stdout === '' ? undefined : JSON.parse(stdout)
  }
}
