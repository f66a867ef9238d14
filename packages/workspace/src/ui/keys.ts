/** What keys do outside fields of text, and a few that work anywhere. [WSP30] */
import { useEffect } from 'react'
import { preferences } from '../model/preferences.ts'
import { go, route } from '../model/route.ts'
import { type Say, useText } from '../text/language.ts'
import { type Office, useOffice } from './desk-context.tsx'
import { answerRing } from './rings.tsx'
import { type ActionName, actionsOf, runAction } from './thread-actions.tsx'

const composer = (): HTMLTextAreaElement | null => document.querySelector('[data-composer]')

const isTyping = ({ target }: KeyboardEvent): boolean =>
  target instanceof HTMLElement && target.matches('input, textarea, select, [contenteditable]')

const openConversation = ({ desk }: Office) => {
  const { conversationId } = route.get()
  return conversationId === undefined ? undefined : desk.find(conversationId)
}

const step = (by: 1 | -1): void => {
  const rows = [...document.querySelectorAll<HTMLElement>('a[data-row]')]
  const { view, conversationId } = route.get()
  const at = rows.findIndex((row) => row.dataset['row'] === conversationId)
  const next = rows[at < 0 ? 0 : at + by]?.dataset['row']
  if (next !== undefined) go({ view, conversationId: next })
}

const act = (office: Office, say: Say, name: ActionName): void => {
  const conversation = openConversation(office)
  if (conversation && actionsOf(office, conversation).includes(name))
    void runAction(office, say, name, conversation)
}

const write = (office: Office, isNote: boolean): void => {
  const conversation = openConversation(office)
  if (!conversation) return
  const draft = office.drafts.of(conversation.dialogId)
  office.drafts.set(conversation.dialogId, { ...draft, isNote })
  composer()?.focus()
}

const singleKeys: Readonly<Record<string, (office: Office, say: Say) => void>> = {
  j: () => step(1),
  k: () => step(-1),
  a: (office) => {
    const [ring] = office.desk.rings.get()
    if (ring) void answerRing(office, ring, 'ACCEPTED')
  },
  r: (office) => write(office, false),
  n: (office) => write(office, true),
  e: (office, say) => act(office, say, 'close'),
  t: (office, say) => act(office, say, 'transfer'),
  q: (office, say) => act(office, say, 'queue'),
  '?': ({ overlay }) => overlay.set('keys'),
}

const REACHABLE =
  'a[href]:not([tabindex="-1"]), button:not(:disabled), textarea, input, [tabindex="0"]'

/** Rail, list, thread, details, and round again. */
const nextRegion = (by: 1 | -1): void => {
  const regions = [...document.querySelectorAll<HTMLElement>('[data-region]')].filter(
    ({ offsetParent }) => offsetParent !== null,
  )
  const at = regions.findIndex((region) => region.contains(document.activeElement))
  const next = regions[(at + by + regions.length) % regions.length]
  const wanted =
    next?.querySelector<HTMLElement>('a[data-row][tabindex="0"], [data-composer]') ??
    next?.querySelector<HTMLElement>(REACHABLE)
  wanted?.focus()
}

const toList = (): void => document.querySelector<HTMLElement>('a[data-row][tabindex="0"]')?.focus()

const onKey = (office: Office, say: Say, event: KeyboardEvent): boolean => {
  const { key, ctrlKey, metaKey, altKey, shiftKey } = event
  if ((ctrlKey || metaKey) && key.toLowerCase() === 'k') {
    office.overlay.update((open) => (open === 'palette' ? undefined : 'palette'))
    return true
  }
  if (office.overlay.get() !== undefined || event.isComposing) return false
  if (key === 'F6') {
    nextRegion(shiftKey ? -1 : 1)
    return true
  }
  if (key === 'Escape' && event.target === composer()) {
    toList()
    return true
  }
  const isPlain = !ctrlKey && !metaKey && !altKey && !isTyping(event)
  const single = isPlain && preferences.get().shortcuts ? singleKeys[key] : undefined
  // A menu that is open reads letters itself.
  if (!single || document.querySelector('[role="menu"]')) return false
  single(office, say)
  return true
}

export const useKeys = (): void => {
  const office = useOffice()
  const say = useText()
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (!event.defaultPrevented && onKey(office, say, event)) event.preventDefault()
    }
    addEventListener('keydown', listen)
    return () => removeEventListener('keydown', listen)
  }, [office, say])
}
