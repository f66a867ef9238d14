import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isDiscoveryPath } from '../src/rest/discovery-routes.ts'
import { openWorld, type World } from './identity-world.ts'

let world: World

beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world[Symbol.asyncDispose]())

const get = (url: string, headers: Record<string, string> = {}) =>
  world.app.inject({ method: 'GET', url, headers })

const address = (service: string) => ({
  service,
  account: 'acme',
  baseURI: 'chat.example:8443',
})

const names =
  'asyncMessagingEnt facadeMsg idp agentVep acCdnDomain leCdnDomain accountConfigReadOnly accountConfigReadWrite swift msgHist runtimeFormLogic secureFormConfig tokenizer sentinel messagingRestApiDomain leDataReporting pusher loggos'.split(
    ' ',
  )

describe('discovery', () => {
  it.each([
    '/api/account/acme/service/baseURI.json?version=1.0',
    '/api/account/acme/service/baseURI?version=1.0',
    '/csdr/account/acme/service/baseURI.json?version=1.0',
    '/csdr/account/acme/service/baseURI',
  ])('[NAM1] [NAM2] %s lists every service once', async (url) => {
    const response = await get(url)
    expect(response.statusCode).toBe(200)
    expect(response.headers['content-type']).toBe('application/json; charset=utf-8')
    const { baseURIs } = response.json<{ baseURIs: { service: string }[] }>()
    expect(baseURIs.map(({ service }) => service)).toEqual(names)
    expect(baseURIs).toEqual(names.map(address))
  })

  it.each([
    '/api/account/acme/service/idp/baseURI.json?version=1.0',
    '/api/account/acme/service/idp/baseURI.json',
    '/csdr/account/acme/service/idp/baseURI.json?version=1.0',
    '/api/account/acme/service/idp/baseURI?version=1.0',
  ])('[NAM1] %s names one service', async (url) => {
    const response = await get(url)
    expect(response.statusCode).toBe(200)
    expect(response.json()).toEqual({ ...address('idp'), baseURIs: [address('idp')] })
  })

  it.each([
    ['/api/account/nobody/service/baseURI.json', 401],
    ['/api/account/nobody/service/idp/baseURI.json', 401],
    ['/api/account/acme/service/IDP/baseURI.json', 400],
    ['/api/account/acme/service/unknown/baseURI.json', 400],
    ['/api/account/acme/service/__proto__/baseURI.json', 400],
    ['/api/account/acme/service/baseURI.json?version=2.0', 400],
    ['/api/account/acme/service/baseURI.json?version=1.0&version=1.0', 400],
    ['/api/account/ac%20me/service/baseURI.json', 400],
    ['/api/account/aaaaaaaaaaaaaaaaaaaaa/service/baseURI.json', 400],
  ])('[NAM3] %s answers %d', async (url, status) => {
    const response = await get(url)
    expect(response.statusCode).toBe(status)
    expect(response.headers['access-control-allow-origin']).toBe('*')
    expect(response.json()).toMatchObject({ statusCode: status })
  })

  it('[NAM4] is open to pages of any origin', async () => {
    const url = '/api/account/acme/service/idp/baseURI.json'
    const response = await get(url, { origin: 'https://shop.example' })
    expect(response.headers['access-control-allow-origin']).toBe('*')
    expect(response.headers['access-control-allow-credentials']).toBeUndefined()
    const preflight = await world.app.inject({
      method: 'OPTIONS',
      url,
      headers: { 'access-control-request-headers': 'x-requested-with' },
    })
    expect(preflight.statusCode).toBe(204)
    expect(preflight.headers['access-control-allow-headers']).toBe('x-requested-with')
  })

  it('[NAM5] calls a function of the page', async () => {
    const response = await get(
      '/csdr/account/acme/service/idp/baseURI.lpCsds?version=1.0&cb=page.on$1',
    )
    expect(response.headers['content-type']).toBe('application/javascript; charset=utf-8')
    expect(response.headers['x-content-type-options']).toBe('nosniff')
    expect(response.body).toBe(
      'page.on$1({"ResultSet":{"lpData":[{"lpServer":"chat.example:8443"}]}})',
    )
  })

  it.each(['', 'alert(1)//', 'a b', '1a', 'a..b', '<script>', 'x'.repeat(129)])(
    '[NAM5] refuses the callback %.20j',
    async (cb) => {
      const url = `/csdr/account/acme/service/idp/baseURI.lpCsds?cb=${encodeURIComponent(cb)}`
      const response = await get(url)
      expect(response.statusCode).toBe(400)
      expect(response.body).not.toContain('lpServer')
    },
  )
})

