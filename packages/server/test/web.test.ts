/** Pages of the web applications, as a browser asks for them. */
import { mkdtempSync, rmSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { answerHeaders } from '../src/rest/web/page-headers.ts'
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
    expect(directive(page, 'trusted-types')).toBe("'none'")
    expect(directive(await get('/workspace/'), 'trusted-types')).toBe('ringdown')
    expect(page.headers.get('content-security-policy')).not.toContain('unsafe')
    expect(page.headers.get('x-content-type-options')).toBe('nosniff')
    expect(page.headers.get('referrer-policy')).toBe('no-referrer')
    expect(page.headers.get('cross-origin-opener-policy')).toBe('same-origin')
  })

  it('[WEB3] take no word into their policy from a host name', async () => {
    const bad = await raw('/window/', { host: "x; script-src 'unsafe-inline'" })
    expect(String(bad.headers['content-security-policy'])).not.toContain('unsafe')
    expect(answerHeaders(true, false)['strict-transport-security']).toBe('max-age=31536000')
    expect(answerHeaders(true, true)['strict-transport-security']).toBeUndefined()
    expect(answerHeaders(false, false)['strict-transport-security']).toBeUndefined()
  })

  it('[WEB10] whatever is answered runs nothing by itself and is framed by nobody', async () => {
    const { id } = await server.account()
    const pages = ['/workspace/', '/workspace/mine', '/workspace/index.html']
    const parts = [
      '/workspace/worker.js',
      '/window/loader.js',
      '/window/icon.svg',
      await scriptOf(),
    ]
    const others = [
      '/window/assets/none.js',
      '/workspace/none.css',
      '/portal/',
      '/nothing',
      '/version',
    ]
    const apis = [
      `/api/account/${id}/ringdown/v1/me/drafts`,
      `/api/account/${id}/configuration/le-users/users`,
      `/api/account/${id}/configuration/le-users/users/nobody`,
      '/window/%zz',
      '/api/account/a%00b/signup',
    ]
    for (const path of [...pages, ...parts, ...others, ...apis]) {
      const { headers } = await raw(path)
      const policy = String(headers['content-security-policy'])
      expect([path, policy]).toEqual([path, expect.stringContaining("default-src 'none'")])
      for (const one of ["base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"])
        expect([path, policy]).toEqual([path, expect.stringContaining(one)])
      expect(policy).not.toContain('unsafe')
      const plain = [headers['x-content-type-options'], headers['referrer-policy']]
      expect([path, ...plain]).toEqual([path, 'nosniff', 'no-referrer'])
      expect(headers['set-cookie']).toBeUndefined()
    }
    for (const path of [...others, ...apis])
      expect((await raw(path)).headers['access-control-allow-credentials']).toBeUndefined()
    const worker = await raw('/workspace/worker.js')
    // It fetches what it keeps, and its scope is the folder that it lies in.
    expect(worker.headers['content-security-policy']).toContain("connect-src 'self'")
    expect(worker.headers['service-worker-allowed']).toBeUndefined()
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
    // What the page would take for its account, and the server for none.
    for (const query of [
      `account=${closed.id}&account=${closed.id}`,
      `account=${open.id}&account=${closed.id}`,
      `account=${closed.id}%00`,
      `account=%20${open.id}`,
      `account=${open.id}%2F..%2F${closed.id}`,
      `account[]=${open.id}`,
      'account=',
      'account=__proto__',
      '',
    ])
      expect([query, await ancestors(`/window/?${query}`)]).toEqual([query, "'none'"])
    expect(await ancestors(`/workspace/?account=${open.id}`)).toBe("'none'")
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
    for (const page of ['/workspace/', '/window/', `/window/?account=${any.id}&account=${any.id}`])
      expect(directive(await get(page), 'img-src')).toBe("'self' data: blob:")
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
    const logged: string[] = []
    const log = pino({ level: 'info' }, { write: (line: string) => logged.push(line) })
    const pages = mkdtempSync(join(tmpdir(), 'ringdown-pages-'))
    await using unbuilt = await testServer({ pages, log })
    for (const name of ['window', 'workspace']) {
      const missing = await fetch(`${unbuilt.url}/${name}/`)
      expect([missing.status, await missing.text()]).toEqual([
        404,
        expect.stringContaining('Run `npm run build`'),
      ])
      expect(logged).toContainEqual(expect.stringContaining(`The ${name} is not there`))
    }
    rmSync(pages, { recursive: true })
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
