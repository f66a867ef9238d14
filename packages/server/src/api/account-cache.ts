import type { AccountId } from '@ringdown/protocol'
import type { Clock } from '../clock.ts'
import type { Account } from '../domain/account.ts'
import { defaultSettings } from '../domain/account.ts'
import type { Store } from '../store/store.ts'

/** How old a copy of an account's settings may be: how soon a change takes effect everywhere. */
const MAX_AGE_MS = 5_000

/** Accounts with their settings, read again every few seconds while they are in use. [OPS40] */
export class AccountCache {
  readonly #known = new Map<AccountId, { account: Account | undefined; readAt: number }>()
  readonly #ports: { store: Store; clock: Clock }

  constructor(ports: { store: Store; clock: Clock }) {
    this.#ports = ports
  }

  async get(id: AccountId): Promise<Account | undefined> {
    const { store, clock } = this.#ports
    const known = this.#known.get(id)
    if (known && clock.monotonic() - known.readAt < MAX_AGE_MS) return known.account
    const account = await store.read('account', id)
    if (account || known) this.#known.set(id, { account, readAt: clock.monotonic() })
    return account
  }

  /** The settings as last read, without waiting. */
  settings(id: AccountId): Account['settings'] {
    return this.#known.get(id)?.account?.settings ?? defaultSettings
  }
}
