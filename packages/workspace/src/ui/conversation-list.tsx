/** The agent's conversations by urgency, with what rings on top. [WSP5] [WSP7] */
import { type KeyboardEvent, useDeferredValue, useMemo, useRef, useState } from 'react'
import { byUrgency, type Conversation } from '../model/conversation.ts'
import { previewOf } from '../model/messages.ts'
import { route } from '../model/route.ts'
import { useValue } from '../model/value.ts'
import { useText } from '../text/language.ts'
import { ConversationRow, ROW_HEIGHT } from './conversation-row.tsx'
import { useDesk, useOffice } from './desk-context.tsx'
import { useHeldOrder } from './held-order.ts'
import { anyone, type Filters, ListFilters } from './list-filters.tsx'
import { Button, Empty, Skeleton } from './parts.tsx'
import { Rings } from './rings.tsx'
import { declare } from './status-menu.tsx'
import { useSpan } from './windowed.ts'

type ListView = 'mine' | 'all'

const none: Filters = { skillId: '', agentId: '', text: '' }

const useMatching = (view: ListView, filters: Filters): readonly Conversation[] | undefined => {
  const desk = useDesk()
  const all = useValue(view === 'all' ? desk.all : desk.mine)
  const latest = useDeferredValue(all)
  return useMemo(() => {
    if (!latest) return undefined
    const text = filters.text.trim().toLowerCase()
    const nameOf = (id: string) => desk.directory.consumer(id).get()?.name ?? ''
    const says = ({ last, consumerId }: Conversation) =>
      `${nameOf(consumerId)} ${last ? (previewOf(last.event).text ?? '') : ''}`
    return [...latest.values()]
      .filter((one) => filters.skillId === '' || one.skillId === filters.skillId)
      .filter((one) => anyone(filters.agentId, one))
      .filter((one) => text === '' || says(one).toLowerCase().includes(text))
      .sort(byUrgency)
  }, [latest, filters, desk])
}

const NothingHere = ({ view, clear }: { view: ListView; clear: (() => void) | undefined }) => {
  const office = useOffice()
  const say = useText()
  const state = useValue(office.desk.ownState)?.availability ?? 'OFFLINE'
  const rings = useValue(office.desk.rings)
  if (clear)
    return (
      <Empty icon="search" title={say('list.empty.filtered')}>
        <Button onClick={clear}>{say('list.clear')}</Button>
      </Empty>
    )
  if (view === 'all')
    return <Empty icon="layers" title={say('list.empty.title')} text={say('list.empty.all')} />
  if (rings.length > 0) return null
  const isOnline = state === 'ONLINE'
  return (
    <Empty
      icon="inbox"
      title={say('list.empty.title')}
      text={
        isOnline
          ? say('list.empty.online')
          : say('list.empty.offline', { state: say(`status.${state}`) })
      }
    >
      {!isOnline && (
        <Button kind="primary" onClick={() => void declare(office, 'ONLINE', say('status.failed'))}>
          {say('list.empty.goOnline')}
        </Button>
      )}
    </Empty>
  )
}

/** Up and down go from row to row, as in any list. */
const moveFocus = (event: KeyboardEvent<HTMLElement>): void => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
  if (step === undefined) return
  const rows = [...event.currentTarget.querySelectorAll<HTMLElement>('a[data-row]')]
  const at = rows.indexOf(document.activeElement as HTMLElement)
  const next = rows[at + step]
  if (!next) return
  event.preventDefault()
  next.focus()
}

interface RowsProps {
  readonly conversations: readonly Conversation[]
  readonly view: ListView
}

const Rows = ({ conversations, view }: RowsProps) => {
  const say = useText()
  const scroller = useRef<HTMLDivElement>(null)
  const [isHeld, hold] = useState(false)
  const { conversationId } = useValue(route)
  const byId = useMemo(() => new Map(conversations.map((one) => [one.id, one])), [conversations])
  const wanted = useMemo(() => conversations.map(({ id }) => id), [conversations])
  const { ids, moved } = useHeldOrder(wanted, isHeld)
  const { span, scrolled } = useSpan(scroller, ids.length, ROW_HEIGHT)
  const entry = conversationId !== undefined && byId.has(conversationId) ? conversationId : ids[0]
  return (
    <section
      aria-label={say(`list.${view}`)}
      className="relative min-h-0 flex-1"
      onPointerMove={() => hold(true)}
      onPointerLeave={(event) => hold(event.currentTarget.contains(document.activeElement))}
      onFocus={() => hold(true)}
      onBlur={(event) => hold(event.currentTarget.contains(event.relatedTarget))}
      onKeyDown={moveFocus}
    >
      {moved > 0 && (
        <button
          type="button"
          className="absolute inset-x-0 top-2 z-10 mx-auto w-fit rounded-full bg-ink px-3 py-1 text-xs text-panel tabular-nums shadow-pop"
          onPointerMove={(event) => event.stopPropagation()}
          onClick={() => hold(false)}
        >
          {say('list.moved', { count: moved })}
        </button>
      )}
      <div ref={scroller} onScroll={scrolled} className="scrolls h-full">
        <ul className="relative" style={{ height: ids.length * ROW_HEIGHT }}>
          {ids.slice(span.from, span.to).flatMap((id, index) => {
            const conversation = byId.get(id)
            if (!conversation) return []
            const top = (span.from + index) * ROW_HEIGHT
            return [
              <li key={id} className="absolute inset-x-0" style={{ top }}>
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

export const ConversationList = ({ view }: { view: ListView }) => {
  const say = useText()
  const [filters, setFilters] = useState(none)
  const conversations = useMatching(view, filters)
  const isFiltered = filters !== none
  return (
    <div data-region="list" className="flex h-full flex-col">
      <header className="flex h-14 shrink-0 items-center gap-2 px-4">
        <h1 className="flex-1 text-lg font-semibold">{say(`list.${view}`)}</h1>
        {conversations && (
          <span className="text-sm text-dim tabular-nums">
            {say('list.count', { count: conversations.length })}
          </span>
        )}
      </header>
      {view === 'all' && <ListFilters filters={filters} change={setFilters} />}
      {view === 'mine' && <Rings />}
      {!conversations && <Skeleton rows={6} />}
      {conversations?.length === 0 && (
        <div className="min-h-0 flex-1">
          <NothingHere view={view} clear={isFiltered ? () => setFilters(none) : undefined} />
        </div>
      )}
      {conversations && conversations.length > 0 && (
        <Rows conversations={conversations} view={view} />
      )}
    </div>
  )
}
