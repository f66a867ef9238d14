import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { defaultSkillRules } from '../src/domain/account.ts'
import { ADMIN_TOKEN, claimsOf, newBrandKey, openWorld, type World } from './identity-world.ts'

let world: World

beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world[Symbol.asyncDispose]())

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE'

const ask = (
  method: Method,
  url: string,
  payload?: unknown,
  authorization = `Bearer ${ADMIN_TOKEN}`,
) =>
  world.app.inject({
    method,
    url,
    headers: { authorization },
    ...(payload !== undefined && { payload: payload as object }),
  })

const account = '/api/account/acme/ringdown/v1'

describe('administration', () => {
  it('[AG30] needs the token, whatever the address', async () => {
    const addresses: [Method, string][] = [
      ['GET', '/ringdown/v1/accounts'],
      ['POST', '/ringdown/v1/accounts'],
      ['DELETE', '/ringdown/v1/accounts/acme'],
      ['GET', `${account}/agents`],
      ['GET', `${account}/settings`],
      ['POST', `${account}/tokens/consumer`],
      ['POST', '/ringdown/v1/keys/rotate'],
      ['GET', '/ringdown/v1/stats'],
    ]
    for (const [method, url] of addresses)
      for (const wrong of [
        '',
        'Bearer',
        'Bearer x',
        `Bearer ${ADMIN_TOKEN}x`,
        `Basic ${ADMIN_TOKEN}`,
        ADMIN_TOKEN,
      ]) {
        const response = await ask(method, url, method === 'POST' ? {} : undefined, wrong)
        expect(response.statusCode, `${method} ${url} ${wrong}`).toBe(401)
      }
    expect(await world.store.read('account', 'acme')).toBeDefined()
  })

  it('[AG30] creates, shows, lists, changes and deletes accounts', async () => {
    const created = await ask('POST', '/ringdown/v1/accounts', {
      id: 'shop_1',
      name: 'Shop',
      settings: { ttr: { urgent: 60 }, maxOpenConversations: 3 },
    })
    expect(created.statusCode).toBe(201)
    expect(created.json()).toMatchObject({
      id: 'shop_1',
      name: 'Shop',
      settings: { ttr: { urgent: 60, normal: 3600 }, maxOpenConversations: 3 },
    })
    const url = '/ringdown/v1/accounts/shop_1'
    expect((await ask('POST', '/ringdown/v1/accounts', { id: 'shop_1' })).statusCode).toBe(409)
    expect((await ask('GET', url)).json()).toEqual(created.json())
    const ids = (await ask('GET', '/ringdown/v1/accounts')).json<{ id: string }[]>()
    expect(ids.map(({ id }) => id)).toContain('shop_1')
    const changed = await ask('PATCH', url, { name: 'Store', settings: { ttr: { normal: 7 } } })
    expect(changed.json()).toMatchObject({
      name: 'Store',
      settings: { ttr: { urgent: 60, normal: 7 }, maxOpenConversations: 3 },
    })
    expect((await ask('DELETE', url)).statusCode).toBe(204)
    expect((await ask('GET', url)).statusCode).toBe(404)
    expect((await ask('DELETE', url)).statusCode).toBe(404)
    expect((await ask('PATCH', url, {})).statusCode).toBe(404)
  })

  it('[AG30] changes settings and takes keys as they are printed', async () => {
    const { spki, publicKey } = newBrandKey()
    const pem = publicKey.export({ format: 'pem', type: 'spki' })
    const changed = await ask('PATCH', `${account}/settings`, {
      brandKeys: [{ kid: 'a', publicKey: pem }],
      allowedOrigins: ['https://shop.example'],
    })
    expect(changed.json()).toMatchObject({ brandKeys: [{ kid: 'a', publicKey: spki }] })
    expect((await ask('GET', `${account}/settings`)).json()).toEqual(changed.json())
    expect((await ask('GET', '/api/account/nobody/ringdown/v1/settings')).statusCode).toBe(404)
  })

  it('[AG30] creates, shows, lists, changes and deletes agents', async () => {
    const skill = (await ask('POST', `${account}/skills`, { name: 'sales' })).json<{ id: string }>()
    const created = await ask('POST', `${account}/agents`, {
      loginName: 'ana',
      roles: ['manager'],
      skillIds: [skill.id],
      capacity: 3,
    })
    expect(created.statusCode).toBe(201)
    const { password, ...agent } = created.json<{ password: string; userId: string }>()
    expect(agent).toMatchObject({ loginName: 'ana', nickname: 'ana', isEnabled: true, capacity: 3 })
    const login = { method: 'POST', url: '/api/account/acme/login' } as const
    const loggedIn = await world.app.inject({ ...login, payload: { username: 'ana', password } })
    expect(loggedIn.statusCode).toBe(200)
    for (const reference of ['ana', agent.userId]) {
      const shown = await ask('GET', `${account}/agents/${reference}`)
      expect(shown.json()).toEqual(agent)
    }
    const listed = await ask('GET', `${account}/agents`)
    expect(listed.json()).toContainEqual(agent)
    expect(listed.body).not.toMatch(/password|scrypt/)
    const changed = await ask('PATCH', `${account}/agents/ana`, { fullName: 'Ana Lima' })
    expect(changed.json()).toEqual({ ...agent, fullName: 'Ana Lima' })
    expect((await ask('POST', `${account}/agents`, { loginName: 'ana' })).statusCode).toBe(409)
    const other = '/api/account/other/ringdown/v1/agents/ana'
    expect((await ask('GET', other)).statusCode).toBe(404)
    expect((await ask('DELETE', other)).statusCode).toBe(404)
    expect((await ask('DELETE', `${account}/agents/ana`)).statusCode).toBe(204)
    expect((await ask('GET', `${account}/agents/ana`)).statusCode).toBe(404)
  })

  it('[AG30] says no password that was chosen', async () => {
    const created = await ask('POST', `${account}/agents`, {
      loginName: 'max',
      password: 'chosen by max',
    })
    expect(created.statusCode).toBe(201)
    expect(created.body).not.toContain('chosen')
    expect(created.json()).not.toHaveProperty('password')
  })

  it('[AG30] creates, shows, lists, changes and deletes skills', async () => {
    const created = await ask('POST', `${account}/skills`, { id: '77', name: 'billing' })
    expect(created.statusCode).toBe(201)
    const skill = {
      accountId: 'acme',
      id: '77',
      name: 'billing',
      ttr: {},
      rules: defaultSkillRules,
      details: {},
    }
    expect(created.json()).toEqual(skill)
    expect((await ask('GET', `${account}/skills/77`)).json()).toEqual(skill)
    expect((await ask('GET', `${account}/skills`)).json()).toContainEqual(skill)
    const changed = await ask('PATCH', `${account}/skills/77`, { ttr: { normal: 9 } })
    expect(changed.json()).toEqual({ ...skill, ttr: { normal: 9 } })
    expect((await ask('DELETE', `${account}/skills/77`)).statusCode).toBe(204)
    expect((await ask('GET', `${account}/skills/77`)).statusCode).toBe(404)
    expect((await ask('PATCH', `${account}/skills/77`, {})).statusCode).toBe(404)
  })

  it('[AG30] rotates and revokes keys without showing them', async () => {
    await using open = await openWorld()
    const askOpen = (method: Method, url: string) =>
      open.app.inject({ method, url, headers: { authorization: `Bearer ${ADMIN_TOKEN}` } })
    const made = await askOpen('POST', '/ringdown/v1/keys/rotate')
    expect(made.json()).toEqual({
      kid: '00002',
      use: 'sign',
      state: 'active',
      createdAt: open.clock.now(),
    })
    expect((await askOpen('DELETE', '/ringdown/v1/keys/00002')).statusCode).toBe(409)
    const revoked = await askOpen('DELETE', '/ringdown/v1/keys/00001')
    expect(revoked.json()).toMatchObject({ kid: '00001', state: 'revoked' })
    expect((await askOpen('DELETE', '/ringdown/v1/keys/00009')).statusCode).toBe(404)
    const listed = await askOpen('GET', '/ringdown/v1/keys')
    expect(listed.json()).toHaveLength(4)
    for (const { body } of [made, revoked, listed]) expect(body).not.toMatch(/privateJwk|"d"|"k"/)
  })

  it('[AG30] mints tokens for tests, for new and known consumers', async () => {
    const url = `${account}/tokens/consumer`
    const fresh = await ask('POST', url)
    expect(fresh.statusCode).toBe(201)
    const { token, consumerId } = fresh.json<{ token: string; consumerId: string }>()
    expect(await world.auth.consumer('acme', token)).toMatchObject({ actor: { id: consumerId } })
    const again = await ask('POST', url, { consumerId, kind: 'anonymous', ttlSeconds: 60 })
    const claims = claimsOf(again.json<{ token: string }>().token)
    expect(claims['sub']).toBe(consumerId)
    expect(Number(claims['exp']) - Number(claims['iat'])).toBe(60)
    const past = await ask('POST', url, { ttlSeconds: -3600 })
    const expired = past.json<{ token: string }>().token
    expect(await world.auth.consumer('acme', expired)).toMatchObject({ close: 'anonymous_token' })
    expect((await ask('POST', url.replace('acme', 'nobody'))).statusCode).toBe(404)
  })

  it('[AG30] takes long lists', async () => {
    const allowedOrigins = Array.from(
      { length: 1000 },
      (_, index) => `https://${'x'.repeat(80)}${index}`,
    )
    const changed = await ask('PATCH', '/api/account/other/ringdown/v1/settings', {
      allowedOrigins,
    })
    expect(changed.json()).toMatchObject({ allowedOrigins })
  })

  it('[AG30] counts', async () => {
    const stats = (await ask('GET', '/ringdown/v1/stats')).json()
    expect(stats).toMatchObject({ epoch: 'epoch-1', store: { commits: expect.any(Number) } })
  })
})

