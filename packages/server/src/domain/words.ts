/** Looking for words in a text: what was asked for, whether it is there, and what stands around it. */

const MOST_WORDS = 10
const SPACE = /\s+/g

/** What has to be in a text: words, and quoted phrases as they stand; in small letters, each once. */
export const wordsIn = (keyword: string): readonly string[] => {
  const found = [...keyword.matchAll(/"([^"]*)"?|[^\s"]+/g)].map(([whole, phrase]) =>
    (phrase ?? whole).trim().replace(SPACE, ' ').toLowerCase(),
  )
  return [...new Set(found)].filter((word) => word !== '').slice(0, MOST_WORDS)
}

const plain = (text: string): string => text.trim().replace(SPACE, ' ')

export const holds = (text: string, words: readonly string[]): boolean => {
  const searched = plain(text).toLowerCase()
  return words.every((word) => searched.includes(word))
}

const MOST_SHOWN = 160
const BEFORE = 48

/** Some of the text, with the first of the words in it. */
export const excerptOf = (text: string, words: readonly string[]): string => {
  const whole = plain(text)
  const searched = whole.toLowerCase()
  const places = words.map((word) => searched.indexOf(word)).filter((place) => place >= 0)
  const first = places.length === 0 ? 0 : Math.min(...places)
  if (whole.length <= MOST_SHOWN) return whole
  const wanted = Math.max(0, Math.min(first - BEFORE, whole.length - MOST_SHOWN))
  // Begins with a whole word where one begins before what was found.
  const space = wanted === 0 ? -1 : whole.indexOf(' ', wanted)
  const from = space >= 0 && space < first ? space + 1 : wanted
  const shown = whole.slice(from, from + MOST_SHOWN).toWellFormed()
  return `${from > 0 ? '… ' : ''}${shown.trim()}${from + MOST_SHOWN < whole.length ? ' …' : ''}`
}
