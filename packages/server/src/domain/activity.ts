/** What a committed event does to its dialog's activity: one pure step, the same on every side. */
import type { Activity, Participant } from './conversation.ts'
import type { DialogEvent, NewEvent } from './event.ts'

export const emptyActivity: Activity = { nextSequence: 0, unread: {} }

const isAnswer = ({ publisher, audience }: DialogEvent): boolean =>
  audience === 'all' && (publisher.role === 'assigned_agent' || publisher.role === 'manager')

const countUnread = (
  unread: Activity['unread'],
  event: DialogEvent,
  participants: readonly Participant[],
): Activity['unread'] => {
  const counts: Record<string, number> = {}
  for (const { id, role, state } of participants) {
    if (state !== 'active') continue
    const seen = event.audience === 'all' || role !== 'consumer'
    const own = id === event.publisher.id
    counts[id] = (unread[id] ?? 0) + (seen && !own ? 1 : 0)
  }
  return counts
}

/**
 * Content raises the others' unread counts and starts or ends the consumer's waiting; what is said
 * automatically does neither. [CV8] [TTR2] [CNT32]
 */
export const afterContent = (
  activity: Activity,
  event: DialogEvent,
  participants: readonly Participant[],
  isAutomatic = false,
): Activity => {
  const { unansweredSince, unansweredLatest, ...rest } = activity
  const waiting = {
    ...(unansweredSince !== undefined && { unansweredSince }),
    ...(unansweredLatest !== undefined && { unansweredLatest }),
  }
  const fromConsumer = event.publisher.role === 'consumer'
  return {
    ...rest,
    nextSequence: event.sequence + 1,
    unread: isAutomatic ? activity.unread : countUnread(activity.unread, event, participants),
    lastAgentContent: event,
    ...(event.audience === 'all' && { lastContent: event }),
    ...(fromConsumer
      ? { unansweredSince: unansweredSince ?? event.at, unansweredLatest: event.at }
      : isAnswer(event) && !isAutomatic
        ? {}
        : waiting),
  }
}

/** A READ receipt lowers its publisher's unread count to what can be newer than the newest named. */
export const afterReceipt = (
  activity: Activity,
  event: Pick<DialogEvent, 'sequence' | 'publisher'>,
  receipt: NonNullable<NewEvent['receipt']>,
): Activity => {
  const next = { ...activity, nextSequence: event.sequence + 1 }
  const count = activity.unread[event.publisher.id] ?? 0
  if (receipt.status !== 'READ' || count === 0) return next
  const newest = activity.lastAgentContent?.sequence ?? -1
  const newer = Math.max(0, newest - Math.max(...receipt.sequences))
  return { ...next, unread: { ...activity.unread, [event.publisher.id]: Math.min(count, newer) } }
}
