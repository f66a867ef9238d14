/** A language for tests: longer and accented, to find words that are cut or were never in a catalogue. */
import { type Catalogue, en } from './catalogue.ts'

const accents: Readonly<Record<string, string>> = {
  a: 'á',
  e: 'é',
  i: 'í',
  o: 'ö',
  u: 'ü',
  s: 'š',
  n: 'ñ',
  c: 'ç',
}
const LONGER_BY = 0.4

const pseudo = (text: string): string => {
  const accented = text.replace(/\{\w+\}|[aeiousnc]/g, (part) => accents[part] ?? part)
  return `[${accented}${'·'.repeat(Math.ceil(text.length * LONGER_BY))}]`
}

export const pseudoCatalogue = Object.fromEntries(
  Object.entries(en).map(([word, text]) => [word, pseudo(text)]),
) as Catalogue
