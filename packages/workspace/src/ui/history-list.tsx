/** Searching what was said, and what was found. [WSP34] */
import { type KeyboardEvent, useEffect, useRef } from 'react'
import { historySearch, type SearchState } from '../model/history-search.ts'
import { narrow, route } from '../model/route.ts'
import { useValue } from '../model/value.ts'
import { localeNow, useText } from '../text/language.ts'
import { useDesk } from './desk-context.tsx'
import { HistoryRow } from './history-row.tsx'
import { Button, Empty, Skeleton } from './parts.tsx'
import { SearchField } from './search-field.tsx'

const dateOf = (at: number): string =>
  new Date(at).toLocaleDateString(localeNow(), { day: 'numeric', month: 'long', year: 'numeric' })

const useScope = (): string => {
  const say = useText()
  return say(useDesk().mayView ? 'history.scope.all' : 'history.scope.own')
}

const Search = ({ text }: { text: string }) => {
  const say = useText()
  const search = historySearch(useDesk())
  return (
    <search className="block px-4 pb-2">
      <SearchField
        label={say('history.search')}
        text={text}
        change={(q) => narrow({ q })}
        autoComplete="off"
        maxLength={200}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && !event.nativeEvent.isComposing) search.search(text)
        }}
      />
    </search>
  )
}

const Count = ({ state: { items, text, count } }: { state: SearchState }) => {
  const say = useText()
  const found = say(count === 1 ? 'history.count.one' : 'history.count.other', { count })
  return (
    <span role="status" className="text-sm text-dim tabular-nums">
      {items && text !== '' && found}
    </span>
  )
}

/** Over what was looked. */
const Range = ({ state: { items, from } }: { state: SearchState }) => {
  const say = useText()
  const scope = useScope()
  return (
    <p className="min-h-6 px-4 pb-2 text-xs text-dim">
      {items && say('history.range', { scope, from: dateOf(from) })}
    </p>
  )
}

const Earlier = ({ state }: { state: SearchState }) => {
  const say = useText()
  const search = historySearch(useDesk())
  const key = state.text === '' ? 'history.older' : 'history.earlier'
  return (
    <Button disabled={state.isBusy} onClick={() => search.earlier()}>
      {say(key, { date: dateOf(state.from) })}
    </Button>
  )
}

const Nothing = ({ state }: { state: SearchState }) => {
  const say = useText()
  const kind = state.text === '' ? 'empty' : 'none'
  const fill = { text: state.text, from: dateOf(state.from) }
  return (
    <Empty
      icon={kind === 'none' ? 'search' : 'history'}
      title={say(`history.${kind}.title`)}
      text={say(`history.${kind}.text`, fill)}
    >
      <Earlier state={state} />
    </Empty>
  )
}

const Failed = () => {
  const say = useText()
  const search = historySearch(useDesk())
  return (
    <Empty icon="alert" title={say('history.failed.title')} text={say('history.failed.text')}>
      <Button onClick={() => search.again()}>{say('history.retry')}</Button>
    </Empty>
  )
}

/** Up and down go from row to row, as in any list. */
const moveFocus = (event: KeyboardEvent<HTMLElement>): void => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
  if (step === undefined) return
  const rows = [...event.currentTarget.querySelectorAll<HTMLElement>('a[data-row]')]
  const next = rows[rows.indexOf(document.activeElement as HTMLElement) + step]
  if (!next) return
  event.preventDefault()
  next.focus()
}

const Found = ({ state }: { state: SearchState }) => {
  const say = useText()
  const search = historySearch(useDesk())
  const { conversationId } = useValue(route)
  const { items = [], hasMore, isBusy } = state
  const entry = items.some(({ id }) => id === conversationId) ? conversationId : items[0]?.id
  return (
    <section
      aria-label={say('history.results')}
      aria-busy={isBusy}
      onKeyDown={moveFocus}
      className="scrolls min-h-0 flex-1"
    >
      <ul>
        {items.map((past) => (
          <li key={past.id}>
            <HistoryRow
              past={past}
              search={state.text}
              isCurrent={past.id === conversationId}
              isEntry={past.id === entry}
            />
          </li>
        ))}
      </ul>
      <div className="flex justify-center px-4 py-3">
        {hasMore ? (
          <Button disabled={isBusy} onClick={() => search.more()}>
            {say('history.more')}
          </Button>
        ) : (
          <Earlier state={state} />
        )}
      </div>
    </section>
  )
}

export const HistoryList = () => {
  const say = useText()
  const desk = useDesk()
  const search = historySearch(desk)
  const state = useValue(search.state)
  const text = useValue(route).filters?.['q'] ?? ''
  const isHere = useRef(false)
  // By typing, a link, or the palette; who comes back finds what was there.
  useEffect(() => {
    if (isHere.current) search.search(text, { isTyped: true })
    else search.open(text)
    isHere.current = true
  }, [search, text])
  const { items, hasFailed } = state
  return (
    <div data-region="list" className="flex h-full flex-col">
      <header className="flex h-14 shrink-0 items-center gap-2 px-4">
        <h1 className="flex-1 text-lg font-semibold">{say('history.title')}</h1>
        <Count state={state} />
      </header>
      <Search text={text} />
      <Range state={state} />
      {hasFailed && <Failed />}
      {!hasFailed && !items && <Skeleton rows={6} />}
      {!hasFailed && items?.length === 0 && <Nothing state={state} />}
      {!hasFailed && items && items.length > 0 && <Found state={state} />}
    </div>
  )
}
