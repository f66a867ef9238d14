/** Which catalogue is read, and how its sentences are filled. */
import { preferences } from '../model/preferences.ts'
import { useValue } from '../model/value.ts'
import { de } from './de.ts'
import { en, type TextKey } from './en.ts'

export type Language = 'en' | 'de'

const catalogues: Readonly<Record<Language, Readonly<Record<TextKey, string>>>> = { en, de }

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
  const speaks = (one: string) => one.toLowerCase().startsWith(language)
  spoken = { by, language, locale: navigator.languages.find(speaks) ?? language }
  return spoken
}

export const languageNow = (): Language => spokenNow().language

/** Dates and times follow the browser where it speaks the language that is shown. */
export const localeNow = (): string => spokenNow().locale

export type Fill = Readonly<Record<string, string | number>>
export type Say = (key: TextKey, fill?: Fill) => string

export const textIn =
  (language: Language): Say =>
  (key, fill = {}) =>
    catalogues[language][key].replace(/\{(\w+)\}/g, (_, name: string) => String(fill[name] ?? ''))

const says: Readonly<Record<Language, Say>> = { en: textIn('en'), de: textIn('de') }

/** The sentences of the language that is chosen; the same function for as long as it stays so. */
export const useText = (): Say => {
  useValue(preferences)
  return says[languageNow()]
}
