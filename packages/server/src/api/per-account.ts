/** One thing per account, such as a listener, for as long as some connection of the account uses it. */
import type { AccountId } from '@ringdown/protocol'
import type { Session } from './session.ts'

export class PerAccount<Thing extends Disposable> implements Disposable {
  readonly #open: (accountId: AccountId) => Thing
  readonly #held = new Map<AccountId, { readonly thing: Thing; users: number }>()

  constructor(open: (accountId: AccountId) => Thing) {
    this.#open = open
  }

  /** The account's thing, which goes with the last connection that uses it. */
  use(session: Pick<Session, 'accountId' | 'onEnd'>): Thing {
    const { accountId } = session
    const held = this.#held.get(accountId) ?? { thing: this.#open(accountId), users: 0 }
    this.#held.set(accountId, held)
    held.users += 1
    session.onEnd(() => {
      held.users -= 1
      if (held.users > 0 || this.#held.get(accountId) !== held) return
      this.#held.delete(accountId)
      held.thing[Symbol.dispose]()
    })
    return held.thing
  }

  /** The account's thing, as long as some connection uses it. */
  of(accountId: AccountId): Thing | undefined {
    return this.#held.get(accountId)?.thing
  }

  [Symbol.dispose](): void {
    for (const { thing } of this.#held.values()) thing[Symbol.dispose]()
    this.#held.clear()
  }
}
