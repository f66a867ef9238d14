/** What keys do outside fields of text, and those with modifiers anywhere. [WSP30] [WSP53] */
import { useEffect } from 'react'
import { bindingsOf, type Command, chordOf, matchKeys, writes } from '../model/keys.ts'
import { prefer, preferences } from '../model/preferences.ts'
import { go, route } from '../model/route.ts'
import { type Say, useText } from '../text/language.ts'
import { type Office, useOffice } from './desk-context.tsx'
import { answerRing } from './rings.tsx'
import { type ActionName, actionsOf, runAction } from './thread-actions.tsx'
import { undoNewest } from './toasts.tsx'

/** How long the second key of two may take. */
const SEQUENCE_MS = 1_500

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

/** What belongs to the composer is done there. */
type Anywhere = Exclude<Command, 'sendAndClose' | 'toList'>

const deeds: Readonly<Record<Anywhere, (office: Office, say: Say) => void>> = {
  palette: ({ overlay }) => overlay.set('palette'),
  next: () => step(1),
  previous: () => step(-1),
  accept: (office) => {
    const [ring] = office.desk.rings.get()
    if (ring) void answerRing(office, ring, 'ACCEPTED')
  },
  reply: (office) => write(office, false),
  note: (office) => write(office, true),
  transfer: (office, say) => act(office, say, 'transfer'),
  queue: (office, say) => act(office, say, 'queue'),
  close: (office, say) => act(office, say, 'close'),
  undo: undoNewest,
  details: () => prefer({ showsContext: !preferences.get().showsContext }),
  goMine: () => go({ view: 'mine' }),
  goAll: ({ desk }) => desk.mayView && go({ view: 'all' }),
  goHistory: () => go({ view: 'history' }),
  goAgents: ({ desk }) => desk.maySeeAgents && go({ view: 'agents' }),
  settings: ({ overlay }) => overlay.set('settings'),
  regions: () => nextRegion(1),
  regionsBack: () => nextRegion(-1),
  help: ({ overlay }) => overlay.set('keys'),
}

/** Whether keys that write are somebody else's now: a field's, or those of a menu that is open. */
const isWriting = (event: KeyboardEvent): boolean =>
  isTyping(event) ||
  !preferences.get().shortcuts ||
  document.querySelector('[role="menu"]') !== null

class Reader {
  readonly #office: Office
  readonly #say: Say
  #begun = ''
  #begunAt = 0

  constructor(office: Office, say: Say) {
    this.#office = office
    this.#say = say
  }

  /** True when the key was meant for something here. */
  read(event: KeyboardEvent): boolean {
    const chord = chordOf(event)
    if (chord === undefined || event.isComposing) return false
    const bindings = bindingsOf(preferences.get().keys)
    const { overlay } = this.#office
    if (overlay.get() !== undefined) {
      if (overlay.get() !== 'palette' || chord !== bindings.palette) return false
      overlay.set(undefined)
      return true
    }
    if (writes(chord) && isWriting(event)) return false
    const isFresh = event.timeStamp - this.#begunAt < SEQUENCE_MS
    const keys = isFresh && this.#begun !== '' ? [`${this.#begun} ${chord}`, chord] : [chord]
    this.#begun = ''
    return keys.some((one) => this.#try(one, event))
  }

  #try(keys: string, event: KeyboardEvent): boolean {
    const match = matchKeys(bindingsOf(preferences.get().keys), keys)
    if (match === undefined) return false
    if (match === 'begun') {
      this.#begun = keys
      this.#begunAt = event.timeStamp
      return true
    }
    const { command } = match
    if (command === 'sendAndClose') return false
    if (command === 'toList') {
      if (event.target !== composer()) return false
      toList()
      return true
    }
    deeds[command](this.#office, this.#say)
    return true
  }
}

export const useKeys = (): void => {
  const office = useOffice()
  const say = useText()
  useEffect(() => {
    const reader = new Reader(office, say)
    const listen = (event: KeyboardEvent) => {
      if (!event.defaultPrevented && reader.read(event)) event.preventDefault()
    }
    addEventListener('keydown', listen)
    return () => removeEventListener('keydown', listen)
  }, [office, say])
}
