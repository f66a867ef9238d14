/** Pages of the web applications, as a browser asks for them. */
import { request } from 'node:http'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { pageHeaders } from '../src/rest/web/page-headers.ts'
import { type TestServer, testServer } from '../src/testing/test-server.ts'

let server: TestServer

beforeAll(async () => {
  server = await testServer()
})
afterAll(() => server[Symbol.asyncDispose]())

const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(`${server.url}${path}`, { headers })

/** As it is: `fetch` would tidy the path and unpack the body. */
const raw = (path: string, headers: Record<string, string> = {}) =>
  new Promise<{ status: number; headers: Record<string, unknown>; body: Buffer }>((done, fail) => {
    const { port } = server.running
    const asked = request({ host: '127.0.0.1', port, path, headers }, (response) => {
      const parts: Buffer[] = []
      response.on('data', (part: Buffer) => parts.push(part))
      response.on('end', () => {
        const { statusCode = 0 } = response
        done({ status: statusCode, headers: response.headers, body: Buffer.concat(parts) })
      })
    })
    asked.on('error', fail)
    asked.end()
  })

const scriptOf = async (): Promise<string> => {
  const page = await (await get('/window/')).text()
  return /src="(\/window\/assets\/[^"]+\.js)"/.exec(page)?.[1] as string
}

/** Words of a directive of the page's policy. */
const directive = (response: Response, name: string): string | undefined =>
  response.headers
    .get('content-security-policy')
    ?.split('; ')
    .find((one) => one.startsWith(`${name} `))
    ?.slice(name.length + 1)

