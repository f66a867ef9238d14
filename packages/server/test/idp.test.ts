import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { defaultLimits } from '../src/config.ts'
import { limitKey } from '../src/rest/address-limiter.ts'
import { claimsOf, headerOf, openWorld, signup, type World } from './identity-world.ts'

let world: World

beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world[Symbol.asyncDispose]())

interface Options {
  readonly headers?: Record<string, string>
  readonly payload?: string | object
  readonly account?: string
}

const post = (path: string, { account = 'acme', ...options }: Options = {}, open = world) =>
  open.app.inject({ method: 'POST', url: `/api/account/${account}/${path}`, ...options })

describe('signup', () => {
  it.each([
    ['nothing at all', {}],
    ['an empty body', { payload: '', headers: { 'content-type': 'application/json' } }],
    [
      'an empty form',
      { payload: '', headers: { 'content-type': 'application/x-www-form-urlencoded' } },
    ],
    [
      'any JSON',
      { payload: '[1,2]', headers: { 'content-type': 'application/json; charset=utf-8' } },
    ],
    ['no JSON', { payload: '{', headers: { 'content-type': 'application/json' } }],
    ['an unknown type', { payload: 'x', headers: { 'content-type': 'application/x-unknown' } }],
    ['a body without type', { payload: 'x' }],
    ['a type that is none', { payload: 'x', headers: { 'content-type': 'nonsense' } }],
    ['a broken type', { payload: '{}', headers: { 'content-type': 'application/json;;charset' } }],
    ['an empty type', { payload: '{}', headers: { 'content-type': '' } }],
  ] satisfies [string, Options][])('[IDP1] works with %s', async (_, options) => {
    const response = await post('signup', options)
    expect(response.statusCode).toBe(200)
    expect(response.headers['content-type']).toBe('application/json; charset=utf-8')
    expect(response.headers['access-control-allow-origin']).toBe('*')
    expect(response.headers['cache-control']).toBe('no-store')
    const { jwt, token } = response.json<{ jwt: string; token: string }>()
    expect(token).toBe(jwt)
    expect(headerOf(jwt)).toEqual({ kid: '00001', typ: 'JWT', alg: 'RS256' })
  })

  it('[IDP1] makes another consumer every time, known to the store', async () => {
    const ids = [claimsOf(await signup(world))['sub'], claimsOf(await signup(world))['sub']]
    expect(ids[0]).not.toBe(ids[1])
    for (const id of ids)
      expect(
        await world.store.read('consumer', { accountId: 'acme', id: id as string }),
      ).toMatchObject({ kind: 'signup', id })
  })

  it('[IDP1] answers a script too', async () => {
    const response = await world.app.inject('/api/account/acme/signup.jsonp?callback=page.go')
    const [, json = ''] = /^page\.go\((.*)\)$/.exec(response.body) ?? []
    const { jwt } = JSON.parse(json) as { jwt: string }
    expect(await world.auth.consumer('acme', jwt)).toMatchObject({ ok: true })
    const bad = await world.app.inject('/api/account/acme/signup.jsonp?callback=a(b)')
    expect(bad.statusCode).toBe(400)
  })

  it.each(['signup', 'authenticate', 'anonymous/authorize', 'app/anonymous/authenticate'])(
    '[IDP1] the preflight of %s is answered',
    async (path) => {
      const response = await world.app.inject({
        method: 'OPTIONS',
        url: `/api/account/acme/${path}`,
        headers: {
          origin: 'https://shop.example',
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'content-type',
        },
      })
      expect(response.statusCode).toBe(204)
      expect(response.headers['access-control-allow-methods']).toContain('POST')
      expect(response.headers['access-control-allow-headers']).toBe('content-type')
    },
  )

  it('[IDP3] refuses an unknown account with every key a client may read', async () => {
    const response = await post('signup', { account: 'nobody' })
    expect(response.statusCode).toBe(404)
    expect(response.json()).toEqual({
      statusCode: 404,
      internalErrorCode: 2004,
      message: 'Account not found',
      error: { statusCode: 404, internalCode: '2004', message: 'Account not found' },
    })
  })
})

describe('the limit of new identities', () => {
  const limits = { ...defaultLimits, signupsPerMinute: 3 }
  const from = (open: World, remoteAddress: string, headers: Record<string, string> = {}) =>
    open.app.inject({ method: 'POST', url: '/api/account/acme/signup', remoteAddress, headers })
  const statuses = async (open: World, addresses: readonly string[]) => {
    const found: number[] = []
    for (const address of addresses) found.push((await from(open, address)).statusCode)
    return found
  }

  it('[IDP16] counts per address and says when to come back', async () => {
    await using open = await openWorld({ config: { limits } })
    const one = '192.0.2.1'
    expect(await statuses(open, [one, one, one, one, '192.0.2.2'])).toEqual([
      200, 200, 200, 429, 200,
    ])
    const refused = await from(open, one)
    expect(refused.headers['retry-after']).toBe('20')
    expect(refused.json()).toMatchObject({ internalErrorCode: 2006 })
    await open.clock.advance(20_000)
    expect(await statuses(open, [one, one])).toEqual([200, 429])
  })

  it('[IDP16] counts an IPv6 network as one', async () => {
    await using open = await openWorld({ config: { limits } })
    const addresses = ['2001:db8::1', '2001:db8::2', '2001:db8:0:0:ffff::', '2001:db8::3']
    expect(await statuses(open, [...addresses, '2001:db8:0:1::1'])).toEqual([
      200, 200, 200, 429, 200,
    ])
  })

  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:DB8::0:6', '2001:db8:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
  ])('[IDP16] %s counts as %s', (address, key) => {
    expect(limitKey(address)).toBe(key)
  })

  it('[NAM11] W20 believes X-Forwarded-For from trusted proxies only', async () => {
    const forwarded = (client: string) => ({ 'x-forwarded-for': client })
    await using open = await openWorld({ config: { limits, trustedProxies: ['10.0.0.0/8'] } })
    for (let index = 0; index < 3; index += 1) {
      expect((await from(open, '192.0.2.1', forwarded(`198.51.100.${index}`))).statusCode).toBe(200)
      expect((await from(open, '10.1.2.3', forwarded('203.0.113.1'))).statusCode).toBe(200)
    }
    expect((await from(open, '192.0.2.1', forwarded('198.51.100.9'))).statusCode).toBe(429)
    expect((await from(open, '10.1.2.3', forwarded('203.0.113.1'))).statusCode).toBe(429)
    expect((await from(open, '10.1.2.3', forwarded('203.0.113.2'))).statusCode).toBe(200)
  })
})

