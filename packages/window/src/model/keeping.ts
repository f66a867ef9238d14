/** What is kept in the browser, in the storage of our own origin. No cookies. [WIN6] */
import { keeperOn } from '@ringdown/client'

type OfTab = 'outbox' | 'place' | 'draft' | 'opening' | 'brand-outbox'

export class Keeping {
  readonly #name: (thing: string) => string
  readonly #always = keeperOn(() => localStorage)
  /** Of this tab alone, so that two tabs do not send the same message. */
  readonly #tab = keeperOn(() => sessionStorage)

  constructor(account: string) {
    this.#name = (thing) => `ringdown.${account}.${thing}`
  }

  get token(): string | undefined {
    return this.#always.get(this.#name('token'))
  }

  set token(value: string | undefined) {
    this.#always.set(this.#name('token'), value)
  }

  tab(thing: OfTab): string | undefined {
    return this.#tab.get(this.#name(thing))
  }

  setTab(thing: OfTab, value: string | undefined): void {
    this.#tab.set(this.#name(thing), value)
  }
}
