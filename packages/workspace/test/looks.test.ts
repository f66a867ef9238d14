import { expect, it } from 'vitest'
import { describePages } from '../../window/test/browser.ts'
import { accept, message, until, World } from './world.ts'

describePages('pages', () => {
  const world = World.shared()

  it('[WSP2] have four zones, a drawer, or one pane, as there is room', async () => {
    const place = await world.account()
    const { page } = await place.desk()
    using _consumer = await place.consumer()
    await accept(page)
    const details = page.getByRole('complementary', { name: 'Details' })
    const list = page.getByRole('heading', { name: 'My conversations' })
    const field = page.getByRole('textbox', { name: 'Message' })
    await details.waitFor()
    const widthOf = async () => (await field.boundingBox())?.width ?? 0
    await page.setViewportSize({ width: 1024, height: 768 })
    await page.reload()
    await field.waitFor()
    expect(await details.count()).toBe(0)
    const before = await widthOf()
    await page.getByRole('button', { name: 'Details' }).click()
    await details.waitFor()
    expect(await widthOf()).toBe(before)
    await page.getByRole('button', { name: 'Close details' }).click()
    await page.setViewportSize({ width: 390, height: 844 })
    expect(await list.isVisible()).toBe(false)
    await page.getByRole('button', { name: 'Back to the list' }).click()
    await list.waitFor()
    expect(await field.isVisible()).toBe(false)
    const overflow = await page.evaluate('document.documentElement.scrollWidth - innerWidth')
    expect(overflow).toBeLessThanOrEqual(0)
  })

  it('[WSP33] follow the language of the browser, and the choice over it', async () => {
    const place = await world.account()
    const context = { locale: 'de-DE' }
    const german = await place.page(context)
    await german.page.getByRole('heading', { name: 'Am Arbeitsplatz anmelden' }).waitFor()
    const { page } = await place.desk({ isOnline: false })
    await page.getByRole('button', { name: 'Settings' }).click()
    await page.getByLabel('Language').selectOption('de')
    await page.getByRole('heading', { name: 'Einstellungen' }).waitFor()
    await page.getByLabel('Farben').selectOption('dark')
    await page.reload()
    await page.getByRole('heading', { name: 'Meine Gespräche' }).waitFor()
    const look = await page.evaluate(`[
      document.documentElement.lang,
      getComputedStyle(document.documentElement).colorScheme,
    ]`)
    expect(look).toEqual(['de', 'dark'])
  })

  it('[WSP7] do not move rows under the pointer', async () => {
    const place = await world.account()
    const { page } = await place.desk({ capacity: 5 })
    using first = await place.consumer({ text: 'first' })
    await accept(page)
    using _second = await place.consumer({ text: 'second' })
    await accept(page)
    const rows = page.locator('a[data-row]')
    await until(() => rows.allInnerTexts()).toHaveLength(2)
    const order = () =>
      page.evaluate<string[]>(
        `[...document.querySelectorAll('a[data-row]')].map((row) => row.dataset.row)`,
      )
    const before = await order()
    expect(before[0]).toBe(first.dialogId)
    await rows.nth(0).hover()
    const { client } = await place.colleague({ roles: ['manager'] })
    await client.request('updateConversationField', {
      conversationId: first.dialogId,
      conversationField: [{ field: 'ManualETTR', time: Date.now() + 86_400_000 }],
    })
    await page.getByRole('button', { name: '1 moved' }).waitFor()
    expect(await order()).toEqual(before)
    await page.getByRole('button', { name: '1 moved' }).click()
    await until(order).toEqual([...before].reverse())
    client.close()
  })

  it('[WSP30] [WSP31] need no pointer, and speak a message once', async () => {
    const place = await world.account()
    const { page } = await place.desk()
    using consumer = await place.consumer({ text: 'By keys?' })
    await page.getByRole('button', { name: /^Accept/ }).waitFor()
    await page.keyboard.press('a')
    await message(page, 'By keys?').waitFor()
    const spoken = page.locator('[data-live="messages"]')
    expect(await spoken.innerText()).toBe('')
    const said = await page.evaluateHandle<string[]>(`(() => {
      const heard = []
      const live = document.querySelector('[data-live="messages"]')
      new MutationObserver(() => heard.push(live.innerText)).observe(live, {
        childList: true,
        characterData: true,
        subtree: true,
      })
      return heard
    })()`)
    await consumer.publish({ type: 'ChatStateEvent', chatState: 'COMPOSING' })
    await page.getByText(/is typing/).waitFor()
    await consumer.say('Only once')
    await message(page, 'Only once').waitFor()
    await until(() => said.jsonValue()).toEqual([
      expect.stringMatching(/^Visitor \S+ says: Only once$/),
    ])

    await page.keyboard.type('Yes, by keys')
    await page.keyboard.press('Enter')
    await until(() => consumer.texts.at(-1)).toBe('Yes, by keys')
    await page.keyboard.press('Escape')
    await until(() => page.locator('a[data-row]:focus').count()).toBe(1)
    await page.keyboard.press('F6')
    await until(() => page.locator('[data-composer]:focus').count()).toBe(1)
    await page.keyboard.press('Escape')
    await page.keyboard.press('?')
    await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await page.keyboard.press('Control+k')
    await page.keyboard.type('close conv')
    await page.keyboard.press('Enter')
    await page.getByText('Conversation closed').waitFor()
    expect(await said.jsonValue()).toHaveLength(1)
  })

  it('[WSP30] leave single keys alone when they are switched off', async () => {
    const place = await world.account()
    const { page } = await place.desk()
    using _consumer = await place.consumer()
    await page.getByRole('button', { name: /^Accept/ }).waitFor()
    await page.getByRole('button', { name: 'Settings' }).click()
    await page.getByRole('tab', { name: 'Keys' }).click()
    await page.getByLabel('Single-key shortcuts').uncheck()
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await page.keyboard.press('?')
    await page.keyboard.press('a')
    await page.keyboard.press('Control+k')
    await page.getByRole('dialog', { name: 'Command palette' }).waitFor()
    expect(await page.getByRole('dialog').count()).toBe(1)
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: /^Accept/ }).waitFor()
    expect(await page.getByRole('textbox', { name: 'Message' }).count()).toBe(0)
  })
})