describe('the announced authority', () => {
  const authorityFor = async (open: World, host: string) => {
    const response = await open.app.inject({
      url: '/api/account/acme/service/idp/baseURI.json',
      headers: { host },
    })
    return response.json<{ baseURI: string }>().baseURI
  }

  it('[NAM6] is the configured one, whatever host was asked', async () => {
    expect(await authorityFor(world, 'evil.example')).toBe('chat.example:8443')
    expect(await authorityFor(world, 'localhost:1')).toBe('chat.example:8443')
  })

  it('[NAM6] is the host asked in development, when the certificate is good for it', async () => {
    const { publicAuthority: _, ...config } = world.config
    await using open = await openWorld({
      config: { ...config, publicAuthority: undefined, dev: true, port: 9443 } as object,
    })
    for (const host of ['localhost:9443', 'shop.localhost:1', '127.0.0.1:8443', '[::1]:8443'])
      expect(await authorityFor(open, host)).toBe(host)
    for (const host of ['evil.example', 'localhost.evil.example', 'a@localhost', 'localhost/x'])
      expect(await authorityFor(open, host)).toBe('localhost:9443')
  })

  it('[NAM6] never is the host asked outside development', async () => {
    await using open = await openWorld({ config: { publicAuthority: undefined } as object })
    expect(await authorityFor(open, 'localhost:1')).toBe('localhost:8443')
  })
})

describe('requests without TLS', () => {
  const status = async (open: World, path: string) => {
    await using stack = new AsyncDisposableStack()
    const server = createServer(open.rest.handlePlain)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    stack.defer(() => new Promise<void>((resolve) => server.close(() => resolve())))
    const { port } = server.address() as AddressInfo
    return await new Promise<number | undefined>((resolve, reject) => {
      const options = { port, host: '127.0.0.1', path, method: 'GET', agent: false }
      request(options, (response) => {
        response.resume()
        resolve(response.statusCode)
      })
        .on('error', reject)
        .end()
    })
  }

  it('[NAM7] W20 are answered for discovery alone', async () => {
    expect(await status(world, '/api/account/acme/service/baseURI.json?version=1.0')).toBe(200)
    expect(await status(world, '/csdr/account/acme/service/idp/baseURI.lpCsds?cb=f')).toBe(200)
    for (const path of [
      '/api/account/acme/signup.jsonp?callback=f',
      '/.well-known/jwks.json',
      '/livez',
      '/api/account/acme/signup?/service/baseURI.json',
      '/',
    ])
      expect(await status(world, path), path).toBe(426)
  })

  it('[NAM7] are all answered behind a proxy that ends TLS', async () => {
    await using open = await openWorld({ config: { plainHttp: true } })
    expect(await status(open, '/livez')).toBe(200)
  })

  it.each([
    ['/api/account/a/service/baseURI', true],
    ['/csdr/account/a/service/b/baseURI.lpCsds', true],
    ['/api/account/a/service/b/c/baseURI.json', false],
    ['/api/account/a/login', false],
  ])('[NAM7] %s is for discovery: %s', (path, expected) => {
    expect(isDiscoveryPath(path)).toBe(expected)
  })
})

