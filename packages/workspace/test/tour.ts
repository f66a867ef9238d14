/** A morning at a small shop: every page of the workspace, one after the other, for whoever looks at them. */
import type { BrowserContextOptions, Page } from 'playwright-core'
import { type AgentClient, agentClient } from '../../client/src/index.ts'
import { systemClock } from '../../server/src/clock.ts'
import type { AgentRole } from '../../server/src/domain/account.ts'
import type { TestAgent } from '../../server/src/testing/index.ts'
import { wholeBrowser } from '../../window/test/browser.ts'
import { encode } from '../../window/test/palette.ts'
import { makeStill } from '../../window/test/still.ts'
import {
  accept,
  type Consumer,
  message,
  type Place,
  signIn,
  until,
  World,
  widthOf,
  write,
} from './world.ts'

export type Look = (page: Page, state: string) => Promise<void>

const MINUTE_MS = 60_000
const MORNING = Date.UTC(2026, 4, 12, 9, 14, 30)

/** Time that goes on when the tour says so, for the server and for every page. */
class Day {
  readonly pages: Page[] = []
  now = MORNING - 22 * 60 * MINUTE_MS
  readonly clock = { ...systemClock, now: () => this.now }

  async goOn(minutes: number): Promise<void> {
    await this.jump(this.now + minutes * MINUTE_MS)
  }

  /**
   * Things happen at whole seconds and are looked at shortly after them: no time shown is about to change.
   * A page takes the server to be ahead by half of what its answer took, so the rest of the second is for that.
   */
  async between(look: () => Promise<void>): Promise<void> {
    await this.jump(this.now + 50)
    await look()
    await this.jump(this.now + 950)
  }

  async jump(to: number): Promise<void> {
    this.now = to
    for (const page of this.pages) await page.clock.setFixedTime(to)
  }
}

/** What the guides on this tour know. */
export interface Scene {
  readonly world: World
  readonly day: Day
  readonly place: Place
  readonly look: Look
}

const openPage = async ({ day, place, world }: Scene, options: BrowserContextOptions = {}) => {
  const context = await world.context({
    timezoneId: 'UTC',
    reducedMotion: 'reduce',
    serviceWorkers: 'block',
    ...options,
  })
  await context.clock.setFixedTime(day.now)
  await makeStill(context)
  const page = await context.newPage()
  page.setDefaultTimeout(60_000)
  day.pages.push(page)
  await page.goto(`${place.origin}/workspace/`)
  await page.getByLabel('Account').waitFor()
  return page
}

interface Hired {
  readonly name: string
  readonly roles?: AgentRole[]
  readonly skillIds?: string[]
}

const hire = async (
  { place, world }: Scene,
  { name, roles = ['agent'], skillIds = [] }: Hired,
): Promise<TestAgent> => {
  const login = await world.server.agent(place.account, { roles, skillIds, capacity: 6 })
  const nickname = name.split(' ')[0]
  await place.administer(`agents/${login.loginName}`, { nickname, fullName: name }, 'PATCH')
  return login
}

/** A colleague who is there, and has said how. */
const seat = async (
  { place, world }: Scene,
  { loginName }: TestAgent,
  [availability, description = '']: string[],
): Promise<AgentClient> => {
  // Logins of the day before have ended.
  const { bearer } = await world.server.login(place.account, loginName)
  const at = { origin: world.server.url, account: place.account }
  const client = agentClient({ ...at, token: async () => bearer })
  await client.request('setAgentState', { availability, description } as never)
  return client
}

const writer = (
  { place }: Scene,
  [firstName, lastName]: readonly [string, string],
  text: string,
): Promise<Consumer> => place.consumer({ text, profile: { firstName, lastName } })

const button = (title: string) => ({
  type: 'button',
  title,
  click: { actions: [{ type: 'publishText', text: title }] },
})

const CARD = {
  type: 'vertical',
  elements: [
    { type: 'text', text: 'Ridge 2 tent', style: { bold: true, size: 'large' } },
    { type: 'text', text: 'Two people, 1.4 kg, in stock' },
    button('Exchange for this one'),
    button('Show others'),
  ],
}

const QUICK_REPLIES = {
  type: 'quickReplies',
  itemsPerRow: 2,
  replies: ['Exchange it', 'Send the money back'].map(button),
}

/** A sunset, more or less. */
const photo = (): Buffer => {
  const [width, height] = [320, 200]
  const data = new Uint8Array(width * height * 4).fill(255)
  for (let at = 0; at < width * height; at += 1) {
    const y = Math.floor(at / width)
    const isGround = y > 130 + 12 * Math.sin((at % width) / 40)
    data.set(isGround ? [47, 72, 88] : [250, 200 - (y >> 3) * 4, 120], at * 4)
  }
  return encode({ width, height, data })
}

const opened = (page: Page) => page.getByRole('dialog')

