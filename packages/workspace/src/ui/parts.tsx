/** Small parts that everything is made of. */
import type { ButtonHTMLAttributes, ReactNode } from 'react'
import { Icon, type IconName } from './icons.tsx'

type ButtonKind = 'primary' | 'plain' | 'quiet' | 'danger'

const kinds: Readonly<Record<ButtonKind, string>> = {
  primary: 'bg-accent text-on-accent hover:bg-accent-strong disabled:opacity-60',
  plain: 'bg-raised text-ink border border-line hover:bg-hover disabled:opacity-60',
  quiet: 'text-dim hover:bg-hover hover:text-ink disabled:opacity-60',
  danger: 'text-bad hover:bg-bad-soft',
}

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly kind?: ButtonKind
  readonly size?: 28 | 32 | 36
}

const heights = { 28: 'h-7 px-2 text-sm', 32: 'h-8 px-3 text-sm', 36: 'h-9 px-4' } as const

export const Button = ({ kind = 'plain', size = 32, className = '', ...rest }: ButtonProps) => (
  <button
    type="button"
    className={`inline-flex shrink-0 items-center justify-center gap-2 rounded-lg font-medium whitespace-nowrap ${heights[size]} ${kinds[kind]} ${className}`}
    {...rest}
  />
)

interface IconButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly icon: IconName
  readonly label: string
}

export const IconButton = ({ icon, label, className = '', ...rest }: IconButtonProps) => (
  <button
    type="button"
    aria-label={label}
    title={label}
    className={`inline-flex size-8 shrink-0 items-center justify-center rounded-lg text-dim hover:bg-hover hover:text-ink ${className}`}
    {...rest}
  >
    <Icon name={icon} size={20} />
  </button>
)

const hues = [265, 200, 160, 30, 340, 95, 300, 230] as const

/** The same person always has the same colour. */
const hueOf = (id: string): number => {
  let sum = 0
  for (const character of id) sum = (sum * 31 + character.charCodeAt(0)) % 9973
  return hues[sum % hues.length] as number
}

const initialsOf = (name: string): string => {
  const words = name.split(/\s+/).filter(Boolean)
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined]
  return letters
    .map((word) => (word ? [...word][0] : ''))
    .join('')
    .toUpperCase()
}

export const Avatar = ({ id, name, size = 36 }: { id: string; name: string; size?: 24 | 36 }) => (
  <span
    aria-hidden="true"
    data-avatar
    className={`inline-flex shrink-0 select-none items-center justify-center rounded-full font-semibold ${size === 36 ? 'size-9 text-sm' : 'size-6 text-[10px]'}`}
    style={{
      background: `light-dark(hsl(${hueOf(id)} 70% 92%), hsl(${hueOf(id)} 28% 26%))`,
      color: `light-dark(hsl(${hueOf(id)} 55% 28%), hsl(${hueOf(id)} 70% 86%))`,
    }}
  >
    {initialsOf(name)}
  </span>
)

interface EmptyProps {
  readonly icon: IconName
  readonly title: string
  readonly text?: string
  readonly children?: ReactNode
}

export const Empty = ({ icon, title, text, children }: EmptyProps) => (
  <div className="flex h-full flex-col items-center justify-center gap-1 p-8 text-center">
    <span className="mb-3 inline-flex size-14 items-center justify-center rounded-2xl bg-accent-soft text-accent-ink">
      <Icon name={icon} size={32} />
    </span>
    <p className="font-semibold">{title}</p>
    {text !== undefined && <p className="max-w-72 text-sm text-dim text-balance">{text}</p>}
    {children !== undefined && <div className="mt-4 flex gap-2">{children}</div>}
  </div>
)

/** Rows that stand in until the real ones come; not shown before 150 ms have gone by. */
export const Skeleton = ({ rows }: { rows: number }) => (
  <div aria-hidden="true" className="late-in space-y-2 p-3">
    {Array.from({ length: rows }, (_, index) => `row-${index}`).map((key) => (
      <div key={key} className="flex h-12 items-center gap-3">
        <span className="size-9 shrink-0 rounded-full bg-hover" />
        <span className="flex-1 space-y-2">
          <span className="block h-3 w-1/2 rounded bg-hover" />
          <span className="block h-3 w-4/5 rounded bg-hover" />
        </span>
      </div>
    ))}
  </div>
)
