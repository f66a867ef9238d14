/** The agent's conversations by urgency, with what rings on top. [WSP5] [WSP7] */
import { useDeferredValue, useMemo } from 'react'
import { byUrgency, type Conversation } from '../model/conversation.ts'
import { fits, isNarrowed, type ListFilter } from '../model/list-filter.ts'
import { previewOf } from '../model/messages.ts'
import { go, route } from '../model/route.ts'
import { useValue } from '../model/value.ts'
import { useText } from '../text/language.ts'
import { ConversationRows } from './conversation-rows.tsx'
import { useOffice } from './desk-context.tsx'
import { ListFilters } from './list-filters.tsx'
import { usePaced } from './paced.ts'
import { Button, Empty, Skeleton } from './parts.tsx'
import { Rings } from './rings.tsx'
import { StateNotice } from './state-notice.tsx'
import { declare } from './status-menu.tsx'
import { useFilterTime, useListFilter } from './use-list-filter.ts'
import { useWaiting } from './waiting.ts'

type ListView = 'mine' | 'all'

const useMatching = (view: ListView, filters: ListFilter): readonly Conversation[] | undefined => {
  const { desk, delayed } = useOffice()
  const all = usePaced(view === 'all' ? desk.all : desk.mine)
  const leaving = useValue(delayed.leaving)
  const latest = useDeferredValue(all)
  const now = useFilterTime(desk.now, filters)
  return useMemo(() => {
    if (!latest) return undefined
    const text = filters.text.trim().toLowerCase()
    const nameOf = (id: string) => desk.directory.known(id)?.name ?? ''
    const says = ({ last, consumerId }: Conversation) =>
      `${nameOf(consumerId)} ${last ? (previewOf(last.event).text ?? '') : ''}`
    return [...latest.values()]
      .filter((one) => view === 'all' || !leaving.has(one.id))
      .filter((one) => fits(filters, one, now))
      .filter((one) => text === '' || says(one).toLowerCase().includes(text))
      .sort(byUrgency)
  }, [latest, filters, now, desk, leaving, view])
}

const NothingHere = ({ view, clear }: { view: ListView; clear: (() => void) | undefined }) => {
  const office = useOffice()
  const say = useText()
  const state = useValue(office.desk.ownState)?.availability ?? 'OFFLINE'
  const rings = useValue(office.desk.rings)
  const waiting = useWaiting()
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
      title={isOnline ? say('list.empty.title') : (waiting ?? say('list.empty.title'))}
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

export const ConversationList = ({ view }: { view: ListView }) => {
  const say = useText()
  const filters = useListFilter()
  const conversations = useMatching(view, filters)
  const isFiltered = isNarrowed(filters)
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
      {view === 'all' && <ListFilters />}
      {view === 'mine' && <StateNotice />}
      {view === 'mine' && <Rings />}
      {!conversations && <Skeleton rows={6} />}
      {conversations?.length === 0 && (
        <div className="min-h-0 flex-1">
          <NothingHere
            view={view}
            clear={isFiltered ? () => go({ ...route.get(), filters: {} }) : undefined}
          />
        </div>
      )}
      {conversations && conversations.length > 0 && (
        <ConversationRows conversations={conversations} view={view} />
      )}
    </div>
  )
}
