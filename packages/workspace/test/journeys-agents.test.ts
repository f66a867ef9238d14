/** What becomes of a conversation among agents, while the consumer sits before the window. */
import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { Network } from '../../client/test/world.ts'
import { describePages } from '../../window/test/browser.ts'
import { framesTo, preferring, shopper } from './both-sides.ts'
import { accept, hurry, message, Place, until, World, write } from './world.ts'

const menu = async (page: Page, item: string): Promise<void> => {
  await page.getByRole('button', { name: 'More actions' }).click()
  await page.getByRole('menuitem', { name: item }).click()
}

describePages('journeys among agents', () => {
  const world = World.shared()

  const fieldOf = (page: Page) => page.getByRole('textbox', { name: 'Message' })

  it('[WSP21] journey: transferred to a skill, and on to one agent, who alone is rung', async () => {
    const place = await world.account()
    const sales = await place.skill('Sales')
    const returns = await place.skill('Returns')
    const context = preferring(place, { undoSeconds: 0 })
    const seller = await place.desk({ skillIds: [sales], context })
    const first = await place.desk({ skillIds: [returns], context })
    await using visit = await shopper(place, { init: `skillId: '${sales}'` })
    await visit.write('It broke')
    await accept(seller.page)
    await seller.page.getByRole('button', { name: 'Transfer' }).click()
    const skill = seller.page.getByRole('combobox', { name: 'To a skill' })
    await skill.fill('ret')
    await skill.press('Enter')
    await seller.page.getByText('Transferred to Returns').waitFor()
    await accept(first.page)
    await message(first.page, 'It broke').waitFor()
    await write(first.page, 'A colleague knows more')
    await visit.expectSeen('A colleague knows more')

    const second = await place.desk({ skillIds: [returns] })
    const third = await place.desk({ skillIds: [returns] })
    await first.page.getByRole('button', { name: 'Transfer' }).click()
    await first.page.getByRole('button', { name: 'To an agent' }).click()
    await first.page.getByRole('option', { name: third.login.loginName }).click()
    await accept(third.page)
    await message(third.page, 'A colleague knows more').waitFor()
    expect(await second.page.getByRole('button', { name: /^Accept/ }).count()).toBe(0)
    await write(third.page, 'I am that colleague')
    await visit.expectSeen('I am that colleague')
  })

  it('[WSP21] journey: goes back to the queue and rings a colleague', async () => {
    const place = await world.account()
    const { page } = await place.desk({ context: preferring(place, { undoSeconds: 0 }) })
    await using visit = await shopper(place)
    await visit.write('Anybody?')
    await accept(page)
    const other = await place.desk()
    await menu(page, 'Back to queue')
    await page.getByText('Returned to the queue').waitFor()
    await page.getByText('All caught up').waitFor()
    await accept(other.page)
    await message(other.page, 'Anybody?').waitFor()
    await write(other.page, 'Now I am here')
    await visit.expectSeen('Now I am here')
  })

  it('[WSP23] [WSP19] journey: a manager watches, joins, whispers and takes over', async () => {
    const place = await world.account()
    const agent = await place.desk()
    await using visit = await shopper(place)
    const frames = framesTo(visit)
    await visit.write('I want the manager')
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
    await menu(page, 'Take over')
    await page.getByText('The conversation is yours').waitFor()
    await agent.page.getByText('This conversation is not yours any more.').waitFor()
    await write(page, 'I am the manager')
    await visit.expectSeen('I am the manager')
    // What was said later is there, and the note never was: not on the page, and not on its way to it.
    expect(frames.join()).toContain('I am the manager')
    expect(frames.join()).not.toContain('refund')
    expect(await visit.bubble('refund').count()).toBe(0)
  })

  it('[WSP13] [WSP40] journey: a reload in mid-sentence keeps what was begun', async () => {
    const place = await world.account()
    const { page } = await place.desk()
    await using visit = await shopper(place)
    await visit.write('Hello?')
    await accept(page)
    await fieldOf(page).pressSequentially('Half a sent')
    await page.reload()
    await until(() => fieldOf(page).inputValue()).toBe('Half a sent')
    await page.locator('a[data-row]').getByText('Draft: Half a sent').waitFor()
    await fieldOf(page).press('End')
    await fieldOf(page).pressSequentially('ence')
    await fieldOf(page).press('Enter')
    await visit.expectSeen('Half a sentence')
  })

  it('[WSP17] journey: of two replies written at once the later is held back, dropped or insisted on', async () => {
    const place = await world.account()
    await using network = await Network.start(world.server.running.port)
    const agent = await new Place(world, place.account, network).desk()
    const { page } = agent
    await using visit = await shopper(place)
    await visit.write('Is it free?')
    await accept(page)
    await message(page, 'Is it free?').waitFor()
    const manager = await place.desk({ roles: ['manager'], isOnline: false })
    await manager.page.getByRole('link', { name: 'All conversations' }).click()
    await manager.page.getByText('Is it free?').click()
    await manager.page.getByRole('button', { name: 'Join' }).click()
    await fieldOf(manager.page).waitFor()

    /** Neither sees what the other one writes. */
    const writeAtOnce = async (text: string, faster: string) => {
      network.goDown()
      await write(page, text)
      await write(manager.page, faster)
      await visit.expectSeen(faster)
      network.comeBack()
      await hurry(page)
    }
    await writeAtOnce('Yes, it is free', 'No, it costs 5')
    const notice = page.locator('[data-stale]')
    await notice.getByText('No, it costs 5').waitFor()
    await notice.getByRole('button', { name: 'Take back into the composer' }).click()
    await until(() => fieldOf(page).inputValue()).toBe('Yes, it is free')
    await fieldOf(page).fill('')
    await message(page, 'No, it costs 5').waitFor()

    await writeAtOnce('As my colleague says', 'Per month')
    await notice.getByText('Per month').waitFor()
    await notice.getByRole('button', { name: 'Send anyway' }).click()
    await visit.expectSeen('As my colleague says')
    await until(() => notice.count()).toBe(0)
    const shown = await visit.frame.locator('.message .text').allTextContents()
    expect(shown).toEqual(['Is it free?', 'No, it costs 5', 'Per month', 'As my colleague says'])
  })
})
