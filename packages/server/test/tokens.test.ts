import { createHmac, generateKeyPairSync, sign } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { CompactEncrypt, compactDecrypt } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { plainPayload } from '../src/auth/consumer-tokens.ts'
import {
  claimsOf,
  forge,
  headerOf,
  openWorld,
  segment,
  signup,
  type World,
} from './identity-world.ts'

let world: World
let token: string

beforeAll(async () => {
  world = await openWorld()
  token = await signup(world)
})
afterAll(() => world[Symbol.asyncDispose]())

const header = { kid: '00001', typ: 'JWT', alg: 'RS256' }
const ownKey = () => world.keys.signing().privateKey
const verdict = (text: string, accountId = 'acme') => world.auth.consumer(accountId, text)
const refused = { ok: false, close: 'token' }

/** A token as our own key would sign it, with some claims changed. */
const own = (changes: Readonly<Record<string, unknown>>, headers: object = header): string =>
  forge({ ...headers }, { ...claimsOf(token), ...changes }, ownKey())

const seconds = () => Math.floor(world.clock.now() / 1000)

describe('a consumer token', () => {
  it('[IDP2] has the printed header, claims and lifetime, in the printed order', () => {
    expect(headerOf(token)).toEqual({ kid: '00001', typ: 'JWT', alg: 'RS256' })
    const claims = claimsOf(token)
    expect(Object.keys(claims)).toEqual(['sub', 'aud', 'iss', 'exp', 'iat', 'jti'])
    expect(claims['sub']).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    )
    expect(claims).toMatchObject({ aud: 'acc:acme', iss: 'https://chat.example:8443' })
    expect(Number(claims['exp']) - Number(claims['iat'])).toBe(410_240_040)
    expect(claims['iat']).toBe(seconds())
  })

  it.each(['', 'a', 'ab', 'é', '~?>', '日本語 ~~~ ???', '\u007f\u0080'])(
    '[IDP2] decodes with plain base64 whatever stands in it: %j',
    (extra) => {
      const json = plainPayload({ sub: 'x', extra })
      const encoded = Buffer.from(json).toString('base64url')
      expect(encoded).not.toMatch(/[-_]/)
      expect(encoded.length % 4).toBe(0)
      expect(JSON.parse(atob(encoded))).toEqual({ sub: 'x', extra })
    },
  )

  it('[IDP6] is accepted for its account', async () => {
    expect(await verdict(token)).toEqual({
      ok: true,
      actor: {
        kind: 'consumer',
        accountId: 'acme',
        id: claimsOf(token)['sub'],
        strength: 'signup',
        expiresAt: Number(claimsOf(token)['exp']) * 1000,
      },
    })
  })
})

