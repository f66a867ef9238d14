/** Texts that a browser keeps. Where it forbids that, or has no room, memory keeps them. */

/** The part of the browser's `Storage` that is used. */
export interface StorageLike {
  getItem(name: string): string | null
  setItem(name: string, value: string): void
  removeItem(name: string): void
}

export interface Keeper {
  get(name: string): string | undefined
  /** `undefined` forgets it. */
  set(name: string, value: string | undefined): void
}

/** `storage` is asked each time: where storage is denied, naming it throws. */
export const keeperOn = (storage: () => StorageLike): Keeper => {
  /** What the browser did not take; it is newer than what the browser has. */
  const inMemory = new Map<string, string | undefined>()
  return {
    get(name) {
      if (inMemory.has(name)) return inMemory.get(name)
      try {
        return storage().getItem(name) ?? undefined
      } catch {
        return undefined
      }
    },
    set(name, value) {
      try {
        if (value === undefined) storage().removeItem(name)
        else storage().setItem(name, value)
        inMemory.delete(name)
      } catch {
        // Full or forbidden.
        inMemory.set(name, value)
      }
    },
  }
}
