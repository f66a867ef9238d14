/** One conversation in a list: who, what last, how urgent. Always the same height. */
import { memo } from 'react'
import { type Conversation, timeLeft, type Urgency, urgencyOf } from '../model/conversation.ts'
import { previewOf } from '../model/messages.ts'
import { preferences } from '../model/preferences.ts'
import { go, hashOf } from '../model/route.ts'
import { useValue } from '../model/value.ts'
import { momentIn } from '../text/formats.ts'
import { localeNow, useText } from '../text/language.ts'
import { useColleague, useConsumer, useDesk, useOffice, useSkillName } from './desk-context.tsx'
import { Icon, type IconName } from './icons.tsx'
import { Avatar } from './parts.tsx'

const heights = { compact: 64, comfortable: 76 } as const

/** Of a row with the gap below it, in pixels, as dense as the agent wants it. [WSP52] */
export const rowHeight = (): number => heights[preferences.get().density]

const MOST_SHOWN = 9
const DAY_MS = 86_400_000

const chips: Readonly<Record<Urgency, { colours: string; icon: IconName }>> = {
  waiting: { colours: 'text-dim', icon: 'pause' },
  fine: { colours: 'bg-good-soft text-good', icon: 'clock' },
  soon: { colours: 'bg-warn-soft text-warn', icon: 'clock' },
  late: { colours: 'bg-bad-soft text-bad', icon: 'alert' },
}

/** Counts down to the deadline that the server named. [WSP6] */
export const UrgencyChip = ({ conversation }: { conversation: Conversation }) => {
  const say = useText()
  const now = useValue(useDesk().now)
  const urgency = urgencyOf(conversation, now)
  const { colours, icon } = chips[urgency]
  const { dueAt } = conversation
  const time = dueAt === undefined ? '' : timeLeft(dueAt, now)
  const title =
    dueAt === undefined ? say('row.waiting') : say(dueAt < now ? 'row.late' : 'row.due', { time })
  return (
    <span
      data-chip={urgency}
      title={title}
      className={`inline-flex h-5 shrink-0 items-center gap-1 rounded-md px-1.5 text-xs font-medium tabular-nums ${colours}`}
    >
      <Icon name={icon} size={14} />
      <span className="sr-only">{title}</span>
      <span aria-hidden="true" dir="ltr">
        {time}
      </span>
    </span>
  )
}

export const shortTime = (at: number, now: number): string => {
  const date = new Date(at)
  const locale = localeNow()
  return now - at < DAY_MS && date.getDate() === new Date(now).getDate()
    ? momentIn(locale, 'time', at)
    : momentIn(locale, 'date', at)
}

const Preview = ({ conversation }: { conversation: Conversation }) => {
  const say = useText()
  const { desk, drafts } = useOffice()
  const isTyping = useValue(desk.typing).has(conversation.dialogId)
  const draft = useValue(drafts.all)[conversation.dialogId]
  if (isTyping) return <span className="text-accent-ink">{say('row.typing')}</span>
  if (draft?.text)
    return (
      <>
        <span className="text-accent-ink">{say('row.draft')}</span> {draft.text}
      </>
    )
  const { last } = conversation
  if (!last) return <>{say('row.none')}</>
  const { kind, text } = previewOf(last.event)
  const own = last.originatorId === desk.me ? `${say('row.you')} ` : ''
  const what = text ?? say(kind === 'card' ? 'row.card' : 'row.file')
  return <>{own + what}</>
}

const Whose = ({ conversation }: { conversation: Conversation }) => {
  const say = useText()
  const { assignedAgentId, suggestedAgentId } = conversation
  const assigned = useColleague(assignedAgentId)
  const suggested = useColleague(suggestedAgentId)
  if (assignedAgentId !== undefined) return <>{assigned}</>
  return (
    <>
      {suggestedAgentId === undefined ? say('row.queue') : say('row.offered', { name: suggested })}
    </>
  )
}

interface RowProps {
  readonly conversation: Conversation
  readonly view: 'mine' | 'all'
  readonly isCurrent: boolean
  /** The row to which Tab leads. */
  readonly isEntry: boolean
}

const Row = ({ conversation, view, isCurrent, isEntry }: RowProps) => {
  const say = useText()
  const { now } = useDesk()
  const { id, consumerId, skillId, unread, updatedAt, last } = conversation
  const { name } = useConsumer(consumerId)
  const skillName = useSkillName(skillId)
  // Of what all have in common a row says nothing.
  const skill = skillId === '-1' ? '' : skillName
  const to = { view, conversationId: id }
  return (
    <a
      data-row={id}
      href={hashOf(to)}
      aria-current={isCurrent ? 'true' : undefined}
      tabIndex={isEntry ? 0 : -1}
      onClick={(event) => {
        event.preventDefault()
        go(to)
      }}
      className={`mx-2 flex h-(--row) items-center gap-3 rounded-lg px-2 ${isCurrent ? 'bg-accent-soft' : 'hover:bg-hover'}`}
    >
      <Avatar id={consumerId} name={name} />
      <span className="min-w-0 flex-1 space-y-1">
        <span className="flex items-center gap-2">
          <span dir="auto" className={`truncate ${unread > 0 ? 'font-semibold' : 'font-medium'}`}>
            {name}
          </span>
          <span className="min-w-0 flex-1 truncate text-xs text-dim">
            {view === 'all' ? <Whose conversation={conversation} /> : skill}
          </span>
          <span className="shrink-0 text-xs text-dim tabular-nums">
            {shortTime(last?.serverTimestamp ?? updatedAt, now.get())}
          </span>
        </span>
        <span className="flex h-5 items-center gap-2">
          <span
            dir="auto"
            className={`min-w-0 flex-1 truncate text-sm rtl:text-right ${unread > 0 ? 'text-ink' : 'text-dim'}`}
          >
            <Preview conversation={conversation} />
          </span>
          {unread > 0 && (
            <span
              data-unread={unread}
              className="inline-flex h-5 min-w-5 shrink-0 items-center justify-center rounded-full bg-accent px-1.5 text-xs font-semibold text-on-accent tabular-nums"
            >
              <span className="sr-only">{say('row.unread', { count: unread })}</span>
              <span aria-hidden="true">{unread > MOST_SHOWN ? `${MOST_SHOWN}+` : unread}</span>
            </span>
          )}
          <UrgencyChip conversation={conversation} />
        </span>
      </span>
    </a>
  )
}

/** Drawn again when something of it has changed, not with every step that a list is scrolled. */
export const ConversationRow = memo(Row)
