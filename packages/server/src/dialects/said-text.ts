/** The words of an event, as they are searched: of a message, a file's caption, structured content. */

type WireObject = Readonly<Record<string, unknown>>

const spoken = new Set(['text', 'title', 'subtitle', 'caption', 'alt', 'tooltip'])
const MOST_DEPTH = 20

const objectOf = (value: unknown): WireObject =>
  typeof value === 'object' && value !== null ? (value as WireObject) : {}

/** Texts of structured content, outermost first. */
const textsIn = (value: unknown, depth = 0): readonly string[] => {
  if (typeof value !== 'object' || value === null || depth > MOST_DEPTH) return []
  return Object.entries(value).flatMap(([name, inner]) =>
    typeof inner === 'string' ? (spoken.has(name) ? [inner] : []) : textsIn(inner, depth + 1),
  )
}

export const saidText = (payload: string): string => {
  const { message, content, quickReplies } = objectOf(JSON.parse(payload))
  const { caption } = objectOf(message)
  const said = [message, caption].filter((one) => typeof one === 'string')
  return [...said, ...textsIn(content), ...textsIn(quickReplies)].join('\n')
}
