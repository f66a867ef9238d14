/** What an agent wants to hear of while it looks elsewhere, and by which ways. [WSP51] */
import type { Ring } from '@ringdown/client'
import type { Conversation } from './conversation.ts'
import type { Conversations } from './desk.ts'
import { previewOf } from './messages.ts'
import {
  type Channel,
  channels,
  type NoticeKind,
  type Preferences,
  type QuietHours,
} from './preferences.ts'

export interface Notice {
  readonly kind: NoticeKind
  readonly conversationId: string
  readonly consumerId: string
  /** What was said; nothing where it was no text. */
  readonly text?: string
}

const minutesOf = (time: string): number => {
  const [hours = 0, minutes = 0] = time.split(':').map(Number)
  return hours * 60 + minutes
}

/** From one time to another, also over midnight; from a time to itself is never. */
export const isQuiet = ({ isOn, from, to }: QuietHours, at: Date): boolean => {
  if (!isOn) return false
  const [start, end] = [minutesOf(from), minutesOf(to)]
  const now = at.getHours() * 60 + at.getMinutes()
  return start <= end ? now >= start && now < end : now >= start || now < end
}

/** Where the agent is looking. */
export interface Attention {
  readonly hasFocus: boolean
  readonly conversationId: string | undefined
  readonly at: Date
}

/** By which ways something is told: never what is looked at, quietly at quiet hours. */
export const waysOf = (
  { kind, conversationId }: Pick<Notice, 'kind' | 'conversationId'>,
  { notices, quiet }: Pick<Preferences, 'notices' | 'quiet'>,
  { hasFocus, conversationId: seen, at }: Attention,
): readonly Channel[] => {
  if (kind === 'message' && hasFocus && seen === conversationId) return []
  const isSilent = isQuiet(quiet, at)
  return channels.filter((channel) => {
    if (!notices[kind][channel]) return false
    if (channel === 'browser' && hasFocus) return false
    return channel === 'page' || !isSilent
  })
}

const isFromConsumer = ({ last, consumerId }: Conversation): boolean =>
  last !== undefined &&
  (last.originatorMetadata?.role === 'CONSUMER' || last.originatorId === consumerId)

/** What has happened between two looks at the agent's own conversations. */
export const newsIn = (
  before: Conversations,
  after: Conversations,
  leftByChoice: ReadonlySet<string>,
): readonly Notice[] => {
  const news: Notice[] = []
  for (const conversation of after.values()) {
    const known = before.get(conversation.id)
    const { id, consumerId, last, ownRole } = conversation
    if (!known || !last || ownRole !== 'ASSIGNED_AGENT') continue
    const isNewer = (last.sequence ?? -1) > (known.last?.sequence ?? -1)
    if (!isNewer || !isFromConsumer(conversation)) continue
    const { text } = previewOf(last.event)
    news.push({ kind: 'message', conversationId: id, consumerId, ...(text && { text }) })
  }
  for (const { id, consumerId, ownRole } of before.values()) {
    const isGone = after.get(id)?.ownRole !== 'ASSIGNED_AGENT'
    if (ownRole === 'ASSIGNED_AGENT' && isGone && !leftByChoice.has(id))
      news.push({ kind: 'gone', conversationId: id, consumerId })
  }
  return news
}

export const newRings = (before: readonly Ring[], after: readonly Ring[]): readonly Notice[] => {
  const known = new Set(before.map(({ ringId }) => ringId))
  return after
    .filter(({ ringId }) => !known.has(ringId))
    .map(({ convId, consumerId }) => ({ kind: 'ring', conversationId: convId, consumerId }))
}
