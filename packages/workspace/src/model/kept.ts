/** What a browser keeps. A browser that keeps nothing is no reason to fail. */
const quietly = <T>(act: () => T): T | undefined => {
  try {
    return act()
  } catch {
    // Storage may be switched off or full.
    return undefined
  }
}

export const readKept = <T>(storage: Storage, key: string): T | undefined =>
  quietly(() => {
    const text = storage.getItem(key)
    return text === null ? undefined : (JSON.parse(text) as T)
  })

export const keep = (storage: Storage, key: string, value: unknown): void => {
  quietly(() => {
    if (value === undefined) storage.removeItem(key)
    else storage.setItem(key, JSON.stringify(value))
  })
}
