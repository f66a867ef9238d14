import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasBrowser, NO_BROWSER } from '../../window/test/browser.ts'
import { accept, message, until, World, write } from './world.ts'

const suite = hasBrowser ? describe : describe.skip
const name = hasBrowser ? 'handing on' : `handing on (${NO_BROWSER})`

suite(name, { retry: 2 }, () => {
  let world: World
  beforeAll(async () => {
    world = await World.open()
  })
  afterAll(() => world?.[Symbol.asyncDispose]())

  it('[WSP21] goes back to the queue and rings a colleague', async () => {
    const place = await world.account()
    const { page } = await place.desk()
    using _consumer = await place.consumer({ text: 'Anybody?' })
    await accept(page)
    const other = await place.desk()
    await page.getByRole('button', { name: 'More actions' }).click()
    await page.getByRole('menuitem', { name: 'Back to queue' }).click()
    await page.getByText('Returned to the queue').waitFor()
    await accept(other.page)
    await message(other.page, 'Anybody?').waitFor()
    await page.getByText('All caught up').waitFor()
  })

  it('[WSP21] goes to a skill, whose agents are rung', async () => {
    const place = await world.account()
    const sales = await place.skill('Sales')
    const returns = await place.skill('Returns')
    const seller = await place.desk({ skillIds: [sales] })
    const returner = await place.desk({ skillIds: [returns] })
    using _consumer = await place.consumer({ text: 'It broke', skillId: sales })
    await accept(seller.page)
    await seller.page.getByRole('button', { name: 'Transfer' }).click()
    await seller.page.getByRole('combobox', { name: 'To a skill' }).fill('ret')
    await seller.page.getByRole('combobox', { name: 'To a skill' }).press('Enter')
    await seller.page.getByText('Transferred to Returns').waitFor()
    await accept(returner.page)
    await message(returner.page, 'It broke').waitFor()
  })

  it('[WSP21] goes to one agent, who alone is rung', async () => {
    const place = await world.account()
    const first = await place.desk()
    using _consumer = await place.consumer({ text: 'For whom?' })
    await accept(first.page)
    const second = await place.desk()
    const third = await place.desk()
    await first.page.getByRole('button', { name: 'Transfer' }).click()
    await first.page.getByRole('button', { name: 'To an agent' }).click()
    await first.page.getByRole('option', { name: third.login.loginName }).click()
    await accept(third.page)
    await message(third.page, 'For whom?').waitFor()
    expect(await second.page.getByRole('button', { name: /^Accept/ }).count()).toBe(0)
  })

  it('[WSP23] is watched by a manager, who joins, whispers and takes over', async () => {
    const place = await world.account()
    const agent = await place.desk()
    using consumer = await place.consumer({ text: 'I want the manager' })
    await accept(agent.page)
    const { page } = await place.desk({ roles: ['manager'], isOnline: false })
    await page.getByRole('link', { name: 'All conversations' }).click()
    await page.getByText('I want the manager').click()
    await page.getByText('You are only watching. Join to write.').waitFor()
    await page.getByRole('button', { name: 'Join' }).click()
    await page.getByRole('button', { name: 'Private note' }).click()
    const note = page.getByRole('textbox', { name: 'Private note' })
    await note.fill('Offer a refund')
    await note.press('Enter')
    await message(agent.page, 'Offer a refund').getByText('Only your team sees this').waitFor()
    await page.getByRole('button', { name: 'More actions' }).click()
    await page.getByRole('menuitem', { name: 'Take over' }).click()
    await page.getByText('The conversation is yours').waitFor()
    await agent.page.getByText('This conversation is not yours any more.').waitFor()
    await write(page, 'I am the manager')
    await until(() => consumer.texts).toEqual(['I want the manager', 'I am the manager'])
  })

  it('[WSP23] shows agents with their states and load, and filters conversations', async () => {
    const place = await world.account()
    const billing = await place.skill('Billing')
    const agent = await place.desk()
    using _one = await place.consumer({ text: 'About my bill', skillId: billing })
    using _two = await place.consumer({ text: 'About my tent' })
    await accept(agent.page)
    const { page } = await place.desk({ roles: ['manager'], isOnline: false })
    await page.getByRole('link', { name: 'Agents' }).click()
    const row = page.getByRole('row').filter({ hasText: agent.login.loginName })
    await row.getByText('Online').waitFor()
    await row.getByText(/^1 of \d+$/).waitFor()
    await page.getByRole('link', { name: 'All conversations' }).click()
    const rows = page.locator('a[data-row]')
    await until(() => rows.count()).toBe(2)
    await page.getByLabel('Skill').selectOption({ label: 'Billing' })
    await until(() => rows.count()).toBe(1)
    await page
      .getByRole('combobox', { name: 'Agent', exact: true })
      .selectOption({ label: agent.login.loginName })
    await page.getByText('Nothing matches these filters.').waitFor()
    await page.getByRole('button', { name: 'Clear filters' }).click()
    await until(() => rows.count()).toBe(2)
  })
})
