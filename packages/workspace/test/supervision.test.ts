import { generateKeyPairSync, sign } from 'node:crypto'
import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { authenticate, consumerClient } from '../../client/src/index.ts'
import { describePages } from '../../window/test/browser.ts'
import { accept, Consumer, message, type Place, until, World, write } from './world.ts'

/** As if it had been set up so before. */
const withPreferences = async (page: Page, preferences: object): Promise<void> => {
  const text = JSON.stringify(JSON.stringify(preferences))
  await page.evaluate(`localStorage.setItem('ringdown.preferences', ${text})`)
  await page.reload()
}

const details = (page: Page) => page.getByRole('complementary')

/** A row of the list of all conversations. */
const row = (page: Page, text: string) => page.locator('a[data-row]').filter({ hasText: text })

const manager = async (place: Place, preferences: object = {}): Promise<Page> => {
  const { page } = await place.desk({ roles: ['manager'], isOnline: false })
  await withPreferences(page, { undoSeconds: 0, ...preferences })
  return page
}

const ISSUER = 'https://login.shop.example'

/** Somebody whom the brand has signed in. */
const knownConsumer = async (place: Place, properties: Record<string, unknown>) => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const spki = publicKey.export({ format: 'der', type: 'spki' }).toString('base64')
  const settings = { brandKeys: [{ kid: 'shop', publicKey: spki }], brandIssuer: ISSUER }
  await place.administer('settings', settings, 'PATCH')
  const now = Math.floor(Date.now() / 1000)
  const claims = { sub: 'customer-1', iss: ISSUER, iat: now, exp: now + 3600, given_name: 'Dana' }
  const text = [{ alg: 'RS256', kid: 'shop' }, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.')
  const signed = `${text}.${sign('sha256', Buffer.from(text), privateKey).toString('base64url')}`
  const at = { origin: place.world.server.url, account: place.account }
  const jwt = await authenticate(at, signed)
  const client = consumerClient({ ...at, token: async () => jwt, properties })
  const { conversationId } = await client.request('requestConversation', {
    conversationContext: { type: 'SharkContext', lang: 'fr-CA' },
  } as never)
  const consumer = new Consumer(client, conversationId)
  await consumer.say('It is me')
  return consumer
}

