/** The real server, a network that can be cut, and people on both ends of it. */
import { connect, createServer, type Socket } from 'node:net'
import { afterAll, beforeAll } from 'vitest'
import {
  type TestAgent,
  type TestServer,
  type TestServerOptions,
  testServer,
} from '../../server/src/testing/index.ts'
import { agentClient, type ClientOptions, consumerClient, signUp } from '../src/index.ts'

/** Passes bytes on until it is cut; after that new connections pass again. */
export class Network implements AsyncDisposable {
  readonly #sockets = new Set<Socket>()
  readonly #pairs = new Set<{ readonly client: Socket; readonly server: Socket }>()
  readonly #server = createServer((client) => this.#serve(client))
  /** The port of the server behind it. */
  target: number
  #isDown = false
  connections = 0

  private constructor(target: number) {
    this.target = target
  }

  static async start(target: number): Promise<Network> {
    const network = new Network(target)
    await new Promise<void>((resolve) => network.#server.listen(0, '127.0.0.1', resolve))
    return network
  }

  get port(): number {
    return (this.#server.address() as { port: number }).port
  }

  /** Ends what there is and lets nothing in until it comes back. */
  goDown(): void {
    this.#isDown = true
    this.cut()
  }

  comeBack(): void {
    this.#isDown = false
  }

  cut(): void {
    for (const socket of this.#sockets) socket.destroy()
  }

  /** Swallows from now on what either side says on the present connections, and closes none of them. */
  silence(): void {
    for (const { client, server } of this.#pairs) {
      client.unpipe(server).resume()
      server.unpipe(client).resume()
    }
  }

  /** Keeps back what the server says on the present connections. */
  hold(): void {
    for (const { client, server } of this.#pairs) server.unpipe(client).pause()
  }

  /** Passes on what was kept back, and what follows. */
  release(): void {
    for (const { client, server } of this.#pairs) server.pipe(client)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cut()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  #serve(client: Socket): void {
    if (this.#isDown) {
      client.destroy()
      return
    }
    this.connections += 1
    const server = connect(this.target, '127.0.0.1')
    const pair = { client, server }
    this.#pairs.add(pair)
    const end = () => {
      this.#pairs.delete(pair)
      client.destroy()
      server.destroy()
    }
    for (const socket of [client, server]) {
      this.#sockets.add(socket)
      socket.on('error', end)
      socket.on('close', () => {
        this.#sockets.delete(socket)
        end()
      })
    }
    client.pipe(server)
    server.pipe(client)
  }
}

const PLENTY = { requestBurst: 10_000, requestsPerSecond: 10_000 }

/** Attempts follow each other quickly: waiting is not what is tested. */
const QUICK = { firstMs: 5, mostMs: 20 }

export class World implements AsyncDisposable {
  server!: TestServer
  network!: Network
  accountId!: string

  private constructor() {}

  static async open(options: TestServerOptions = {}): Promise<World> {
    const world = new World()
    await world.#begin(options)
    return world
  }

  /** One for all tests of a file. */
  static shared(options: TestServerOptions = {}): World {
    const world = new World()
    beforeAll(() => world.#begin(options))
    afterAll(() => world[Symbol.asyncDispose]())
    return world
  }

  async #begin(options: TestServerOptions): Promise<void> {
    this.server = await testServer({ limits: PLENTY, ...options })
    this.accountId = (await this.server.account()).id
    this.network = await Network.start(this.server.running.port)
  }

  get origin(): string {
    return `http://127.0.0.1:${this.network.port}`
  }

  get place() {
    return { origin: this.server.url, account: this.accountId }
  }

  /** A consumer with a token of its own; `options` may replace any of it. */
  async consumer(options: Partial<ClientOptions> = {}) {
    const jwt = await signUp(this.place)
    return consumerClient({
      origin: this.origin,
      account: this.accountId,
      token: async () => jwt,
      backoff: QUICK,
      ...options,
    })
  }

  async agent(options: Partial<ClientOptions> = {}) {
    const login = await this.server.agent(this.accountId, { roles: ['manager'] })
    const client = agentClient({
      origin: this.origin,
      account: this.accountId,
      token: async () => login.bearer,
      backoff: QUICK,
      ...options,
    })
    return { client, login }
  }

  /** A consumer's token that ends in a second. */
  async shortLived(): Promise<string> {
    const url = `${this.server.url}/api/account/${this.accountId}/ringdown/v1/tokens/consumer`
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${this.server.running.adminToken}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ kind: 'signup', ttlSeconds: 1 }),
    })
    const { token } = (await response.json()) as { token: string }
    return token
  }

  async logOut({ csrf, cookie }: Pick<TestAgent, 'csrf' | 'cookie'>): Promise<void> {
    const url = `${this.server.url}/api/account/${this.accountId}/logout?v=1.3`
    await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', cookie },
      body: JSON.stringify({ csrf }),
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.network[Symbol.asyncDispose]()
    await this.server[Symbol.asyncDispose]()
  }
}
