/**
 * A client that behaves on the wire as the SDK's later versions do, which npm does not have: it looks
 * its socket's service up as `facadeMsg`, refreshes by itself, and when a refresh is refused logs in
 * again and makes its connection anew. Bots on it reconnect whenever they are told of a close.
 */
import type { ManualClock, SocketClient, TestAgent, TestServer } from '../../src/testing/index.ts'

interface Session {
  readonly bearer: string
  readonly csrf: string
  readonly cookie: string
}

interface Looked {
  readonly baseURIs: readonly { readonly service: string; readonly baseURI: string }[]
}

export class NewerSdk implements AsyncDisposable {
  logins = 0
  connections = 0
  readonly closes: number[] = []
  readonly refreshes: number[] = []
  readonly #server: TestServer
  readonly #agent: TestAgent & { readonly accountId: string }
  readonly #clock: ManualClock
  readonly #refreshMs: number
  #session: Session | undefined
  #socket: SocketClient | undefined
  #refreshing: Disposable | undefined
  #isDisposed = false
  #work: Promise<void> = Promise.resolve()

  constructor(
    server: TestServer,
    agent: TestAgent & { readonly accountId: string },
    { clock, refreshMs }: { clock: ManualClock; refreshMs: number },
  ) {
    this.#server = server
    this.#agent = agent
    this.#clock = clock
    this.#refreshMs = refreshMs
  }

  get socket(): SocketClient {
    if (!this.#socket) throw new Error('not connected')
    return this.#socket
  }

  async connect(): Promise<void> {
    const { accountId } = this.#agent
    const url = `${this.#server.url}/api/account/${accountId}/service/baseURI.json?version=1.0`
    const { baseURIs } = (await (await fetch(url)).json()) as Looked
    const found = baseURIs.find(({ service }) => service === 'facadeMsg')
    if (!found) throw new Error('wss://undefined')
    await this.#logIn()
    await this.#open()
  }

  /** Everything that was begun is over. */
  settled(): Promise<void> {
    return this.#work
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isDisposed = true
    this.#refreshing?.[Symbol.dispose]()
    await this.#work
    await this.#socket?.[Symbol.asyncDispose]()
  }

  async #logIn(): Promise<void> {
    this.logins += 1
    this.#session = await this.#server.login(this.#agent.accountId, this.#agent.loginName)
    this.#refreshLater()
  }

  #refreshLater(): void {
    this.#refreshing?.[Symbol.dispose]()
    this.#refreshing = this.#clock.after(this.#refreshMs, () => this.#then(() => this.#refresh()))
  }

  async #refresh(): Promise<void> {
    const { csrf, cookie } = this.#session as Session
    const url = `${this.#server.url}/api/account/${this.#agent.accountId}/refresh?v=1.3`
    const { status } = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', cookie },
      body: JSON.stringify({ csrf }),
    })
    this.refreshes.push(status)
    if (status !== 401) {
      this.#refreshLater()
      return
    }
    // What makes a storm of it: the live socket is given up, and its close is answered once more.
    await this.#logIn()
    await this.#open()
  }

  async #open(): Promise<void> {
    const { bearer } = this.#session as Session
    const socket = await this.#server.agentSocket(this.#agent.accountId, bearer)
    this.connections += 1
    const former = this.#socket
    this.#socket = socket
    void socket.closed.then(({ code }) => {
      this.closes.push(code)
      if (!this.#isDisposed) this.#then(() => this.#reconnect())
    })
    former?.socket.terminate()
  }

  /** As the bots do: any close, another login, at once. */
  async #reconnect(): Promise<void> {
    await this.#logIn()
    await this.#open()
  }

  #then(work: () => Promise<void>): void {
    if (this.#isDisposed) return
    this.#work = this.#work.then(work)
  }
}
