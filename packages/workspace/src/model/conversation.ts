/** A conversation as the workspace shows it. */
import type { ConversationSnapshot, DialogEvent } from '@ringdown/client'

export type OwnRole = 'ASSIGNED_AGENT' | 'MANAGER' | 'READER' | 'AGENT'

export interface Conversation {
  readonly id: string
  readonly dialogId: string
  readonly consumerId: string
  readonly skillId: string
  readonly assignedAgentId: string | undefined
  readonly suggestedAgentId: string | undefined
  readonly managerIds: readonly string[]
  readonly ownRole: OwnRole | undefined
  readonly isOpen: boolean
  /** By the server's clock; nothing while nothing is owed. */
  readonly dueAt: number | undefined
  /** How long an answer may take, in ms. */
  readonly allowedMs: number
  readonly startedAt: number
  readonly updatedAt: number
  readonly unread: number
  readonly last: DialogEvent | undefined
  readonly language: string | undefined
  readonly device: Readonly<Record<string, unknown>>
}

interface Participant {
  readonly id: string
  readonly role: string
  readonly state?: string
}

const MS = 1000
const ownRoles: readonly string[] = ['ASSIGNED_AGENT', 'MANAGER', 'AGENT', 'READER']

export const conversationOf = (snapshot: ConversationSnapshot, me: string): Conversation => {
  const details = snapshot.conversationDetails
  const participants = details.participants as readonly Participant[]
  const dialogs = details.dialogs as readonly {
    readonly dialogId: string
    readonly dialogType: string
    readonly participantsDetails: readonly Participant[]
  }[]
  const main = dialogs.find(({ dialogType }) => dialogType === 'MAIN') ?? dialogs[0]
  const idOf = (role: string) => participants.find((one) => one.role === role)?.id
  const own = participants
    .filter(({ id }) => id === me)
    .map(({ role }) => role)
    .sort((a, b) => ownRoles.indexOf(a) - ownRoles.indexOf(b))
  const unread = (snapshot as { numberOfunreadMessages?: Readonly<Record<string, number>> })
    .numberOfunreadMessages
  return {
    id: snapshot.convId,
    dialogId: main?.dialogId ?? snapshot.convId,
    consumerId: idOf('CONSUMER') ?? '',
    skillId: details.skillId,
    assignedAgentId: idOf('ASSIGNED_AGENT'),
    suggestedAgentId: main?.participantsDetails.find(({ state }) => state === 'SUGGESTED')?.id,
    managerIds: participants.filter(({ role }) => role === 'MANAGER').map(({ id }) => id),
    ownRole: own[0] as OwnRole | undefined,
    isOpen: details.state === 'OPEN',
    dueAt: snapshot.effectiveTTR >= 0 ? snapshot.effectiveTTR : undefined,
    allowedMs: details.ttr.value * MS,
    startedAt: details.startTs,
    updatedAt: snapshot.lastUpdateTime ?? details.startTs,
    unread: unread?.[me] ?? 0,
    last: snapshot.lastContentEventNotification,
    language: details.context?.lang,
    device: details.context?.clientProperties ?? {},
  }
}

/** Most urgent first; what nothing is owed for comes after, the longest silent first. [WSP5] */
export const byUrgency = (a: Conversation, b: Conversation): number =>
  (a.dueAt ?? Number.POSITIVE_INFINITY) === (b.dueAt ?? Number.POSITIVE_INFINITY)
    ? a.updatedAt - b.updatedAt || (a.id < b.id ? -1 : 1)
    : (a.dueAt ?? Number.POSITIVE_INFINITY) - (b.dueAt ?? Number.POSITIVE_INFINITY)

export type Urgency = 'waiting' | 'fine' | 'soon' | 'late'
const SOON = 0.2

/** How near the deadline is; amber with a fifth of the time left. [WSP6] */
export const urgencyOf = (
  { dueAt, allowedMs }: Pick<Conversation, 'dueAt' | 'allowedMs'>,
  now: number,
): Urgency => {
  if (dueAt === undefined) return 'waiting'
  const leftMs = dueAt - now
  if (leftMs < 0) return 'late'
  return leftMs < allowedMs * SOON ? 'soon' : 'fine'
}

/** Beyond one year nobody counts down, and beyond an hour nobody counts seconds. */
export const timeLeft = (dueAt: number, now: number): string => {
  const seconds = Math.floor(Math.abs(dueAt - now) / MS)
  const sign = dueAt < now ? '−' : ''
  const [days, hours] = [Math.floor(seconds / 86_400), Math.floor(seconds / 3600)]
  if (days > 1) return `${sign}${days}d`
  if (hours > 0) return `${sign}${hours}h ${Math.floor((seconds % 3600) / 60)}m`
  return `${sign}${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}

/** The last thing that was said in the main dialog. */
export const newestOf = (conversation: Conversation | undefined): number => {
  const last = conversation?.last
  return last?.dialogId === conversation?.dialogId ? (last?.sequence ?? -1) : -1
}
