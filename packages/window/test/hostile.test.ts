/** Texts, names and contents that want to be more than that. */
import { expect, it } from 'vitest'
import { hostileLinks, payloads } from './hostile-payloads.ts'
import { inBrowser } from './setting.ts'
import { eventually, type Place, type Visit } from './visit.ts'

/** What ran, what was reached in every object, and what a policy stopped, in the page and its frame. */
const harm = async (visit: Visit) => {
  const frames = await Promise.all(
    visit.page
      .frames()
      .map((frame) =>
        frame.evaluate(
          '[window.__xss, {}.polluted, Object.keys(Object.prototype), window.reports]',
        ),
      ),
  )
  return { frames, complaints: visit.complaints }
}

const none = [undefined, undefined, [], []]

/** What leaves for others, and where anything goes by itself. */
const leavingOf = ({ page, context, shop }: Visit, { world }: Place): readonly string[] => {
  const own = [`localhost:${world.network.port}`, new URL(shop.url).host]
  const left: string[] = []
  const tell = (address: string) => {
    const { protocol, host } = new URL(address)
    if (/^(https?|wss?):$/.test(protocol) && !own.includes(host)) left.push(address)
  }
  context.on('request', (request) => tell(request.url()))
  page.on('websocket', (socket) => tell(socket.url()))
  page.on('framenavigated', (frame) => left.push(`to ${frame.url()}`))
  context.on('page', (opened) => left.push(`opened ${opened.url()}`))
  return left
}

const WATCH = `window.reports = []
document.addEventListener('securitypolicyviolation', (event) => window.reports.push(event.violatedDirective))`

const SCHEMES = /^(https?|mailto|tel):/

inBrowser('hostile', (setting) => {
  it('[WIN30] texts, names of agents and files run nothing and lead nowhere', async () => {
    expect(payloads.length).toBeGreaterThanOrEqual(60)
    await using visit = await setting.place.visit()
    await visit.context.addInitScript(WATCH)
    await visit.page.reload()
    await visit.frame.locator('body').waitFor({ state: 'attached' })
    const left = leavingOf(visit, setting.place)
    using agent = await setting.place.answerer('<img src=x onerror=__xss=1>')
    await visit.begin()
    await visit.write(payloads[0] as string)
    await agent.take()
    for (const text of payloads) await agent.say(text)
    await visit.frame
      .locator('.theirs')
      .nth(payloads.length - 1)
      .waitFor()
    const shown = await visit.frame.locator('.theirs .text').evaluateAll((all) =>
      // biome-ignore lint/suspicious/noExplicitAny: an element of the page
      all.map((one: any) => one.textContent as string),
    )
    const plain = payloads.filter((one) => !/https?:|mailto:|www\./.test(one))
    for (const text of plain) expect(shown).toContain(text)
    await visit.frame.getByText('<img src=x onerror=__xss=1>').first().waitFor()
    const hrefs = await visit.frame.locator('.message a').evaluateAll((all) =>
      // biome-ignore lint/suspicious/noExplicitAny: an element of the page
      all.map((one: any) => [one.href as string, one.rel as string, one.target as string]),
    )
    expect(hrefs.length).toBeGreaterThan(0)
    for (const [href, rel, target] of hrefs) {
      expect(href).toMatch(SCHEMES)
      expect([rel, target]).toEqual(['noopener noreferrer nofollow', '_blank'])
    }
    const { frames, complaints } = await harm(visit)
    for (const found of frames) expect(found).toEqual(none)
    expect(complaints).toEqual([])
    expect(left).toEqual([])
  })

  it('[WIN20, WIN30] contents run nothing, whatever stands in them', async () => {
    await using visit = await setting.place.visit()
    await visit.context.addInitScript(WATCH)
    await visit.page.reload()
    await visit.frame.locator('body').waitFor({ state: 'attached' })
    const left = leavingOf(visit, setting.place)
    using agent = await setting.place.answerer()
    await visit.begin()
    await visit.write('hello')
    await agent.take()
    const texts = payloads.filter((one) => one.length < 120)
    const elements = texts.flatMap((text) => [
      { type: 'text', text, tooltip: text, alt: text },
      { type: 'button', title: text, click: { actions: [{ type: 'publishText', text }] } },
    ])
    for (let at = 0; at < elements.length; at += 40) {
      const content = { type: 'vertical', elements: elements.slice(at, at + 40) }
      await agent.publish({ type: 'RichContentEvent', content })
    }
    await eventually(() => visit.frame.locator('.structured .button').count()).toBe(texts.length)
    for (const uri of hostileLinks) {
      const click = { actions: [{ type: 'link', uri }] }
      const content = { type: 'button', title: 'go', click }
      // What the server refuses never gets here; what it lets through must be harmless.
      await agent.publish({ type: 'RichContentEvent', content }).catch(() => {})
    }
    await agent.say('that was all')
    await visit.expectSeen('that was all')
    const hrefs = await visit.frame.locator('.structured a').evaluateAll((all) =>
      // biome-ignore lint/suspicious/noExplicitAny: an element of the page
      all.map((one: any) => one.href as string),
    )
    for (const href of hrefs) expect(href).toMatch(SCHEMES)
    const { frames, complaints } = await harm(visit)
    for (const found of frames) expect(found).toEqual(none)
    expect(complaints).toEqual([])
    expect(left).toEqual([])
  })

  it('[WIN4] what others post is ignored, and no token is ever posted', async () => {
    await using visit = await setting.place.visit({ init: 'title: "Shop"' })
    await visit.begin()
    await visit.write('hello')
    await visit.frame.locator('[data-state="sent"]').waitFor()
    await visit.page.evaluate(`(() => {
      window.heard = []
      window.addEventListener('message', ({ data }) => window.heard.push(JSON.stringify(data)))
      for (const type of ['close', 'unread', 'looks', 'token', 'event', 'ready'])
        window.postMessage({ mark: 'ringdown-window', message: { type, id: 1, count: 99 } }, '*')
      for (const junk of [null, 7, 'x', [], { mark: 'ringdown-window' }, { mark: 'ringdown-window', message: 1 }])
        window.postMessage(junk, '*')
    })()`)
    const forged = visit.page.frames().find((frame) => frame.url().includes('/window/'))
    // The window posting to itself is not the page.
    await forged?.evaluate(
      `window.postMessage({ mark: 'ringdown-window', message: { type: 'close' } }, '*')`,
    )
    await visit.write('still there')
    await visit.expectSeen('still there')
    expect(await visit.launcher.first().getAttribute('aria-expanded')).toBe('true')
    const heard = (await visit.page.evaluate('window.heard')) as string[]
    expect(heard.filter((one) => one.includes('eyJ'))).toEqual([])
    const held = await visit.page.evaluate('JSON.stringify([{ ...localStorage }, document.cookie])')
    expect(held).toBe('[{},""]')
  })
})
