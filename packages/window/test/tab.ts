import type { Storages } from '../src/model/keeping.ts'

/** What a tab has: it outlives a page. */
export const newTab = (): Storages => {
  const kept = new Map<string, string>()
  const storage = {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => void kept.set(name, value),
    removeItem: (name: string) => void kept.delete(name),
  }
  return { always: () => storage, tab: () => storage }
}