describe('a body of administration', () => {
  const agents = `${account}/agents`
  const skills = `${account}/skills`
  const settings = `${account}/settings`
  const accounts = '/ringdown/v1/accounts'

  it.each<[Method, string, unknown, string]>([
    ['POST', accounts, '{', 'JSON'],
    ['POST', accounts, '[]', 'object'],
    ['POST', accounts, {}, 'id'],
    ['POST', accounts, { id: '' }, 'id'],
    ['POST', accounts, { id: 'a b' }, 'id'],
    ['POST', accounts, { id: 'x'.repeat(21) }, 'id'],
    ['POST', accounts, { id: 7 }, 'id'],
    ['POST', accounts, { id: 'a', extra: 1 }, 'extra'],
    ['POST', accounts, '{"id":"a","__proto__":{}}', '__proto__'],
    ['POST', accounts, { id: 'a', settings: { ttr: { urgent: '5' } } }, 'settings.ttr.urgent'],
    ['PATCH', settings, { ttr: { soon: 5 } }, 'ttr.soon'],
    ['PATCH', settings, { ttrCountsFrom: 'middle' }, 'ttrCountsFrom'],
    ['PATCH', settings, { maxOpenConversations: -1 }, 'maxOpenConversations'],
    ['PATCH', settings, { maxOpenConversations: 1.5 }, 'maxOpenConversations'],
    ['PATCH', settings, { allowedOrigins: ['shop.example'] }, 'allowedOrigins[0]'],
    ['PATCH', settings, { allowedOrigins: 'https://a' }, 'allowedOrigins'],
    ['PATCH', settings, { brandKeys: [{ publicKey: 'AAAA' }] }, 'brandKeys[0].publicKey'],
    ['PATCH', settings, { brandKeys: [{ kid: 'a' }] }, 'brandKeys[0].publicKey'],
    ['PATCH', settings, { connectors: [{ id: 'a' }] }, 'connectors[0].name'],
    ['PATCH', settings, { refuseTokenReplay: 'yes' }, 'refuseTokenReplay'],
    ['POST', agents, {}, 'loginName'],
    ['POST', agents, { loginName: 'a\u0000' }, 'loginName'],
    ['POST', agents, { loginName: 'a', roles: ['king'] }, 'roles[0]'],
    ['POST', agents, { loginName: 'a', password: 'short' }, 'password'],
    ['POST', agents, { loginName: 'a', password: 'x'.repeat(1025) }, 'password'],
    ['POST', agents, { loginName: 'a', skillIds: ['12345'] }, 'skillIds'],
    ['POST', agents, { loginName: 'a', userId: '-1' }, 'userId'],
    ['POST', agents, { loginName: 'a', id: 'x' }, 'id'],
    ['POST', skills, { ttr: {} }, 'name'],
    ['POST', skills, { name: 'a', id: '-1' }, 'id'],
    ['POST', `${account}/tokens/consumer`, { consumerId: '../x' }, 'consumerId'],
    ['POST', `${account}/tokens/consumer`, { kind: 'authenticated' }, 'kind'],
  ])('[AG31] %s %s refuses %j by naming %s', async (method, url, payload, name) => {
    const response = await ask(method, url, payload)
    expect(response.statusCode).toBe(400)
    const { error } = response.json<{ error: { code: string; message: string } }>()
    expect(error.code).toBe('bad_request')
    expect(error.message).toContain(name)
    expect(({} as Record<string, unknown>)['extra']).toBeUndefined()
  })
})
