/** One past conversation in the list: whose, when, with whom, and where the words stand. [WSP34] */
import type { Past } from '../model/history.ts'
import { useMinute } from '../model/minute.ts'
import { type Filters, go, hashOf } from '../model/route.ts'
import { localeNow, useText } from '../text/language.ts'
import { useConsumer, useDesk, useSkillName } from './desk-context.tsx'
import { Marked } from './marked.tsx'
import { Avatar } from './parts.tsx'

const MINUTE_MS = 60_000

/** Today the time, this year the day, before that the year too. */
export const whenOf = (at: number, now: number): string => {
  const [date, today] = [new Date(at), new Date(now)]
  if (date.toDateString() === today.toDateString())
    return date.toLocaleTimeString(localeNow(), { hour: '2-digit', minute: '2-digit' })
  const isThisYear = date.getFullYear() === today.getFullYear()
  return date.toLocaleDateString(localeNow(), {
    day: 'numeric',
    month: 'short',
    ...(!isThisYear && { year: 'numeric' }),
  })
}

export const useEnding = ({ isOpen, closedBy }: Past): string => {
  const say = useText()
  if (isOpen) return say('history.open')
  return closedBy ? say(`history.closed.${closedBy}`) : say('history.closed')
}

export const targetOf = ({ id, matches }: Past, search: string) => {
  const filters: Filters = { q: search, message: matches[0]?.messageId ?? '' }
  return { view: 'history', conversationId: id, filters } as const
}

export const HistoryRow = (props: {
  past: Past
  search: string
  isCurrent: boolean
  isEntry: boolean
}) => {
  const { past, search, isCurrent, isEntry } = props
  const now = useMinute(useDesk().now) * MINUTE_MS
  const { name } = useConsumer(past.consumerId)
  const skill = useSkillName(past.skillId)
  const ending = useEnding(past)
  const [match] = past.matches
  const to = targetOf(past, search)
  return (
    <a
      data-row={past.id}
      href={hashOf(to)}
      tabIndex={isEntry ? 0 : -1}
      aria-current={isCurrent ? 'true' : undefined}
      onClick={(event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return
        event.preventDefault()
        go(to)
      }}
      className={`flex gap-3 px-4 py-3 ${isCurrent ? 'bg-accent-soft' : 'hover:bg-hover'}`}
    >
      <Avatar id={past.consumerId} name={name} />
      <span className="min-w-0 flex-1">
        <span className="flex items-baseline gap-2">
          <span className="min-w-0 flex-1 truncate font-medium">{name}</span>
          <time className="shrink-0 text-xs text-dim tabular-nums">
            {whenOf(past.startedAt, now)}
          </time>
        </span>
        <span className="block truncate text-xs text-dim">
          {[skill, past.agent].filter(Boolean).join(' · ')}
        </span>
        {match && (
          <span className="mt-1 line-clamp-2 text-sm break-words">
            <Marked text={match.text} search={search} />
          </span>
        )}
        <span className="mt-1 block truncate text-xs text-dim">{ending}</span>
      </span>
    </a>
  )
}
