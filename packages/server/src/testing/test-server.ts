/** The real server in this process: real sockets on a free port, the store in memory or on disk. */
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { newRsaKey } from '../auth/key-material.ts'
import { systemClock } from '../clock.ts'
import type { Limits } from '../config.ts'
import { defaultConfig, defaultLimits } from '../config.ts'
import {
  type Account,
  type AccountSettings,
  type AgentRole,
  defaultSettings,
} from '../domain/account.ts'
import { systemIds } from '../ids.ts'
import type { RunningServer, StartOptions } from '../server.ts'
import { startServer } from '../server.ts'
import { sqliteStore } from '../store/sqlite/sqlite-store.ts'
import type { SigningKey, Store } from '../store/store.ts'
import { SocketClient } from './socket-client.ts'

export interface TestServerOptions extends Omit<Partial<StartOptions>, 'config'> {
  readonly limits?: Partial<Limits>
  readonly config?: Partial<StartOptions['config']>
}

export interface TestAgent {
  readonly userId: string
  readonly id: string
  readonly oldId: string
  readonly loginName: string
  readonly password: string
  readonly bearer: string
  readonly csrf: string
  readonly cookie: string
}

/** Cheap hashes: the cost of real ones is not what these tests are about. */
const TEST_LOG_N = 4
const PASSWORD = 'correct horse battery staple'

export class TestServer implements AsyncDisposable {
  readonly running: RunningServer
  readonly #stack: AsyncDisposableStack
  #accounts = 0
  #agents = 0

  constructor(running: RunningServer, stack: AsyncDisposableStack) {
    this.running = running
    this.#stack = stack
  }

  get services() {
    return this.running.services
  }

  get url(): string {
    return `http://127.0.0.1:${this.running.port}`
  }

  /** A new account of its own, so that tests do not meet. */
  async account(settings: Partial<AccountSettings> = {}): Promise<Account> {
    this.#accounts += 1
    return this.services.store.write('createAccount', {
      id: `${7_000_000 + this.#accounts}`,
      name: 'Test',
      settings: { ...defaultSettings, ...settings },
      createdAt: this.services.clock.now(),
    })
  }

  /** A consumer's token, by signup. */
  async signup(accountId: string): Promise<string> {
    const response = await fetch(`${this.url}/api/account/${accountId}/signup`, { method: 'POST' })
    const { jwt } = (await response.json()) as { jwt: string }
    return jwt
  }

  consumer(
    accountId: string,
    {
      token,
      version = '3',
      headers = {},
    }: { token: string; version?: string; headers?: Record<string, string> },
  ): Promise<SocketClient> {
    return SocketClient.open(
      `ws://127.0.0.1:${this.running.port}/ws_api/account/${accountId}/messaging/consumer?v=${version}`,
      { headers: { Authorization: `jwt ${token}`, ...headers } },
    )
  }

  /** Creates an agent and logs it in through the login service. */
  async agent(
    accountId: string,
    options: {
      roles?: AgentRole[]
      skillIds?: string[]
      capacity?: number
      isBot?: boolean
      appInstallIds?: string[]
    } = {},
  ): Promise<TestAgent> {
    this.#agents += 1
    const loginName = `agent-${this.#agents}`
    const body = {
      loginName,
      fullName: 'Ana Test',
      password: PASSWORD,
      roles: ['agent'],
      ...options,
    }
    const created = await fetch(`${this.url}/api/account/${accountId}/ringdown/v1/agents`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${this.running.adminToken}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify(body),
    })
    if (created.status !== 201) throw new Error(`agent not created: ${await created.text()}`)
    return { ...(await this.login(accountId, loginName)), loginName, password: PASSWORD }
  }

  async login(accountId: string, loginName: string) {
    const response = await fetch(`${this.url}/api/account/${accountId}/login?v=1.3`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username: loginName, password: PASSWORD }),
    })
    const login = (await response.json()) as {
      bearer: string
      csrf: string
      config: { userId: string; userPid: string }
    }
    const { userId, userPid } = login.config
    return {
      userId,
      id: userPid,
      oldId: `${accountId}.${userId}`,
      bearer: login.bearer,
      csrf: login.csrf,
      cookie: (response.headers.get('set-cookie') ?? '').split(';')[0] as string,
    }
  }

  agentSocket(accountId: string, bearer: string, version = '2.1'): Promise<SocketClient> {
    return SocketClient.open(
      `ws://127.0.0.1:${this.running.port}/ws_api/account/${accountId}/messaging/brand/${bearer}?v=${version}`,
    )
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack.disposeAsync()
  }
}

let pairs: Promise<readonly SigningKey['privateJwk'][]> | undefined

/** Making RSA keys is most of a first start; the servers of one process share theirs. */
const shareKeys = async (store: Store, createdAt: number): Promise<void> => {
  if ((await store.read('keys', null)).length > 0) return
  pairs ??= Promise.all([newRsaKey(), newRsaKey()])
  const [signing, wrapping] = await pairs
  const kinds = [
    { kid: '00001', use: 'sign', privateJwk: signing! },
    { kid: 'wrap-1', use: 'encrypt', privateJwk: wrapping! },
  ] as const
  for (const kind of kinds) await store.write('saveKey', { ...kind, state: 'active', createdAt })
}

/** Starts a server with the store in memory unless another one is given. */
export const testServer = async (options: TestServerOptions = {}): Promise<TestServer> => {
  await using stack = new AsyncDisposableStack()
  const { limits, config, ...rest } = options
  const ids = options.ids ?? systemIds
  const store =
    options.store ??
    stack.use(await sqliteStore({ file: ':memory:', hosting: 'inline', epoch: ids.uuid() }))
  await shareKeys(store, (options.clock ?? systemClock).now())
  const files = join(tmpdir(), `ringdown-files-${ids.uuid()}`)
  stack.defer(() => rm(files, { recursive: true, force: true }))
  const running = stack.use(
    await startServer({
      log: pino({ level: process.env['TEST_LOG'] ?? 'silent' }),
      passwordLogN: TEST_LOG_N,
      ...rest,
      ids,
      store,
      config: {
        ...defaultConfig,
        port: 0,
        plainHttp: true,
        files,
        ...config,
        limits: { ...defaultLimits, loginDelayMs: 0, ...limits },
      },
    }),
  )
  return new TestServer(running, stack.move())
}
