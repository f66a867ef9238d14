/** Pages that are not the brand's, or mean no good: what they can frame, say, hear and set. */
import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { inBrowser } from './setting.ts'
import { eventually, type Place } from './visit.ts'

/** A site of somebody's, with pages by path and no policy at all. */
class Site implements AsyncDisposable {
  readonly pages = new Map<string, string>()
  readonly #server = createServer(({ url = '/' }, response) => {
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' })
    response.end(this.pages.get(url) ?? '<!doctype html><title>Site</title><body>')
  })

  static async open(): Promise<Site> {
    const site = new Site()
    await new Promise<void>((resolve) => site.#server.listen(0, '127.0.0.1', resolve))
    return site
  }

  /** Under another host than the server is asked for. */
  get origin(): string {
    return `http://localhost:${(this.#server.address() as { port: number }).port}`
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }
}

const serverOf = ({ world }: Place) => `http://127.0.0.1:${world.network.port}`

const allow = async ({ world }: Place, settings: object) => {
  const { server, accountId } = world
  const changed = await fetch(`${server.url}/ringdown/v1/accounts/${accountId}`, {
    method: 'PATCH',
    headers: {
      authorization: `Bearer ${server.running.adminToken}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({ settings }),
  })
  expect(changed.status).toBe(200)
}

const framing = (addresses: readonly string[]) =>
  `<!doctype html><title>Site</title><body>${addresses
    .map((one) => `<iframe src="${one.replaceAll('&', '&amp;')}"></iframe>`)
    .join('')}`

/** Opens a page of the site; `asked` are the hosts that anything was asked of. */
const visit = async ({ browser }: Place, address: string) => {
  const context = await browser.newContext()
  const page = await context.newPage()
  const asked = new Set<string>()
  context.on('request', (request) => {
    const { protocol, host } = new URL(request.url())
    if (protocol.startsWith('http')) asked.add(host)
  })
  await page.goto(address)
  return { page, asked, [Symbol.asyncDispose]: () => context.close() }
}

/** Where the frames of a page came to, by their order; an error where a policy stopped them. */
const arrived = (page: Page) =>
  page
    .frames()
    .slice(1)
    .map((frame) => frame.url())

const loaderOf = (place: Place) => `<script src="${serverOf(place)}/window/loader.js"></script>`

const wait = (page: Page, text: string) => eventually(() => page.evaluate(text))

inBrowser('attacks', (setting) => {
  it('[WEB4] [WEB10] X07 nothing is framed but the window, by whom its account lets in', async () => {
    const { place } = setting
    const { accountId: account } = place.world
    await using site = await Site.open()
    await using other = await Site.open()
    await allow(place, { allowedOrigins: [site.origin] })
    const origin = serverOf(place)
    const addresses = [
      `${origin}/window/?account=${account}`,
      `${origin}/window/?account=${account}&account=${account}`,
      `${origin}/window/?account=${account}%00`,
      `${origin}/window/`,
      `${origin}/workspace/`,
      `${origin}/workspace/worker.js`,
      `${origin}/version`,
      `${origin}/nothing`,
    ]
    const framesOf = async ({ origin: at, pages }: Site) => {
      pages.set('/', framing(addresses))
      await using visited = await visit(place, `${at}/`)
      const { page } = visited
      await eventually(() => arrived(page).filter((url) => url === '').length).toBe(0)
      return arrived(page).map((url) => url.startsWith(origin))
    }
    expect(await framesOf(site)).toEqual(addresses.map((_, at) => at === 0))
    expect(await framesOf(other)).toEqual(addresses.map(() => false))
  })

  it('[WIN4] X08 a window begins for the page alone that its loader named, and tells nobody else', async () => {
    const { place } = setting
    const { accountId: account } = place.world
    await using brand = await Site.open()
    await using thief = await Site.open()
    const named = (host: string) =>
      `${serverOf(place)}/window/?${new URLSearchParams({ account, host })}`
    // The second one is the thief's own, and tells when the first would have begun, too.
    thief.pages.set('/', framing([named(brand.origin), named(thief.origin)]))
    await using visited = await visit(place, `${thief.origin}/`)
    const { page } = visited
    await page.evaluate(`window.heard = []
      addEventListener('message', ({ source, data }) => source === frames[0] && heard.push(data))`)
    const [, first, second] = page.frames()
    if (!first || !second) throw new Error('There are no frames')
    for (const frame of [first, second]) await frame.waitForLoadState('load')
    await page.evaluate(`for (const frame of [frames[0], frames[1]]) {
      for (const junk of [null, 7, 'x'.repeat(1e6), [], { mark: 'ringdown-window' }]) frame.postMessage(junk, '*')
      for (const type of ['init', 'open', 'close', 'token'])
        frame.postMessage({ mark: 'ringdown-window', message: { type, id: 1, options: {}, token: 'x' } }, '*')
    }`)
    const shown = `document.querySelector('#window').childElementCount`
    await eventually(() => second.evaluate(shown)).toBeGreaterThan(0)
    await first.evaluate(`new Promise((resolve) => {
      addEventListener('message', ({ data }) => data === 'last' && setTimeout(resolve))
      parent.postMessage('heard', '*')
      postMessage('last', '*')
    })`)
    await wait(page, `heard.includes('heard')`).toBe(true)
    expect(await page.evaluate('heard')).toEqual(['heard'])
    expect(await first.evaluate(shown)).toBe(0)
  })

  it('[WIN1] the server is at an address of http or https, or nowhere', async () => {
    const { place } = setting
    await using site = await Site.open()
    site.pages.set('/', `<!doctype html><title>Site</title><body>${loaderOf(place)}`)
    await using visited = await visit(place, `${site.origin}/`)
    const { page } = visited
    for (const origin of [
      'javascript:__xss=1',
      'data:text/html,<script>__xss=1</script>',
      `blob:${site.origin}/1`,
      'file:///etc',
      'about:blank',
      'https://',
    ]) {
      const call = `Ringdown('init', { account: '1', origin: ${JSON.stringify(origin)} })`
      const said = await page.evaluate(
        `(() => { try { ${call}; return 'done' } catch (e) { return e.message } })()`,
      )
      expect([origin, said]).toEqual([origin, expect.not.stringMatching(/^done$/)])
    }
    expect(await page.locator('iframe').count()).toBe(0)
    expect(await page.evaluate('window.__xss')).toBeUndefined()
  })

  it('[WIN5] X04 X13 options are values: no style, markup, address or prototype comes out of them', async () => {
    const { place } = setting
    const { accountId: account } = place.world
    await using site = await Site.open()
    const bad = '#fff;}*{display:none}body{background:url(https://evil.example/x)}'
    const options = `{ account: '${account}', title: '<img src=x onerror=__xss=1>',
      greeting: '<script>__xss=1</script>', position: '${bad}', language: '../../__proto__',
      theme: { accent: '${bad}', scheme: '${bad}', radius: '4px;${bad}', font: '${bad}' },
      skillId: '"><script>', hours: { timeZone: '__proto__', week: JSON.parse('{"__proto__":{"polluted":1}}') },
      preChat: [{ name: '__proto__', label: 'x' }, { name: 'constructor', label: '<b>Name</b>', type: 'constructor' },
        { name: 'topic', label: '<img src=x onerror=__xss=1>', type: 'select', options: ['<b>', 7, null] }],
      ...JSON.parse('{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}') }`
    site.pages.set(
      '/',
      `<!doctype html><title>Site</title><body>${loaderOf(place)}<script>Ringdown('init', ${options.replaceAll('<', '\\x3c')}); Ringdown('open')</script>`,
    )
    await using visited = await visit(place, `${site.origin}/`)
    const { page, asked } = visited
    const frame = page.frameLocator('iframe')
    await frame.getByText('<script>__xss=1</script>').waitFor()
    await frame.locator('.welcome .main').click()
    await frame.getByText('<img src=x onerror=__xss=1>').first().waitFor()
    const inside = page.frames()[1]
    for (const one of [page.mainFrame(), inside]) {
      expect(await one?.evaluate('window.__xss')).toBeUndefined()
      expect(await one?.evaluate('[{}.polluted, Object.keys(Object.prototype).length]')).toEqual([
        undefined,
        0,
      ])
    }
    const looks = `(({ style, dataset }) => [dataset.scheme, style.getPropertyValue('--accent'),
      style.getPropertyValue('--radius'), style.cssText.includes('url')])(document.documentElement)`
    expect(await inside?.evaluate(looks)).toEqual(['auto', '#1f5fbf', '12px', false])
    expect(await inside?.evaluate(`document.querySelectorAll('b, #window img').length`)).toBe(0)
    expect([...asked].sort()).toEqual(
      [site.origin, serverOf(place)].map((one) => one.slice(7)).sort(),
    )
  })

  it('[WEB2] X09 the loader runs for a page that names its hash, and not with another one', async () => {
    const { place } = setting
    await using site = await Site.open()
    const loader = await (await fetch(`${serverOf(place)}/window/loader.js`)).text()
    const right = createHash('sha384').update(loader).digest('base64')
    const wrong = createHash('sha384').update(`${loader} `).digest('base64')
    const withHash = (hash: string) =>
      `<!doctype html><title>Site</title><body><script crossorigin integrity="sha384-${hash}" src="${serverOf(place)}/window/loader.js"></script>`
    site.pages.set('/right', withHash(right)).set('/wrong', withHash(wrong))
    for (const [path, kind] of [
      ['/right', 'function'],
      ['/wrong', 'undefined'],
    ] as const) {
      await using visited = await visit(place, site.origin + path)
      expect([path, await visited.page.evaluate('typeof Ringdown')]).toEqual([path, kind])
    }
  })
})
