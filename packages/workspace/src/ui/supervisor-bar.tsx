/** How things stand, for those who look after others; every figure leads to its list. [WSP25] */
import { useEffect, useState } from 'react'
import { type AtWork, type Readiness, readinessOf, useAgents } from '../model/agents.ts'
import { type Overview, overviewOf, steady } from '../model/overview.ts'
import { type Filters, go, hashOf, type Route, route } from '../model/route.ts'
import { useValue } from '../model/value.ts'
import type { TextKey } from '../text/en.ts'
import { useText } from '../text/language.ts'
import { useDesk } from './desk-context.tsx'
import { Icon, type IconName } from './icons.tsx'

/** Counted once a second, and at once when the list is there for the first time. */
const useOverview = (): Overview | undefined => {
  const desk = useDesk()
  const isThere = useValue(desk.all) !== undefined
  const isOwnThere = useValue(desk.mine) !== undefined
  const [overview, setOverview] = useState<Overview>()
  useEffect(() => {
    // The agent's own conversations come first.
    if (isOwnThere) desk.followAll()
  }, [desk, isOwnThere])
  useEffect(() => {
    const count = () => {
      const all = desk.all.get()
      if (all) setOverview((before) => steady(before, overviewOf(all.values(), desk.now.get())))
    }
    if (isThere) count()
    return desk.now.subscribe(count)
  }, [desk, isThere])
  return overview
}

interface FigureProps {
  readonly label: TextKey
  readonly count: number | undefined
  readonly to: Route
  readonly mark?: { readonly icon: IconName; readonly tone: string } | undefined
}

/** Whether this list is shown, with whichever conversation beside it. */
const isAt = ({ view, filters = {} }: Route, to: Route): boolean =>
  hashOf({ view, filters }) === hashOf(to)

const Figure = ({ label, count, to, mark }: FigureProps) => {
  const say = useText()
  const isCurrent = isAt(useValue(route), to)
  const tone = mark && count ? mark.tone : 'text-ink'
  return (
    <a
      href={hashOf(to)}
      aria-current={isCurrent ? 'page' : undefined}
      onClick={(event) => {
        event.preventDefault()
        go(to)
      }}
      className={`flex h-8 shrink-0 items-center gap-1.5 rounded-lg px-2 text-sm whitespace-nowrap ${isCurrent ? 'bg-accent-soft text-accent-ink' : 'text-dim hover:bg-hover hover:text-ink'}`}
    >
      {mark && (
        <span className={count ? mark.tone : ''}>
          <Icon name={mark.icon} size={14} />
        </span>
      )}
      {say(label)}
      <span className={`min-w-4 text-end font-semibold tabular-nums ${isCurrent ? '' : tone}`}>
        {count ?? '–'}
      </span>
    </a>
  )
}

const readyShown = [
  ['online', 'bar.online'],
  ['busy', 'bar.busy'],
  ['away', 'bar.away'],
] as const satisfies readonly (readonly [Readiness, TextKey])[]

const countReady = (agents: readonly AtWork[] | undefined, wanted: Readiness) =>
  agents?.filter((one) => readinessOf(one) === wanted).length

const AgentFigures = () => {
  const say = useText()
  const agents = useAgents(useDesk().rest)
  return (
    <div role="group" aria-label={say('agents.title')} className="flex items-center gap-1">
      <span aria-hidden="true" className="mx-1 h-4 border-s border-line" />
      <span className="text-dim">
        <Icon name="people" size={16} />
      </span>
      {readyShown.map(([ready, label]) => (
        <Figure
          key={ready}
          label={label}
          count={countReady(agents, ready)}
          to={{ view: 'agents', filters: { state: ready } }}
        />
      ))}
    </div>
  )
}

const to = (filters: Filters): Route => ({ view: 'all', filters })

export const SupervisorBar = () => {
  const say = useText()
  const desk = useDesk()
  const counts = useOverview()
  const { view, conversationId } = useValue(route)
  // There is room for one thing at a time on a small screen: the figures are beside their lists.
  const isAside = view === 'mine' || conversationId !== undefined
  return (
    <nav
      aria-label={say('bar.label')}
      data-region="overview"
      className={`scrolls flex min-h-11 shrink-0 flex-wrap items-center gap-1 border-b border-line bg-page px-3 py-1 max-mid:flex-nowrap max-mid:overflow-y-hidden ${isAside ? 'max-mid:hidden' : ''}`}
    >
      <Figure label="bar.open" count={counts?.open} to={to({})} />
      <Figure
        label="bar.late"
        count={counts?.late}
        to={to({ due: 'late' })}
        mark={{ icon: 'alert', tone: 'text-bad' }}
      />
      <Figure
        label="bar.soon"
        count={counts?.soon}
        to={to({ due: 'soon' })}
        mark={{ icon: 'clock', tone: 'text-warn' }}
      />
      <Figure label="bar.queue" count={counts?.inQueue} to={to({ agent: '-' })} />
      <Figure label="bar.waiting" count={counts?.waiting} to={to({ due: 'waiting' })} />
      {desk.maySeeAgents && <AgentFigures />}
    </nav>
  )
}
