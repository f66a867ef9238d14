/**
 * `npm run pictures [-- folder]`: takes the pictures of the README and of the guides. The real server,
 * with a shop's morning in it, is looked at in Chromium from both sides; by default the pictures go
 * where the pages show them.
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { type BrowserContext, chromium, type Page } from 'playwright-core'
import { PNG } from 'pngjs'
import type { AgentClient } from '../packages/client/src/index.ts'
import { buildStale } from './build.mjs'
import { acceptNext, Brand, play } from './pictures/brand.ts'
import { paletted } from './pictures/palette.ts'
import {
  agent,
  begin,
  type Colleague,
  caller,
  card,
  manager,
  mender,
  shop,
  shown,
  talks,
  timeZone,
} from './pictures/story.ts'

const browserPath = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium'
const SIZE = { width: 1280, height: 800 }
const SHARPNESS = 2
const PATIENCE_MS = 60_000
const MINUTE_MS = 60_000

/** Pages that see the clock of the story. */
class Studio {
  readonly #brand: Brand
  readonly #context: BrowserContext
  readonly #folder: string
  #minute = 0

  constructor(brand: Brand, context: BrowserContext, folder: string) {
    this.#brand = brand
    this.#context = context
    this.#folder = folder
  }

  async page(address: string): Promise<Page> {
    const page = await this.#context.newPage()
    page.setDefaultTimeout(PATIENCE_MS)
    await page.clock.setFixedTime(begin + this.#minute * MINUTE_MS)
    await page.goto(`${this.#brand.origin}${address}`)
    return page
  }

  /** Goes on to a minute, on the server and in every page. */
  async goTo(minute: number): Promise<void> {
    this.#minute = minute
    this.#brand.clock.set(minute)
    for (const page of this.#context.pages())
      await page.clock.setFixedTime(begin + minute * MINUTE_MS)
  }

  async take(page: Page, name: string): Promise<void> {
    // Nothing is to look as if it were pointed at.
    await page.mouse.move(0, 0)
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      const bytes = paletted(PNG.sync.read(await page.screenshot({ animations: 'disabled' })))
      const file = path.join(this.#folder, `${name}-${colorScheme}.png`)
      writeFileSync(file, bytes)
      process.stdout.write(`${file}  ${Math.round(bytes.length / 1024)} kB\n`)
    }
  }
}

const signIn = async (page: Page, login: { loginName: string; password: string }) => {
  await page.getByLabel('Account').fill(shop.account)
  await page.getByLabel('Login name').fill(login.loginName)
  await page.getByLabel('Password').fill(login.password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('navigation', { name: 'Views' }).waitFor()
}

/** A consumer before the shop, who has said a name and the first sentence. */
const enterShop = async (studio: Studio, skillId: string): Promise<Page> => {
  const page = await studio.page('/demo/')
  const fields = [
    { name: 'firstName', label: 'First name', required: true },
    { name: 'lastName', label: 'Last name', required: true },
  ]
  const theme = { accent: '#9a4a1f' }
  const options = { account: shop.account, title: shop.name, theme, skillId, preChat: fields }
  await page.evaluate(`Ringdown('destroy'); Ringdown('init', ${JSON.stringify(options)})`)
  await page.getByRole('button', { name: 'Ask us anything' }).click()
  const frame = page.frameLocator('iframe')
  await frame.getByRole('button', { name: 'New conversation' }).click()
  await frame.getByLabel('First name').fill(shown.firstName)
  await frame.getByLabel('Last name').fill(shown.lastName)
  await frame.locator('.pre-chat .main').click()
  return page
}

const write = async (page: Page, text: string) => {
  const field = page.frameLocator('iframe').getByRole('textbox', { name: 'Write a message' })
  await field.fill(text)
  await field.press('Enter')
  const own = page.frameLocator('iframe').locator('.message').filter({ hasText: text })
  await own.locator('[data-state]').waitFor()
}

const seen = (page: Page, text: string) =>
  page.frameLocator('iframe').locator('.message').filter({ hasText: text }).first().waitFor()

/** The conversation that both sides are shown of. */
const converse = async (studio: Studio, ana: AgentClient, skillId: string): Promise<Page> => {
  await studio.goTo(14)
  const page = await enterShop(studio, skillId)
  await write(page, shown.first)
  const dialogId = await acceptNext(ana)
  await studio.goTo(15)
  await ana.say(dialogId, shown.answer)
  await seen(page, shown.answer)
  await studio.goTo(17)
  await write(page, shown.second)
  await studio.goTo(18)
  const note = { type: 'ContentEvent', contentType: 'text/plain', message: shown.note }
  await ana.request('publishEvent', {
    dialogId,
    event: note,
    messageAudience: 'AGENTS_AND_MANAGERS',
  } as never)
  await studio.goTo(20)
  await ana.say(dialogId, shown.advice)
  await ana.request('publishEvent', {
    dialogId,
    event: { type: 'RichContentEvent', content: card },
  } as never)
  await page.frameLocator('iframe').getByText('Look at it').waitFor()
  await studio.goTo(21)
  await write(page, shown.third)
  return page
}

const morning = async (brand: Brand, studio: Studio): Promise<void> => {
  const login = await brand.hire(agent)
  const managerLogin = await brand.hire(manager)
  await brand.hire(mender)
  const atWork = new Map<Colleague, AgentClient>()
  for (const colleague of [agent, mender])
    atWork.set(colleague, await brand.atWork(colleague.loginName))
  const at = (colleague: Colleague) => atWork.get(colleague) as AgentClient
  await play(brand, { talks: talks.filter(({ lines }) => lines[0].at < 14), at })
  const shopPage = await converse(studio, at(agent), brand.skillId('Advice'))
  await play(brand, { talks: talks.filter(({ lines }) => lines[0].at >= 14), at })
  await studio.goTo(22)

  const desk = await studio.page('/workspace/')
  await signIn(desk, login)
  await desk.locator('a[data-row]').filter({ hasText: shown.lastName }).click()
  await desk.locator('[data-message]').filter({ hasText: shown.third }).waitFor()
  await studio.take(shopPage, 'window')
  const ringing = await brand.call(caller)
  await ringing.client.say(ringing.conversationId, caller.text)
  await desk.getByRole('button', { name: /^Accept/ }).waitFor()
  await studio.take(desk, 'workspace')

  const office = await studio.page('/workspace/')
  await signIn(office, managerLogin)
  await office.getByRole('link', { name: /All conversations/ }).click()
  await office
    .locator('a[data-row]')
    .filter({ hasText: talks[3]?.lastName ?? '' })
    .click()
  await office.locator('[data-message]').first().waitFor()
  await studio.take(office, 'managers')
}

const takeAll = async (folder: string): Promise<void> => {
  mkdirSync(folder, { recursive: true })
  const { failed } = await buildStale({ say: (line) => process.stderr.write(line) })
  if (failed.length > 0) throw new Error('The pages could not be built.')
  await using brand = await Brand.open()
  const browser = await chromium.launch({ executablePath: browserPath, args: ['--no-sandbox'] })
  try {
    const context = await browser.newContext({
      viewport: SIZE,
      deviceScaleFactor: SHARPNESS,
      locale: 'en-GB',
      timezoneId: timeZone,
    })
    await morning(brand, new Studio(brand, context, folder))
  } finally {
    await browser.close()
  }
}

const target = process.argv[2] ?? fileURLToPath(new URL('../docs/pictures', import.meta.url))
if (existsSync(browserPath)) await takeAll(path.resolve(target))
else {
  process.stderr.write(
    `pictures: there is no Chromium at ${browserPath}. Install it, or set CHROMIUM_PATH.\n`,
  )
  process.exitCode = 69
}
