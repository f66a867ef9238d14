/** Narrows what of all conversations is shown. [WSP25] */
import { IN_QUEUE } from '../model/list-filter.ts'
import { go, narrow, route } from '../model/route.ts'
import { useValue } from '../model/value.ts'
import { useText } from '../text/language.ts'
import { useDesk } from './desk-context.tsx'
import { useListFilter } from './use-list-filter.ts'

interface Choice {
  readonly id: string
  readonly name: string
}

export const Select = (props: {
  label: string
  value: string
  choices: readonly Choice[]
  change: (id: string) => void
  className?: string
}) => (
  <select
    aria-label={props.label}
    className={`field h-8 min-w-0 px-2 text-sm ${props.className ?? 'flex-1'}`}
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

/** A choice is a step that the browser's way back undoes. */
const choose = (name: string) => (value: string) => {
  const { filters, ...rest } = route.get()
  go({ ...rest, filters: { ...filters, [name]: value } })
}

const dues = ['late', 'soon', 'waiting'] as const

export const ListFilters = () => {
  const { directory } = useDesk()
  const say = useText()
  const { skillId, agentId, text, due } = useListFilter()
  const any = (label: string): Choice => ({ id: '', name: `${label}: ${say('list.filter.any')}` })
  const skills = [...useValue(directory.skills).values()]
  const people = [...useValue(directory.people).values()]
  return (
    <div className="grid shrink-0 grid-cols-2 gap-2 px-4 pb-3">
      <input
        type="search"
        className="field h-8 text-sm"
        aria-label={say('list.search')}
        placeholder={say('list.searchShort')}
        value={text}
        onChange={(event) => narrow({ text: event.currentTarget.value })}
      />
      <Select
        label={say('list.filter.due')}
        value={due}
        choices={[
          any(say('list.filter.due')),
          ...dues.map((id) => ({ id, name: say(`list.filter.${id}`) })),
        ]}
        change={choose('due')}
      />
      <Select
        label={say('list.filter.skill')}
        value={skillId}
        choices={[any(say('list.filter.skill')), ...skills]}
        change={choose('skill')}
      />
      <Select
        label={say('list.filter.agent')}
        value={agentId}
        choices={[
          any(say('list.filter.agent')),
          { id: IN_QUEUE, name: say('list.filter.unassigned') },
          ...people,
        ]}
        change={choose('agent')}
      />
    </div>
  )
}
