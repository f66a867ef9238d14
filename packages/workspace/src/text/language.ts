/** Which catalogue is read, and how its sentences are filled. */
import { preferences } from '../model/preferences.ts'
import { useValue } from '../model/value.ts'
import { de } from './de.ts'
import { en, type TextKey } from './en.ts'

/** Those that begin with `xx` are for tests; whoever does not ask for them does not load them. */
export type Language = 'en' | 'de' | 'xx-pseudo' | 'xx-pseudo-rtl'

type Spell = (text: string) => string

type Spoken = Readonly<{
  by: ReturnType<typeof preferences.get>
  language: Language
  locale: string
}>

/** Asked hundreds of times for each screen, and the browser takes its time to answer. */
let spoken: Spoken | undefined
addEventListener('languagechange', () => {
  spoken = undefined
})

const spokenNow = (): Spoken => {
  const by = preferences.get()
  if (spoken?.by === by) return spoken
  const ofBrowser = navigator.language.toLowerCase().startsWith('de') ? 'de' : 'en'
  const language = by.language === 'system' ? ofBrowser : by.language
  const primary = language === 'de' ? 'de' : 'en'
  const speaks = (one: string) => one.toLowerCase().startsWith(primary)
  spoken = { by, language, locale: navigator.languages.find(speaks) ?? primary }
  return spoken
}

export const languageNow = (): Language => spokenNow().language

/** Dates and times follow the browser where it speaks the language that is shown. */
export const localeNow = (): string => spokenNow().locale

export type Fill = Readonly<Record<string, string | number>>
export type Say = (key: TextKey, fill?: Fill) => string

const sayIn =
  (texts: Readonly<Record<TextKey, string>>, spelt: Spell = (text) => text): Say =>
  (key, fill = {}) =>
    spelt(texts[key]).replace(/\{(\w+)\}/g, (_, name: string) => String(fill[name] ?? ''))

const says = new Map<Language, Say>([
  ['en', sayIn(en)],
  ['de', sayIn(de)],
])

/** The sentences of the language that is chosen; the same function for as long as it stays so. */
export const useText = (): Say => {
  useValue(preferences)
  return says.get(languageNow()) ?? (says.get('en') as Say)
}

const isForTests = (language: string): boolean => language.startsWith('xx-pseudo')

const loadAsAsked = async (): Promise<void> => {
  const { language } = preferences.get()
  if (!isForTests(language) || says.size > 2) return
  const { pseudo } = await import('./pseudo.ts')
  for (const one of ['xx-pseudo', 'xx-pseudo-rtl'] as const) says.set(one, sayIn(en, pseudo))
  preferences.update((same) => ({ ...same }))
}

/** Which way the page is read. */
export const directionNow = (): 'ltr' | 'rtl' => (languageNow().endsWith('-rtl') ? 'rtl' : 'ltr')

/** Loads what the choice of the language asks for, and whenever it changes. */
export const startLanguage = (): void => {
  preferences.subscribe(() => void loadAsAsked())
  void loadAsAsked()
}
