import { generateKeyPairSync } from 'node:crypto'
import { CompactEncrypt } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { mintBrandToken, newBrandKeyPair } from '../src/auth/brand-token-mint.ts'
import { claimsOf, forge, newBrandKey, openWorld, signup, type World } from './identity-world.ts'

let world: World
const brand = newBrandKey()
const ISSUER = 'https://login.shop.example'

beforeAll(async () => {
  world = await openWorld()
  await setUp(world)
})
afterAll(() => world[Symbol.asyncDispose]())

const setUp = async (open: World, settings: object = {}) => {
  await open.admin.changeSettings('acme', {
    brandKeys: [{ kid: 'shop-1', publicKey: brand.spki }],
    brandIssuer: ISSUER,
    connectors: [{ id: 'shop', name: 'Shop', type: 'brand', enabled: true }],
    ...settings,
  })
}

const seconds = (open = world) => Math.floor(open.clock.now() / 1000)

const claims = (changes: object = {}, open = world) => ({
  sub: 'customer-1',
  iss: ISSUER,
  iat: seconds(open),
  exp: seconds(open) + 3600,
  ...changes,
})

const brandToken = (changes: object = {}, header: object = {}, open = world) =>
  forge(
    { alg: 'RS256', typ: 'JWT', kid: 'shop-1', ...header },
    claims(changes, open),
    brand.privateKey,
  )

const authenticate = (credential: unknown, open = world, account = 'acme') =>
  open.app.inject({
    method: 'POST',
    url: `/api/account/${account}/authenticate`,
    payload: { authCode: credential } as object,
  })

const tokenFor = async (changes: object = {}, open = world, account = 'acme') =>
  (await authenticate(brandToken(changes, {}, open), open, account)).json<{ jwt: string }>().jwt

describe("a brand's token", () => {
  it('[IDP4] becomes a consumer token with the times of the brand', async () => {
    const given = claims({ iat: seconds() - 5, exp: seconds() + 77 })
    const response = await authenticate(forge({ alg: 'RS256' }, given, brand.privateKey))
    expect(response.statusCode).toBe(200)
    const { jwt, token } = response.json<{ jwt: string; token: string }>()
    expect(token).toBe(jwt)
    expect(claimsOf(jwt)).toMatchObject({
      sub: expect.stringMatching(/^[0-9a-f]{64}$/),
      aud: 'acc:acme',
      iss: 'https://chat.example:8443',
      iat: given.iat,
      exp: given.exp,
      'lp.ext': { sub: 'customer-1', iss: ISSUER },
    })
    expect(jwt.split('.')[1]).not.toMatch(/[-_]/)
    expect(await world.auth.consumer('acme', jwt)).toMatchObject({
      ok: true,
      actor: { strength: 'authenticated', expiresAt: given.exp * 1000 },
    })
  })

  it('[IDP4] names the same consumer every time, after a rotation too', async () => {
    await using open = await openWorld()
    await setUp(open)
    const first = claimsOf(await tokenFor({}, open))['sub']
    await open.keys.rotateSigningKey()
    expect(claimsOf(await tokenFor({}, open))['sub']).toBe(first)
  })

  it('[IDP4] keeps what it says about the consumer', async () => {
    const lp_sdes = [{ type: 'ctmrinfo', info: { customerId: '138766AC' } }]
    const said = { given_name: 'Ana', family_name: 'Лима', email: 'a@b.c', lp_sdes }
    const id = claimsOf(await tokenFor({ ...said, name: 'dropped', role: 'admin' }))[
      'sub'
    ] as string
    expect(await world.store.read('consumer', { accountId: 'acme', id })).toMatchObject({
      kind: 'authenticated',
      externalId: 'customer-1',
      issuer: ISSUER,
      claims: said,
    })
    const record = await world.store.read('consumer', { accountId: 'acme', id })
    expect(Object.keys(record?.claims ?? {})).toEqual(Object.keys(said))
  })

  it('[IDP6] J07 opens nothing itself', async () => {
    expect(await world.auth.consumer('acme', brandToken())).toEqual({ ok: false, close: 'token' })
    const ownKid = brandToken({ aud: 'acc:acme' }, { kid: '00001' })
    expect(await world.auth.consumer('acme', ownKid)).toEqual({ ok: false, close: 'token' })
  })

  it('[IDP4] [IDP11] is exchanged at a brand connector too', async () => {
    const response = await world.app.inject({
      method: 'POST',
      url: '/api/account/acme/app/shop/authenticate?v=3.0',
      payload: { id_token: brandToken() },
    })
    expect(response.statusCode).toBe(200)
    expect(claimsOf(response.json<{ token: string }>().token)['sub']).toMatch(/^[0-9a-f]{64}$/)
  })

  it('[IDP3] [IDP4] is refused when anything about it is wrong', async () => {
    const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
    const bad = {
      stranger: forge({ alg: 'RS256', kid: 'shop-1' }, claims(), stranger),
      algorithm: brandToken({}, { alg: 'HS256' }),
      none: brandToken({}, { alg: 'none' }),
      kid: brandToken({}, { kid: 'shop-2' }),
      jwk: brandToken({}, { jwk: stranger.export({ format: 'jwk' }) }),
      jku: brandToken({}, { jku: 'https://evil.example/keys' }),
      crit: brandToken({}, { crit: ['exp'] }),
      zip: brandToken({}, { zip: 'DEF' }),
      issuer: brandToken({ iss: 'https://evil.example' }),
      noIssuer: brandToken({ iss: undefined }),
      noExpiry: brandToken({ exp: undefined }),
      noIssue: brandToken({ iat: undefined }),
      future: brandToken({ iat: seconds() + 61 }),
      early: brandToken({ nbf: seconds() + 61 }),
      huge: brandToken({ filler: 'x'.repeat(20_000) }),
      signup: await signup(world),
    }
    for (const [name, credential] of Object.entries(bad)) {
      const response = await authenticate(credential)
      expect(response.statusCode, name).toBe(401)
      expect(response.json(), name).toMatchObject({ internalErrorCode: 2002 })
    }
    const expired = await authenticate(brandToken({ exp: seconds() - 61 }))
    expect(expired.json()).toMatchObject({ statusCode: 401, internalErrorCode: 2001 })
    expect((await authenticate(brandToken(), world, 'other')).statusCode).toBe(401)
  })

  it('[IDP3] a code of the code flow is not taken', async () => {
    const response = await authenticate('SplxlOBeZQQYbYS6WxSbIA')
    expect(response.statusCode).toBe(501)
    expect(response.json()).toMatchObject({ internalErrorCode: 2007 })
  })
})

