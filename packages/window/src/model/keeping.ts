/**
 * What is kept in the browser, in the storage of our own origin. No cookies. [WIN6]
 *
 * What a tab keeps is one person's: it lies together with that person's id, and is given to nobody else.
 * [WIN41] Until it is settled who is there, what is kept is not shown and what is to be kept waits in memory.
 */
import { keeperOn, type StorageLike } from '@ringdown/client'

type OfTab = 'outbox' | 'place' | 'opening' | 'profile' | `draft.${string}`
type Things = Readonly<Partial<Record<OfTab, string>>>

interface Kept {
  /** Undefined: whoever has not said a word yet. */
  readonly owner?: string
  readonly things?: Things
}

export interface Storages {
  always(): StorageLike
  /** Of this tab alone, so that two tabs do not send the same message. */
  tab(): StorageLike
}

const ofBrowser: Storages = { always: () => localStorage, tab: () => sessionStorage }

export class Keeping {
  /** When it is known whose things these are. */
  readonly settled: Promise<void>
  readonly #settle: () => void
  readonly #name: (thing: 'token' | 'tab') => string
  readonly #always: ReturnType<typeof keeperOn>
  readonly #tab: ReturnType<typeof keeperOn>
  #owner: string | undefined
  #things: Things = {}
  #state: 'unsettled' | 'settled' | 'over' = 'unsettled'

  constructor(account: string, { always, tab }: Storages = ofBrowser) {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.settled = promise
    this.#settle = resolve
    this.#name = (thing) => `ringdown.${account}.${thing}`
    this.#always = keeperOn(always)
    this.#tab = keeperOn(tab)
  }

  get token(): string | undefined {
    return this.#always.get(this.#name('token'))
  }

  set token(value: string | undefined) {
    this.#always.set(this.#name('token'), value)
  }

  get owner(): string | undefined {
    return this.#owner
  }

  tab(thing: OfTab): string | undefined {
    return this.#things[thing]
  }

  setTab(thing: OfTab, value: string | undefined): void {
    if (this.#state === 'over') return
    const { [thing]: _, ...others } = this.#things
    this.#things = value === undefined ? others : { ...others, [thing]: value }
    if (this.#state === 'settled') this.#save()
  }

  /**
   * Says who is there. `before` is who the same person was until now. False where this page has begun
   * with another person: all is forgotten then, and it has to begin anew. [WIN41]
   */
  settle(subject: string | undefined, before?: string): boolean {
    if (this.#state === 'over') return false
    const isFirst = this.#state === 'unsettled'
    const { owner, things = {} } = isFirst ? this.#read() : { owner: this.#owner }
    const isTheirs = owner === undefined || owner === subject || owner === before
    if (!isFirst && !isTheirs) return this.#forget()
    this.#owner = subject
    this.#things = isTheirs ? { ...things, ...this.#things } : this.#things
    this.#state = 'settled'
    this.#save()
    this.#settle()
    return true
  }

  #forget(): false {
    this.#state = 'over'
    this.#things = {}
    this.#tab.set(this.#name('tab'), undefined)
    return false
  }

  /** What cannot be read is as good as nothing. */
  #read(): Kept {
    try {
      return (JSON.parse(this.#tab.get(this.#name('tab')) ?? '{}') ?? {}) as Kept
    } catch {
      return {}
    }
  }

  #save(): void {
    const isEmpty = Object.keys(this.#things).length === 0
    const kept: Kept = {
      ...(this.#owner !== undefined && { owner: this.#owner }),
      things: this.#things,
    }
    this.#tab.set(this.#name('tab'), isEmpty ? undefined : JSON.stringify(kept))
  }
}
