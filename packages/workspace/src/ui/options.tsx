/** A field that narrows a list; up, down and Enter choose from it. */
import { type KeyboardEvent, type ReactNode, useEffect, useId, useMemo, useState } from 'react'
import { Icon } from './icons.tsx'

export interface Option {
  readonly id: string
  readonly name: string
  readonly hint?: ReactNode
  run(): void
}

interface OptionsProps {
  readonly label: string
  readonly placeholder: string
  readonly nothing: string
  /** Read as far as is shown: of many, names are made for few. */
  readonly options: Iterable<Option>
  /** What is done with the text itself, where nothing else has its name. */
  readonly otherwise?: (text: string) => Option
  /** Before what was chosen is done. */
  readonly chosen?: () => void
}

const MOST_SHOWN = 50

const firstNamed = (options: Iterable<Option>, wanted: string): readonly Option[] => {
  const found: Option[] = []
  for (const option of options) {
    if (option.name.toLowerCase().includes(wanted)) found.push(option)
    if (found.length === MOST_SHOWN) break
  }
  return found
}

export const Options = ({
  label,
  placeholder,
  nothing,
  options,
  otherwise,
  chosen,
}: OptionsProps) => {
  const id = useId()
  const [text, setText] = useState('')
  const [at, setAt] = useState(0)
  const wanted = text.trim().toLowerCase()
  const named = useMemo(() => firstNamed(options, wanted), [options, wanted])
  const found = otherwise && wanted !== '' ? [...named, otherwise(text.trim())] : named
  const current = found[Math.min(at, found.length - 1)]
  const optionId = (option: Option) => `${id}-${option.id}`
  useEffect(() => {
    if (current)
      document.getElementById(`${id}-${current.id}`)?.scrollIntoView({ block: 'nearest' })
  }, [current, id])
  const choose = (option: Option) => {
    chosen?.()
    option.run()
  }
  const keys: Readonly<Record<string, () => void>> = {
    ArrowDown: () => setAt(Math.min(found.length - 1, at + 1)),
    ArrowUp: () => setAt(Math.max(0, at - 1)),
    Enter: () => current && choose(current),
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const act = event.nativeEvent.isComposing ? undefined : keys[event.key]
    if (!act) return
    event.preventDefault()
    act()
  }
  return (
    <>
      <div className="flex shrink-0 items-center gap-3 border-b border-line px-4 text-dim">
        <Icon name="search" />
        <input
          // biome-ignore lint/a11y/noAutofocus: whoever opened this is about to type
          autoFocus
          role="combobox"
          aria-expanded="true"
          aria-controls={id}
          aria-label={label}
          aria-activedescendant={current ? optionId(current) : undefined}
          autoComplete="off"
          placeholder={placeholder}
          value={text}
          onChange={(event) => {
            setText(event.currentTarget.value)
            setAt(0)
          }}
          onKeyDown={onKeyDown}
          className="h-12 min-w-0 flex-1 bg-transparent text-ink outline-none"
        />
      </div>
      {found.length === 0 && <p className="p-4 text-sm text-dim">{nothing}</p>}
      <div id={id} role="listbox" aria-label={label} tabIndex={-1} className="scrolls min-h-0 p-2">
        {found.map((option) => (
          <div
            key={option.id}
            id={optionId(option)}
            role="option"
            tabIndex={-1}
            aria-selected={option === current}
            onPointerMove={() => setAt(found.indexOf(option))}
            onClick={() => choose(option)}
            onKeyDown={onKeyDown}
            className={`flex min-h-9 cursor-pointer items-center gap-3 rounded-lg px-2 ${option === current ? 'bg-hover' : ''}`}
          >
            <span className="min-w-0 flex-1 truncate">{option.name}</span>
            <span className="shrink-0 text-xs text-dim">{option.hint}</span>
          </div>
        ))}
      </div>
    </>
  )
}
