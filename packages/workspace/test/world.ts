/** Agents before a browser, consumers on the client, and the real server between them. */
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect } from 'vitest'
import {
  type AgentClient,
  agentClient,
  consumerClient,
  type DialogEvent,
  type MessagingClient,
  signUp,
  uploadFile,
} from '../../client/src/index.ts'
import { Network } from '../../client/test/world.ts'
import {
  type TestAgent,
  type TestServer,
  type TestServerOptions,
  testServer,
} from '../../server/src/testing/index.ts'
import { lightBrowser } from '../../window/test/browser.ts'

/** Slow machines take their time; nothing here waits for time itself. */
const PATIENCE_MS = 60_000
const SIZE = { width: 1440, height: 900 }

/** What a page did that it must not do. */
export interface Watch {
  readonly errors: string[]
  readonly violations: string[]
}

export interface Desk {
  readonly page: Page
  readonly login: TestAgent
  readonly watch: Watch
}

/** Somebody who writes to the brand. */
export class Consumer implements Disposable {
  readonly client: MessagingClient
  readonly dialogId: string
  readonly heard: DialogEvent[] = []

  constructor(client: MessagingClient, dialogId: string) {
    this.client = client
    this.dialogId = dialogId
    void this.#listen()
  }

  say(text: string) {
    return this.client.say(this.dialogId, text)
  }

  publish(event: object) {
    return this.client.request('publishEvent', { dialogId: this.dialogId, event: event as never })
  }

  /** What was said, by anybody, as the consumer reads it. */
  get texts(): readonly unknown[] {
    return this.heard
      .filter(({ event }) => event.type === 'ContentEvent')
      .map(({ event }) => event['message'])
  }

  receipts(status: string): readonly number[] {
    return this.heard
      .filter(({ event }) => event.type === 'AcceptStatusEvent' && event['status'] === status)
      .flatMap(({ event }) => event['sequenceList'] as number[])
  }

  async #listen(): Promise<void> {
    for await (const event of this.client.events(this.dialogId)) this.heard.push(event)
  }

  [Symbol.dispose](): void {
    this.client.close()
  }
}

interface WorldOptions extends TestServerOptions {
  readonly openBrowser?: () => Promise<Browser>
}

export class World implements AsyncDisposable {
  server!: TestServer
  network!: Network
  browser!: Browser
  readonly #contexts = new Set<BrowserContext>()

  private constructor() {}

  static async open(options: WorldOptions = {}): Promise<World> {
    const world = new World()
    await world.#begin(options)
    return world
  }

