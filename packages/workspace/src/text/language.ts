/** Which catalogue is read, and how its sentences are filled. */
import { preferences } from '../model/preferences.ts'
import { useValue } from '../model/value.ts'
import { de } from './de.ts'
import { en, type TextKey } from './en.ts'

export type Language = 'en' | 'de'

const catalogues: Readonly<Record<Language, Readonly<Record<TextKey, string>>>> = { en, de }

export const languageNow = (): Language => {
  const { language } = preferences.get()
  if (language !== 'system') return language
  return navigator.language.toLowerCase().startsWith('de') ? 'de' : 'en'
}

/** Dates and times follow the browser where it speaks the language that is shown. */
export const localeNow = (): string => {
  const language = languageNow()
  return navigator.languages.find((one) => one.toLowerCase().startsWith(language)) ?? language
}

export type Fill = Readonly<Record<string, string | number>>
export type Say = (key: TextKey, fill?: Fill) => string

export const textIn =
  (language: Language): Say =>
  (key, fill = {}) =>
    catalogues[language][key].replace(/\{(\w+)\}/g, (_, name: string) => String(fill[name] ?? ''))

/** The sentences of the language that is chosen. */
export const useText = (): Say => {
  useValue(preferences)
  return textIn(languageNow())
}
