/** The rows of a list, of which those in view are drawn. [WSP5] [WSP7] [WSP30] */
import {
  type KeyboardEvent,
  type RefObject,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react'
import type { Conversation } from '../model/conversation.ts'
import { preferences } from '../model/preferences.ts'
import { route } from '../model/route.ts'
import { useValue } from '../model/value.ts'
import { useText } from '../text/language.ts'
import { ConversationRow, rowHeight } from './conversation-row.tsx'
import { useHeldOrder } from './held-order.ts'
import { rowsDrawn, scrollTo, useSpan } from './windowed.ts'

/** The way that a key goes, in rows; a page is what is in view. */
const stepOf = (key: string, page: number): number | undefined =>
  ({
    ArrowDown: 1,
    ArrowUp: -1,
    PageDown: page,
    PageUp: -page,
    Home: Number.NEGATIVE_INFINITY,
    End: Number.POSITIVE_INFINITY,
  })[key]

/** Up and down go from row to row, as in any list, also to rows that were not drawn before. */
const useRoving = (scroller: RefObject<HTMLElement | null>, ids: readonly string[]) => {
  const [at, setAt] = useState<string>()
  const isWanted = useRef(false)
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const element = scroller.current
    const row = (event.target as HTMLElement).closest<HTMLElement>('a[data-row]')
    if (!element || !row || event.ctrlKey || event.metaKey || event.altKey) return
    const page = Math.max(1, Math.floor(element.clientHeight / rowHeight()) - 1)
    const step = stepOf(event.key, page)
    if (step === undefined) return
    event.preventDefault()
    const from = ids.indexOf(row.dataset['row'] ?? '')
    const next = Math.max(0, Math.min(ids.length - 1, from + step))
    isWanted.current = true
    setAt(ids[next])
    scrollTo(element, next, rowHeight())
  }
  useLayoutEffect(() => {
    if (!isWanted.current || at === undefined) return
    isWanted.current = false
    const row = scroller.current?.querySelector<HTMLElement>(`a[data-row="${CSS.escape(at)}"]`)
    row?.focus({ preventScroll: true })
  }, [at, scroller])
  return { at, setAt, onKeyDown }
}

/** The open conversation stays in view when rows move; who scrolled away from it stays away. */
const useInView = (
  scroller: RefObject<HTMLElement | null>,
  ids: readonly string[],
  id: string | undefined,
): void => {
  const before = useRef<{ id: string | undefined; place: number }>({ id: undefined, place: -1 })
  useLayoutEffect(() => {
    const { id: former, place } = before.current
    const now = id === undefined ? -1 : ids.indexOf(id)
    before.current = { id, place: now }
    const element = scroller.current
    if (!element || now < 0 || (former === id && place === now)) return
    const { scrollTop, clientHeight } = element
    const top = place * rowHeight()
    const wasSeen = top + rowHeight() > scrollTop && top < scrollTop + clientHeight
    if (former !== id || wasSeen) scrollTo(element, now, rowHeight())
  }, [scroller, ids, id])
}

const Moved = ({ count, letGo }: { count: number; letGo: () => void }) => {
  const say = useText()
  return (
    <button
      type="button"
      className="absolute inset-x-0 top-2 z-10 mx-auto w-fit rounded-full bg-ink px-3 py-1 text-xs text-panel tabular-nums shadow-pop"
      onPointerMove={(event) => event.stopPropagation()}
      onClick={letGo}
    >
      {say('list.moved', { count })}
    </button>
  )
}

interface RowsProps {
  readonly conversations: readonly Conversation[]
  readonly view: 'mine' | 'all'
}

const useRows = (conversations: readonly Conversation[]) => {
  const scroller = useRef<HTMLDivElement>(null)
  const [isHeld, hold] = useState(false)
  const { conversationId } = useValue(route)
  const byId = useMemo(() => new Map(conversations.map((one) => [one.id, one])), [conversations])
  const wanted = useMemo(() => conversations.map(({ id }) => id), [conversations])
  const { ids, moved } = useHeldOrder(wanted, isHeld)
  useValue(preferences)
  const { span, scrolled } = useSpan(scroller, ids.length, rowHeight())
  const { at, setAt, onKeyDown } = useRoving(scroller, ids)
  useEffect(() => setAt(conversationId), [conversationId, setAt])
  useInView(scroller, ids, conversationId)
  const entry = [at, conversationId].find((id) => id !== undefined && byId.has(id)) ?? ids[0]
  const place = useMemo(() => (entry === undefined ? 0 : ids.indexOf(entry)), [ids, entry])
  const drawn = rowsDrawn(span, place, ids.length)
  const letGo = () => hold(false)
  return { scroller, scrolled, hold, letGo, byId, ids, moved, drawn, entry, setAt, onKeyDown }
}

export const ConversationRows = ({ conversations, view }: RowsProps) => {
  const say = useText()
  const { conversationId } = useValue(route)
  const rows = useRows(conversations)
  const { scroller, scrolled, hold, ids, byId, moved, drawn, entry, setAt } = rows
  return (
    <section
      aria-label={say(`list.${view}`)}
      className="relative min-h-0 flex-1"
      onPointerMove={() => hold(true)}
      onPointerLeave={(event) => hold(event.currentTarget.contains(document.activeElement))}
      onFocus={(event) => {
        hold(true)
        setAt((event.target as HTMLElement).dataset['row'] ?? entry)
      }}
      onBlur={(event) => hold(event.currentTarget.contains(event.relatedTarget))}
      onKeyDown={rows.onKeyDown}
    >
      {moved > 0 && <Moved count={moved} letGo={rows.letGo} />}
      <div ref={scroller} onScroll={scrolled} className="scrolls h-full">
        <ul className="relative" style={{ height: ids.length * rowHeight() }}>
          {drawn.flatMap((place) => {
            const conversation = byId.get(ids[place] ?? '')
            if (!conversation) return []
            const { id } = conversation
            return [
              <li
                key={id}
                aria-posinset={place + 1}
                aria-setsize={ids.length}
                className="absolute inset-x-0"
                style={{ top: place * rowHeight() }}
              >
                <ConversationRow
                  conversation={conversation}
                  view={view}
                  isCurrent={id === conversationId}
                  isEntry={id === entry}
                />
              </li>,
            ]
          })}
        </ul>
      </div>
    </section>
  )
}
