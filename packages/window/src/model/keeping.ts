/** What is kept in the browser, in the storage of our own origin. No cookies. [WIN6] */

interface Keeper {
  get(name: string): string | undefined
  set(name: string, value: string | undefined): void
}

/** Browsers may forbid storage to frames; then a reload forgets. */
const keeperOn = (storage: () => Storage): Keeper => {
  const inMemory = new Map<string, string>()
  const used = (): Storage | undefined => {
    try {
      return storage()
    } catch {
      return undefined
    }
  }
  return {
    get(name) {
      try {
        return used()?.getItem(name) ?? inMemory.get(name)
      } catch {
        return inMemory.get(name)
      }
    },
    set(name, value) {
      if (value === undefined) inMemory.delete(name)
      else inMemory.set(name, value)
      try {
        if (value === undefined) used()?.removeItem(name)
        else used()?.setItem(name, value)
      } catch {
        // Full or forbidden: memory has it.
      }
    },
  }
}

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

  tab(thing: 'outbox' | 'place' | 'draft' | 'opening' | 'brand-outbox'): string | undefined {
    return this.#tab.get(this.#name(thing))
  }

  setTab(
    thing: 'outbox' | 'place' | 'draft' | 'opening' | 'brand-outbox',
    value: string | undefined,
  ): void {
    this.#tab.set(this.#name(thing), value)
  }
}
