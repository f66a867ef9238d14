import axe from 'axe-core'
import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { describePages } from '../../window/test/browser.ts'
import { accept, type Consumer, message, type Place, until, World, write } from './world.ts'

const close = ({ client, dialogId }: Consumer) =>
  client.request('updateConversationField', {
    conversationId: dialogId,
    conversationField: [{ field: 'ConversationStateField', conversationState: 'CLOSE' }],
  })

/** A conversation that the agent served and the consumer closed. */
const past = async (place: Place, page: Page, texts: readonly string[], firstName: string) => {
  const [text = ''] = texts
  const consumer = await place.consumer({ text, profile: { firstName, lastName: 'Past' } })
  await accept(page)
  const event = { type: 'ContentEvent', contentType: 'text/plain' }
  await Promise.all(texts.slice(1).map((message) => consumer.publish({ ...event, message })))
  await message(page, texts.at(-1) ?? '').waitFor()
  return consumer
}

const search = (page: Page) => page.getByRole('searchbox', { name: 'Search what was said' })
const rows = (page: Page) => page.locator('a[data-row]')
const thread = (page: Page) => page.getByRole('log', { name: 'Past conversation' })

const findings = async (page: Page): Promise<readonly string[]> => {
  await page.evaluate(`${axe.source}; undefined`)
  return page.evaluate(`axe.run().then(({ violations }) => violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html }) => id + ': ' + html.slice(0, 200))))`)
}

