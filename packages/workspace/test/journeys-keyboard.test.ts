/** The workspace without a pointer: every journey by keys alone, in one day of an agent and a manager. */
import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import type { TestAgent } from '../../server/src/testing/index.ts'
import { describePages } from '../../window/test/browser.ts'
import { preferring } from './both-sides.ts'
import { message, type Place, until, World } from './world.ts'

/** More than there are stops on any of the pages. */
const MOST_STOPS = 60

const NAME = `(() => {
  const { activeElement: one, body } = document
  if (one === body) return ''
  return one.getAttribute('aria-label') ?? one.labels?.[0]?.textContent ?? one.textContent ?? ''
})()`

/** A page of which only the keyboard is touched. */
class Keys {
  readonly page: Page

  constructor(page: Page) {
    this.page = page
  }

  static async open(place: Place, preferences: object): Promise<Keys> {
    const { page } = await place.page(preferring(place, { undoSeconds: 0, ...preferences }))
    await page.evaluate(`{
      window.touched = []
      for (const kind of ['pointerdown', 'mousedown', 'touchstart'])
        addEventListener(kind, () => touched.push(kind), true)
    }`)
    return new Keys(page)
  }

  touched = () => this.page.evaluate<string[]>('touched')

  async press(...keys: readonly string[]): Promise<void> {
    for (const key of keys) await this.page.keyboard.press(key)
  }

  async type(text: string, ...keys: readonly string[]): Promise<void> {
    await this.page.keyboard.type(text)
    await this.press(...keys)
  }

  focused = async (): Promise<string> => (await this.page.evaluate<string>(NAME)).trim()

  async isAt(wanted: string | RegExp): Promise<void> {
    await until(this.focused).toMatch(wanted)
  }

  /** Goes on from stop to stop until it has come to the one of this name. */
  async tabTo(wanted: RegExp, key = 'Tab'): Promise<void> {
    for (let stops = 0; stops < MOST_STOPS; stops += 1) {
      if (wanted.test(await this.focused())) return
      await this.press(key)
    }
    throw new Error(`The keyboard does not come to ${wanted}`)
  }

  /** Chooses in the command palette. */
  async choose(command: string): Promise<void> {
    await this.press('Control+k')
    await this.isAt('Command palette')
    await this.page.keyboard.type(command)
    await this.page.getByRole('option', { name: command, selected: true }).waitFor()
    await this.press('Enter')
    await this.page.getByRole('dialog').waitFor({ state: 'detached' })
  }

  async signIn({ account }: Place, { loginName, password }: TestAgent): Promise<void> {
    await this.isAt('Account')
    await this.type(account, 'Tab')
    await this.type(loginName, 'Tab')
    await this.type(password, 'Enter')
    await this.page.getByRole('button', { name: /^Status: .*, connected/ }).waitFor()
  }

  /** Takes what rings, and is in the field for an answer. */
  async accept(): Promise<void> {
    await this.page.getByRole('button', { name: /^Accept/ }).waitFor()
    // From the list, so that being in the field means that the conversation was opened.
    await this.press('Escape', 'a')
    await this.isAt('Message')
    await this.page.locator('a[data-row][aria-current][tabindex="0"]').waitFor()
  }

  async sees(text: string): Promise<void> {
    await message(this.page, text).first().waitFor()
  }
}

