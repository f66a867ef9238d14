/** Predefined content: `/` and a few letters. [WSP18] */
import { type KeyboardEvent, useEffect, useMemo, useState } from 'react'
import type { Conversation } from '../model/conversation.ts'
import type { CannedText } from '../model/directory.ts'
import { useValue } from '../model/value.ts'
import { useText } from '../text/language.ts'
import { useColleague, useConsumer, useDesk } from './desk-context.tsx'

/** The letters after a slash at the end of what is written, at its start or after a blank. */
const ASKED = /(?:^|\s)\/([\p{L}\p{N} ]{0,30})$/u
const MOST_SHOWN = 8
const LIST_ID = 'canned'

type Names = Readonly<Record<string, string>>

/** Fills the places whose value is known; others stay, so that they are seen. */
export const fillIn = (text: string, names: Names): string =>
  text.replace(/\$!?\{([^}]*)\}/g, (whole, name: string) => {
    const known = name.trim()
    return Object.hasOwn(names, known) ? (names[known] as string) : whole
  })

const useNames = (conversation: Conversation): Names => {
  const operator = useColleague(useDesk().me)
  const { consumer } = useConsumer(conversation.consumerId)
  return {
    'operator.nickname': operator,
    'operator.name': operator,
    ...(consumer?.name !== undefined && {
      'visitor.name': consumer.name,
      'consumer.name': consumer.name,
      visitorName: consumer.name,
    }),
  }
}

interface CannedOptions {
  readonly text: string
  readonly write: (text: string) => void
  readonly conversation: Conversation
}

export const useCanned = ({ text, write, conversation }: CannedOptions) => {
  const all = useValue(useDesk().directory.canned)
  const names = useNames(conversation)
  const [at, setAt] = useState(0)
  const [closedFor, close] = useState<string>()
  const asked = ASKED.exec(text)?.[1]
  const isOpen = asked !== undefined && closedFor !== text && all.length > 0
  const found = useMemo(() => {
    const wanted = (asked ?? '').trim().toLowerCase()
    return all
      .filter(({ skillIds }) => skillIds.length === 0 || skillIds.includes(conversation.skillId))
      .filter((one) => `${one.title} ${one.text}`.toLowerCase().includes(wanted))
      .slice(0, MOST_SHOWN)
  }, [all, asked, conversation.skillId])
  // biome-ignore lint/correctness/useExhaustiveDependencies: another search begins at the top
  useEffect(() => setAt(0), [asked])
  const insert = (one: CannedText) => {
    const start = text.length - (asked?.length ?? 0) - 1
    write(`${text.slice(0, start)}${fillIn(one.text, names)}`)
  }
  const keys: Readonly<Record<string, () => void>> = {
    ArrowDown: () => setAt((before) => Math.min(found.length - 1, before + 1)),
    ArrowUp: () => setAt((before) => Math.max(0, before - 1)),
    Escape: () => close(text),
    ...(found[at] && {
      Enter: () => insert(found[at] as CannedText),
      Tab: () => insert(found[at] as CannedText),
    }),
  }
  /** True when the key was meant for the list. */
  const onKeyDown = (event: KeyboardEvent): boolean => {
    const act = isOpen ? keys[event.key] : undefined
    if (!act || event.shiftKey) return false
    event.preventDefault()
    event.stopPropagation()
    act()
    return true
  }
  return { isOpen, found, at, insert, names, onKeyDown, listId: isOpen ? LIST_ID : undefined }
}

export const CannedList = ({ canned }: { canned: ReturnType<typeof useCanned> }) => {
  const say = useText()
  if (!canned.isOpen) return null
  return (
    <div className="scrolls absolute inset-x-0 bottom-full z-10 mb-2 max-h-72 rounded-xl bg-raised p-1 shadow-pop">
      {canned.found.length === 0 && <p className="p-2 text-sm text-dim">{say('canned.none')}</p>}
      <div role="listbox" id={LIST_ID} aria-label={say('canned.label')}>
        {canned.found.map((one, index) => (
          <div
            key={one.id}
            role="option"
            tabIndex={-1}
            aria-selected={index === canned.at}
            onPointerDown={(event) => {
              event.preventDefault()
              canned.insert(one)
            }}
            className={`cursor-pointer rounded-lg px-2 py-1.5 ${index === canned.at ? 'bg-hover' : ''}`}
          >
            <p className="text-sm font-medium">{one.title}</p>
            <p className="truncate text-xs text-dim">{fillIn(one.text, canned.names)}</p>
          </div>
        ))}
      </div>
    </div>
  )
}