describe('a token for trying out', () => {
  it('[IDP4] is taken like that of a brand', async () => {
    await using open = await openWorld()
    const { privateKey, publicKey } = await newBrandKeyPair()
    await setUp(open, { brandKeys: [{ kid: 'try', publicKey }] })
    const token = await mintBrandToken(open.clock, {
      privateKey,
      kid: 'try',
      issuer: ISSUER,
      subject: 'customer-9',
      ttlSeconds: 60,
      claims: { given_name: 'Ana' },
    })
    const { jwt } = (await authenticate(token, open)).json<{ jwt: string }>()
    expect(claimsOf(jwt)).toMatchObject({ 'lp.ext': { sub: 'customer-9', iss: ISSUER } })
  })
})

describe('the subject of a brand', () => {
  it('[IDP4] J13 takes over nobody', async () => {
    const anonymous = claimsOf(await signup(world))['sub'] as string
    const authenticated = claimsOf(await tokenFor())['sub'] as string
    const { id: agentId } = await world.admin.createAgent('acme', { loginName: 'j13' })
    const subjects = [anonymous, agentId, authenticated, 'admin', 'аdmin', 'ADMIN', ' admin', '√']
    const made = new Set<unknown>([anonymous, agentId, authenticated])
    for (const sub of subjects) made.add(claimsOf(await tokenFor({ sub }))['sub'])
    expect(made.size).toBe(3 + subjects.length)
  })

  it('[IDP4] J13 is another one for another issuer and another account', async () => {
    await using open = await openWorld()
    await setUp(open, { brandIssuer: '' })
    await open.admin.changeSettings('other', { brandKeys: [{ publicKey: brand.spki }] })
    const ids = [
      claimsOf(await tokenFor({}, open)),
      claimsOf(await tokenFor({ iss: 'https://second.example' }, open)),
      claimsOf(await tokenFor({}, open, 'other')),
    ].map(({ sub }) => sub)
    expect(new Set(ids).size).toBe(3)
  })

  it.each([
    ['10 KB', 'x'.repeat(10_000)],
    ['257 bytes', 'x'.repeat(257)],
    ['257 bytes of Unicode', `${'é'.repeat(128)}x`],
    ['NUL', 'a\u0000b'],
    ['a line end', 'a\nb'],
    ['half a character', '\ud800'],
    ['nothing', ''],
    ['a number', 7],
  ])('[IDP4] J13 of %s is refused', async (_, sub) => {
    const response = await authenticate(brandToken({ sub }))
    expect(response.statusCode).toBe(400)
    expect(response.json()).toMatchObject({ message: expect.stringContaining('sub') })
  })

  it('[IDP4] of 256 bytes is taken', async () => {
    expect((await authenticate(brandToken({ sub: 'x'.repeat(256) }))).statusCode).toBe(200)
  })

  it('[IDP4] claims that no store can hold are refused by name', async () => {
    for (const given of [
      { given_name: 'a\u0000' },
      { email: 7 },
      { lp_sdes: {} },
      { lp_sdes: ['\u0000'] },
    ])
      expect((await authenticate(brandToken(given))).json()).toMatchObject({
        statusCode: 400,
        message: expect.stringContaining(Object.keys(given)[0] as string),
      })
  })
})

