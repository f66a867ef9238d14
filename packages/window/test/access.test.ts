/** For everybody: checks of accessibility, keyboard, screen readers, languages, narrow screens. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { expect, it } from 'vitest'
import { inBrowser, type Setting } from './setting.ts'
import { eventually, type Visit } from './visit.ts'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** What axe finds in the window, in a line each. */
const findings = async (visit: Visit): Promise<readonly string[]> => {
  const frame = visit.page.frames().find((one) => one.url().includes('/window/'))
  if (!frame) throw new Error('There is no window')
  await frame.evaluate(AXE)
  const found = await frame.evaluate(
    `axe.run(document).then(({ violations }) => violations.flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => id + ' ' + target + ' ' + failureSummary)))`,
  )
  return found as string[]
}

const card = {
  type: 'vertical',
  elements: [
    { type: 'text', text: 'Ridge tent', style: { bold: true } },
    { type: 'text', text: 'coloured', style: { color: '#ffff00', 'background-color': '#fafafa' } },
    {
      type: 'button',
      title: 'Choose',
      click: { actions: [{ type: 'publishText', text: 'This' }] },
    },
    {
      type: 'button',
      title: 'Look',
      click: { actions: [{ type: 'link', uri: 'https://shop.example/' }] },
    },
    { type: 'keyValuePairList', elements: [{ key: 'Weight', value: '1.4 kg' }] },
  ],
}

/** Goes through every state and calls `look` in each. */
const tour = async (
  { place }: Setting,
  options: { scheme: 'light' | 'dark'; init?: string; width?: number },
  look: (visit: Visit, state: string) => Promise<void>,
) => {
  const fields = '[{ "name": "topic", "label": "Topic", "required": true }]'
  const init = `preChat: ${fields}, ${options.init ?? ''}`
  await using visit = await place.visit({ ...options, init })
  using agent = await place.answerer()
  await visit.open()
  const { frame } = visit
  await look(visit, 'home')
  await frame.locator('.welcome .main').click()
  await look(visit, 'form')
  await frame.locator('.pre-chat .main').click()
  await frame.locator('.problem').waitFor()
  await look(visit, 'form with a problem')
  await frame.locator('.field input').fill('Tents')
  await frame.locator('.pre-chat .main').click()
  await frame.locator('[data-state="sent"]').waitFor()
  await look(visit, 'waiting')
  await agent.take()
  await agent.say('See https://shop.example/guarantee for more.')
  await agent.publish({ type: 'RichContentEvent', content: card })
  await agent.publish({
    type: 'RichContentEvent',
    content: { type: 'carousel', elements: [card, card, card] },
  })
  await agent.publish({
    type: 'ContentEvent',
    contentType: 'text/plain',
    message: 'Anything else?',
    quickReplies: {
      type: 'quickReplies',
      itemsPerRow: 2,
      replies: ['Yes', 'No, thank you'].map((title) => ({ type: 'button', title })),
    },
  })
  await agent.publish({ type: 'ChatStateEvent', chatState: 'COMPOSING' })
  await frame.locator('.typing').waitFor()
  await look(visit, 'thread')
  await frame.locator('.icon-more').click()
  await frame.locator('.question').waitFor()
  await look(visit, 'question')
  const { network } = place.world
  network.isDown = true
  network.cut()
  await frame.locator('.banner').waitFor()
  await look(visit, 'offline')
  network.isDown = false
  await frame.locator('.banner').waitFor({ state: 'detached' })
  await agent.close()
  await frame.locator('.csat').waitFor()
  await look(visit, 'rating')
  await frame.locator('.icon-back').click()
  await frame.locator('.conversation').waitFor()
  await look(visit, 'list')
}

inBrowser('everybody', (setting) => {
  for (const scheme of ['light', 'dark'] as const)
    it(`[WIN5, WIN31] finds no barrier in any state, ${scheme}, with a pale accent`, async () => {
      const looked: string[] = []
      const init = 'theme: { accent: "#ffe680" }'
      await tour(setting, { scheme, init }, async (visit, state) => {
        looked.push(state)
        expect([state, await findings(visit)]).toEqual([state, []])
      })
      expect(looked.length).toBe(9)
    })

  it('[WIN33, WIN34] nothing is cut off at 320 pixels, with long words, from right to left', async () => {
    const init = 'language: "qps-rtl"'
    await tour(setting, { scheme: 'light', width: 320, init }, async (visit, state) => {
      const frame = visit.page.frames().find((one) => one.url().includes('/window/'))
      const dir = await frame?.evaluate('document.documentElement.dir')
      const wide = await frame?.evaluate(`[...document.querySelectorAll('*')].filter((one) => {
        if (one.closest('.carousel, .unseen, svg, .skeleton')) return false
        const { left, right, width } = one.getBoundingClientRect()
        return width > 0 && (left < -1 || right > innerWidth + 1)
      }).map((one) => one.tagName + '.' + one.className)`)
      expect([state, dir, wide]).toEqual([state, 'rtl', []])
    })
  })

  it('[WIN33] speaks German', async () => {
    await using visit = await setting.place.visit({ init: 'language: "de-AT"' })
    await visit.page.getByRole('button', { name: 'Nachrichten öffnen' }).click()
    await visit.frame.getByRole('heading', { name: 'Wie können wir helfen?' }).waitFor()
    const frame = visit.page.frames().find((one) => one.url().includes('/window/'))
    expect(await frame?.evaluate('document.documentElement.lang')).toBe('de')
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
