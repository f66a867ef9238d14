/** What a browser keeps. A browser that keeps nothing is no reason to fail. */
import { keeperOn } from '@ringdown/client'

const places = {
  /** On this machine, in every tab. */
  machine: keeperOn(() => localStorage),
  /** In this tab, until it is closed. */
  tab: keeperOn(() => sessionStorage),
}

type Where = keyof typeof places

export const readKept = <T>(where: Where, key: string): T | undefined => {
  const text = places[where].get(key)
  if (text === undefined) return undefined
  try {
    return JSON.parse(text) as T
  } catch {
    // Somebody else wrote it.
    return undefined
  }
}

export const keep = (where: Where, key: string, value: unknown): void =>
  places[where].set(key, value === undefined ? undefined : JSON.stringify(value))
