/** For everybody: checks of accessibility, keyboard, screen readers. */
import { expect, it } from 'vitest'
import { inBrowser } from './setting.ts'
import { findings, tour, tourAway } from './tour.ts'
import { eventually, type Visit } from './visit.ts'

const WIDE = { width: 1440, height: 900 }
const NARROW = { width: 390, height: 844 }

/** Everything is checked in light and on a phone, colours in the other schemes. */
const looks = [
  { size: WIDE, media: { colorScheme: 'light', forcedColors: 'none' }, rules: [] },
  { size: WIDE, media: { colorScheme: 'dark', forcedColors: 'none' }, rules: ['color-contrast'] },
  { size: WIDE, media: { colorScheme: 'dark', forcedColors: 'active' }, rules: ['color-contrast'] },
  { size: NARROW, media: { colorScheme: 'light', forcedColors: 'none' }, rules: [] },
] as const

inBrowser('everybody', (setting) => {
  it('[WIN5, WIN31] finds no barrier in any state and any look, with a pale accent', async () => {
    const looked: string[] = []
    const options = { scheme: 'light', init: 'theme: { accent: "#ffe680" }' } as const
    const look = async (visit: Visit, state: string) => {
      looked.push(state)
      const { page } = visit
      for (const { size, media, rules } of looks) {
        await page.setViewportSize(size)
        await page.emulateMedia(media)
        const { colorScheme, forcedColors } = media
        const where = [state, size.width, colorScheme, forcedColors]
        expect([where, await findings(visit, rules)]).toEqual([where, []])
      }
      await page.setViewportSize(WIDE)
    }
    await tour(setting, options, look)
    await tourAway(setting, options, look)
    expect(looked.length).toBe(13)
  })

  it('[WIN32] the keyboard opens, writes and closes, and the focus comes back', async () => {
    await using visit = await setting.place.visit()
    await visit.launcher.focus()
    await visit.page.keyboard.press('Enter')
    const focused = visit.frame.locator(':focus')
    await eventually(() => focused.textContent().catch(() => '')).toBe('New conversation')
    await visit.page.keyboard.press('Enter')
    await eventually(() => focused.getAttribute('aria-label').catch(() => '')).toBe(
      'Write a message',
    )
    await visit.page.keyboard.type('only keys')
    await visit.page.keyboard.press('Enter')
    await visit.expectSeen('only keys')
    await visit.page.keyboard.press('Escape')
    const host = `(() => { const { activeElement } = document
      return activeElement?.shadowRoot?.activeElement?.getAttribute('aria-expanded') })()`
    await eventually(() => visit.page.evaluate(host)).toBe('false')
  })

  it('[WIN32] the keyboard answers, ends and rates', async () => {
    await using visit = await setting.place.visit()
    using agent = await setting.place.answerer()
    const { keyboard } = visit.page
    /** Goes on from control to control until it has come to the one of this name. */
    const tabTo = async (name: string) => {
      const named = `(document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent).trim()`
      for (let presses = 0; presses < 40; presses += 1) {
        if ((await visit.inside.evaluate(named)) === name) return
        await keyboard.press('Tab')
      }
      throw new Error(`The keyboard does not come to ${name}`)
    }
    await visit.begin()
    await visit.write('hello')
    await agent.take()
    const replies = ['Small', 'Large'].map((title) => ({
      type: 'button',
      title,
      click: { actions: [{ type: 'publishText', text: title }] },
    }))
    await agent.publish({
      type: 'ContentEvent',
      contentType: 'text/plain',
      message: 'Which size?',
      quickReplies: { type: 'quickReplies', itemsPerRow: 2, replies },
    })
    await visit.frame.getByRole('button', { name: 'Large' }).waitFor()
    await tabTo('Large')
    await keyboard.press('Enter')
    await eventually(() => agent.texts).toEqual(['hello', 'Large'])
    await tabTo('End conversation')
    await keyboard.press('Enter')
    await tabTo('End it')
    await keyboard.press('Enter')
    await visit.frame.getByText('How was it?').waitFor()
    await tabTo('Very bad')
    await keyboard.press('ArrowRight')
    await tabTo('Send rating')
    await keyboard.press('Enter')
    await visit.frame.getByText('Thank you for your rating.').waitFor()
  })

  it('[WIN32] a new message is spoken once, writing never', async () => {
    await using visit = await setting.place.visit()
    using agent = await setting.place.answerer()
    await visit.begin()
    await visit.write('hello')
    await agent.take()
    await visit.frame.getByRole('heading', { name: 'Ana' }).waitFor()
    const frame = visit.page.frames().find((one) => one.url().includes('/window/'))
    await frame?.evaluate(`window.spoken = []
      new MutationObserver(() => window.spoken.push(document.querySelector('#spoken').textContent))
        .observe(document.querySelector('#spoken'), { childList: true, characterData: true, subtree: true })`)
    await agent.publish({ type: 'ChatStateEvent', chatState: 'COMPOSING' })
    await visit.frame.locator('.typing').waitFor()
    await agent.say('first')
    await visit.expectSeen('first')
    await agent.publish({ type: 'ChatStateEvent', chatState: 'COMPOSING' })
    await visit.frame.locator('.typing').waitFor()
    await agent.say('second')
    await visit.expectSeen('second')
    const live = await frame?.evaluate(
      `document.querySelectorAll('[aria-live], [role="log"]').length`,
    )
    expect(live).toBe(1)
    await eventually(() => frame?.evaluate('window.spoken')).toEqual(['Ana: first', 'Ana: second'])
  })
})
