/** Who is at work, in which state, with how much to do. [WSP23] [WSP27] */
import { useState } from 'react'
import { type AtWork, type Readiness, readinessOf, useAgents } from '../model/agents.ts'
import { go, narrow, route } from '../model/route.ts'
import { useValue } from '../model/value.ts'
import type { TextKey } from '../text/en.ts'
import { useText } from '../text/language.ts'
import { AgentRow } from './agent-row.tsx'
import { useDesk } from './desk-context.tsx'
import { Icon } from './icons.tsx'
import { Select } from './list-filters.tsx'
import { Button, Empty, Skeleton } from './parts.tsx'

type Column = 'name' | 'status' | 'load' | 'skills'

const readiness: readonly Readiness[] = ['online', 'busy', 'away', 'absent']
const readinessNames = {
  online: 'bar.online',
  busy: 'agents.state.busy',
  away: 'bar.away',
  absent: 'agents.state.absent',
} as const satisfies Record<Readiness, TextKey>

const shareOf = ({ busy, most }: AtWork): number => (most > 0 ? busy / most : 2)

const orders: Readonly<Record<Column, (one: AtWork, other: AtWork) => number>> = {
  name: () => 0,
  // Those who can be counted on first, of these the longest so first.
  status: (one, other) =>
    readiness.indexOf(readinessOf(one)) - readiness.indexOf(readinessOf(other)) ||
    one.since - other.since,
  load: (one, other) => shareOf(other) - shareOf(one) || other.busy - one.busy,
  skills: (one, other) => one.skills.join().localeCompare(other.skills.join()),
}

interface Sorting {
  readonly by: Column
  readonly isReversed: boolean
}

const sorted = (agents: readonly AtWork[], { by, isReversed }: Sorting): readonly AtWork[] => {
  const turn = isReversed ? -1 : 1
  return agents.toSorted(
    (one, other) => turn * (orders[by](one, other) || one.name.localeCompare(other.name)),
  )
}

interface Wanted {
  readonly text: string
  readonly state: string
  readonly skill: string
}

const useWanted = (): Wanted => {
  const { text = '', state = '', skill = '' } = useValue(route).filters ?? {}
  return { text, state, skill }
}

const isWanted =
  ({ text, state, skill }: Wanted) =>
  (one: AtWork): boolean =>
    (state === '' || readinessOf(one) === state) &&
    (skill === '' || one.skills.includes(skill)) &&
    [one.name, ...one.skills].some((word) => word.toLowerCase().includes(text.trim().toLowerCase()))

const choose = (name: string) => (value: string) => {
  const { filters, ...rest } = route.get()
  go({ ...rest, filters: { ...filters, [name]: value } })
}

const Filters = ({ agents, wanted }: { agents: readonly AtWork[]; wanted: Wanted }) => {
  const say = useText()
  const skills = [...new Set(agents.flatMap((one) => one.skills))].sort((a, b) =>
    a.localeCompare(b),
  )
  return (
    <div className="flex shrink-0 flex-wrap gap-2 px-6 pb-3 max-mid:px-4">
      <input
        type="search"
        className="field h-8 max-w-72 text-sm max-mid:max-w-none"
        aria-label={say('agents.search')}
        placeholder={say('agents.search')}
        value={wanted.text}
        onChange={(event) => narrow({ text: event.currentTarget.value })}
      />
      <Select
        label={say('agents.status')}
        className="w-52 max-mid:flex-1"
        value={wanted.state}
        choices={[
          { id: '', name: say('agents.state.any') },
          ...readiness.map((id) => ({ id, name: say(readinessNames[id]) })),
        ]}
        change={choose('state')}
      />
      <Select
        label={say('agents.skills')}
        className="w-44 max-mid:flex-1"
        value={wanted.skill}
        choices={[
          { id: '', name: say('agents.skill.any') },
          ...skills.map((name) => ({ id: name, name })),
        ]}
        change={choose('skill')}
      />
    </div>
  )
}

const columns = [
  ['name', 'agents.name', 'ps-6 pe-4'],
  ['status', 'agents.status', 'pe-4'],
  ['load', 'agents.load', 'pe-4'],
  ['skills', 'agents.skills', 'pe-6'],
] as const

const Heads = ({ sorting, sort }: { sorting: Sorting; sort: (by: Column) => void }) => {
  const say = useText()
  return (
    <thead className="sticky top-0 z-10 bg-panel">
      <tr className="max-mid:flex max-mid:flex-wrap max-mid:gap-x-2 max-mid:px-4">
        {columns.map(([column, label, place]) => {
          const isCurrent = sorting.by === column
          const direction = sorting.isReversed ? 'descending' : 'ascending'
          return (
            <th
              key={column}
              aria-sort={isCurrent ? direction : 'none'}
              className={`text-start max-mid:p-0 ${place}`}
            >
              <button
                type="button"
                onClick={() => sort(column)}
                className={`-ms-2 inline-flex h-8 items-center gap-1 rounded-lg px-2 text-xs font-medium hover:bg-hover ${isCurrent ? 'text-ink' : 'text-dim'}`}
              >
                {say(label)}
                <span
                  className={`${isCurrent ? '' : 'invisible'} ${sorting.isReversed ? 'rotate-180' : ''}`}
                >
                  <Icon name="chevron" size={14} />
                </span>
              </button>
            </th>
          )
        })}
      </tr>
    </thead>
  )
}

const Table = ({ agents }: { agents: readonly AtWork[] }) => {
  const [sorting, setSorting] = useState<Sorting>({ by: 'status', isReversed: false })
  const sort = (by: Column) =>
    setSorting((before) => ({ by, isReversed: before.by === by && !before.isReversed }))
  return (
    <div className="scrolls min-h-0 flex-1" tabIndex={0}>
      <table className="w-full max-mid:block max-mid:[&>*]:block">
        <Heads sorting={sorting} sort={sort} />
        <tbody>
          {sorted(agents, sorting).map((agent) => (
            <AgentRow key={agent.id} agent={agent} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

export const AgentsView = () => {
  const say = useText()
  const agents = useAgents(useDesk().rest)
  const wanted = useWanted()
  const shown = agents?.filter(isWanted(wanted))
  return (
    <section
      aria-label={say('agents.title')}
      data-region="list"
      className="flex min-w-0 flex-1 flex-col"
    >
      <header className="flex h-14 shrink-0 items-center gap-3 px-6 max-mid:px-4">
        <h1 className="flex-1 text-lg font-semibold">{say('agents.title')}</h1>
        {agents && shown && (
          <span className="text-sm text-dim tabular-nums">
            {say('agents.count', { count: shown.length, all: agents.length })}
          </span>
        )}
      </header>
      {!agents && <Skeleton rows={5} />}
      {agents?.length === 0 && <Empty icon="people" title={say('agents.empty')} />}
      {agents && agents.length > 0 && <Filters agents={agents} wanted={wanted} />}
      {shown && shown.length > 0 && <Table agents={shown} />}
      {agents && agents.length > 0 && shown?.length === 0 && (
        <div className="min-h-0 flex-1">
          <Empty icon="search" title={say('agents.none')}>
            <Button onClick={() => go({ view: 'agents', filters: {} })}>{say('list.clear')}</Button>
          </Empty>
        </div>
      )}
    </section>
  )
}
