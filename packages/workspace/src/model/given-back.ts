/** Words that went, were not taken, and are drafts again. [WSP14] [WSP41] [WSP55] */
import type { OutboxEntry } from '@ringdown/client'
import type { DraftContent } from './draft-service.ts'

export interface Words {
  readonly text: string
  readonly isNote: boolean
}

/** As many as the server keeps beside a text. */
const MOST_OTHERS = 3

const isBlank = ({ text }: Words): boolean => text.trim() === ''

/**
 * They stand in front of what was begun since. Beside a text of the other kind they are only offered: no
 * note becomes part of a reply.
 */
export const givenBack = (
  { text, isNote, at, others }: DraftContent,
  back: Words,
  now: number,
): DraftContent => {
  const begun = { text, isNote }
  if (isBlank(begun)) return { ...back, at: now, others }
  if (isBlank(back)) return { ...begun, at, others }
  if (back.isNote === isNote) return { text: `${back.text}\n${text}`, isNote, at: now, others }
  const beside = { text: back.text, isNote: back.isNote, at: now }
  return { ...begun, at, others: [beside, ...others].slice(0, MOST_OTHERS) }
}

export interface Unsent extends Words {
  readonly dialogId: string
}

/** The words of a message; of a shared file those beside it. */
const wordsOf = ({ event, isPrivate = false }: OutboxEntry): Words => {
  const { message } = event as { readonly message?: string | { readonly caption?: string } }
  const text = typeof message === 'string' ? message : (message?.caption ?? '')
  return { text, isNote: isPrivate }
}

/** What waits, as one text of each kind in each dialog. */
export const unsentIn = (entries: readonly OutboxEntry[]): readonly Unsent[] => {
  const unsent = new Map<string, Unsent>()
  for (const entry of entries) {
    const words = wordsOf(entry)
    if (isBlank(words)) continue
    const { dialogId } = entry
    const key = `${words.isNote} ${dialogId}`
    const before = unsent.get(key)
    const text = before ? `${before.text}\n${words.text}` : words.text
    unsent.set(key, { dialogId, text, isNote: words.isNote })
  }
  return [...unsent.values()]
}
