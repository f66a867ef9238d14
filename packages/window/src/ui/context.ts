import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import type { Messenger } from '../model/messenger.ts'
import type { Options } from '../options.ts'
import type { Speech } from '../text/catalogue.ts'

/** What every part of the window may need. */
export interface Surroundings {
  readonly messenger: Messenger
  readonly options: Options
  readonly speech: Speech
}

const Context = createContext<Surroundings | undefined>(undefined)

export const SurroundingsProvider = Context.Provider

export const useSurroundings = (): Surroundings => {
  const found = useContext(Context)
  if (!found) throw new Error('There are no surroundings here')
  return found
}
