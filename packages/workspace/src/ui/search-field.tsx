/** A field that searches what stands below it. */
import type { ComponentProps } from 'react'
import { Icon } from './icons.tsx'

interface SearchFieldProps
  extends Pick<ComponentProps<'input'>, 'autoComplete' | 'maxLength' | 'onKeyDown'> {
  readonly label: string
  readonly text: string
  readonly change: (text: string) => void
}

export const SearchField = ({ label, text, change, ...rest }: SearchFieldProps) => (
  <div className="relative">
    <span className="pointer-events-none absolute inset-y-0 start-3 flex items-center text-dim">
      <Icon name="search" size={16} />
    </span>
    <input
      type="search"
      className="field ps-9"
      aria-label={label}
      placeholder={label}
      value={text}
      onChange={(event) => change(event.currentTarget.value)}
      {...rest}
    />
  </div>
)