describePages('history', () => {
  const world = World.shared()

  it('[WSP34] [WSP35] finds what was said and opens it there, by a link too', async () => {
    const place = await world.account()
    const { page, watch } = await place.desk({ capacity: 5 })
    using mara = await past(place, page, ['Where is my Parcel 55/104?'], 'Mara')
    await write(page, 'On its way')
    await page.getByRole('button', { name: 'Private note' }).click()
    await page.getByRole('textbox', { name: 'Private note' }).fill('Parcel is in Leipzig')
    await page.getByRole('textbox', { name: 'Private note' }).press('Enter')
    await message(page, 'Parcel is in Leipzig').waitFor()
    await mara.publish({
      type: 'RichContentEvent',
      content: { type: 'vertical', elements: [{ type: 'text', text: 'Choose a tentpole' }] },
    })
    await message(page, 'Choose a tentpole').waitFor()
    await close(mara)
    using _jonas = await past(place, page, ['Does it leak?'], 'Jonas')
    const skillId = await place.skill('Billing')
    using _stranger = await place.consumer({ text: 'Where is my parcel?', skillId })

    await page.getByRole('link', { name: 'History' }).click()
    await until(() => rows(page).count()).toBe(2)
    await page.getByText('Conversations you took part in, since').waitFor()
    await page.getByText('Closed by the consumer').waitFor()
    await search(page).pressSequentially('parcel "55/104?"')
    await page.getByText('1 found').waitFor()
    expect(await page.locator('mark').allInnerTexts()).toEqual(['Parcel', '55/104?'])
    expect(await rows(page).innerText()).toContain('Mara Past')
    await rows(page).click()
    const found = thread(page).locator('[data-found]')
    await found.getByText('Where is my Parcel 55/104?').waitFor()
    await message(page, 'Parcel is in Leipzig').getByText('Only your team sees this').waitFor()
    await message(page, 'Choose a tentpole').waitFor()
    expect(await page.getByRole('textbox', { name: 'Message' }).count()).toBe(0)
    await page.getByText(/^Closed by the consumer, /).waitFor()

    await search(page).fill('tentpole')
    await page.locator('mark', { hasText: 'tentpole' }).waitFor()
    await rows(page).click()
    await found.getByText('Choose a tentpole').waitFor()
    await page.reload()
    await found.getByText('Choose a tentpole').waitFor()
    expect(await search(page).inputValue()).toBe('tentpole')
    await page.goBack()
    await found.getByText('Where is my Parcel 55/104?').waitFor()
    expect(watch).toEqual({ errors: [], violations: [] })
  })

  it('[WSP34] says over what it looked when there is nothing, and what failed', async () => {
    const place = await world.account()
    const { page } = await place.desk()
    using consumer = await past(place, page, ['Something old'], 'Ada')
    await close(consumer)
    await page.keyboard.press('Escape')
    await page.keyboard.press('Control+k')
    await page.keyboard.type('nowhere')
    await page.getByRole('option', { name: 'Search the history for “nowhere”' }).click()
    await page.getByText(/^No message with “nowhere” since \d+ \w+ \d+\./).waitFor()
    const before = await page.getByRole('button', { name: /^Search before/ }).innerText()
    await page.getByRole('button', { name: /^Search before/ }).click()
    await until(() => page.getByRole('button', { name: /^Search before/ }).innerText()).not.toBe(
      before,
    )
    await page.context().setOffline(true)
    await search(page).fill('old')
    await page.getByText('The history could not be read').waitFor()
    await page.context().setOffline(false)
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.locator('mark', { hasText: 'old' }).waitFor()
    await search(page).fill('')
    await until(() => page.locator('mark').count()).toBe(0)
    await until(() => rows(page).count()).toBe(1)
  })

  it('[WSP22] [WSP35] opens what a consumer had before, and nothing that is not shown', async () => {
    const place = await world.account()
    const first = await place.desk()
    using consumer = await past(place, first.page, ['My first question'], 'Ida')
    await close(consumer)
    await first.page.getByRole('link', { name: 'History' }).click()
    await rows(first.page).click()
    await thread(first.page).getByText('My first question').waitFor()
    const link = first.page.url()
    await first.page.getByRole('button', { name: /^Status/ }).waitFor()

    const second = await place.desk()
    await second.page.goto(link)
    await second.page.getByText('Not in your history').waitFor()
    await first.page.context().close()
    const { conversationId } = await consumer.client.request('requestConversation', {})
    await consumer.client.say(conversationId, 'My second question')
    await second.page.getByRole('link', { name: 'My conversations' }).click()
    await accept(second.page)
    await message(second.page, 'My second question').waitFor()
    const details = second.page.getByRole('complementary', { name: 'Details' })
    await details.getByRole('link', { name: /Closed/ }).click()
    await thread(second.page).getByText('My first question').waitFor()
    await second.page.goBack()
    await message(second.page, 'My second question').waitFor()
  })

  it('[WSP35] draws a long conversation by parts, around what is looked for', async () => {
    const place = await world.account()
    const { page } = await place.desk()
    const texts = Array.from({ length: 420 }, (_, index) => `line ${index + 1} of it`)
    using _consumer = await past(place, page, texts, 'Lena')
    await page.getByRole('link', { name: 'History' }).click()
    await rows(page).click()
    const log = thread(page)
    await log.getByText('line 1 of it', { exact: true }).waitFor()
    expect(await log.getByText('line 300 of it', { exact: true }).count()).toBe(0)
    await log.getByRole('button', { name: 'Show later messages' }).click()
    await log.getByText('line 300 of it', { exact: true }).waitFor()
    await search(page).fill('"line 399"')
    await page.locator('mark', { hasText: 'line 399' }).waitFor()
    await rows(page).click()
    const found = log.locator('[data-found]')
    await found.getByText('line 399 of it').waitFor()
    const box = await found.boundingBox()
    expect(box?.y).toBeGreaterThan(0)
    expect(box?.y).toBeLessThan(900)
    expect(await log.getByText('line 1 of it', { exact: true }).count()).toBe(0)
    await log.getByRole('button', { name: 'Show earlier messages' }).click()
    await log.getByText('line 100 of it', { exact: true }).waitFor()
    await page.getByRole('button', { name: 'Go to the conversation' }).click()
    await page.getByRole('textbox', { name: 'Message' }).waitFor()
  })

  it('[WSP35] keeps what is read when what follows does not come', async () => {
    const place = await world.account()
    const { page } = await place.desk()
    using _consumer = await past(place, page, ['The beginning of it'], 'Mia')
    let asked = 0
    await page.route('**/conversations/conversation/search*', async (route) => {
      asked += 1
      if (asked === 2) return route.abort()
      const response = await route.fetch()
      const text = await response.text()
      const body = asked === 1 ? text.replace('"isPartial":false', '"isPartial":true') : text
      await route.fulfill({ response, body })
    })
    await page.getByRole('link', { name: 'History' }).click()
    await rows(page).click()
    await thread(page).getByText('The beginning of it').waitFor()
    await page.getByRole('button', { name: 'Show later messages' }).click()
    const problem = page.getByRole('alert').getByText('The history could not be read')
    await problem.waitFor()
    expect(await thread(page).getByText('The beginning of it').count()).toBe(1)
    expect(await findings(page)).toEqual([])
    await page.getByRole('button', { name: 'Try again' }).click()
    await problem.waitFor({ state: 'detached' })
    expect(await thread(page).getByText('The beginning of it').count()).toBe(1)
    expect(asked).toBe(3)
  })

  it.each(['light', 'dark'] as const)(
    '[WSP32] has no fault that a check finds, %s',
    async (colorScheme) => {
      const place = await world.account()
      const context = { colorScheme, reducedMotion: 'reduce' } as const
      const { page } = await place.desk({ context })
      using consumer = await past(place, page, ['All about parcels'], 'Eva')
      await close(consumer)
      await page.getByRole('link', { name: 'History' }).click()
      await search(page).fill('parcel')
      await page.locator('mark').waitFor()
      await rows(page).click()
      await thread(page).locator('[data-found]').waitFor()
      expect(await findings(page)).toEqual([])
      await search(page).fill('nothing of it')
      await page.getByText('Nothing found').waitFor()
      expect(await findings(page)).toEqual([])
      await page.setViewportSize({ width: 390, height: 844 })
      await thread(page).waitFor()
      expect(await search(page).isVisible()).toBe(false)
      await page.getByRole('button', { name: 'Back to the list' }).click()
      await search(page).waitFor()
      const overflow = await page.evaluate('document.documentElement.scrollWidth - innerWidth')
      expect(overflow).toBeLessThanOrEqual(0)
    },
  )
})
