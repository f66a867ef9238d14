/** Languages, directions, narrow screens, and what systems ask of colours and motion. */
import { expect, it } from 'vitest'
import { inBrowser } from './setting.ts'
import { tour, tourAway } from './tour.ts'
import { eventually, type Visit } from './visit.ts'

/** What is wrong with the layout as it is now, in a line each; runs in the window. */
const FAULTS = `(() => {
  const name = (one) => one.tagName + '.' + (one.getAttribute('class') ?? '') + ' ' + one.textContent.slice(0, 40)
  const all = [...document.querySelectorAll('#window *')].filter((one) =>
    !one.closest('.carousel, .unseen, svg, .skeleton') && one.getBoundingClientRect().width > 0)
  const sideways = ['html', '.window', '.scroll', '.home', '.pre-chat']
    .flatMap((name) => [...document.querySelectorAll(name)])
    .filter((one) => one.scrollWidth > one.clientWidth + 1)
    .map((one) => 'scrolls sideways: ' + name(one))
  const outside = all
    .filter((one) => {
      const { left, right } = one.getBoundingClientRect()
      return left < -1 || right > innerWidth + 1
    })
    .map((one) => 'is outside: ' + name(one))
  // Names and last messages of a list end in an ellipsis; whoever opens one reads it all.
  const words = all.filter((one) => !one.matches('h1, .conversation, .conversation *') &&
    one.matches('button, a, label, legend, summary, p, h2, h3, select, .state, .upload-name, .line, .author'))
  const cut = words
    .filter((one) => one.clientWidth > 0 &&
      (one.scrollWidth > one.clientWidth + 1 || one.scrollHeight > one.clientHeight + 1))
    .map((one) => 'is cut: ' + name(one))
  const box = (one) => {
    const own = one.getBoundingClientRect()
    const around = one.closest('.scroll, .home')?.getBoundingClientRect() ?? own
    return { left: own.left, right: own.right, top: Math.max(own.top, around.top), bottom: Math.min(own.bottom, around.bottom) }
  }
  const controls = all.filter((one) => one.matches('button:not(.to-end), a, textarea, select'))
  const overlapping = controls.flatMap((one, at) => controls.slice(at + 1).flatMap((other) => {
    if (one.contains(other) || other.contains(one)) return []
    const [a, b] = [box(one), box(other)]
    const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left)
    const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top)
    return wide > 1 && high > 1 ? ['overlap: ' + name(one) + ' and ' + name(other)] : []
  }))
  return [...sideways, ...outside, ...cut, ...overlapping]
})()`

const HEIGHT = 720

/** Both ways to read, at both widths; the window fills such a page. */
const lookNarrowly = async (visit: Visit, state: string) => {
  for (const width of [390, 320])
    for (const dir of ['rtl', 'ltr']) {
      await visit.page.setViewportSize({ width, height: HEIGHT })
      await eventually(() => visit.inside.evaluate('innerWidth')).toBe(width)
      await visit.inside.evaluate(`document.documentElement.dir = '${dir}'`)
      const found = await visit.inside.evaluate(FAULTS)
      expect([state, width, dir, found]).toEqual([state, width, dir, []])
    }
}

inBrowser('layout', (setting) => {
  it('[WIN33, WIN34] nothing is cut off, overlaps or scrolls sideways, with long words, either way', async () => {
    const options = { scheme: 'light', width: 390, init: 'language: "xx-pseudo-rtl"' } as const
    const looked: string[] = []
    const look = async (visit: Visit, state: string) => {
      looked.push(state)
      // What the language asked for, before the look changes it.
      if (looked.length === 1)
        expect(await visit.inside.evaluate('document.documentElement.dir')).toBe('rtl')
      await lookNarrowly(visit, state)
    }
    await tour(setting, options, look)
    await tourAway(setting, options, look)
    expect(looked.length).toBe(13)
  })

  it('[WIN33] the language for tests is longer, and comes only when it is asked for', async () => {
    await using visit = await setting.place.visit()
    const parts = `performance.getEntriesByType('resource').filter(({ name }) => name.endsWith('.js')).length`
    await visit.open()
    await visit.frame.getByRole('heading', { name: 'How can we help?' }).waitFor()
    expect(await visit.inside.evaluate(parts)).toBe(1)
    visit.shop.options = { ...visit.shop.options, init: 'language: "xx-pseudo"' }
    await visit.page.reload()
    await visit.open()
    await visit.frame.getByRole('heading', { name: '[Höw çáñ wé hélp?·······]' }).waitFor()
    expect(await visit.inside.evaluate(parts)).toBe(2)
  })

  it('[WIN33] speaks German', async () => {
    await using visit = await setting.place.visit({ init: 'language: "de-AT"' })
    await visit.page.getByRole('button', { name: 'Nachrichten öffnen' }).click()
    await visit.frame.getByRole('heading', { name: 'Wie können wir helfen?' }).waitFor()
    expect(await visit.inside.evaluate('document.documentElement.lang')).toBe('de')
    await visit.page.locator('iframe[title="Nachrichten"]').waitFor()
  })

  it('[WIN33] opens conversations in the language that was asked for, with words of it or not', async () => {
    await using visit = await setting.place.visit({ init: 'language: "fr-CA"' })
    using agent = await setting.place.answerer()
    await visit.begin()
    await visit.write('bonjour')
    await agent.take()
    const { conversationDetails } = await agent.snapshot()
    expect(conversationDetails.context.lang).toBe('fr-CA')
  })

  it('[WIN39] with forced colours every control has an edge', async () => {
    await using visit = await setting.place.visit()
    const { page } = visit
    const bare = `[...document.querySelectorAll('button, textarea, .button')]
      .filter((one) => one.checkVisibility() && parseFloat(getComputedStyle(one).borderTopWidth) < 1)
      .map((one) => one.className)`
    await visit.begin()
    expect(await visit.inside.evaluate(bare)).not.toEqual([])
    await page.emulateMedia({ forcedColors: 'active' })
    await visit.write('hello')
    await visit.frame.locator('[data-state="sent"]').waitFor()
    expect(await visit.inside.evaluate(bare)).toEqual([])
    await visit.frame.getByRole('button', { name: 'Back to your conversations' }).click()
    await visit.frame.locator('.conversation').waitFor()
    expect(await visit.inside.evaluate(bare)).toEqual([])
    const launcher = `getComputedStyle(document.querySelector('body > div').shadowRoot.querySelector('button')).borderTopWidth`
    expect(await page.evaluate(launcher)).toBe('2px')
  })

  it('[WIN39] with reduced motion nothing moves', async () => {
    await using visit = await setting.place.visit()
    using agent = await setting.place.answerer()
    await visit.begin()
    await visit.write('hello')
    await agent.take()
    await agent.publish({ type: 'ChatStateEvent', chatState: 'COMPOSING' })
    await visit.frame.locator('.typing').waitFor()
    const moving = `document.getAnimations().filter(({ playState }) => playState === 'running').length`
    expect(await visit.inside.evaluate(moving)).toBe(3)
    await visit.page.emulateMedia({ reducedMotion: 'reduce' })
    await eventually(() => visit.inside.evaluate(moving)).toBe(0)
    const shell = `[...document.querySelector('body > div').shadowRoot.querySelectorAll('button, iframe')]
      .map((one) => getComputedStyle(one).transitionDuration)`
    expect(await visit.page.evaluate(shell)).toEqual(['0s', '0s'])
  })
})
