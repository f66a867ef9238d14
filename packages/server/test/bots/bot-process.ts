/** A bot in a process of its own: NODE_EXTRA_CA_CERTS counts only when a process starts with it. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Body, SdkConf } from './agent-sdk.ts'
import type { BotName } from './runner.ts'

const RUNNER = fileURLToPath(new URL('runner.ts', import.meta.url))

export interface BotEvent {
  readonly event: string
  readonly [field: string]: Body
}

type Wanted = (event: BotEvent) => boolean

interface Waiter {
  readonly wanted: Wanted
  readonly resolve: (event: BotEvent) => void
  readonly reject: (error: Error) => void
}

export interface BotOptions {
  readonly bot: BotName
  readonly conf: SdkConf
  /** Authority that the process trusts beside the well-known ones. */
  readonly caFile?: string
}

export class BotProcess implements AsyncDisposable {
  /** Everything that was told, in order. */
  readonly all: BotEvent[] = []
  /** What it wrote to its error output: warnings of Node, and the stack that ended it. */
  stderr = ''
  readonly exited: Promise<number | null>
  readonly #child: ChildProcessWithoutNullStreams
  readonly #untaken: BotEvent[] = []
  readonly #waiting = new Set<Waiter>()
  #lastId = 0
  #hasExited = false

  constructor({ bot, conf, caFile }: BotOptions) {
    const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env
    this.#child = spawn(process.execPath, [RUNNER, bot, JSON.stringify(conf)], {
      env: { ...env, ...(caFile !== undefined && { NODE_EXTRA_CA_CERTS: caFile }) },
    })
    this.#child.stderr.on('data', (data) => {
      this.stderr += String(data)
    })
    // A process that has died takes no commands any more; its exit says so.
    this.#child.stdin.on('error', () => {})
    const lines = createInterface({ input: this.#child.stdout })
    lines.on('line', (line) => this.#hear(JSON.parse(line) as BotEvent))
    this.exited = new Promise((resolve) => {
      this.#child.on('close', (code) => {
        this.#hasExited = true
        for (const { reject } of this.#waiting) reject(this.#death())
        this.#waiting.clear()
        resolve(code)
      })
    })
  }

  /** What the SDK called an error, so far. */
  get errors(): readonly BotEvent[] {
    return this.all.filter(({ event }) => event === 'error' || event === 'warn')
  }

  count(event: string): number {
    return this.all.filter((one) => one.event === event).length
  }

  /** The first event of this kind that no call of `next` has had yet. */
  next(wanted: string | Wanted): Promise<BotEvent> {
    const fits: Wanted = typeof wanted === 'string' ? ({ event }) => event === wanted : wanted
    const index = this.#untaken.findIndex(fits)
    if (index >= 0) return Promise.resolve(this.#untaken.splice(index, 1)[0] as BotEvent)
    if (this.#hasExited) return Promise.reject(this.#death())
    return new Promise((resolve, reject) => this.#waiting.add({ wanted: fits, resolve, reject }))
  }

  /** The next notification of this type, as the SDK hands it to its user. */
  async told(type: string, wanted: (body: Body) => boolean = () => true): Promise<Body> {
    const fits: Wanted = (one) =>
      one.event === 'told' && one['type'].endsWith(type) && wanted(one['body'])
    return (await this.next(fits))['body']
  }

  /** Calls a method of the SDK and waits for its callback. */
  async call(method: string, ...args: unknown[]): Promise<{ error: Body; body: Body }> {
    const id = this.tell(method, ...args)
    const answer = await this.next((one) => one.event === 'answer' && one['id'] === id)
    return { error: answer['error'], body: answer['body'] }
  }

  /** Has something done without waiting for it. */
  tell(call: string, ...args: unknown[]): number {
    this.#lastId += 1
    this.#child.stdin.write(`${JSON.stringify({ id: this.#lastId, call, args })}\n`)
    return this.#lastId
  }

  /** Ends the process as a crash does: nothing is said, nothing is closed. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL')
    await this.exited
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.stdin.end()
    await this.exited
  }

  #death(): Error {
    return new Error(`the bot's process has ended: ${this.stderr}`)
  }

  #hear(event: BotEvent): void {
    this.all.push(event)
    for (const waiter of this.#waiting)
      if (waiter.wanted(event)) {
        this.#waiting.delete(waiter)
        waiter.resolve(event)
        return
      }
    this.#untaken.push(event)
  }
}