/** Looks at what lies over the page, and puts it away. */
const lookOver = async ({ look }: Scene, page: Page, state: string): Promise<void> => {
  // With a field in it, it may wait for the keys of a touch screen before it is seen.
  await opened(page).click({ trial: true, position: { x: 20, y: 20 } })
  await look(page, state)
  await page.keyboard.press('Escape')
  await opened(page).waitFor({ state: 'detached' })
}

/** Nobody has written yet. */
const arrive = async (scene: Scene, login: TestAgent): Promise<Page> => {
  const page = await openPage(scene)
  await scene.look(page, 'sign-in')
  await signIn(page, scene.place.account, login)
  await page.getByRole('button', { name: /^Status: Online, connected/ }).waitFor()
  await page.getByText('All caught up').waitFor()
  await scene.look(page, 'empty')
  return page
}

/** Three who wait, each in another way. */
const fillList = async (scene: Scene, page: Page): Promise<Consumer[]> => {
  const { day } = scene
  const late = await writer(
    scene,
    ['Marie-Antoinette', 'Durand-Lefèvre de Montgolfier'],
    'My order number 55/104 was to arrive before the weekend, and it has not.',
  )
  await accept(page)
  await day.goOn(52)
  const soon = await writer(scene, ['Jonas', 'Weber'], 'Does the tent leak?')
  await accept(page)
  await day.goOn(13)
  const quiet = await writer(scene, ['Tomasz', 'Zieliński'], 'Thanks, that helps.')
  await accept(page)
  await message(page, 'Thanks, that helps.').waitFor()
  await write(page, 'You are welcome.')
  await isToldOf(page, 'You: You are welcome.')
  await day.goOn(2)
  return [late, soon, quiet]
}

const open = (page: Page, name: string) =>
  page.locator('a[data-row]').filter({ hasText: name }).click()

/** The server has heard that what is shown was read, and the list of what was said last. */
const isToldOf = async (page: Page, last: string): Promise<void> => {
  const row = page.locator('a[data-row][aria-current="true"]')
  await row.filter({ hasText: last }).waitFor()
  await until(() => row.locator('[data-unread]').count()).toBe(0)
}

/** Everything that can stand in a thread. */
const converse = async (scene: Scene, page: Page, helper: AgentClient): Promise<Consumer> => {
  const { day, look } = scene
  const mara = await writer(scene, ['Mara', 'Lindqvist'], 'Hello, one of the poles is broken.')
  await accept(page)
  await scene.place.share(mara, ['photo.png', photo()], 'This is where it stood')
  // Its address ends while time is made to pass.
  await until(() => widthOf(page, 'This is where it stood')).toBe(320)
  await day.goOn(1)
  await write(page, 'I am sorry to hear that. We will exchange it.')
  await until(() => mara.texts).toContain('I am sorry to hear that. We will exchange it.')
  const { dialogId } = mara
  await helper.request('updateConversationField', {
    conversationId: dialogId,
    conversationField: [{ field: 'ParticipantsChange', type: 'ADD', role: 'MANAGER' }],
  })
  const event = { type: 'RichContentEvent', content: CARD, quickReplies: QUICK_REPLIES }
  await helper.outbox.send({ dialogId, event })
  await message(page, 'Ridge 2 tent').waitFor()
  await isToldOf(page, 'Card')
  await look(page, 'cards')
  await day.goOn(3)
  await mara.say('Exchange it')
  await mara.say('How long does it take? See https://shop.example/orders/55/104')
  await message(page, 'How long does it take?').waitFor()
  await page.getByRole('button', { name: 'Private note' }).click()
  const note = page.getByRole('textbox', { name: 'Private note' })
  await note.fill('The warehouse has two left.')
  await note.press('Enter')
  await message(page, 'The warehouse has two left.').waitFor()
  await page.getByRole('button', { name: 'Reply' }).click()
  await write(page, 'Two days.')
  await until(() => mara.texts.at(-1)).toBe('Two days.')
  await isToldOf(page, 'You: Two days.')
  await mara.publish({ type: 'ChatStateEvent', chatState: 'COMPOSING' })
  await page.getByText(/is typing/).waitFor()
  await page.locator('a[data-row]').getByText('Typing …').waitFor()
  await look(page, 'thread')
  await mara.publish({ type: 'ChatStateEvent', chatState: 'ACTIVE' })
  await page.getByText(/is typing/).waitFor({ state: 'detached' })
  return mara
}

