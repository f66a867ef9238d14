/** What settings are made of: a line with its name on one side and its switch on the other. */
import { type ReactNode, useId } from 'react'

interface LineProps {
  readonly label: string
  readonly hint?: string
}

const Name = ({ label, hint, hintId }: LineProps & { hintId: string }) => (
  <span className="min-w-0 flex-1">
    {label}
    {hint !== undefined && (
      <span id={hintId} className="block text-xs text-dim">
        {hint}
      </span>
    )}
  </span>
)

interface ChoiceProps<T extends string> extends LineProps {
  readonly value: T
  readonly choices: readonly (readonly [T, string])[]
  readonly change: (value: T) => void
}

export const Choice = <T extends string>(props: ChoiceProps<T>) => {
  const id = useId()
  const { label, hint, value, choices, change } = props
  return (
    <div className="flex min-h-11 items-center gap-4">
      <label htmlFor={id} className="min-w-0 flex-1">
        {label}
        {hint !== undefined && (
          <span aria-hidden="true" className="block text-xs text-dim">
            {hint}
          </span>
        )}
      </label>
      <select
        id={id}
        aria-label={label}
        aria-description={hint}
        className="field h-8 w-40 shrink-0 px-2 text-sm"
        value={value}
        onChange={(event) => change(event.currentTarget.value as T)}
      >
        {choices.map(([one, name]) => (
          <option key={one} value={one}>
            {name}
          </option>
        ))}
      </select>
    </div>
  )
}

interface SwitchProps extends LineProps {
  readonly isOn: boolean
  readonly change: (isOn: boolean) => void
}

export const Switch = ({ label, hint, isOn, change }: SwitchProps) => {
  const hintId = useId()
  return (
    <label className="flex min-h-11 items-center gap-4">
      <Name label={label} hintId={hintId} {...(hint !== undefined && { hint })} />
      <input
        type="checkbox"
        aria-label={label}
        aria-describedby={hint === undefined ? undefined : hintId}
        className="size-4 shrink-0 accent-accent"
        checked={isOn}
        onChange={(event) => change(event.currentTarget.checked)}
      />
    </label>
  )
}

export const Group = ({ title, children }: { title: string; children: ReactNode }) => (
  <section className="space-y-1 border-t border-line pt-4 first:border-t-0 first:pt-0">
    <h3 className="pb-1 text-sm font-semibold">{title}</h3>
    {children}
  </section>
)
