import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { describePages } from '../../window/test/browser.ts'
import { styleAt } from '../../window/test/still.ts'
import { layoutFaults } from './layout.ts'
import { tasksDuring } from './pace.ts'
import { accept, message, signIn, until, World, write } from './world.ts'

/** What moved by itself, and by how much: what follows a key or a click within half a second is meant. */
const WATCH = `(() => {
  window.shifts = []
  const text = ({ node }) => (node?.textContent ?? '').slice(0, 40)
  new PerformanceObserver((list) => {
    for (const { value, hadRecentInput, sources } of list.getEntries())
      if (!hadRecentInput) window.shifts.push({ value, what: sources.map(text) })
  }).observe({ type: 'layout-shift', buffered: true })
})()`

interface Shift {
  readonly value: number
  readonly what: readonly string[]
}

/** Above this a page counts as restless. */
const MOST = 0.02

const expectStill = async (page: Page): Promise<void> => {
  const shifts = await page.evaluate<Shift[]>('window.shifts')
  const sum = shifts.reduce((before, { value }) => before + value, 0)
  expect(sum < MOST ? [] : shifts).toEqual([])
}

describePages('what stands still', () => {
  const world = World.shared()

  it('[WSP66] next to nothing moves by itself, while people write and after a reload', async () => {
    const place = await world.account()
    const { page } = await place.desk({ capacity: 5 })
    const profile = { firstName: 'Ida', lastName: 'One' }
    using first = await place.consumer({ text: 'first', profile })
    await accept(page)
    await message(page, 'first').waitFor()
    using _second = await place.consumer({ text: 'second' })
    await accept(page)
    await page.locator('a[data-row]').filter({ hasText: 'Ida One' }).click()
    await page.evaluate(WATCH)
    await first.publish({ type: 'ChatStateEvent', chatState: 'COMPOSING' })
    await page.getByText(/is typing/).waitFor()
    for (const text of ['one more', 'and another one', 'the last one']) await first.say(text)
    await message(page, 'the last one').waitFor()
    await write(page, 'An answer')
    await until(() => first.texts.at(-1)).toBe('An answer')
    await expectStill(page)
    await page.reload()
    await page.evaluate(WATCH)
    await message(page, 'An answer').waitFor()
    await page.getByRole('button', { name: 'Show every step' }).waitFor()
    await first.say('Thank you')
    await message(page, 'Thank you').waitFor()
    await expectStill(page)
  })

  it('[WSP66] what rings costs the page next to nothing', async () => {
    const place = await world.account()
    const { page } = await place.desk()
    using _ = await place.consumer({ text: 'Hello?' })
    await page.getByRole('button', { name: /^Accept/ }).waitFor()
    const aSecond = () => page.evaluate('new Promise((resolve) => setTimeout(resolve, 1000))')
    const tasks = await tasksDuring(world.browser, aSecond)
    expect(tasks.totalMs).toBeLessThan(30)
  })

  it('[WSP66] what is waited for shows that it is coming, and not at once', async () => {
    const place = await world.account()
    const { page } = await place.page()
    // Nothing comes.
    await page.routeWebSocket(/messaging\/brand/, () => {})
    await signIn(page, place.account, await world.server.agent(place.account))
    await page.locator('.late-in').waitFor()
    const shown = (ms: number) => page.evaluate(styleAt('.late-in', 'visibility', ms))
    expect([await shown(149), await shown(152)]).toEqual(['hidden', 'visible'])
  })

  it('[WSP65] the language for tests comes only when it is asked for, and turns the page around', async () => {
    const place = await world.account()
    const { page } = await place.page()
    const loaded = () =>
      page.evaluate(`performance.getEntriesByType('resource')
        .filter(({ name }) => name.includes('pseudo')).length`)
    await page.getByRole('heading', { name: 'Sign in to your workspace' }).waitFor()
    expect(await loaded()).toBe(0)
    await page.evaluate(
      `localStorage.setItem('ringdown.preferences', '{ "language": "xx-pseudo-rtl" }')`,
    )
    await page.reload()
    await page.getByRole('heading', { name: /^\[Sííg/ }).waitFor()
    expect(await loaded()).toBe(1)
    expect(await page.evaluate('document.documentElement.dir')).toBe('rtl')
  })

  it('[WSP65] what is cut off or lies outside is found', async () => {
    const place = await world.account()
    const { page } = await place.page()
    await page.getByRole('heading', { name: 'Sign in to your workspace' }).waitFor()
    expect(await layoutFaults(page)).toEqual([])
    await page.evaluate(`(() => {
      const button = document.querySelector('button[type="submit"]')
      button.style.cssText = 'width: 24px; overflow: hidden; white-space: nowrap'
      document.querySelector('h1').style.cssText = 'position: relative; left: 1400px'
    })()`)
    const found = (await layoutFaults(page)).join()
    expect(found).toContain('is cut: BUTTON Sign in')
    expect(found).toContain('is outside: H1')
  })
})
