/** A text in which what was looked for stands out. */
const SPECIAL = /[.*+?^${}()|[\]\\]/g

/** The words of a search as the server reads them. */
const wordsIn = (search: string): readonly string[] =>
  [...search.matchAll(/"([^"]*)"?|[^\s"]+/g)]
    .map(([whole, phrase]) => (phrase ?? whole).trim())
    .filter((word) => word !== '')

/** Parts of the text, every other one found. */
export const partsOf = (text: string, search: string): readonly string[] => {
  const words = wordsIn(search).map((word) => word.replace(SPECIAL, '\\$&').replace(/\s+/g, '\\s+'))
  return words.length === 0 ? [text] : text.split(new RegExp(`(${words.join('|')})`, 'giu'))
}

export const Marked = ({ text, search }: { text: string; search: string }) =>
  partsOf(text, search).map((part, index) =>
    index % 2 === 0 ? (
      <span key={index}>{part}</span>
    ) : (
      <mark key={index} className="rounded-sm bg-warn-soft font-semibold text-ink">
        {part}
      </mark>
    ),
  )
