/** What a reader of the tutorials has: a server, the shell with its tools, and an agent at work. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { SocketClient } from '@ringdown/server/testing'

const RINGDOWN = fileURLToPath(new URL('../../bin/ringdown.mjs', import.meta.url))

interface ReadyFile {
  readonly account: string
  readonly authority: string
  readonly ca: string
  readonly agents: readonly { loginName: string; password: string; userId: string }[]
}

export interface Frame {
  readonly kind: string
  readonly type: string
  readonly reqId?: string
  readonly code?: number
  // biome-ignore lint/suspicious/noExplicitAny: a test reads what it expects to find
  readonly body?: any
}

const start = (args: readonly string[], env: NodeJS.ProcessEnv = {}): ChildProcess =>
  spawn(process.execPath, [RINGDOWN, ...args], {
    env: { ...process.env, NO_COLOR: '1', ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  })

/** A shell in which a line at a time is typed. */
export class TutorialShell implements AsyncDisposable {
  readonly frames: Frame[] = []
  readonly #child: ChildProcess
  readonly #waiting = new Set<(frame: Frame) => boolean>()
  stderr = ''

  constructor(child: ChildProcess) {
    this.#child = child
    child.stderr?.on('data', (text) => {
      this.stderr += text
    })
    createInterface({ input: child.stdout! }).on('line', (line) => this.#read(line))
  }

  /** Types a line, as into wscat's prompt. */
  type(line: string): void {
    this.#child.stdin?.write(`${line}\n`)
  }

  /** The next frame that wscat prints and that fits. */
  shows(fits: (frame: Frame) => boolean): Promise<Frame> {
    const at = this.frames.findIndex(fits)
    if (at >= 0) return Promise.resolve(this.frames.splice(at, 1)[0] as Frame)
    return new Promise((resolve, reject) => {
      const offer = (frame: Frame): boolean => {
        if (!fits(frame)) return false
        this.#waiting.delete(offer)
        resolve(frame)
        return true
      }
      this.#waiting.add(offer)
      this.#child.once('exit', () => reject(new Error(`the shell ended: ${this.stderr}`)))
    })
  }

  #read(line: string): void {
    const json = /\{.*\}/.exec(line)?.[0]
    if (json === undefined) return
    const frame = JSON.parse(json) as Frame
    for (const offer of this.#waiting) if (offer(frame)) return
    this.frames.push(frame)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = once(this.#child, 'exit')
    if (this.#child.exitCode !== null) return
    this.#child.stdin?.end()
    await ended
  }
}

export class Tutorial implements AsyncDisposable {
  readonly ready: ReadyFile
  readonly folder: string
  readonly #server: ChildProcess

  private constructor(folder: string, server: ChildProcess) {
    this.folder = folder
    this.ready = JSON.parse(readFileSync(path.join(folder, 'ready.json'), 'utf8')) as ReadyFile
    this.#server = server
  }

  /** Runs `ringdown serve --dev` and waits for its banner. */
  static async begin(): Promise<Tutorial> {
    const folder = mkdtempSync(path.join(tmpdir(), 'ringdown-tutorial-'))
    const ready = path.join(folder, 'ready.json')
    const data = path.join(folder, 'data')
    const server = start(['serve', '--dev', '--data', data, '--port', '0', '--ready-file', ready])
    let output = ''
    server.stderr?.on('data', (text) => {
      output += text
    })
    await new Promise<void>((resolve, reject) => {
      server.once('exit', (code) => reject(new Error(`serve ended with ${code}: ${output}`)))
      createInterface({ input: server.stdout! }).on('line', (line) => {
        output += line
        if (line.includes('ringdown shell')) resolve()
      })
    })
    return new Tutorial(folder, server)
  }

  /** Runs one command line in the shell and returns what it printed. */
  async run(command: string, options: readonly string[] = []): Promise<string> {
    const shell = start([
      'shell',
      '--data',
      path.join(this.folder, 'data'),
      ...options,
      '-c',
      command,
    ])
    let output = ''
    let errors = ''
    shell.stdout?.on('data', (text) => {
      output += text
    })
    shell.stderr?.on('data', (text) => {
      errors += text
    })
    const [code] = await once(shell, 'close')
    if (code !== 0) throw new Error(`${command} ended with ${code}: ${errors}`)
    return output
  }

  /** Starts a command line and leaves it open for typing. */
  open(command: string, options: readonly string[] = []): TutorialShell {
    return new TutorialShell(
      start(['shell', '--data', path.join(this.folder, 'data'), ...options, '-c', command]),
    )
  }

  /** Ana at her workspace: logged in, online, told of rings and of her conversations. */
  async agent(): Promise<SocketClient> {
    const { account, authority, agents } = this.ready
    const ca = readFileSync(this.ready.ca, 'utf8')
    const { loginName: username, password } = agents.find(({ loginName }) => loginName === 'ana')!
    const { bearer } = (await this.#post(`/api/account/${account}/login?v=1.3`, {
      username,
      password,
    })) as { bearer: string }
    const url = `wss://${authority}/ws_api/account/${account}/messaging/brand/${bearer}?v=2.1`
    const socket = await SocketClient.open(url, { ca })
    await socket.request('.ams.routing.SetAgentState', { availability: 'ONLINE' })
    await socket.request('.ams.aam.SubscribeExConversations', { convState: ['OPEN'] })
    await socket.request('.ams.routing.SubscribeRoutingTasks', {})
    return socket
  }

  async #post(url: string, body: unknown): Promise<unknown> {
    const [host = '', port] = this.ready.authority.split(':')
    const ca = readFileSync(this.ready.ca, 'utf8')
    const { promise, resolve, reject } = Promise.withResolvers<unknown>()
    const headers = { 'content-type': 'application/json' }
    const sent = request({ host, port, path: url, method: 'POST', headers, ca }, async (answer) => {
      let text = ''
      for await (const chunk of answer) text += chunk
      resolve(JSON.parse(text))
    })
    sent.on('error', reject)
    sent.end(JSON.stringify(body))
    return promise
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = once(this.#server, 'exit')
    this.#server.kill('SIGTERM')
    await ended
    rmSync(this.folder, { recursive: true, force: true })
  }
}

/** Waits for the ring of a conversation and accepts it, as a click on Accept does. */
export const acceptRing = async (agent: SocketClient, conversationId: string): Promise<void> => {
  const ring = await agent.next(
    ({ type, body }) =>
      type === '.ams.routing.RoutingTaskNotification' &&
      body.changes[0]?.result.conversationId === conversationId &&
      body.changes[0].result.ringsDetails[0].ringState === 'WAITING',
  )
  const { ringId } = ring.body.changes[0].result.ringsDetails[0]
  await agent.request('.ams.routing.UpdateRingState', { ringId, ringState: 'ACCEPTED' })
}
