import { generateKeyPairSync } from 'node:crypto'
import { createLocalJWKSet, jwtVerify } from 'jose'
import { describe, expect, it } from 'vitest'
import { newRsaKey, usableKey } from '../src/auth/key-material.ts'
import { openKeyRing } from '../src/auth/signing-keys.ts'
import { headerOf, openWorld, signup, type World } from './identity-world.ts'

const isAccepted = async (world: World, token: string) =>
  (await world.auth.consumer('acme', token)).ok

interface Jwks {
  readonly keys: readonly Record<string, string>[]
}

const jwks = async (world: World, url = '/.well-known/jwks.json') => world.app.inject({ url })

describe('rotation', () => {
  it('[IDP12] J14 the old key verifies until it is revoked, without a restart', async () => {
    await using world = await openWorld()
    const old = await signup(world)
    expect((await world.admin.rotateKeys()).kid).toBe('00002')
    const young = await signup(world)
    expect(headerOf(young)).toEqual({ kid: '00002', typ: 'JWT', alg: 'RS256' })
    expect([await isAccepted(world, old), await isAccepted(world, young)]).toEqual([true, true])
    await world.admin.revokeKey('00001')
    expect([await isAccepted(world, old), await isAccepted(world, young)]).toEqual([false, true])
    const kids = (await jwks(world)).json<Jwks>().keys.map(({ kid }) => kid)
    expect(kids.toSorted()).toEqual(['00002', 'wrap-1'])
    expect((await world.admin.rotateKeys()).kid).toBe('00003')
  })

  it('[IDP12] the key that signs and other kinds of keys are not revoked', async () => {
    await using world = await openWorld()
    await expect(world.admin.revokeKey('00001')).rejects.toMatchObject({ code: 'key_in_use' })
    for (const kid of ['wrap-1', 'pseudonym-1', '00009'])
      await expect(world.admin.revokeKey(kid)).rejects.toMatchObject({ code: 'key_not_found' })
    expect(await isAccepted(world, await signup(world))).toBe(true)
  })

  it('[IDP12] J14 another node follows', async () => {
    await using world = await openWorld()
    const old = await signup(world)
    using other = await openKeyRing(world)
    await world.admin.rotateKeys()
    await world.admin.revokeKey('00001')
    await world.clock.advance(0)
    expect(other.signing().stored.kid).toBe('00002')
    expect(await other.verifying('00001')).toBeUndefined()
    expect(headerOf(old)).toMatchObject({ kid: '00001' })
  })

  it('[IDP12] a node that missed the news reads a key it does not know', async () => {
    await using world = await openWorld()
    const deaf = { ...world.bus, publish: () => undefined }
    using other = await openKeyRing({ ...world, bus: deaf })
    await other.rotateSigningKey()
    expect(world.keys.signing().stored.kid).toBe('00001')
    expect((await world.keys.verifying('00002'))?.stored.kid).toBe('00002')
    expect(world.keys.signing().stored.kid).toBe('00002')
  })
})

describe('the key set', () => {
  it('[IDP13] J15 has public members only, at both addresses', async () => {
    await using world = await openWorld()
    await world.admin.rotateKeys()
    for (const url of ['/.well-known/jwks.json', '/api/account/acme/.well-known/jwks.json']) {
      const response = await jwks(world, url)
      expect(response.statusCode).toBe(200)
      expect(response.headers['cache-control']).toBe('public, max-age=300')
      expect(response.headers['access-control-allow-origin']).toBe('*')
      const { keys } = response.json<Jwks>()
      expect(keys.map(({ kid }) => kid).toSorted()).toEqual(['00001', '00002', 'wrap-1'])
      for (const key of keys) {
        expect(Object.keys(key).toSorted()).toEqual(['alg', 'e', 'kid', 'kty', 'n', 'use'])
        expect(Buffer.from(key['n'] as string, 'base64url').length).toBeGreaterThanOrEqual(256)
      }
    }
  })

  it('[IDP13] verifies our tokens for anybody', async () => {
    await using world = await openWorld()
    const keys = createLocalJWKSet((await jwks(world)).json())
    const currentDate = new Date(world.clock.now())
    const { payload } = await jwtVerify(await signup(world), keys, { currentDate })
    expect(payload.aud).toBe('acc:acme')
  })
})

describe('a key in the store', () => {
  const stored = (privateJwk: object) => ({
    kid: '00009',
    use: 'sign' as const,
    state: 'active' as const,
    privateJwk: privateJwk as Record<string, unknown>,
    createdAt: 0,
  })

  it('[IDP14] is made at the first start, and only then', async () => {
    await using world = await openWorld()
    const keys = world.admin.listKeys()
    expect(keys.map(({ kid, use, state }) => [kid, use, state])).toEqual(
      expect.arrayContaining([
        ['00001', 'sign', 'active'],
        ['wrap-1', 'encrypt', 'active'],
        ['pseudonym-1', 'pseudonym', 'active'],
      ]),
    )
    using again = await openKeyRing(world)
    expect(again.list()).toEqual(keys)
    expect(JSON.stringify(keys)).not.toContain('"d"')
  })

  it('[IDP14] stops the start when it is empty, short, damaged or of another kind', async () => {
    const sound = await newRsaKey()
    const short = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey
    const curve = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
    const { d: _, ...publicOnly } = sound as Record<string, string>
    const bad = [
      {},
      { kty: 'RSA', n: '', e: '', d: '' },
      publicOnly,
      short.export({ format: 'jwk' }),
      curve.export({ format: 'jwk' }),
      { ...sound, n: (await newRsaKey())['n'] },
    ]
    for (const [index, jwk] of bad.entries())
      expect(() => usableKey(stored(jwk)), String(index)).toThrow(/Key 00009 in the store/)
    expect(usableKey(stored(sound)).stored.kid).toBe('00009')
    await using world = await openWorld()
    await world.store.write('saveKey', stored({}))
    await expect(openKeyRing(world)).rejects.toThrow(/Key 00009/)
  })
})
