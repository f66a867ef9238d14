/** What the details are made of: sections that fold, and names with values. [WSP26] */
import { type ReactNode, useId } from 'react'
import { fold, folded } from '../model/folded.ts'
import { useValue } from '../model/value.ts'
import { Icon } from './icons.tsx'

interface SectionProps {
  /** By which it is remembered. */
  readonly name: string
  readonly title: string
  readonly children: ReactNode
}

export const Section = ({ name, title, children }: SectionProps) => {
  const id = useId()
  const isOpen = !useValue(folded).includes(name)
  return (
    <section className="border-t border-line">
      <h3>
        <button
          type="button"
          aria-expanded={isOpen}
          aria-controls={id}
          onClick={() => fold(name)}
          className="flex h-10 w-full items-center gap-2 ps-4 pe-3 text-start text-xs font-semibold text-dim hover:text-ink"
        >
          <span className="flex-1">{title}</span>
          <span className={isOpen ? 'rotate-180' : ''}>
            <Icon name="chevron" size={16} />
          </span>
        </button>
      </h3>
      <div id={id} hidden={!isOpen} className="px-4 pt-1 pb-4">
        {isOpen && children}
      </div>
    </section>
  )
}

export const Pairs = ({ pairs }: { pairs: readonly (readonly [string, ReactNode])[] }) => (
  <dl className="space-y-1 text-sm">
    {pairs.map(([name, value], index) => (
      <div key={index} className="flex gap-3">
        <dt className="w-24 shrink-0 truncate text-dim" title={name}>
          <bdi>{name}</bdi>
        </dt>
        <dd className="min-w-0 flex-1 break-words">
          <bdi>{value}</bdi>
        </dd>
      </div>
    ))}
  </dl>
)