describePages('supervision', () => {
  const world = World.shared()

  it('[WSP24] says why a conversation waits, with whom it is, and every step, in one’s language', async () => {
    const place = await world.account()
    const agent = await place.desk({ capacity: 1 })
    using _first = await place.consumer({ text: 'The first' })
    await accept(agent.page)
    await details(agent.page)
      .getByText(/^With you since/)
      .waitFor()
    await details(agent.page).getByText('Chosen: nobody else could be asked').waitFor()
    using _second = await place.consumer({ text: 'The second' })
    const page = await manager(place)
    await page.getByRole('link', { name: 'All conversations' }).click()
    await row(page, 'The second').click()
    await details(page)
      .getByText(/^In the queue of No skill since/)
      .waitFor()
    const full = 'Nobody is asked: everybody who could take it is full'
    await details(page).getByText(full).waitFor()
    await details(page)
      .getByText(/^Passed over: 1 full/)
      .waitFor()
    await details(page).getByRole('button', { name: 'Show every step' }).click()
    const steps = details(page).getByRole('list').first().locator('> li')
    await until(() => steps.count()).toBe(2)
    await steps.nth(0).getByText('Queued at No skill').waitFor()
    await steps.nth(1).getByText(full).waitFor()
    const considered = steps.nth(1).getByRole('listitem')
    await considered.filter({ hasText: agent.login.loginName }).getByText('full, 1 of 1').waitFor()
    const times = await details(page).locator('time').allInnerTexts()
    expect(times.every((one) => /^\d\d:\d\d:\d\d$/.test(one))).toBe(true)
    await withPreferences(page, { language: 'de' })
    await details(page)
      .getByText(/^In der Warteschlange von Ohne Fähigkeit seit/)
      .waitFor()
    await details(page)
      .getByText(/^Übergangen: 1 ausgelastet/)
      .waitFor()
    await withPreferences(page, { language: 'en' })
    await page.getByText('Show every step').waitFor()

    await withPreferences(agent.page, { undoSeconds: 0 })
    await agent.page.getByRole('button', { name: 'Close conversation' }).click()
    await accept(agent.page)
    const whose = new RegExp(`^With ${agent.login.loginName} since`)
    await details(page).getByText(whose).waitFor()
  })

  it('[WSP25] counts what is open and how it stands, and each figure leads to its list', async () => {
    const place = await world.account()
    const agent = await place.desk({ capacity: 2 })
    using _one = await place.consumer({ text: 'Will be answered' })
    await accept(agent.page)
    await write(agent.page, 'Here you are')
    using two = await place.consumer({ text: 'Is urgent' })
    await accept(agent.page)
    using _three = await place.consumer({ text: 'Has to wait' })
    const page = await manager(place)
    const bar = page.getByRole('navigation', { name: 'Overview' })
    const figures = async () =>
      (await bar.getByRole('link').allInnerTexts()).map((one) => one.replace(/\s+/g, ' '))
    await until(figures).toEqual([
      'Open 3',
      'Overdue 0',
      'Due in 5 min 0',
      'In the queue 1',
      'Waiting for consumer 1',
      'Online 1',
      'Transfers only 0',
      'Away 0',
    ])
    const { client } = await place.colleague({ roles: ['manager'] })
    await client.request('updateConversationField', {
      conversationId: two.dialogId,
      conversationField: [{ field: 'ManualETTR', time: Date.now() + 4_000 }],
    })
    // First it is due soon, and then, without another word of the server, over.
    await bar.getByRole('link', { name: 'Due in 5 min 1' }).waitFor()
    await bar.getByRole('link', { name: 'Overdue 1' }).click()
    const rows = page.locator('a[data-row]')
    await until(() => rows.count()).toBe(1)
    await row(page, 'Is urgent').click()
    await message(page, 'Is urgent').waitFor()
    expect(await rows.count()).toBe(1)
    await bar.getByRole('link', { name: 'In the queue 1' }).click()
    await row(page, 'Has to wait').waitFor()
    await until(() => rows.count()).toBe(1)
    await page.goBack()
    await row(page, 'Is urgent').waitFor()
    await page.reload()
    await message(page, 'Is urgent').waitFor()
    await until(() => rows.count()).toBe(1)
    expect(await page.getByLabel('Answer', { exact: true }).inputValue()).toBe('late')
    await page.goForward()
    await row(page, 'Has to wait').waitFor()
    await page.getByRole('link', { name: 'All conversations' }).click()
    await until(() => rows.count()).toBe(3)
    await bar.getByRole('link', { name: 'Online 1' }).click()
    await page.getByRole('row').filter({ hasText: agent.login.loginName }).waitFor()
    expect(await agent.page.getByRole('navigation', { name: 'Overview' }).count()).toBe(0)
    client.close()
  })

  it('[WSP26] says who vouches for the consumer, where it is, and folds what is not needed', async () => {
    const place = await world.account()
    const { page } = await place.desk()
    using _known = await knownConsumer(place, {
      timeZone: 'America/New_York',
      os: 'OSX',
      osVersion: '14.2',
      browser: 'CHROME',
    })
    await accept(page)
    const panel = details(page)
    await panel.getByText(`Authenticated by ${ISSUER}`).waitFor()
    await panel.getByText('Canadian French').waitFor()
    await panel.getByText(/^\w{3},? \d\d:\d\d · New York$/).waitFor()
    await panel.getByText('macOS 14.2').waitFor()
    await panel.getByRole('button', { name: 'Device' }).click()
    await panel.getByRole('button', { name: 'Device', expanded: false }).waitFor()
    await until(() => panel.getByText('Chrome').count()).toBe(0)
    await page.reload()
    await panel.getByRole('button', { name: 'Device', expanded: false }).waitFor()
    await panel.getByRole('button', { name: 'Attributes', expanded: true }).waitFor()
    using _unknown = await place.consumer({ text: 'Who am I?' })
    await accept(page)
    await panel.getByText('Not authenticated').waitFor()
  })

  it('[WSP27] lists agents with what they declare and whether they are there, sorted and narrowed', async () => {
    const place = await world.account()
    const billing = await place.skill('Billing')
    const busy = await place.desk({ skillIds: [billing] })
    using _one = await place.consumer({ text: 'About my bill', skillId: billing })
    await accept(busy.page)
    const gone = await place.desk()
    const page = await manager(place)
    await page.getByRole('link', { name: 'Agents' }).click()
    const line = (loginName: string) =>
      page.getByRole('row').filter({ hasText: loginName }).getByRole('cell')
    await line(gone.login.loginName).getByText('Connected', { exact: true }).waitFor()
    await line(gone.login.loginName).getByText('Online', { exact: true }).waitFor()
    await line(busy.login.loginName)
      .getByText(/^1 of \d+$/)
      .waitFor()
    await gone.page.close()
    await line(gone.login.loginName).getByText('Not connected').waitFor()
    const names = async () =>
      (await page.getByRole('rowheader').allInnerTexts()).map((one) => one.split('\n')[1])
    await page.getByRole('button', { name: 'Conversations' }).click()
    await until(async () => (await names())[0]).toBe(busy.login.loginName)
    await page.getByRole('button', { name: 'Conversations' }).click()
    await until(async () => (await names()).at(-1)).toBe(busy.login.loginName)
    expect(
      await page.getByRole('columnheader', { name: 'Conversations' }).getAttribute('aria-sort'),
    ).toBe('descending')
    await page.getByLabel('Skills').selectOption('Billing')
    await until(names).toEqual([busy.login.loginName])
    await page.getByRole('searchbox').fill('nobody has this name')
    await page.getByRole('button', { name: 'Clear filters' }).click()
    await until(async () => (await names()).length).toBe(3)
  })

  it('[WSP21] [WSP23] [WSP28] is handed on from the manager’s seat: to a skill, to an agent, to the queue', async () => {
    const place = await world.account()
    const sales = await place.skill('Sales')
    const returns = await place.skill('Returns')
    const seller = await place.desk({ skillIds: [sales] })
    const returner = await place.desk({ skillIds: [sales, returns] })
    using consumer = await place.consumer({ text: 'It broke', skillId: returns })
    await accept(returner.page)
    const page = await manager(place)
    await page.getByRole('link', { name: 'All conversations' }).click()
    await row(page, 'It broke').click()
    await page.getByText('You are only watching. Join to write.').waitFor()

    await page.getByRole('button', { name: 'Transfer' }).click()
    await page.getByText('Join the conversation to hand it on.').waitFor()
    const sheet = page.getByRole('dialog')
    await sheet.getByRole('button', { name: 'Join' }).click()
    await sheet.getByRole('option', { name: 'Sales' }).click()
    await returner.page.getByText('This conversation is not yours any more.').waitFor()
    await row(page, 'It broke').getByText('In the queue').waitFor()

    await row(page, 'It broke').click()
    await page.getByRole('button', { name: 'Transfer' }).click()
    await sheet.getByRole('button', { name: 'To an agent' }).click()
    await sheet.getByRole('option', { name: seller.login.loginName }).click()
    await accept(seller.page)
    await message(seller.page, 'It broke').waitFor()
    expect(await returner.page.getByRole('button', { name: /^Accept/ }).count()).toBe(0)

    await row(page, 'It broke').click()
    await page.getByRole('button', { name: 'Private note' }).click()
    const note = page.getByRole('textbox', { name: 'Private note' })
    await note.fill('Let the others try')
    await note.press('Enter')
    await message(seller.page, 'Let the others try').waitFor()
    await page.getByRole('button', { name: 'More actions' }).click()
    await page.getByRole('menuitem', { name: 'Back to queue' }).click()
    await seller.page.getByText('This conversation is not yours any more.').waitFor()
    await accept(returner.page)
    await message(returner.page, 'Let the others try').waitFor()
    expect(consumer.texts).toEqual(['It broke'])
  })
})