describe('a wrapped token', () => {
  const wrap = (text: string, header: Record<string, unknown> = {}) => {
    const { publicKey } = world.keys.unwrapping() ?? brand
    return new CompactEncrypt(Buffer.from(text))
      .setProtectedHeader({ alg: 'RSA-OAEP-256', enc: 'A256GCM', ...header })
      .encrypt(publicKey)
  }

  it('[IDP5] is opened with our key, named or not', async () => {
    for (const header of [{}, { kid: 'wrap-1' }, { enc: 'A128CBC-HS256' }])
      expect((await authenticate(await wrap(brandToken(), header))).statusCode).toBe(200)
  })

  it('[IDP5] J11 is refused for another key, another algorithm, another content, or compressed', async () => {
    const bad = {
      kid: await wrap(brandToken(), { kid: '00001' }),
      unknown: await wrap(brandToken(), { kid: 'x' }),
      algorithm: await wrap(brandToken(), { alg: 'RSA-OAEP' }),
      content: await wrap('not a token'),
      unsigned: await wrap(JSON.stringify(claims())),
      compressed: (await wrap(brandToken())).replace(
        /^[^.]+/,
        Buffer.from('{"alg":"RSA-OAEP-256","enc":"A256GCM","zip":"DEF"}').toString('base64url'),
      ),
      zipped: await wrap(brandToken(), { zip: 'DEF' }),
      cut: (await wrap(brandToken())).slice(0, -4),
    }
    for (const [name, credential] of Object.entries(bad))
      expect((await authenticate(credential)).statusCode, name).toBe(401)
  })
})

describe('an account that requires wrapped tokens', () => {
  it('[IDP5] takes nothing else', async () => {
    await using open = await openWorld()
    await setUp(open, { requireEncryptedTokens: true })
    const { publicKey } = open.keys.unwrapping() ?? brand
    const wrapped = await new CompactEncrypt(Buffer.from(brandToken({}, {}, open)))
      .setProtectedHeader({ alg: 'RSA-OAEP-256', enc: 'A256GCM' })
      .encrypt(publicKey)
    expect((await authenticate(brandToken({}, {}, open), open)).statusCode).toBe(401)
    expect((await authenticate(wrapped, open)).statusCode).toBe(200)
  })
})

describe('replay', () => {
  it('[IDP10] J12 is allowed unless the account says otherwise', async () => {
    const token = brandToken({ jti: 'once' })
    const answers = [await authenticate(token), await authenticate(token)]
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 200])
  })

  it('[IDP10] J12 counts a token once when it is refused', async () => {
    await using open = await openWorld()
    await setUp(open, { refuseTokenReplay: true })
    const token = brandToken({ jti: 'once' }, {}, open)
    const answers = await Promise.all(Array.from({ length: 20 }, () => authenticate(token, open)))
    const statuses = answers.map(({ statusCode }) => statusCode).toSorted()
    expect(statuses).toEqual([200, ...Array.from({ length: 19 }, () => 401)])
    expect((await authenticate(brandToken({}, {}, open), open)).statusCode).toBe(401)
    const old = brandToken({ jti: 'old', iat: seconds(open) - 301 }, {}, open)
    expect((await authenticate(old, open)).json()).toMatchObject({ internalErrorCode: 2001 })
    const young = brandToken({ jti: 'young', iat: seconds(open) - 299 }, {}, open)
    expect((await authenticate(young, open)).statusCode).toBe(200)
  })
})
