/** The lines of a thread, from what was said and what is still to be sent. Pure. [WSP8] [WSP9] */
import type { DialogEvent, OutboxEntry } from '@ringdown/client'
import type { ThreadState } from './thread.ts'

export type Sending = 'sending' | 'waiting' | 'sent' | 'delivered' | 'read' | 'failed'

export interface Message {
  readonly key: string
  readonly sequence: number | undefined
  readonly authorId: string
  readonly role: string
  readonly isOwn: boolean
  readonly isPrivate: boolean
  readonly isAutomatic: boolean
  readonly at: number | undefined
  readonly event: DialogEvent['event']
  /** Own messages only. */
  readonly sending: Sending | undefined
  readonly entry: OutboxEntry | undefined
}

export type Row =
  | { readonly kind: 'new'; readonly key: string }
  | { readonly kind: 'day'; readonly key: string; readonly at: number }
  | {
      readonly kind: 'message'
      readonly key: string
      readonly message: Message
      readonly isFirst: boolean
      readonly isLast: boolean
    }

const GROUP_MS = 2 * 60_000

const isAutomatic = ({ originatorMetadata, metadata }: DialogEvent): boolean =>
  originatorMetadata?.role === 'CONTROLLER' ||
  (metadata ?? []).some((one) => (one as { type?: string }).type === 'AutoMessage')

type Told = Pick<ThreadState, 'said' | 'delivered' | 'read' | 'settling'>

const saidMessage = (event: DialogEvent, state: Told, me: string): Message => {
  const sequence = event.sequence as number
  const isOwn = event.originatorId === me
  const isPrivate = event.messageAudience === 'AGENTS_AND_MANAGERS'
  const reached = state.read.has(sequence)
    ? 'read'
    : state.delivered.has(sequence)
      ? 'delivered'
      : 'sent'
  return {
    key: event.eventId ?? `#${sequence}`,
    sequence,
    authorId: event.originatorId,
    role: event.originatorMetadata?.role ?? 'CONTROLLER',
    isOwn,
    isPrivate,
    isAutomatic: isAutomatic(event),
    at: event.serverTimestamp,
    event: event.event,
    sending: isOwn && !isPrivate ? reached : undefined,
    entry: undefined,
  }
}

const states = { waiting: 'waiting', sending: 'sending', failed: 'failed' } as const

const unsentMessage = (entry: OutboxEntry, me: string, sending: Sending): Message => ({
  key: entry.id,
  sequence: undefined,
  authorId: me,
  role: 'ASSIGNED_AGENT',
  isOwn: true,
  isPrivate: entry.isPrivate === true,
  isAutomatic: false,
  at: undefined,
  event: entry.event as DialogEvent['event'],
  sending,
  entry,
})

/** Each message once, whether the server told of it yet or not. */
export const messagesOf = (
  state: Told,
  unsent: readonly OutboxEntry[],
  me: string,
): readonly Message[] => {
  const known = new Set(state.said.map(({ eventId }) => eventId))
  const fresh = ({ id }: OutboxEntry) => !known.has(id)
  return [
    ...state.said.map((event) => saidMessage(event, state, me)),
    ...state.settling.filter(fresh).map((entry) => unsentMessage(entry, me, 'sent')),
    ...unsent.filter(fresh).map((entry) => unsentMessage(entry, me, states[entry.state])),
  ]
}

const dayOf = (at: number): string => new Date(at).toDateString()

const joins = (before: Message | undefined, after: Message | undefined): boolean => {
  if (!before || !after) return false
  const [from, to] = [before.at ?? Number.POSITIVE_INFINITY, after.at ?? Number.POSITIVE_INFINITY]
  return (
    before.authorId === after.authorId &&
    before.isPrivate === after.isPrivate &&
    before.isAutomatic === after.isAutomatic &&
    (from === to || to - from < GROUP_MS || !Number.isFinite(to)) &&
    (!Number.isFinite(to) || dayOf(from) === dayOf(to))
  )
}

/** `newFrom`: the sequence from which on the agent has not looked yet. */
export const rowsOf = (messages: readonly Message[], newFrom?: number): readonly Row[] => {
  const isNew = ({ sequence }: Message) => newFrom !== undefined && sequence === newFrom
  return messages.flatMap((message, index): readonly Row[] => {
    const [before, after] = [messages[index - 1], messages[index + 1]]
    const { at, key } = message
    const isFirstNew = isNew(message)
    const row: Row = {
      kind: 'message',
      key,
      message,
      isFirst: isFirstNew || !joins(before, message),
      isLast: (after !== undefined && isNew(after)) || !joins(message, after),
    }
    const isNewDay =
      at !== undefined && (before?.at === undefined || dayOf(before.at) !== dayOf(at))
    return [
      ...(isNewDay ? [{ kind: 'day', key: `day-${dayOf(at)}`, at } as const] : []),
      ...(isFirstNew ? [{ kind: 'new', key: 'new' } as const] : []),
      row,
    ]
  })
}

const MOST_PREVIEW = 160

/** The first words of an event, or what kind of thing it is. */
export const previewOf = (
  event: DialogEvent['event'],
): { text?: string; kind: 'text' | 'file' | 'card' } => {
  if (event.type === 'RichContentEvent') return { kind: 'card' }
  const { message } = event as { readonly message?: unknown }
  if (typeof message === 'string') return { kind: 'text', text: message.slice(0, MOST_PREVIEW) }
  const caption = (message as { readonly caption?: unknown } | undefined)?.caption
  return { kind: 'file', ...(typeof caption === 'string' && caption !== '' && { text: caption }) }
}
