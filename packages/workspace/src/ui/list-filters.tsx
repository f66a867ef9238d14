/** What of all conversations is shown. */
import type { Conversation } from '../model/conversation.ts'
import { useValue } from '../model/value.ts'
import { useText } from '../text/language.ts'
import { useDesk } from './desk-context.tsx'

export interface Filters {
  readonly skillId: string
  /** Nothing for everybody, `-` for those in the queue. */
  readonly agentId: string
  readonly text: string
}

const IN_QUEUE = '-'

export const anyone = (agentId: string, { assignedAgentId }: Conversation): boolean =>
  agentId === '' ||
  (agentId === IN_QUEUE ? assignedAgentId === undefined : assignedAgentId === agentId)

interface Choice {
  readonly id: string
  readonly name: string
}

const Select = (props: {
  label: string
  value: string
  choices: readonly Choice[]
  change: (id: string) => void
}) => (
  <select
    aria-label={props.label}
    className="field h-8 min-w-0 flex-1 px-2 text-sm"
    value={props.value}
    onChange={(event) => props.change(event.currentTarget.value)}
  >
    {props.choices.map(({ id, name }) => (
      <option key={id} value={id}>
        {name}
      </option>
    ))}
  </select>
)

export const ListFilters = (props: { filters: Filters; change: (filters: Filters) => void }) => {
  const { filters, change } = props
  const { directory } = useDesk()
  const say = useText()
  const any = (label: string): Choice => ({ id: '', name: `${label}: ${say('list.filter.any')}` })
  const skills = [...useValue(directory.skills).values()]
  const people = [...useValue(directory.people).values()]
  return (
    <div className="shrink-0 space-y-2 px-4 pb-3">
      <input
        type="search"
        className="field h-8 text-sm"
        aria-label={say('list.search')}
        placeholder={say('list.search')}
        value={filters.text}
        onChange={(event) => change({ ...filters, text: event.currentTarget.value })}
      />
      <div className="flex gap-2">
        <Select
          label={say('list.filter.skill')}
          value={filters.skillId}
          choices={[any(say('list.filter.skill')), ...skills]}
          change={(skillId) => change({ ...filters, skillId })}
        />
        <Select
          label={say('list.filter.agent')}
          value={filters.agentId}
          choices={[
            any(say('list.filter.agent')),
            { id: IN_QUEUE, name: say('list.filter.unassigned') },
            ...people,
          ]}
          change={(agentId) => change({ ...filters, agentId })}
        />
      </div>
    </div>
  )
}
