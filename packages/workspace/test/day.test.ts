import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { describePages, wholeBrowser } from '../../window/test/browser.ts'
import { accept, message, type Place, signIn, until, World, write } from './world.ts'

const status = (page: Page, state: string) =>
  page.getByRole('button', { name: new RegExp(`^Status: ${state}, connected`) })

/** What the page asks of the server about conversations. */
const changesSent = (page: Page): readonly string[] => {
  const sent: string[] = []
  page.on('websocket', (socket) =>
    socket.on('framesent', ({ payload }) => {
      if (String(payload).includes('UpdateConversationField')) sent.push(String(payload))
    }),
  )
  return sent
}

const openSettings = async (page: Page, section: string): Promise<void> => {
  await page.getByRole('button', { name: 'Settings' }).click()
  await page.getByRole('tab', { name: section }).click()
}

const closeSheet = async (page: Page): Promise<void> => {
  await page.getByRole('dialog').getByRole('button', { name: 'Close', exact: true }).click()
  await page.getByRole('dialog').waitFor({ state: 'detached' })
}

const configure = async ({ account, world }: Place, path: string, body: object) => {
  const { server } = world
  const response = await fetch(`${server.url}/api/account/${account}/configuration/${path}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${server.running.adminToken}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify(body),
  })
  expect(response.status).toBeLessThan(300)
}

/** What rings sounds again after so long. */
const SOUND_EVERY_MS = 3_000

describePages('the day of an agent', () => {
  const world = World.shared()

  it('[WSP50] [WSP58] begins online, keeps what was chosen, and says who else changed it', async () => {
    const place = await world.account()
    await configure(place, 'le-agents/status-reasons', { text: 'Lunch', state: 'Away' })
    const login = await world.server.agent(place.account)
    const { page, watch } = await place.page()
    await signIn(page, place.account, login)
    await status(page, 'Online').waitFor()
    using _consumer = await place.consumer()
    await accept(page)
    await status(page, 'Online').click()
    await page.getByRole('menuitem', { name: 'Away: Lunch' }).click()
    await status(page, 'Away').waitFor()
    const { client } = await place.colleague({ roles: ['manager'] })
    for await (const states of client.agentStates({ agentId: login.id })) {
      expect(states.get(login.id)).toMatchObject({ availability: 'AWAY', description: 'Lunch' })
      break
    }
    client.close()
    await status(page, 'Away').click()
    await page.getByText('Away · Lunch').waitFor()
    await page.getByText('Connection: connected').waitFor()
    await page.getByRole('menuitem', { name: 'Sign out' }).click()
    await page.getByLabel('Password').waitFor()
    await signIn(page, place.account, login)
    await status(page, 'Away').waitFor()

    const elsewhere = await world.server.agentSocket(place.account, login.bearer)
    await elsewhere.request('.ams.routing.SetAgentState', { availability: 'ONLINE' })
    await page.getByText('Your status was changed to Online, and not here.').waitFor()
    await page.getByRole('button', { name: 'Back to Away' }).click()
    await status(page, 'Away').waitFor()
    await page.locator('[data-state-notice]').waitFor({ state: 'detached' })
    expect(watch).toEqual({ errors: [], violations: [] })
  })

  it('[WSP50] who looks after others is not rung before having said so', async () => {
    const place = await world.account()
    const login = await world.server.agent(place.account, { roles: ['manager'] })
    const { page } = await place.page()
    await signIn(page, place.account, login)
    await page.getByRole('button', { name: 'Go online' }).click()
    await status(page, 'Online').waitFor()
  })

  it('[WSP56] declines with a reason that the account has', async () => {
    const place = await world.account()
    await configure(place, 'le-agents/decline-reasons', { text: 'Not my language' })
    const { page } = await place.desk()
    using consumer = await place.consumer()
    await page.getByRole('button', { name: /^Decline with a reason/ }).click()
    await page.getByRole('menuitem', { name: 'Not my language' }).click()
    await page.getByText('All caught up').waitFor()
    const path = `conversations/${consumer.dialogId}/routing`
    await until(async () => {
      const { server } = world
      const address = `${server.url}/api/account/${place.account}/ringdown/v1/${path}`
      const authorization = `Bearer ${server.running.adminToken}`
      return (await fetch(address, { headers: { authorization } })).text()
    }).toContain('"reason":"Not my language"')
  })

  it('[WSP54] takes closing back, and sends what waits when the page is left', async () => {
    const place = await world.account()
    const { page } = await place.desk()
    await page.reload()
    const sent = changesSent(page)
    await page.reload()
    await status(page, 'Online').waitFor()
    using consumer = await place.consumer({ text: 'Bye?' })
    await accept(page)
    await message(page, 'Bye?').waitFor()
    const close = page.getByRole('button', { name: 'Close conversation' })
    await close.click()
    await page.getByText('All caught up').waitFor()
    await page.getByRole('button', { name: 'Undo' }).click()
    await message(page, 'Bye?').waitFor()
    await write(page, 'Still here')
    await until(() => consumer.texts).toContain('Still here')
    expect(sent).toEqual([])
    await close.click()
    await page.getByText('Conversation closed').waitFor()
    expect(sent).toEqual([])
    await page.reload()
    await page.getByText('All caught up').waitFor()
    await until(async () => {
      for await (const { conversations } of consumer.client.conversations({ stage: ['CLOSE'] }))
        return conversations.size
      return 0
    }).toBe(1)
  })

  it('[WSP55] holds a message back, and sends it before the next', async () => {
    const place = await world.account()
    const { page } = await place.desk()
    using consumer = await place.consumer({ text: 'Hm?' })
    await accept(page)
    await openSettings(page, 'Composer')
    await page.getByLabel('Time to take a message back').selectOption('5')
    await closeSheet(page)
    await write(page, 'A typo')
    await page.getByText('Not sent yet: A typo').waitFor()
    await page.getByRole('button', { name: 'Undo' }).click()
    const field = page.getByRole('textbox', { name: 'Message' })
    await until(() => field.inputValue()).toBe('A typo')
    await write(page, 'No typo')
    await page.getByText('Not sent yet: No typo').waitFor()
    await write(page, 'And more')
    await page.getByText('Not sent yet: And more').waitFor()
    await until(() => consumer.texts).toEqual(['Hm?', 'No typo'])
    await page.reload()
    await until(() => consumer.texts).toEqual(['Hm?', 'No typo', 'And more'])
  })

  it('[WSP57] sends with Ctrl+Enter where that is set, and closes behind the last words', async () => {
    const place = await world.account()
    const { page } = await place.desk()
    using consumer = await place.consumer({ text: 'Thanks' })
    await accept(page)
    await openSettings(page, 'Composer')
    await page.getByLabel('Enter sends').uncheck()
    await page.getByLabel('Time to take closing').selectOption('0')
    await closeSheet(page)
    const field = page.getByRole('textbox', { name: 'Message' })
    await field.fill('One')
    await field.press('Enter')
    await field.pressSequentially('Two')
    await field.press('Control+Enter')
    await until(() => consumer.texts).toEqual(['Thanks', 'One\nTwo'])
    await field.fill('Good bye')
    await page.getByRole('button', { name: 'More ways to send' }).click()
    await page.getByRole('menuitem', { name: 'Send and close' }).click()
    await page.getByText('Conversation closed').waitFor()
    expect(consumer.texts).toEqual(['Thanks', 'One\nTwo', 'Good bye'])
    using second = await place.consumer({ text: 'Me too' })
    await accept(page)
    await field.fill('Bye')
    await field.press('Control+Shift+Enter')
    await page.getByText('All caught up').waitFor()
    await until(() => second.texts).toEqual(['Me too', 'Bye'])
  })

  it('[WSP52] [WSP53] other keys do what the usual ones did, clashes are said, and files carry them', async () => {
    const place = await world.account()
    const { page, watch } = await place.desk()
    using _consumer = await place.consumer()
    await page.getByRole('button', { name: /^Accept/ }).waitFor()
    await page.keyboard.press('Control+,')
    await page.getByRole('tab', { name: 'Keys' }).click()
    const row = (command: string) => page.locator(`[data-key="${command}"]`)
    const bind = async (command: string, key: string) => {
      await row(command).getByRole('button').click()
      await row(command).getByText('Press keys …').waitFor()
      await page.keyboard.press(key)
      await row(command).getByText('Press keys …').waitFor({ state: 'detached' })
    }
    await bind('accept', 'r')
    await row('accept').getByText('Also: Write a reply').waitFor()
    await row('reply').getByText('Also: Accept what rings').waitFor()
    await bind('accept', 'y')
    expect(await page.getByText(/^Also:/).count()).toBe(0)
    const saving = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Export' }).click()
    const file = await (await saving).path()
    expect(JSON.parse(await readFile(file, 'utf8')).keys).toMatchObject({ accept: 'y', reply: 'r' })
    await page.getByRole('button', { name: 'Usual keys' }).click()
    await row('accept').getByText('A', { exact: true }).waitFor()
    await page.getByLabel('Import').setInputFiles(file)
    await page.getByText('Keys were taken over.').waitFor()
    await row('accept').getByText('Y', { exact: true }).waitFor()
    await closeSheet(page)
    await page.keyboard.press('?')
    await page.getByLabel('Search shortcuts').fill('what rings')
    await until(() => page.getByRole('term').count()).toBe(1)
    await page.getByRole('definition').getByText('Y', { exact: true }).waitFor()
    await closeSheet(page)
    await page.keyboard.press('g')
    await page.keyboard.press('h')
    await until(() => page.url()).toMatch(/#\/history$/)
    await page.keyboard.press('g')
    await page.keyboard.press('i')
    await page.getByRole('button', { name: /^Accept/ }).waitFor()
    await page.keyboard.press('a')
    await page.keyboard.press('y')
    await page.getByRole('textbox', { name: 'Message' }).waitFor()
    expect(watch).toEqual({ errors: [], violations: [] })
  })

  it('[WSP59] keeps everything visible with forced colours', async () => {
    const place = await world.account()
    const { page } = await place.desk({ context: { forcedColors: 'active' } })
    using _consumer = await place.consumer()
    await page.getByRole('button', { name: /^Accept/ }).waitFor()
    const look = (selector: string, property: string) =>
      page.evaluate<string>(
        `getComputedStyle(document.querySelector(${JSON.stringify(selector)})).${property}`,
      )
    expect(await look('nav [aria-current="page"]', 'outlineStyle')).toBe('solid')
    expect(await look('nav [data-dot]', 'borderTopStyle')).toBe('solid')
    expect(await look('.rings', 'borderTopStyle')).toBe('solid')
    await openSettings(page, 'Keys')
    expect(await look('[role="tab"][data-selected]', 'outlineStyle')).toBe('solid')
    expect(await look('[role="dialog"]', 'borderTopStyle')).toBe('solid')
    expect(await look('kbd', 'borderTopStyle')).toBe('solid')
  })

  it('[WSP4] [WSP51] sounds until it is answered, and then lets the device rest', async () => {
    const place = await world.account()
    const { page } = await place.desk()
    await page.evaluate(`{
      window.tones = 0
      const Real = AudioContext
      window.AudioContext = class extends Real {
        constructor() {
          super()
          window.audio = this
        }
        createOscillator() {
          tones += 1
          return super.createOscillator()
        }
      }
    }`)
    const tones = () => page.evaluate<number>('tones')
    const state = () => page.evaluate<string>('audio.state')
    using _consumer = await place.consumer()
    await until(tones).toBe(2)
    await until(state).toBe('suspended')
    await until(tones).toBe(4)
    await accept(page)
    await until(state).toBe('suspended')
    const [before, answeredAt] = [await tones(), performance.now()]
    await until(() => performance.now() - answeredAt).toBeGreaterThan(SOUND_EVERY_MS + 200)
    expect(await tones()).toBe(before)
  })
})

describePages('what only a whole browser does', () => {
  const world = World.shared({ openBrowser: wholeBrowser })

  it('[WSP51] tells by the browser while the page has no focus, and tries each way', async () => {
    const place = await world.account()
    const { page } = await place.desk({ context: { permissions: ['notifications'] } })
    await page.evaluate(`{
      const Real = Notification
      window.told = []
      window.Notification = class extends Real {
        constructor(title, options) {
          super(title, options)
          told.push(title + ': ' + options.body)
        }
      }
    }`)
    const told = () => page.evaluate<string[]>('told')
    await openSettings(page, 'Notifications')
    await page.getByText('Allowed').waitFor()
    await page.getByRole('button', { name: /^Show one/ }).click()
    await until(told).toEqual(['This is a test: Notifications reach you.'])
    await page.getByRole('button', { name: /^Check/ }).click()
    await page.getByText(/^Answered in \d+ ms$/).waitFor()
    await page.getByRole('button', { name: /^Play/ }).click()
    await page.getByText(/^Played|keeps this page silent/).waitFor()
    await closeSheet(page)
    using consumer = await place.consumer({ text: 'First' })
    await accept(page)
    await message(page, 'First').waitFor()
    expect(await told()).toHaveLength(1)
    const devtools = await page.context().newCDPSession(page)
    await devtools.send('Emulation.setFocusEmulationEnabled', { enabled: false })
    const other = await page.context().newPage()
    await other.bringToFront()
    await until(() => page.evaluate('document.hasFocus()')).toBe(false)
    await consumer.say('Are you there?')
    await until(async () => (await told()).at(-1)).toMatch(/^Visitor \S+: Are you there\?$/)
    using _next = await place.consumer()
    await until(async () => (await told()).at(-1)).toMatch(
      /rings: A conversation is offered to you/,
    )
    await consumer.client.request('updateConversationField', {
      conversationId: consumer.dialogId,
      conversationField: [{ field: 'ConversationStateField', conversationState: 'CLOSE' }],
    })
    await until(async () => (await told()).at(-1)).toMatch(/is not with you any more/)
    expect(await told()).toHaveLength(4)
  })
})
