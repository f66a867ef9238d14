/** Starts `serve.ts` as a child, tells when it is ready and how it ended, and never leaves it behind. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bundledServer, COMPILED } from './bundle.ts'
import type { Ready, ServeOptions } from './serve.ts'

export const ADMIN_TOKEN = 'reliability-administration-token'

export interface ProcessOptions extends Omit<ServeOptions, 'adminToken'> {
  /** A program that runs the server, with its arguments, such as a tracer. */
  readonly under?: readonly string[]
  /** Modules that are loaded first, in every thread. */
  readonly preload?: readonly string[]
}

export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

/** A folder that goes with the test. */
export const temporaryFolder = (): { path: string } & AsyncDisposable => {
  const path = mkdtempSync(join(tmpdir(), 'ringdown-reliability-'))
  return {
    path,
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }),
  }
}

export class ServerProcess implements AsyncDisposable {
  readonly ended: Promise<Ended>
  readonly #child: ChildProcess
  readonly #waiting = new Set<{ text: string; resolve: () => void }>()
  readonly #ready = Promise.withResolvers<Ready>()
  #isOver = false
  #pid: number | undefined
  #port = 0
  log = ''

  private constructor(script: string, { under = [], preload = [], ...options }: ProcessOptions) {
    const [program, ...before] = [...under, process.execPath]
    const argument = JSON.stringify({ ...options, adminToken: ADMIN_TOKEN })
    const imports = preload.flatMap((module) => ['--import', module])
    this.#child = spawn(program!, [...before, ...imports, script, argument], {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...process.env, NODE_OPTIONS: '', NODE_COMPILE_CACHE: COMPILED },
    })
    this.#pid = under.length === 0 ? this.#child.pid : undefined
    this.#child.stdin!.on('error', () => {})
    this.#child.stdout!.setEncoding('utf8').on('data', (text: string) => this.#hear(text))
    this.#child.stderr!.setEncoding('utf8').on('data', (text: string) => this.#note(text))
    this.ended = new Promise((resolve) => {
      this.#child.once('close', (code, signal) => {
        this.#isOver = true
        this.#ready.reject(
          new Error(`ended with ${code ?? signal} before it was ready: ${this.log}`),
        )
        resolve({ code, signal })
      })
    })
    this.#ready.promise.catch(() => {})
  }

  /** Begun, and not waited for. */
  static async begin(options: ProcessOptions): Promise<ServerProcess> {
    return new ServerProcess(await bundledServer(), options)
  }

  static async start(options: ProcessOptions): Promise<ServerProcess> {
    const server = await ServerProcess.begin(options)
    return server.ready()
  }

  /** Loaded and waiting; `ready` opens the store. */
  static standby(options: ProcessOptions): Promise<ServerProcess> {
    return ServerProcess.begin({ ...options, waits: true })
  }

  async ready(): Promise<this> {
    this.#child.stdin!.write('go\n')
    const { port, pid } = await this.#ready.promise
    this.#port = port
    this.#pid = pid
    return this
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`
  }

  get port(): number {
    return this.#port
  }

  get pid(): number {
    return this.#pid!
  }

  /** Signals the server itself, not the program that it runs under. */
  kill(signal: NodeJS.Signals): void {
    if (!this.#isOver) process.kill(this.pid, signal)
  }

  /** Resolves when the log holds the text. */
  said(text: string): Promise<void> {
    if (this.log.includes(text)) return Promise.resolve()
    return new Promise((resolve) => this.#waiting.add({ text, resolve }))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#isOver) return
    if (this.#pid === undefined) this.#child.stdin!.end()
    else this.kill('SIGKILL')
    await this.ended
  }

  #hear(text: string): void {
    this.#ready.resolve(JSON.parse(text) as Ready)
  }

  #note(text: string): void {
    this.log += text
    for (const waiter of this.#waiting)
      if (this.log.includes(waiter.text)) {
        this.#waiting.delete(waiter)
        waiter.resolve()
      }
  }
}
