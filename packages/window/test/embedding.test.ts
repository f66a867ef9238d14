/** The window in a brand's page: how it is called, what the page can and cannot do to it, who writes. */
import { expect, it } from 'vitest'
import { inBrowser } from './setting.ts'
import { eventually } from './visit.ts'

inBrowser('embedding', (setting) => {
  it('[WIN1] is driven by commands, tells what happens, and refuses what it cannot do', async () => {
    await using visit = await setting.place.visit()
    const { page } = visit
    await eventually(() => page.evaluate('window.told[0]?.[0]')).toBe('ready')
    await page.evaluate(`Ringdown('open')`)
    await visit.frame.getByRole('button', { name: 'New conversation' }).waitFor()
    await page.evaluate(`Ringdown('toggle')`)
    const names = '[...new Set(window.told.map(([name]) => name))].join()'
    await eventually(() => page.evaluate(names)).toContain('close')
    const tryOut = (call: string) =>
      page.evaluate(`(() => { try { ${call}; return 'done' } catch (e) { return e.message } })()`)
    expect(await tryOut(`Ringdown('dance')`)).toBe('Ringdown: there is no command dance')
    expect(await tryOut(`Ringdown('constructor')`)).toContain('no command')
    expect(await tryOut(`Ringdown('init', { account: '7' })`)).toContain('twice')
    await page.evaluate(`Ringdown('destroy')`)
    await eventually(() => page.locator('iframe').count()).toBe(0)
    expect(await tryOut(`Ringdown('init', {})`)).toContain('needs { account }')
  })

  it('[WIN2] keeps its looks in a careless page with a strict policy, and breaks no rule of it', async () => {
    await using visit = await setting.place.visit()
    const button = await visit.launcher.boundingBox()
    expect(button).toMatchObject({ width: 56, height: 56, x: 1024 - 56 - 16, y: 768 - 56 - 16 })
    await visit.open()
    const frame = visit.page.locator('iframe')
    await eventually(async () => (await frame.boundingBox())?.width).toBe(400)
    const border = `getComputedStyle(document.querySelector('body > div').shadowRoot.querySelector('iframe')).borderTopWidth`
    expect(await visit.page.evaluate(border)).toBe('0px')
    expect(await visit.page.evaluate('window.reports')).toEqual([])
    const reach = `(() => { const frame = document.querySelector('body > div').shadowRoot.querySelector('iframe')
      return frame.contentDocument === null })()`
    expect(await visit.page.evaluate(reach)).toBe(true)
    expect(visit.complaints).toEqual([])
  })

  it('[WIN6] nobody connects before the first word, and there are no cookies', async () => {
    await using visit = await setting.place.visit()
    await visit.open()
    await visit.frame.getByText('Nothing here yet.').waitFor()
    expect(await visit.context.cookies()).toEqual([])
    const frame = visit.page.frames().find((one) => one.url().includes('/window/'))
    expect(await frame?.evaluate('localStorage.length')).toBe(0)
    await visit.frame.getByRole('button', { name: 'New conversation' }).click()
    await visit.write('hello')
    await visit.frame.locator('[data-state="sent"]').waitFor()
    expect(await frame?.evaluate('Object.keys(localStorage).length')).toBe(1)
    expect(await visit.context.cookies()).toEqual([])
  })

  it('[WIN6] where frames are denied storage, all works until the page is left', async () => {
    await using visit = await setting.place.visit({ isForeign: true })
    using agent = await setting.place.answerer()
    await visit.begin()
    await visit.write('from afar')
    await agent.take()
    await agent.say('welcome')
    await visit.expectSeen('welcome')
    await eventually(() => agent.texts).toEqual(['from afar'])
  })

  it('[WIN1] what is called straight after init is done once the page has a body', async () => {
    const after = `Ringdown('close'); Ringdown('toggle')`
    await using visit = await setting.place.visit({ after })
    await visit.frame.getByRole('button', { name: 'New conversation' }).waitFor()
    await visit.page.getByRole('button', { name: 'Close messages', exact: true }).waitFor()
    visit.shop.options = { ...visit.shop.options, after: `Ringdown('destroy')` }
    await visit.page.reload()
    expect(await visit.page.locator('iframe').count()).toBe(0)
    expect(visit.complaints).toEqual([])
  })
})