const cannedText = async ({ world, account }: Place) => {
  const { url, running } = world.server
  const path = 'configuration/engagement-window/canned-responses?v=2.0'
  const data = [{ title: 'Welcome', msg: 'How can I help?', lang: 'en-US', isDefault: true }]
  const answer = await fetch(`${url}/api/account/${account}/${path}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${running.adminToken}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({ enabled: true, type: 0, data }),
  })
  expect(answer.status).toBeLessThan(300)
}

describePages('the keyboard alone', () => {
  const world = World.shared()

  it('[WSP30] [WSP1] [WSP4] [WSP19] [WSP18] [WSP20] [WSP50] signs in, accepts, answers, notes, closes, signs out', async () => {
    const place = await world.account()
    await cannedText(place)
    const keys = await Keys.open(place, {})
    await keys.signIn(place, await world.server.agent(place.account))
    using consumer = await place.consumer({ text: 'Do you ship tents?' })
    await keys.accept()
    await keys.sees('Do you ship tents?')
    await keys.type('/wel')
    await keys.page.getByRole('option', { name: /Welcome/, selected: true }).waitFor()
    await keys.press('Enter')
    await until(() => keys.page.getByRole('textbox').inputValue()).toBe('How can I help?')
    await keys.press('Enter')
    await until(() => consumer.texts.at(-1)).toBe('How can I help?')
    await keys.type('We do', 'Enter')
    await until(() => consumer.texts.at(-1)).toBe('We do')
    await keys.press('Escape', 'n')
    await keys.isAt('Private note')
    await keys.type('Asked twice', 'Enter')
    await keys.sees('Asked twice')
    await keys.press('Escape', 'r')
    await keys.isAt('Message')
    await keys.type('Anything else?', 'Enter')
    await until(() => consumer.texts.at(-1)).toBe('Anything else?')

    await keys.press('F6', 'F6')
    await keys.tabTo(/^Status:/)
    await keys.press('Enter')
    await keys.page.getByRole('menu').waitFor()
    await keys.type('Away')
    await keys.isAt(/^Away/)
    await keys.press('Enter')
    await keys.page.getByRole('button', { name: /^Status: Away/ }).waitFor()
    await keys.press('e')
    await keys.page.getByText('Conversation closed').waitFor()
    await keys.tabTo(/^Status:/)
    await keys.press('Enter')
    await keys.page.getByRole('menu').waitFor()
    await keys.type('Sign')
    await keys.isAt('Sign out')
    await keys.press('Enter')
    await keys.page.getByLabel('Password').waitFor()
    await keys.isAt('Password')
    expect(await keys.touched()).toEqual([])
  })

  it('[WSP30] [WSP21] hands on: to a skill, to an agent, to the queue', async () => {
    const place = await world.account()
    const skill = await place.skill('Repairs')
    const keys = await Keys.open(place, {})
    const other = await Keys.open(place, {})
    const login = await world.server.agent(place.account, { skillIds: [skill] })
    await keys.signIn(place, await world.server.agent(place.account))
    using _consumer = await place.consumer({ text: 'It broke' })
    await keys.accept()
    await other.signIn(place, login)
    await keys.press('Escape', 't')
    await keys.isAt('To a skill')
    await keys.type('rep', 'Enter')
    await keys.page.getByText('Transferred to Repairs').waitFor()
    await other.accept()
    await other.sees('It broke')
    await other.press('Escape', 't')
    await other.isAt('To a skill')
    await other.tabTo(/^To an agent$/, 'Shift+Tab')
    await other.press('Enter')
    await other.isAt('To an agent')
    await other.page.getByRole('option').first().waitFor()
    await other.press('Enter')
    await other.page
      .getByText(/^Transferred to/)
      .last()
      .waitFor()
    await keys.accept()
    await keys.press('Escape', 'q')
    await keys.page.getByText('Returned to the queue').waitFor()
    await other.accept()
    expect([await keys.touched(), await other.touched()]).toEqual([[], []])
  })

  it('[WSP30] [WSP23] [WSP34] [WSP52] joins, whispers, takes over, reads the history, and sets up', async () => {
    const place = await world.account()
    const agent = await Keys.open(place, {})
    await agent.signIn(place, await world.server.agent(place.account))
    using consumer = await place.consumer({ text: 'The manager, please' })
    await agent.accept()
    const keys = await Keys.open(place, {})
    await keys.signIn(place, await world.server.agent(place.account, { roles: ['manager'] }))
    await keys.press('g', 'm')
    await keys.page.getByText('The manager, please').waitFor()
    await keys.tabTo(/The manager, please/, 'F6')
    await keys.press('Enter')
    await keys.page.getByText('You are only watching. Join to write.').waitFor()
    await keys.choose('Join')
    await keys.isAt('Message')
    await keys.press('Escape', 'n')
    await keys.isAt('Private note')
    await keys.type('Let me', 'Enter')
    await agent.sees('Let me')
    await keys.choose('Take over')
    await keys.page.getByText('The conversation is yours').waitFor()
    await keys.press('Escape', 'r')
    await keys.isAt('Message')
    await keys.type('I am the manager', 'Enter')
    await until(() => consumer.texts).toEqual(['The manager, please', 'I am the manager'])
    await keys.press('Escape', 'e')
    await keys.page.getByText('Conversation closed').waitFor()

    await keys.press('g', 'h')
    await keys.tabTo(/^Search what was said/)
    await keys.type('please')
    await keys.page.getByText('1 found').waitFor()
    await keys.tabTo(/The manager, please/)
    await keys.press('Enter')
    await keys.page.getByRole('log', { name: 'Past conversation' }).getByText('Let me').waitFor()

    await keys.press('Control+,')
    await keys.tabTo(/^Appearance$/)
    await keys.press('ArrowDown')
    await keys.isAt('Composer')
    await keys.tabTo(/^Enter sends/)
    await keys.press('Space')
    await until(() => keys.page.getByLabel('Enter sends').isChecked()).toBe(false)
    await keys.press('Escape')
    await keys.page.getByRole('dialog').waitFor({ state: 'detached' })
    await keys.press('g', 'a')
    await keys.page.getByRole('columnheader').first().waitFor()
    expect([await keys.touched(), await agent.touched()]).toEqual([[], []])
  })
})
