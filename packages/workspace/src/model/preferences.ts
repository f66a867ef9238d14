/** What an agent has set up on this machine. */
import { keep, readKept } from './kept.ts'
import { Value } from './value.ts'

export interface Preferences {
  readonly theme: 'system' | 'light' | 'dark'
  readonly language: 'system' | 'en' | 'de'
  readonly sound: boolean
  readonly shortcuts: boolean
  readonly showsContext: boolean
}

const KEY = 'ringdown.preferences'
const standard: Preferences = {
  theme: 'system',
  language: 'system',
  sound: true,
  shortcuts: true,
  showsContext: true,
}

export const preferences = new Value<Preferences>({
  ...standard,
  ...readKept<Partial<Preferences>>(localStorage, KEY),
})

export const prefer = (change: Partial<Preferences>): void => {
  preferences.update((before) => ({ ...before, ...change }))
  keep(localStorage, KEY, preferences.get())
}

/** The page's colours follow the choice; `system` leaves it to the browser. */
const applyTheme = (): void => {
  document.documentElement.dataset['theme'] = preferences.get().theme
}

export const startPreferences = (): void => {
  applyTheme()
  preferences.subscribe(applyTheme)
}
