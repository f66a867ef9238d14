/** The identity side of a server in one process: real store, real keys, a clock that stands still. */
import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import type { AccountId } from '@ringdown/protocol'
import { type Logger, pino } from 'pino'
import { consumerTokens } from '../src/auth/consumer-tokens.ts'
import { newRsaKey } from '../src/auth/key-material.ts'
import { LoginTurns } from '../src/auth/login-turns.ts'
import { scryptPasswords } from '../src/auth/passwords.ts'
import { openKeyRing } from '../src/auth/signing-keys.ts'
import { Standings } from '../src/auth/standings.ts'
import { tokenAuthenticator } from '../src/auth/token-authenticator.ts'
import { memoryBus } from '../src/bus/memory-bus.ts'
import { type Config, defaultConfig } from '../src/config.ts'
import { systemIds } from '../src/ids.ts'
import { administration } from '../src/rest/admin/administration.ts'
import { buildRest } from '../src/rest/rest-server.ts'
import { sqliteStore } from '../src/store/sqlite/sqlite-store.ts'
import type { SigningKey, Store } from '../src/store/store.ts'
import { ManualClock } from '../src/testing/manual-clock.ts'

export const ADMIN_TOKEN = 'the-administration-token'

/** Tells when somebody begins to wait. */
class WatchedClock extends ManualClock {
  #waiting: (() => void)[] = []

  override after(delayMs: number, work: () => void): Disposable {
    const timer = super.after(delayMs, work)
    for (const resolve of this.#waiting.splice(0)) resolve()
    return timer
  }

  nextTimer(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve))
  }
}

// Made once per test file: RSA keys take long, and no test depends on fresh ones.
const firstKeys: Promise<readonly Omit<SigningKey, 'createdAt'>[]> = Promise.all(
  (
    [
      ['00001', 'sign'],
      ['wrap-1', 'encrypt'],
    ] as const
  ).map(async ([kid, use]) => ({ kid, use, state: 'active', privateJwk: await newRsaKey() })),
)

const openParts = async (store: Store, changes: Partial<Config>) => {
  const clock = new WatchedClock()
  const bus = memoryBus()
  const ids = systemIds
  const config: Config = { ...defaultConfig, publicAuthority: 'chat.example:8443', ...changes }
  for (const key of await firstKeys)
    await store.write('saveKey', { ...key, createdAt: clock.now() })
  const keys = await openKeyRing({ store, clock, ids, bus })
  const tokens = consumerTokens(keys, { clock, ids })
  return { config, store, clock, bus, ids, keys, tokens, adminToken: ADMIN_TOKEN }
}

interface WorldOptions {
  readonly config?: Partial<Config>
  readonly log?: Logger
  readonly isConnected?: (sessionId: string) => boolean
}

export const openWorld = async ({ config = {}, log, isConnected }: WorldOptions = {}) => {
  const store = await sqliteStore({ file: ':memory:', hosting: 'inline', epoch: 'epoch-1' })
  const opened = await openParts(store, config)
  const parts = {
    ...opened,
    loginTurns: new LoginTurns(opened),
    log: log ?? pino({ level: 'silent' }),
    passwords: scryptPasswords({ ids: systemIds, logN: 8 }),
    ...(isConnected && { isConnected }),
  }
  const standings = new Standings(parts)
  const auth = tokenAuthenticator({ ...parts, standings })
  const rest = await buildRest({ ...parts, auth })
  const admin = administration(parts)
  await admin.createAccount({ id: 'acme' })
  await admin.createAccount({ id: 'other' })
  return {
    ...parts,
    rest,
    app: rest.app,
    admin,
    auth,
    async [Symbol.asyncDispose]() {
      await rest[Symbol.asyncDispose]()
      standings[Symbol.dispose]()
      parts.keys[Symbol.dispose]()
      await store[Symbol.asyncDispose]()
    },
  }
}

export type World = Awaited<ReturnType<typeof openWorld>>

export const signup = async (world: World, accountId: AccountId = 'acme'): Promise<string> => {
  const response = await world.app.inject({
    method: 'POST',
    url: `/api/account/${accountId}/signup`,
  })
  return response.json<{ jwt: string }>().jwt
}

export const segment = (value: unknown): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')

export const claimsOf = (token: string): Record<string, unknown> =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Record<
    string,
    unknown
  >

export const headerOf = (token: string): Record<string, unknown> =>
  JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()) as Record<
    string,
    unknown
  >

/** A token with any header and claims, signed RS256 whatever the header says. */
export const forge = (
  header: Readonly<Record<string, unknown>>,
  claims: unknown,
  key: KeyObject,
): string => {
  const text = `${segment(header)}.${segment(claims)}`
  return `${text}.${sign('sha256', Buffer.from(text), key).toString('base64url')}`
}

/** A brand's key pair, in the forms that both sides use. */
export const newBrandKey = () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const spki = publicKey.export({ format: 'der', type: 'spki' }).toString('base64')
  return { privateKey, publicKey, spki }
}