/** What lies over the page, and what is written into it. */
const lookAround = async (scene: Scene, page: Page): Promise<void> => {
  const { look } = scene
  await page.getByRole('button', { name: 'Private note' }).click()
  await page
    .getByRole('textbox', { name: 'Private note' })
    .fill('She has been a customer for years')
  await look(page, 'note')
  await look(page, 'details')
  await page.getByRole('textbox', { name: 'Private note' }).fill('')
  await page.getByRole('button', { name: 'Reply' }).click()
  await page.getByRole('button', { name: 'Transfer' }).click()
  await page.getByRole('button', { name: 'To an agent' }).click()
  await page.getByRole('option', { name: 'Ben' }).waitFor()
  await lookOver(scene, page, 'transfer')
  for (const [at, state] of [
    'settings',
    'settings-writing',
    'settings-notices',
    'settings-keys',
  ].entries()) {
    await page.getByRole('button', { name: 'Settings' }).click()
    await page.getByRole('tab').nth(at).click()
    await lookOver(scene, page, state)
  }
  await page.getByRole('button', { name: 'Keyboard shortcuts' }).click()
  await lookOver(scene, page, 'keys')
  await page.keyboard.press('Control+k')
  await lookOver(scene, page, 'palette')
}

const loseConnection = async ({ world, look }: Scene, page: Page): Promise<void> => {
  const { network } = world
  network.goDown()
  await write(page, 'I have just asked for it to be sent today.')
  await page.getByText('1 message waits to be sent.').waitFor()
  // Attempts are further apart each time: this wait is long enough to be looked at.
  await page.getByText('Trying again in 6 s').waitFor()
  await look(page, 'offline')
  network.comeBack()
  await page.getByRole('button', { name: 'Try now' }).click()
  await page.getByText('1 message waits to be sent.').waitFor({ state: 'detached' })
}

const supervise = async (scene: Scene, login: TestAgent): Promise<void> => {
  const { look, place } = scene
  const page = await openPage(scene)
  await signIn(page, place.account, login)
  await page.getByRole('link', { name: 'All conversations' }).click()
  await open(page, 'Jonas Weber')
  await page.getByText('You are only watching. Join to write.').waitFor()
  await look(page, 'all')
  await page.getByRole('link', { name: 'Agents' }).click()
  await page.getByRole('row').filter({ hasText: 'Clara' }).waitFor()
  await look(page, 'agents')
  await page.getByRole('link', { name: 'History' }).click()
  await page.getByRole('searchbox').fill('parcel')
  await page.locator('mark').first().waitFor()
  await page.locator('a[data-row]').first().click()
  await page.locator('[data-found]').waitFor()
  await look(page, 'history')
}

/** A conversation of the day before. */
const remember = async (scene: Scene, login: TestAgent): Promise<void> => {
  const client = await seat(scene, login, ['OFFLINE'])
  const past = await writer(scene, ['Dana', 'Ng'], 'Where is my parcel?')
  const change = (field: object) =>
    client.request('updateConversationField', {
      conversationId: past.dialogId,
      conversationField: [field as never],
    })
  await change({ field: 'ParticipantsChange', type: 'ADD', role: 'ASSIGNED_AGENT' })
  await scene.day.goOn(4)
  await client.say(past.dialogId, 'Your parcel left Leipzig this morning.')
  await past.say('Wonderful, thank you.')
  await scene.day.goOn(1)
  await change({ field: 'ConversationStateField', conversationState: 'CLOSE' })
  past.client.close()
  client.close()
}

const closeClient = (client: AgentClient) => client.close()

/** Goes through every page and calls `look` in each. */
export const tour = async (look: Look): Promise<void> => {
  const day = new Day()
  await using world = await World.open({ clock: day.clock, openBrowser: wholeBrowser })
  const place = await world.account()
  const scene: Scene = {
    world,
    day,
    place,
    look: (page, state) => day.between(() => look(page, state)),
  }
  using stack = new DisposableStack()
  const skillIds = [await place.skill('Tents'), await place.skill('Returns and refunds')]
  const greta = await hire(scene, { name: 'Greta Holm', roles: ['manager'] })
  await remember(scene, greta)
  await day.jump(MORNING)
  const ben = await hire(scene, { name: 'Ben Okafor', skillIds: skillIds.slice(0, 1) })
  const clara = await hire(scene, { name: 'Clara Nilsen', skillIds })
  const helper = stack.adopt(await seat(scene, greta, ['OFFLINE']), closeClient)
  stack.adopt(await seat(scene, ben, ['OCCUPIED']), closeClient)
  stack.adopt(await seat(scene, clara, ['AWAY', 'Lunch']), closeClient)
  const ana = await hire(scene, { name: 'Ana Berger' })
  const page = await arrive(scene, ana)
  for (const one of await fillList(scene, page)) stack.use(one)
  await page.goto(`${place.origin}/workspace/#/mine`)
  await page.getByText('No conversation open').waitFor()
  await scene.look(page, 'list')
  stack.use(await converse(scene, page, helper))
  stack.use(await writer(scene, ['Sofia', 'Marino'], 'Is the shop open on Saturday?'))
  await page.getByRole('button', { name: /^Accept/ }).waitFor()
  await scene.look(page, 'ringing')
  await accept(page)
  await open(page, 'Mara Lindqvist')
  await lookAround(scene, page)
  await loseConnection(scene, page)
  await supervise(scene, greta)
}
