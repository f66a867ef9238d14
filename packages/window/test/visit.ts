/** A consumer before a shop in a browser, and an agent behind the real server. */

import type { Browser, BrowserContext, Frame, FrameLocator, Page } from 'playwright-core'
import { expect } from 'vitest'
import type { DialogEvent, MessagingClient } from '../../client/src/index.ts'
import { World } from '../../client/test/world.ts'
import { Shop, type ShopOptions } from './shop.ts'

/** Slow machines take their time; nothing here waits for time itself. */
export const PATIENCE = Number(process.env['WINDOW_PATIENCE'] ?? 60_000)

/** Somebody who answers, scripted. */
export class Answerer implements Disposable {
  readonly client: MessagingClient
  /** What was said, as agents are told. */
  readonly heard: DialogEvent[] = []
  dialogId = ''

  constructor(client: MessagingClient) {
    this.client = client
  }

  /** Takes the one open conversation that nobody has answered yet, and reads what was written first. */
  async take(): Promise<string> {
    for await (const { conversations } of this.client.conversations({ convState: ['OPEN'] })) {
      const [first] = conversations.keys()
      if (first === undefined) continue
      await this.join(first)
      await eventually(() => this.texts.length).toBeGreaterThan(0)
      return first
    }
    throw new Error('The client was closed')
  }

  async join(conversationId: string): Promise<void> {
    this.dialogId = conversationId
    await this.client.request('updateConversationField', {
      conversationId,
      conversationField: [{ field: 'ParticipantsChange', type: 'ADD', role: 'ASSIGNED_AGENT' }],
    })
    void this.#listen(conversationId)
  }

  /** The conversation as the agent is shown it. */
  async snapshot() {
    const filter = { convState: ['OPEN'] as ['OPEN'] }
    for await (const { conversations } of this.client.conversations(filter)) {
      const found = conversations.get(this.dialogId)
      if (found) return found
    }
    throw new Error('The client was closed')
  }

  say(text: string) {
    return this.client.say(this.dialogId, text)
  }

  publish(event: object) {
    return this.client.request('publishEvent', { dialogId: this.dialogId, event: event as never })
  }

  async close(): Promise<void> {
    await this.client.request('updateConversationField', {
      conversationId: this.dialogId,
      conversationField: [{ field: 'ConversationStateField', conversationState: 'CLOSE' }],
    })
  }

  /** The texts of the consumer, in their order. */
  get texts(): readonly unknown[] {
    return this.heard
      .filter(({ event, originatorMetadata }) => {
        return event.type === 'ContentEvent' && originatorMetadata?.role === 'CONSUMER'
      })
      .map(({ event }) => event['message'])
  }

  /** Sequences that the consumer gave a receipt for. */
  receipts(status: string): readonly number[] {
    return this.heard
      .filter(({ event }) => event.type === 'AcceptStatusEvent' && event['status'] === status)
      .filter(({ originatorMetadata }) => originatorMetadata?.role === 'CONSUMER')
      .flatMap(({ event }) => event['sequenceList'] as number[])
  }

  async #listen(dialogId: string): Promise<void> {
    for await (const event of this.client.events(dialogId)) this.heard.push(event)
  }

  [Symbol.dispose](): void {
    this.client.close()
  }
}

export interface VisitOptions {
  readonly init?: string
  readonly after?: string
  readonly width?: number
  readonly height?: number
  readonly scheme?: 'light' | 'dark'
  /** The server's site is another one than the shop's. */
  readonly isForeign?: boolean
  /** Where the consumer is, and when: `2026-11-21T12:00Z`; time stands still then, timers do not. */
  readonly timeZone?: string
  readonly now?: string
  /** What is done before the first page is opened. */
  readonly prepare?: (context: BrowserContext) => Promise<unknown>
}

export class Visit implements AsyncDisposable {
  readonly context: BrowserContext
  readonly page: Page
  readonly shop: Shop
  /** What a browser complained about: blocked by a policy, thrown, not found. */
  readonly complaints: string[] = []