  /** One for all tests of a suite; the pages of each test end with it. */
  static shared(options: WorldOptions = {}): World {
    const world = new World()
    beforeAll(() => world.#begin(options))
    afterEach(() => world.#closePages())
    afterAll(() => world[Symbol.asyncDispose]())
    return world
  }

  async #begin({ openBrowser = lightBrowser, ...options }: WorldOptions): Promise<void> {
    const limits = { requestBurst: 10_000, requestsPerSecond: 10_000 }
    this.server = await testServer({ limits, ...options })
    this.network = await Network.start(this.server.running.port)
    this.browser = await openBrowser()
  }

  /** Somebody's browser, with nothing kept in it. */
  async context(options: BrowserContextOptions = {}): Promise<BrowserContext> {
    const given = { viewport: SIZE, locale: 'en-GB', ...options }
    const context = await this.browser.newContext(given)
    this.#contexts.add(context)
    context.once('close', () => this.#contexts.delete(context))
    return context
  }

  async #closePages(): Promise<void> {
    await Promise.all([...this.#contexts].map((context) => context.close()))
  }

  async account(settings: object = {}): Promise<Place> {
    const { id } = await this.server.account(settings)
    return new Place(this, id)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#closePages()
    await this.network[Symbol.asyncDispose]()
    await this.server[Symbol.asyncDispose]()
  }
}

export type Shared = readonly [name: string, bytes: Buffer]

export class Place {
  readonly world: World
  readonly account: string
  /** The pages' way to the server, which can be cut. */
  readonly network: Network

  constructor(world: World, account: string, network = world.network) {
    this.world = world
    this.account = account
    this.network = network
  }

  get origin(): string {
    return `http://127.0.0.1:${this.network.port}`
  }

  async administer(path: string, body: object, method = 'POST'): Promise<Record<string, unknown>> {
    const { server } = this.world
    const response = await fetch(`${server.url}/api/account/${this.account}/ringdown/v1/${path}`, {
      method,
      headers: {
        authorization: `Bearer ${server.running.adminToken}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify(body),
    })
    if (!response.ok) throw new Error(`${path}: ${await response.text()}`)
    return (await response.json()) as Record<string, unknown>
  }

  /** Makes an item of the configuration, such as a predefined text or a reason. */
  async configure(path: string, body: object): Promise<void> {
    const { server } = this.world
    const response = await fetch(
      `${server.url}/api/account/${this.account}/configuration/${path}`,
      {
        method: 'POST',
        headers: {
          authorization: `Bearer ${server.running.adminToken}`,
          'content-type': 'application/json',
        },
        body: JSON.stringify(body),
      },
    )
    if (!response.ok) throw new Error(`${path}: ${await response.text()}`)
  }

  async skill(name: string): Promise<string> {
    return String((await this.administer('skills', { name }))['id'])
  }

  async consumer(
    options: {
      text?: string
      skillId?: string
      profile?: object
      properties?: Record<string, unknown>
    } = {},
  ): Promise<Consumer> {
    const { text = 'Hello?', skillId, profile, properties } = options
    const place = { origin: this.world.server.url, account: this.account }
    const jwt = await signUp(place)
    const client = consumerClient({
      ...place,
      token: async () => jwt,
      ...(properties && { properties }),
    })
    if (profile) await client.request('setUserProfile', profile as never)
    const body = skillId === undefined ? {} : { skillId }
    const { conversationId } = await client.request('requestConversation', body)
    const consumer = new Consumer(client, conversationId)
    if (text !== '') await consumer.say(text)
    return consumer
  }

  /** A file that the consumer shares; its name says its type. */
  async share(consumer: Consumer, [name, bytes]: Shared, caption: string): Promise<void> {
    const file = new File([new Uint8Array(bytes)], name)
    const origin = this.world.server.url
    await consumer.publish(await uploadFile(consumer.client, file, { origin, caption }))
  }

  /** A colleague without a screen. */
  async colleague(options: Parameters<TestServer['agent']>[1] = {}) {
    const login = await this.world.server.agent(this.account, options)
    const place = { origin: this.world.server.url, account: this.account }
    const client: AgentClient = agentClient({ ...place, token: async () => login.bearer })
    return { login, client }
  }

  /** An empty page that tells what goes wrong in it. */
  async page(options: BrowserContextOptions = {}): Promise<{ page: Page; watch: Watch }> {
    const context = await this.world.context(options)
    const watch: Watch = { errors: [], violations: [] }
    await context.exposeFunction('tellViolation', (text: string) => watch.violations.push(text))
    await context.addInitScript(`addEventListener('securitypolicyviolation', (event) =>
      tellViolation(event.violatedDirective + ' ' + event.blockedURI))`)
    const page = await context.newPage()
    page.setDefaultTimeout(PATIENCE_MS)
    page.on('pageerror', (error) => watch.errors.push(String(error)))
    await page.goto(`${this.origin}/workspace/`)
    return { page, watch }
  }

  /**
   * An agent who has signed in through the form: online, or having chosen to be offline before.
   * [WSP50]
   */
  async desk(
    options: Parameters<TestServer['agent']>[1] & {
      context?: BrowserContextOptions
      isOnline?: boolean
    } = {},
  ): Promise<Desk> {
    const { context, isOnline = true, ...agent } = options
    const login = await this.world.server.agent(this.account, agent)
    const { page, watch } = await this.page(context)
    const availability = isOnline ? 'ONLINE' : 'OFFLINE'
    const chosen = JSON.stringify({ availability, description: '' })
    const key = JSON.stringify(`ringdown.state.${this.account}.${login.id}`)
    await page.evaluate(`localStorage.setItem(${key}, ${JSON.stringify(chosen)})`)
    await signIn(page, this.account, login)
    if (isOnline) await page.getByRole('button', { name: /^Status: Online, connected/ }).waitFor()
    return { page, login, watch }
  }
}

export const signIn = async (
  page: Page,
  account: string,
  { loginName, password }: Pick<TestAgent, 'loginName' | 'password'>,
): Promise<void> => {
  await page.getByLabel('Account').fill(account)
  await page.getByLabel('Login name').fill(loginName)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('navigation', { name: 'Views' }).waitFor()
}

export const accept = async (page: Page): Promise<void> => {
  await page.getByRole('button', { name: /^Accept/ }).click()
  await page.getByRole('textbox', { name: 'Message' }).waitFor()
}

export const write = async (page: Page, text: string): Promise<void> => {
  const field = page.getByRole('textbox', { name: 'Message' })
  await field.fill(text)
  await field.press('Enter')
}

/** What a browser says when its network is back: nobody waits for the next try. */
export const hurry = (page: Page) => page.evaluate(`dispatchEvent(new Event('online'))`)

/** Waits until a thing is so. */
export const until = <T>(read: () => T | Promise<T>) => expect.poll(read, { timeout: PATIENCE_MS })

export const message = (page: Page, text: string) =>
  page.locator('[data-message]').filter({ hasText: text })

/** Of a picture, in its own pixels; none where it could not be had. */
export const widthOf = (page: Page, name: string): Promise<number> =>
  page
    .getByRole('img', { name })
    .evaluate((one) => (one as unknown as { naturalWidth: number }).naturalWidth)
