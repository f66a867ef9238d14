/** What others wrote: addresses that may be followed, and names that stay on their line. [CLI22] */

const SCHEMES: ReadonlySet<string> = new Set(['http:', 'https:', 'mailto:', 'tel:'])
const LONGEST = 2048

/** The address to go to, or undefined: scripts, data and relative paths lead nowhere. */
export const safeHref = (text: unknown): string | undefined => {
  if (typeof text !== 'string' || text.length > LONGEST) return undefined
  // Browsers skip these inside a scheme; who writes them means no good.
  if (/[\p{Cc}\p{Cf}]/u.test(text.trim())) return undefined
  if (!/^(https?:\/\/|mailto:|tel:)/i.test(text.trim())) return undefined
  if (!URL.canParse(text.trim())) return undefined
  const url = new URL(text.trim())
  return SCHEMES.has(url.protocol) && url.username === '' ? url.href : undefined
}

/** Pictures come over https, or are already with us. */
export const safeImage = (text: unknown): string | undefined => {
  const href = safeHref(text)
  return href?.startsWith('https:') ? href : undefined
}

export type Piece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'link'; readonly text: string; readonly href: string; readonly host?: string }

const hostIfOther = (text: string, href: string): { host?: string } => {
  const { host } = new URL(href)
  return host !== '' && !text.toLowerCase().includes(host) ? { host } : {}
}

const CLOSING: ReadonlySet<string> = new Set('.,;:!?)]}\'"»«”“’‘')
const OPENING: ReadonlySet<string> = new Set("([{'«»“„‚‘")

/** Where what opens before an address ends. */
const startOf = (word: string): number => {
  let start = 0
  while (start < word.length && OPENING.has(word[start] as string)) start += 1
  return start
}

/** Where the punctuation after an address begins. A pattern would take quadratic time here. */
const endOf = (word: string): number => {
  let end = word.length
  while (end > 0 && CLOSING.has(word[end - 1] as string)) end -= 1
  return end
}

const pieceOf = (word: string): readonly Piece[] => {
  const start = startOf(word)
  const end = Math.max(start, endOf(word))
  const [lead, core, trail] = [word.slice(0, start), word.slice(start, end), word.slice(end)]
  const address = /^www\.[^\s.]+\.\S+$/i.test(core) ? `https://${core}` : core
  const href = /^(https?:\/\/|mailto:|tel:|www\.)/i.test(core) ? safeHref(address) : undefined
  if (!href) return [{ kind: 'text', text: word }]
  const link: Piece = { kind: 'link', text: core, href, ...hostIfOther(core, href) }
  const around = (text: string): readonly Piece[] => (text === '' ? [] : [{ kind: 'text', text }])
  return [...around(lead), link, ...around(trail)]
}

/** A text as plain pieces and links, in time that grows with its length alone. */
export const piecesOf = (text: string): readonly Piece[] => {
  const pieces: Piece[] = []
  for (const piece of text.split(/([\s<>"]+)/).flatMap(pieceOf)) {
    const last = pieces.at(-1)
    if (piece.kind === 'text' && last?.kind === 'text')
      pieces[pieces.length - 1] = { kind: 'text', text: last.text + piece.text }
    else if (piece.kind === 'link' || piece.text !== '') pieces.push(piece)
  }
  return pieces
}

/** Nobody sees these by themselves. */
const UNSEEN = /^[\s\p{Cf}\p{M}\u115F\u1160\u2800\u3164\uFFA0]*$/u
const LONGEST_NAME = 80

/** A name on one line, without characters that turn the text around it; empty where nothing could be seen. */
export const plainName = (name: unknown): string => {
  if (typeof name !== 'string') return ''
  const plain = name
    .slice(0, LONGEST)
    .replace(/[\p{Cc}\u061C\u200E\u200F\u2028-\u202E\u2066-\u2069]/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim()
  return UNSEEN.test(plain) ? '' : plain.slice(0, LONGEST_NAME)
}
