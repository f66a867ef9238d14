/**
 * The server's own keys: they live in the store, so that every node signs with the same one.
 *
 * The newest active key signs. Rotation retires it: a retired key still verifies, until it is
 * revoked. A node reads the keys again when the bus tells of a change, and at most once a minute
 * when a token names a key it does not know. [IDP12]
 */
import { Refusal } from '@ringdown/protocol'
import { subjects } from '../bus/subjects.ts'
import type { Context } from '../context.ts'
import type { SigningKey, Store } from '../store/store.ts'
import {
  newRsaKey,
  type PublicJwk,
  pseudonymSecret,
  publicJwk,
  type UsableKey,
  usableKey,
} from './key-material.ts'

const RELOAD_PERIOD_MS = 60_000

export interface KeyRing extends Disposable {
  /** The key that signs. */
  signing(): UsableKey
  /** An active or retired signing key by its id. */
  verifying(kid: string): Promise<UsableKey | undefined>
  /** The key that unwraps brand tokens; without a kid the active one. */
  unwrapping(kid?: string): UsableKey | undefined
  /** Secret behind the ids of authenticated consumers. */
  pseudonymSecret(): Buffer
  publicKeys(): readonly PublicJwk[]
  /** Makes a new signing key; the old one goes on verifying. [IDP12] */
  rotateSigningKey(through?: Pick<Store, 'write'>): Promise<SigningKey>
  /** Ends a retired key: what it signed is refused from then on. [IDP12] */
  revoke(kid: string, through?: Pick<Store, 'write'>): Promise<SigningKey>
  list(): readonly Omit<SigningKey, 'privateJwk'>[]
}

interface Loaded {
  readonly all: readonly SigningKey[]
  readonly signing: UsableKey
  readonly verifying: ReadonlyMap<string, UsableKey>
  readonly unwrapping: ReadonlyMap<string, UsableKey>
  readonly secret: Buffer
}

type Parts = Pick<Context, 'store' | 'clock' | 'bus' | 'ids'>

const nextKid = (keys: readonly SigningKey[]): string => {
  const numbers = keys.filter(({ use }) => use === 'sign').map(({ kid }) => Number(kid))
  return String(Math.max(0, ...numbers) + 1).padStart(5, '0')
}

const byKid = (keys: readonly SigningKey[], use: SigningKey['use']): Map<string, UsableKey> =>
  new Map(
    keys
      .filter((key) => key.use === use && key.state !== 'revoked')
      .map((key) => [key.kid, usableKey(key)]),
  )

const newest = (keys: ReadonlyMap<string, UsableKey>): UsableKey | undefined =>
  [...keys.values()]
    .filter(({ stored }) => stored.state === 'active')
    .toSorted((one, other) => other.stored.kid.localeCompare(one.stored.kid))[0]

const loadedFrom = (all: readonly SigningKey[]): Loaded => {
  const verifying = byKid(all, 'sign')
  const signing = newest(verifying)
  const secret = all.find(({ use }) => use === 'pseudonym')
  if (!signing || !secret) throw new Error('The store holds no active signing key')
  return {
    all,
    signing,
    verifying,
    unwrapping: byKid(all, 'encrypt'),
    secret: pseudonymSecret(secret),
  }
}

/** Makes whatever kind of key is missing; a first start makes all of them. */
const makeMissing = async ({ store, clock, ids }: Parts): Promise<void> => {
  const keys = await store.read('keys', null)
  const lacks = (use: SigningKey['use']) =>
    !keys.some((key) => key.use === use && key.state === 'active')
  const save = async (
    kid: string,
    use: SigningKey['use'],
    jwk: Promise<SigningKey['privateJwk']>,
  ) =>
    store.write('saveKey', {
      kid,
      use,
      state: 'active',
      privateJwk: await jwk,
      createdAt: clock.now(),
    })
  await Promise.all([
    lacks('sign') && save(nextKid(keys), 'sign', newRsaKey()),
    lacks('encrypt') && save('wrap-1', 'encrypt', newRsaKey()),
    lacks('pseudonym') &&
      save('pseudonym-1', 'pseudonym', Promise.resolve(newSecret(ids.secret(32)))),
  ])
}

const newSecret = (hex: string): SigningKey['privateJwk'] => ({
  kty: 'oct',
  k: Buffer.from(hex, 'hex').toString('base64url'),
})

/** Opens the keys of the store, making them at the first start; throws when one is unusable. */
export const openKeyRing = async (parts: Parts): Promise<KeyRing> => {
  await makeMissing(parts)
  const { store, clock, bus } = parts
  let loaded = loadedFrom(await store.read('keys', null))
  let nextReload = Number.NEGATIVE_INFINITY
  const reload = async () => {
    loaded = loadedFrom(await store.read('keys', null))
  }
  const changed = async () => {
    await reload()
    bus.publish(subjects.keys(), { changed: true })
  }
  // A failed read leaves the keys as they were; the next news or unknown key tries again.
  const listening = bus.listen(subjects.keys(), () => void reload().catch(() => undefined))

  return {
    signing: () => loaded.signing,
    async verifying(kid) {
      const known = loaded.verifying.get(kid)
      if (known || loaded.all.some((key) => key.kid === kid)) return known
      // Unknown ids come from anybody, so they may not make the store work. [IDP12]
      if (clock.monotonic() < nextReload) return undefined
      nextReload = clock.monotonic() + RELOAD_PERIOD_MS
      await reload()
      return loaded.verifying.get(kid)
    },
    unwrapping: (kid) =>
      kid === undefined ? newest(loaded.unwrapping) : loaded.unwrapping.get(kid),
    pseudonymSecret: () => loaded.secret,
    publicKeys: () =>
      [...loaded.verifying.values(), ...loaded.unwrapping.values()].map((key) => publicJwk(key)),
    async rotateSigningKey(through = store) {
      const privateJwk = await newRsaKey()
      const keys = await store.read('keys', null)
      const made = await through.write('saveKey', {
        kid: nextKid(keys),
        use: 'sign',
        state: 'active',
        privateJwk,
        createdAt: clock.now(),
      })
      // The new key is durable before the old one stops signing: there is always one that signs.
      for (const key of keys.filter(({ use, state }) => use === 'sign' && state === 'active'))
        await through.write('saveKey', { ...key, state: 'retired' })
      await changed()
      return made
    },
    async revoke(kid, through = store) {
      const key = (await store.read('keys', null)).find((one) => one.kid === kid)
      if (key?.use !== 'sign') throw new Refusal('key_not_found')
      if (key.state === 'active')
        throw new Refusal('key_in_use', 'The key signs new tokens: rotate first')
      const revoked = await through.write('saveKey', { ...key, state: 'revoked' })
      await changed()
      return revoked
    },
    list: () => loaded.all.map(({ privateJwk: _, ...rest }) => rest),
    [Symbol.dispose]: () => listening[Symbol.dispose](),
  }
}
