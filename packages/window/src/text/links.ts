/** Addresses in texts, and which of them may be followed. [WIN30] */

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

const CLOSING: ReadonlySet<string> = new Set('.,;:!?)]}\'"»”')

/** Where the punctuation after an address begins. A pattern would take quadratic time here. */
const endOf = (word: string): number => {
  let end = word.length
  while (end > 0 && CLOSING.has(word[end - 1] as string)) end -= 1
  return end
}

const pieceOf = (word: string): readonly Piece[] => {
  const core = word.slice(0, endOf(word))
  const trail = word.slice(core.length)
  const address = /^www\.[^\s.]+\.\S+$/i.test(core) ? `https://${core}` : core
  const href = /^(https?:\/\/|mailto:|tel:|www\.)/i.test(core) ? safeHref(address) : undefined
  if (!href) return [{ kind: 'text', text: word }]
  const link: Piece = { kind: 'link', text: core, href, ...hostIfOther(core, href) }
  return trail === '' ? [link] : [link, { kind: 'text', text: trail }]
}

/** A text as plain pieces and links, in time that grows with its length alone. */
export const piecesOf = (text: string): readonly Piece[] => {
  const pieces: Piece[] = []
  for (const piece of text.split(/(\s+)/).flatMap(pieceOf)) {
    const last = pieces.at(-1)
    if (piece.kind === 'text' && last?.kind === 'text')
      pieces[pieces.length - 1] = { kind: 'text', text: last.text + piece.text }
    else if (piece.kind === 'link' || piece.text !== '') pieces.push(piece)
  }
  return pieces
}

/** A name on one line, without characters that turn the text around it. */
export const plainName = (name: unknown): string =>
  typeof name === 'string'
    ? name
        .replace(/[\p{Cc}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu, ' ')
        .replace(/\s+/g, ' ')
        .trim()
        .slice(0, 80)
    : ''