describe('pages', () => {
  it('[WEB2] are asked for again, their hashed parts are kept', async () => {
    const page = await get('/window/')
    expect([page.status, page.headers.get('cache-control')]).toEqual([200, 'no-cache'])
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8')
    const part = await get(await scriptOf())
    expect(part.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
    const loader = await get('/window/loader.js')
    expect(loader.headers.get('cache-control')).toBe('no-cache')
    expect(loader.headers.get('access-control-allow-origin')).toBe('*')
    expect(loader.headers.get('cross-origin-resource-policy')).toBe('cross-origin')
    const etag = loader.headers.get('etag') as string
    const again = await raw('/window/loader.js', { 'if-none-match': etag })
    expect([again.status, again.body.length]).toEqual([304, 0])
  })

  it('[WEB2] go out compressed as the client allows', async () => {
    const path = await scriptOf()
    const plain = await raw(path)
    expect(plain.headers['content-encoding']).toBeUndefined()
    const br = await raw(path, { 'accept-encoding': 'gzip, br' })
    expect(br.headers['content-encoding']).toBe('br')
    expect(brotliDecompressSync(br.body).equals(plain.body)).toBe(true)
    const gz = await raw(path, { 'accept-encoding': 'gzip' })
    expect(gunzipSync(gz.body).equals(plain.body)).toBe(true)
    expect(gz.headers['vary']).toContain('accept-encoding')
  })

  it('[WEB2] addresses inside an application give its page', async () => {
    const page = await (await get('/window/')).text()
    expect(await (await get('/window/conversations/7')).text()).toBe(page)
    expect(await (await get('/window/index.html')).text()).toBe(page)
  })

  it('[WEB3] carry a strict policy', async () => {
    const page = await get('/window/')
    const host = new URL(server.url).host
    expect(directive(page, 'default-src')).toBe("'none'")
    expect(directive(page, 'script-src')).toBe("'self'")
    expect(directive(page, 'style-src')).toBe("'self'")
    expect(directive(page, 'connect-src')).toBe(`'self' wss://${host} ws://${host}`)
    expect(directive(page, 'require-trusted-types-for')).toBe("'script'")
    expect(page.headers.get('content-security-policy')).not.toContain('unsafe')
    expect(page.headers.get('x-content-type-options')).toBe('nosniff')
    expect(page.headers.get('referrer-policy')).toBe('no-referrer')
    expect(page.headers.get('cross-origin-opener-policy')).toBe('same-origin')
  })

  it('[WEB3] take no word into their policy from a host name', async () => {
    const bad = await raw('/window/', { host: "x; script-src 'unsafe-inline'" })
    expect(String(bad.headers['content-security-policy'])).not.toContain('unsafe')
    const asked = { authority: 'a.example', isSecure: true, allowedOrigins: [] }
    expect(pageHeaders('window', asked, false)['strict-transport-security']).toBe(
      'max-age=31536000',
    )
    expect(pageHeaders('window', asked, true)['strict-transport-security']).toBeUndefined()
  })

  it('[WEB4] may be framed by whom the account lets in, if they are the window', async () => {
    const open = await server.account()
    const closed = await server.account({
      allowedOrigins: ['https://shop.example', "https://x.example; script-src 'unsafe-inline'"],
    })
    const ancestors = async (path: string) => directive(await get(path), 'frame-ancestors')
    expect(await ancestors(`/window/?account=${open.id}`)).toBe('*')
    const told = await ancestors(`/window/?account=${closed.id}`)
    expect(told).toBe("'self' https://shop.example")
    const asked = { authority: 'a.example', isSecure: true, allowedOrigins: ['https://b.example'] }
    const policy = pageHeaders('workspace', asked, false)['content-security-policy']
    expect(policy).toContain("frame-ancestors 'none'")
  })

  it('[WEB9] the window takes pictures from whom the account lists', async () => {
    const any = await server.account()
    const some = await server.account({
      imageHosts: ['img.example.com', '*.cdn.example.com', "x; script-src 'unsafe-inline'"],
    })
    const sources = async (account: string) =>
      directive(await get(`/window/?account=${account}`), 'img-src')
    expect(await sources(any.id)).toBe("'self' data: blob: https:")
    expect(await sources(some.id)).toBe(
      "'self' data: blob: https://img.example.com https://*.cdn.example.com",
    )
    expect(directive(await get('/workspace/'), 'img-src')).toBe("'self' data: blob: https:")
  })

  it('[WEB5] nothing else can be read by any spelling', async () => {
    const paths = [
      '/window/../package.json',
      '/window/..%2fpackage.json',
      '/window/%2e%2e/package.json',
      '/window/%2e%2e%2f%2e%2e%2fpackage.json',
      '/window/..%5cpackage.json',
      '/window/assets/..%2f..%2fpackage.json',
      '/window//etc/passwd.js',
      '/window/.built-from',
      '/window/loader.js.gz',
      '/window/assets/%00.js',
      '/window/constructor.js',
      '/window/__proto__.js',
    ]
    for (const path of paths) {
      const { status, body } = await raw(path)
      const isPage = status === 200 && body.includes('<div id="window">')
      expect([path, isPage || status === 404 || status === 400]).toEqual([path, true])
      expect(body.includes('"name"')).toBe(false)
    }
  })

  it('[WEB6] that were never built say what to do', async () => {
    const missing = await get('/portal/')
    const text = await missing.text()
    if (missing.status === 404) expect(text).toContain('npm run build')
    else expect(text).toContain('<!doctype html>')
    const part = await get('/window/assets/none.js')
    expect([part.status, await part.text()]).toEqual([404, 'There is no such page.\n'])
  })

  it('[WEB8] the demo shop is there for development alone', async () => {
    expect((await get('/demo/')).status).toBe(404)
    await using dev = await testServer({ config: { dev: true } })
    const page = await fetch(`${dev.url}/demo/`)
    expect(page.status).toBe(200)
    expect(directive(page, 'frame-ancestors')).toBe("'none'")
    const text = await page.text()
    expect(text).toContain('/window/loader.js')
    // Named, so that no browser looks for one elsewhere.
    expect(text).toContain('<link rel="icon" href="/demo/icon.svg"')
    for (const part of ['/demo/shop.js', '/demo/shop.css', '/demo/icon.svg'])
      expect((await fetch(`${dev.url}${part}`)).status).toBe(200)
  })
})