describe('the connector flow', () => {
  const authorize = async (payload?: object, open = world) => {
    const response = await post('anonymous/authorize', payload ? { payload } : {}, open)
    return response.json<{ token: string }>().token
  }
  const exchange = (id_token: string, connector = 'anonymous', open = world) =>
    post(`app/${connector}/authenticate?v=3.0`, { payload: { id_token } }, open)

  it('[IDP11] gives an external token that only the exchange takes', async () => {
    const external = await authorize()
    const { sub, aud, exp, iat, acr } = claimsOf(external)
    expect({ aud, acr, life: Number(exp) - Number(iat) }).toEqual({
      aud: 'acc:acme',
      acr: '0',
      life: 600,
    })
    expect(await world.auth.consumer('acme', external)).toEqual({ ok: false, close: 'token' })
    const response = await exchange(external)
    expect(response.statusCode).toBe(200)
    const { jwt, token } = response.json<{ jwt: string; token: string }>()
    expect(token).toBe(jwt)
    expect(await world.auth.consumer('acme', jwt)).toMatchObject({
      ok: true,
      actor: { id: sub, strength: 'anonymous' },
    })
    expect((await exchange(jwt)).statusCode).toBe(401)
  })

  it('[IDP11] answers GET as well', async () => {
    const response = await world.app.inject('/api/account/acme/anonymous/authorize')
    expect(response.json()).toEqual({ token: expect.stringMatching(/^[^.]+\.[^.]+\.[^.]+$/) })
  })

  it('[IDP11] [IDP9] renews the same consumer after expiry, for a time', async () => {
    await using open = await openWorld()
    const external = await authorize(undefined, open)
    const { jwt } = (await exchange(external, 'anonymous', open)).json<{ jwt: string }>()
    await open.clock.leap(3_700_000)
    expect(await open.auth.consumer('acme', jwt)).toEqual({ ok: false, close: 'anonymous_token' })
    const expired = await exchange(external, 'anonymous', open)
    expect(expired.statusCode).toBe(401)
    expect(expired.json()).toMatchObject({
      internalErrorCode: 2001,
      error: { internalCode: '2001' },
    })
    const renewed = await authorize({ id_token: external }, open)
    expect(claimsOf(renewed)['sub']).toBe(claimsOf(external)['sub'])
    expect((await exchange(renewed, 'anonymous', open)).statusCode).toBe(200)
    await open.clock.leap(730 * 3_600_000)
    const late = await post('anonymous/authorize', { payload: { id_token: external } }, open)
    expect(late.statusCode).toBe(401)
    expect(late.json()).toMatchObject({ internalErrorCode: 2001 })
  })

  it('[IDP11] refuses tokens of others and of other accounts', async () => {
    const foreign = (await post('anonymous/authorize', { account: 'other' })).json<{
      token: string
    }>()
    expect((await exchange(foreign.token)).statusCode).toBe(401)
    for (const id_token of [foreign.token, await signup(world), 'x'])
      expect((await post('anonymous/authorize', { payload: { id_token } })).statusCode).toBe(401)
    for (const id_token of [1, '', null])
      expect((await post('anonymous/authorize', { payload: { id_token } })).statusCode).toBe(400)
  })

  it('[IDP11] [IDP3] knows its connectors', async () => {
    await using open = await openWorld()
    const external = await authorize(undefined, open)
    expect((await exchange(external, 'unknown', open)).statusCode).toBe(404)
    await open.admin.changeSettings('acme', {
      connectors: [{ id: 'anonymous', name: 'A', type: 'unauthenticated', enabled: false }],
    })
    expect((await exchange(external, 'anonymous', open)).statusCode).toBe(403)
    expect((await post('anonymous/authorize', {}, open)).statusCode).toBe(403)
  })

  it.each(['', '{', '[]', '"x"', '{}', '{"id_token":7}'])(
    '[IDP3] refuses the body %j of an exchange',
    async (payload) => {
      const response = await post('app/anonymous/authenticate', { payload })
      expect(response.statusCode).toBe(400)
      expect(response.json()).toMatchObject({ internalErrorCode: 2000 })
    },
  )
})