describe('what is public', () => {
  it('[NAM8] is an enabled agent and no more of it than consumers may see', async () => {
    const { id } = await world.admin.createAgent('acme', {
      loginName: 'ana@secret.example',
      email: 'ana@secret.example',
      fullName: 'Ana Lima',
      nickname: 'Ana',
    })
    const url = `/api/account/acme/configuration/le-users/users/${id}`
    const response = await get(url)
    expect(response.statusCode).toBe(200)
    expect(response.headers['access-control-allow-origin']).toBe('*')
    expect(response.json()).toMatchObject({ pid: id, nickname: 'Ana', fullName: 'Ana Lima' })
    expect(response.body).not.toContain('secret')
    expect((await get(url.replace('acme', 'other'))).statusCode).toBe(404)
    await world.admin.changeAgent('acme', 'ana@secret.example', { isEnabled: false })
    expect((await get(url)).statusCode).toBe(404)
  })

  it('[NAM8] are the enabled connectors', async () => {
    const connectors = [
      { id: 'anonymous', name: 'Anonymous', type: 'unauthenticated', enabled: true },
      { id: 'brand', name: 'Shop login', type: 'brand', enabled: true },
      { id: 'old', name: 'Old', type: 'brand', enabled: false },
    ]
    await world.admin.createAccount({ id: 'listed', settings: { connectors } })
    const url = '/api/account/listed/configuration/le-connectors/all-connectors'
    const response = await get(url)
    expect(response.json()).toEqual([
      { id: 'anonymous', name: 'Anonymous', type: 'unauthenticated' },
      { id: 'brand', name: 'Shop login', type: 'brand' },
    ])
    expect((await get(url.replace('listed', 'nobody'))).statusCode).toBe(404)
  })
})

describe('health', () => {
  it('[NAM10] is told for people and for machines', async () => {
    expect((await get('/livez')).json()).toEqual({ status: 'ok' })
    const ready = await get('/readyz')
    expect(ready.statusCode).toBe(200)
    expect(ready.json()).toEqual({ status: 'ok', checks: { store: 'ok', serving: 'ok' } })
    expect((await get('/version')).json()).toMatchObject({ name: 'ringdown' })
  })

  it('[NAM10] is bad when the store takes no writes', async () => {
    const open = await openWorld()
    await open.store[Symbol.asyncDispose]()
    const ready = await open.app.inject({ url: '/readyz' })
    expect(ready.statusCode).toBe(503)
    expect(ready.json()).toMatchObject({ status: 'failed', checks: { store: 'failed' } })
    expect((await open.app.inject({ url: '/livez' })).statusCode).toBe(200)
    await open.rest[Symbol.asyncDispose]()
  })
})

describe('refusals over HTTP', () => {
  it('[NAM9] tell nothing of the inside', async () => {
    const open = await openWorld()
    await open.store[Symbol.asyncDispose]()
    const away = await open.app.inject({ url: '/api/account/acme/service/baseURI.json' })
    expect(away.statusCode).toBe(503)
    await open.rest[Symbol.asyncDispose]()
    await using broken = await openWorld()
    Object.assign(broken.store, {
      read: () => Promise.reject(new Error('near SELECT: /secret/path.db at line 3')),
    })
    const response = await broken.app.inject({ url: '/api/account/acme/service/baseURI.json' })
    expect(response.statusCode).toBe(500)
    expect(response.json()).toEqual({
      statusCode: 500,
      error: { code: 'internal', message: 'Internal server error' },
    })
  })

  it('[NAM9] are JSON for addresses and methods that do not exist', async () => {
    for (const url of ['/', '/api/account/acme/nothing', '/%E0%A4%A', '/../etc/passwd']) {
      const response = await get(url)
      expect([400, 404], url).toContain(response.statusCode)
      expect(response.json(), url).toHaveProperty('error.message')
    }
    const wrong = await world.app.inject({ method: 'DELETE', url: '/api/account/acme/signup' })
    expect(wrong.statusCode).toBe(404)
  })

  it('[NAM9] limit what is read', async () => {
    const response = await world.app.inject({
      method: 'POST',
      url: '/api/account/acme/login',
      payload: 'x'.repeat(70_000),
    })
    expect(response.statusCode).toBe(413)
    expect(response.headers['content-type']).toContain('application/json')
  })
})