  constructor(context: BrowserContext, page: Page, shop: Shop) {
    this.context = context
    this.page = page
    this.shop = shop
    page.on('console', (message) => {
      const text = message.text()
      const isNetwork = /net::ERR_|WebSocket connection/.test(text)
      if (message.type() === 'error' && !isNetwork) this.complaints.push(text)
    })
    page.on('pageerror', (error) => this.complaints.push(String(error)))
  }

  get frame(): FrameLocator {
    return this.page.frameLocator('iframe')
  }

  /** The same, to run scripts in. */
  get inside(): Frame {
    const found = this.page.frames().find((one) => one.url().includes('/window/'))
    if (!found) throw new Error('There is no window')
    return found
  }

  get launcher() {
    return this.page.locator('button[aria-expanded]').first()
  }

  get field() {
    return this.frame.getByRole('textbox', { name: /Write a message|Nachricht schreiben/ })
  }

  async open(): Promise<void> {
    await this.launcher.click()
  }

  /** Opens the window and its page for a new conversation. */
  async begin(): Promise<void> {
    await this.open()
    await this.frame.getByRole('button', { name: /New conversation|Neues Gespräch/ }).click()
  }

  async write(text: string): Promise<void> {
    await this.field.fill(text)
    await this.field.press('Enter')
  }

  bubble(text: string) {
    return this.frame.locator('.message').filter({ hasText: text })
  }

  async expectSeen(text: string): Promise<void> {
    await this.bubble(text).first().waitFor({ timeout: PATIENCE })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.context.close()
    await this.shop[Symbol.asyncDispose]()
  }
}

/** Opens a shop with the window of this account in a browser of its own. */
export const visitShop = async (
  browser: Browser,
  { origin, account }: ShopOptions,
  { init, after, scheme = 'light', timeZone, now, prepare, ...size }: VisitOptions = {},
): Promise<Visit> => {
  const { width = 1024, height = 768 } = size
  const told = { ...(init !== undefined && { init }), ...(after !== undefined && { after }) }
  const shop = await Shop.open({ origin, account, ...told })
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: scheme,
    locale: 'en-GB',
    ...(timeZone !== undefined && { timezoneId: timeZone }),
  })
  context.setDefaultTimeout(PATIENCE)
  if (now !== undefined) await context.clock.setFixedTime(now)
  await prepare?.(context)
  const page = await context.newPage()
  await page.goto(shop.url)
  return new Visit(context, page, shop)
}

export class Place implements AsyncDisposable {
  readonly world: World
  readonly browser: Browser

  private constructor(of: World, browser: Browser) {
    this.world = of
    this.browser = browser
  }

  static async open(
    browser: Browser,
    options: Parameters<typeof World.open>[0] = {},
  ): Promise<Place> {
    return new Place(await World.open(options), browser)
  }

  async visit({ isForeign = false, ...options }: VisitOptions = {}) {
    // Beside the shop's, or as foreign to it as browsers that are strict with storage see most servers.
    const origin = `http://${isForeign ? '127.0.0.1' : 'localhost'}:${this.world.network.port}`
    return visitShop(this.browser, { origin, account: this.world.accountId }, options)
  }

  /** `nickname` is what consumers are told. */
  async answerer(nickname = 'Ana'): Promise<Answerer> {
    // Beside the network that is cut: what is tested is the window.
    const { client, login } = await this.world.agent({ origin: this.world.server.url })
    const { server, accountId } = this.world
    const url = `${server.url}/api/account/${accountId}/ringdown/v1/agents/${login.loginName}`
    const headers = {
      authorization: `Bearer ${server.running.adminToken}`,
      'content-type': 'application/json',
    }
    const changed = await fetch(url, {
      method: 'PATCH',
      headers,
      body: JSON.stringify({ nickname }),
    })
    expect(changed.status).toBe(200)
    return new Answerer(client)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.world[Symbol.asyncDispose]()
  }
}

export const eventually = (read: () => unknown) => expect.poll(read, { timeout: PATIENCE })