describe('a bad token', () => {
  it.each(['none', 'None', 'nOnE', 'NONE'])('[IDP7] J01 alg %s is refused', async (alg) => {
    const [, payload, signature] = token.split('.')
    expect(await verdict(`${segment({ ...header, alg })}.${payload}.`)).toEqual(refused)
    expect(await verdict(`${segment({ ...header, alg })}.${payload}.${signature}`)).toEqual(refused)
  })

  it('[IDP7] J01 an empty signature is refused', async () => {
    const [head, payload] = token.split('.')
    expect(await verdict(`${head}.${payload}.`)).toEqual(refused)
    expect(await verdict(`${head}.${payload}`)).toEqual(refused)
  })

  it('[IDP7] J02 HS256 with the public key as secret is refused in all its encodings', async () => {
    const { publicKey } = world.keys.signing()
    const secrets = [
      publicKey.export({ format: 'pem', type: 'spki' }),
      publicKey.export({ format: 'pem', type: 'pkcs1' }),
      publicKey.export({ format: 'der', type: 'spki' }),
      JSON.stringify(publicKey.export({ format: 'jwk' })),
    ]
    for (const secret of secrets) {
      const text = `${segment({ ...header, alg: 'HS256' })}.${token.split('.')[1]}`
      const mac = createHmac('sha256', secret).update(text).digest('base64url')
      expect(await verdict(`${text}.${mac}`)).toEqual(refused)
    }
  })

  it('[IDP7] J03 other algorithms are refused, rightly signed or not', async () => {
    const payload = token.split('.')[1]
    const signed = (alg: string, hash: string, key: Parameters<typeof sign>[2]) => {
      const text = `${segment({ ...header, alg })}.${payload}`
      return `${text}.${sign(hash, Buffer.from(text), key).toString('base64url')}`
    }
    const curve = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
    expect(await verdict(signed('RS384', 'sha384', ownKey()))).toEqual(refused)
    expect(await verdict(signed('RS512', 'sha512', ownKey()))).toEqual(refused)
    expect(await verdict(signed('PS256', 'sha256', { key: ownKey(), padding: 6 }))).toEqual(refused)
    expect(await verdict(signed('ES256', 'sha256', curve))).toEqual(refused)
  })

  it('[IDP7] J04 headers that carry or point to a key are refused and nothing is fetched', async () => {
    const attacker = generateKeyPairSync('rsa', { modulusLength: 2048 })
    let requests = 0
    const canary = createServer((_request, response) => {
      requests += 1
      response.end('{}')
    })
    await new Promise<void>((resolve) => canary.listen(0, '127.0.0.1', resolve))
    const url = `http://127.0.0.1:${(canary.address() as AddressInfo).port}/keys`
    const jwk = { ...attacker.publicKey.export({ format: 'jwk' }), kid: '00001' }
    for (const extra of [{ jku: url }, { x5u: url }, { jwk }, { x5c: ['MIIB'] }])
      for (const key of [attacker.privateKey, ownKey()]) {
        const forged = forge({ ...header, ...extra }, claimsOf(token), key)
        expect(await verdict(forged)).toEqual(refused)
      }
    await new Promise((resolve) => canary.close(resolve))
    expect(requests).toBe(0)
  })

  it.each([
    '../../etc/passwd',
    "' OR 1=1--",
    '/dev/null',
    'x'.repeat(100_000),
    'wrap-1',
    'pseudonym-1',
    '__proto__',
    '',
    1,
    null,
  ])('[IDP7] J05 kid %.20j is refused', async (kid) => {
    expect(await verdict(own({}, { ...header, kid }))).toEqual(refused)
  })

  it('[IDP12] J05 unknown kids make the store read at most once a minute', async () => {
    await using fresh = await openWorld()
    let reads = 0
    const { read } = fresh.store
    const counted: typeof read = (name, data) => {
      if (name === 'keys') reads += 1
      return read(name, data)
    }
    Object.assign(fresh.store, { read: counted })
    const unknown = (kid: string) =>
      fresh.auth.consumer('acme', forge({ ...header, kid }, claimsOf(token), ownKey()))
    for (let round = 0; round < 50; round += 1) await unknown(`unknown-${round}`)
    expect(reads).toBe(1)
    await fresh.clock.advance(60_000)
    await unknown('unknown-again')
    expect(reads).toBe(2)
  })

  it('[IDP6] J06 a token of another account is refused', async () => {
    expect(await verdict(await signup(world, 'other'))).toEqual(refused)
    expect(await verdict(token, 'other')).toEqual(refused)
    for (const aud of ['acc:other', 'acme', 'acc:', ['acc:acme'], ['acc:acme', 'acc:other'], null])
      expect(await verdict(own({ aud })), JSON.stringify(aud)).toEqual(refused)
    for (const iss of [null, 7, undefined]) expect(await verdict(own({ iss }))).toEqual(refused)
  })

  it('[IDP6] J07 neither external tokens nor bearers open a consumer socket', async () => {
    const mint = { accountId: 'acme', issuer: 'https://chat.example:8443' }
    const external = await world.tokens.external(mint)
    expect(await verdict(external.token)).toEqual(refused)
    expect(await verdict(own({}, { ...header, typ: 'at+jwt' }))).toEqual(refused)
    expect(await verdict(own({}, { kid: '00001', alg: 'RS256' }))).toEqual(refused)
    expect(await verdict('ab'.repeat(32))).toEqual(refused)
    expect(await world.auth.bearer('acme', token)).toBeUndefined()
  })

  it('[IDP8] J08 times outside the leeway are refused', async () => {
    const now = seconds()
    const expired = { ok: false, close: 'anonymous_token' }
    expect(await verdict(own({ exp: now - 61 }))).toEqual(expired)
    expect(await verdict(own({ exp: now - 60 }))).toEqual(expired)
    expect(await verdict(own({ nbf: now + 61 }))).toEqual(refused)
    expect(await verdict(own({ iat: now + 61 }))).toEqual(refused)
    for (const exp of [undefined, null, String(now + 60), now + 60.5, 1e20, -1, {}, [now + 60]])
      expect(await verdict(own({ exp })), JSON.stringify(exp)).toEqual(refused)
    for (const iat of [undefined, String(now), -1])
      expect(await verdict(own({ iat })), JSON.stringify(iat)).toEqual(refused)
  })

  it('[IDP8] J08 times inside the leeway are accepted', async () => {
    const now = seconds()
    expect(await verdict(own({ nbf: now + 59, iat: now + 59 }))).toMatchObject({ ok: true })
    expect(await verdict(own({ exp: now - 59 }))).toMatchObject({
      ok: true,
      actor: { expiresAt: (now + 1) * 1000 },
    })
  })

  it('[IDP9] J08 expiry of a brand consumer asks the brand, of others the provider', async () => {
    const exp = seconds() - 100
    const ext = { sub: 'customer', iss: 'https://brand.example' }
    expect(await verdict(own({ exp, 'lp.ext': ext }))).toEqual(refused)
    expect(await verdict(own({ exp, acr: '0' }))).toEqual({ ok: false, close: 'anonymous_token' })
    // Without a good signature nobody learns what kind of token it looks like.
    const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
    expect(await verdict(forge(header, { ...claimsOf(token), exp, acr: '0' }, stranger))).toEqual(
      refused,
    )
  })

  it('[IDP8] J09 a connection ends at the moment of expiry', async () => {
    const exp = seconds() + 600
    expect(await verdict(own({ exp }))).toMatchObject({ actor: { expiresAt: exp * 1000 } })
  })

  it('[IDP7] J10 every changed bit of the signature is noticed', async () => {
    const [head, payload, signature = ''] = token.split('.')
    const bytes = Buffer.from(signature, 'base64url')
    for (const index of [0, 7, bytes.length * 4, bytes.length * 8 - 1]) {
      const flipped = Buffer.from(bytes)
      flipped[index >> 3] = (flipped[index >> 3] ?? 0) ^ (1 << (index & 7))
      const text = `${head}.${payload}.${flipped.toString('base64url')}`
      expect(await verdict(text)).toEqual(refused)
    }
  })

  it('[IDP7] J10 a changed payload is noticed', async () => {
    const [head, , signature] = token.split('.')
    const payload = segment({ ...claimsOf(token), sub: 'somebody-else' })
    expect(await verdict(`${head}.${payload}.${signature}`)).toEqual(refused)
  })

  it('[IDP7] J10 only the canonical spelling is read', async () => {
    const [head = '', payload = '', signature = ''] = token.split('.')
    const last = signature.at(-1) as string
    const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
    // The last digit of 256 bytes carries four bits that mean nothing.
    const twin = digits[digits.indexOf(last) ^ 1] as string
    const spellings = [
      `${head}.${payload}.${signature}==`,
      `${head}.${payload}.${signature.slice(0, -1)}${twin}`,
      ` ${token}`,
      `${token}\n`,
      `${head}. ${payload}.${signature}`,
      `${head}.${payload}.${signature.replaceAll('-', '+').replaceAll('_', '/')}=`,
      `${token}.${signature}`,
      `${head}..${signature}`,
      `..`,
      '',
    ]
    for (const spelling of spellings) expect(await verdict(spelling), spelling).toEqual(refused)
  })

  it('[IDP7] J10 a wrapped token is not a consumer token', async () => {
    const wrapping = world.keys.unwrapping()
    const wrapped = await new CompactEncrypt(Buffer.from(token))
      .setProtectedHeader({ alg: 'RSA-OAEP-256', enc: 'A256GCM', kid: 'wrap-1' })
      .encrypt(wrapping!.publicKey)
    expect((await compactDecrypt(wrapped, wrapping!.privateKey)).plaintext.length).toBeGreaterThan(
      0,
    )
    expect(await verdict(wrapped)).toEqual(refused)
  })

  it('[IDP7] J11 crit, b64 and zip are refused', async () => {
    const extras = [
      { crit: ['unknown'], unknown: 1 },
      { crit: ['b64'], b64: true },
      { crit: ['exp'] },
      { b64: false },
      { zip: 'DEF' },
      { extra: 1 },
    ]
    for (const extra of extras)
      expect(await verdict(own({}, { ...header, ...extra })), JSON.stringify(extra)).toEqual(
        refused,
      )
    const text = `${segment({ ...header, crit: ['b64'], b64: false })}.{"sub":"x"}`
    const signature = sign('sha256', Buffer.from(text), ownKey()).toString('base64url')
    expect(await verdict(`${text}.${signature}`)).toEqual(refused)
  })

  it('[IDP7] a token above 16 KiB is refused', async () => {
    expect(await verdict(own({ filler: 'x'.repeat(1000) }))).toMatchObject({ ok: true })
    expect(await verdict(own({ filler: 'x'.repeat(13_000) }))).toEqual(refused)
  })

  it('[IDP7] payloads that are no objects of plain text are refused', async () => {
    for (const payload of ['[]', 'null', '"x"', '1', '{', '{"sub":"\xff"}'])
      expect(await verdict(forge(header, payload, ownKey())), payload).toEqual(refused)
    expect(await verdict(own({ sub: '' }))).toEqual(refused)
    expect(await verdict(own({ sub: 7 }))).toEqual(refused)
  })
})
