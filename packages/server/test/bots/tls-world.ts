/** A server as bots meet it: TLS with its own development authority. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { AccountId } from '@ringdown/protocol'
import type { AgentRole } from '../../src/domain/account.ts'
import { systemIds } from '../../src/ids.ts'
import { sqliteStore } from '../../src/store/sqlite/sqlite-store.ts'
import type { Store } from '../../src/store/store.ts'
import type { TestServer } from '../../src/testing/index.ts'
import { SocketClient, testServer } from '../../src/testing/index.ts'
import type { BotOptions } from './bot-process.ts'
import { BotProcess } from './bot-process.ts'
import { WatchedClock } from './watched-clock.ts'

const PASSWORD = 'a password for bots'
/** Told apart from every other timer by its length. */
export const LOGIN_DELAY_MS = 1_234

export interface BotAccount {
  readonly accountId: AccountId
  readonly loginName: string
  readonly userId: string
  readonly id: string
  readonly oldId: string
}

interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly text: string
}

/** Passes everything on and counts the logins that were recorded. */
const countingLogins = (store: Store): { store: Store; logins: () => number } => {
  let logins = 0
  const counted: Store = {
    epoch: store.epoch,
    onFatal: store.onFatal,
    read: (name, data) => store.read(name, data),
    stats: () => store.stats(),
    write: (name, data) => {
      if (name === 'openSession') logins += 1
      return store.write(name, data)
    },
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  }
  return { store: counted, logins: () => logins }
}

export class TlsWorld implements AsyncDisposable {
  readonly server: TestServer
  readonly clock: WatchedClock
  readonly logins: () => number
  readonly #stack: AsyncDisposableStack
  readonly #ca: string

  constructor(
    parts: { server: TestServer; clock: WatchedClock; logins: () => number },
    stack: AsyncDisposableStack,
  ) {
    this.server = parts.server
    this.clock = parts.clock
    this.logins = parts.logins
    this.#stack = stack
    this.#ca = readFileSync(this.caFile, 'utf8')
  }

  get caFile(): string {
    return this.server.running.caFile as string
  }

  get authority(): string {
    return `localhost:${this.server.running.port}`
  }

  /** `details` as the configuration interface keeps them, e.g. the applications that a bot runs. */
  async agent(
    accountId: AccountId,
    roles: readonly AgentRole[] = ['agent'],
    details?: Readonly<Record<string, unknown>>,
  ): Promise<BotAccount> {
    const loginName = `bot-${systemIds.secret(4)}`
    const created = await this.post(
      `/api/account/${accountId}/ringdown/v1/agents`,
      { loginName, password: PASSWORD, roles, isBot: true },
      { authorization: `Bearer ${this.server.running.adminToken}` },
    )
    const { userId, id } = JSON.parse(created.text) as { userId: string; id: string }
    const { store } = this.server.services
    if (details) await store.write('updateAgent', { accountId, userId, details })
    return { accountId, loginName, userId, id, oldId: `${accountId}.${userId}` }
  }

  /** Starts a bot as this agent. */
  bot(bot: BotOptions['bot'], agent: BotAccount, conf: object = {}): BotProcess {
    return new BotProcess({ bot, conf: this.conf(agent, conf), caFile: this.caFile })
  }

  conf(agent: BotAccount, more: object = {}): BotOptions['conf'] {
    const { accountId, loginName: username } = agent
    return { accountId, username, password: PASSWORD, csdsDomain: this.authority, ...more }
  }

  /** Logs in as a bot does; the answer as it came. */
  login({ accountId, loginName }: BotAccount, password = PASSWORD): Promise<Answer> {
    return this.post(`/api/account/${accountId}/login?v=1.3`, { username: loginName, password })
  }

  /** Every conversation of the account is followed by this application's survey. */
  async offerSurvey(accountId: AccountId, surveyAppId: string): Promise<void> {
    const { store } = this.server.services
    await store.write('updateAccount', { id: accountId, settings: { surveyAppId } })
  }

  /** `features` are what its client says that it can do. */
  async consumer(
    accountId: AccountId,
    { features }: { features?: readonly string[] } = {},
  ): Promise<SocketClient> {
    const { text } = await this.post(`/api/account/${accountId}/signup`, {})
    const { jwt } = JSON.parse(text) as { jwt: string }
    return this.socket(`${accountId}/messaging/consumer?v=3`, {
      Authorization: `jwt ${jwt}`,
      ...(features && {
        'Client-Properties': JSON.stringify({ type: '.ClientProperties', features }),
      }),
    })
  }

  brand(accountId: AccountId, bearer: string, version = '2.1'): Promise<SocketClient> {
    return this.socket(`${accountId}/messaging/brand/${bearer}?v=${version}`)
  }

  post(url: string, body: object, headers: Record<string, string> = {}): Promise<Answer> {
    return this.#fetch('POST', url, { body, headers })
  }

  get(url: string): Promise<Answer> {
    return this.#fetch('GET', url, { headers: {} })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack.disposeAsync()
  }

  socket(rest: string, headers: Record<string, string> = {}): Promise<SocketClient> {
    return SocketClient.open(`wss://${this.authority}/ws_api/account/${rest}`, {
      headers,
      ca: this.#ca,
    })
  }

  #fetch(
    method: string,
    url: string,
    { body, headers }: { body?: object; headers: Record<string, string> },
  ): Promise<Answer> {
    const sent = { 'content-type': 'application/json', ...headers }
    return new Promise((resolve, reject) => {
      const call = request(
        `https://${this.authority}${url}`,
        { method, headers: sent, ca: this.#ca, agent: false },
        async (response) => {
          const chunks: Buffer[] = []
          for await (const chunk of response) chunks.push(chunk as Buffer)
          const text = Buffer.concat(chunks).toString()
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text })
        },
      )
      call.on('error', reject)
      call.end(body && JSON.stringify(body))
    })
  }
}

/** The clock shows the time of the day, for the sake of certificates, and stands still. */
export const tlsWorld = async (): Promise<TlsWorld> => {
  await using stack = new AsyncDisposableStack()
  const dataDir = mkdtempSync(path.join(tmpdir(), 'ringdown-bots-'))
  stack.defer(() => rmSync(dataDir, { recursive: true, force: true }))
  const memory = await sqliteStore({
    file: ':memory:',
    hosting: 'inline',
    epoch: systemIds.uuid(),
  })
  const { store, logins } = countingLogins(stack.use(memory))
  const clock = new WatchedClock(Date.now())
  const server = stack.use(
    await testServer({
      store,
      clock,
      limits: {
        requestBurst: 10_000,
        idleMs: 24 * 60 * 60 * 1000,
        agentPingMs: 60 * 60 * 1000,
        loginDelayMs: LOGIN_DELAY_MS,
      },
      config: { plainHttp: false, dev: true, dataDir },
    }),
  )
  return new TlsWorld({ server, clock, logins }, stack.move())
}
