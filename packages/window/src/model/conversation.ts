/** One conversation as the window shows it: its dialogs, and what is on the way to the server. */
import type { ConversationSnapshot, OutboxEntry } from '@ringdown/client'
import { type Content, DialogLog } from './dialog-log.ts'

export interface Dialog {
  readonly dialogId: string
  readonly dialogType: 'MAIN' | 'POST_SURVEY' | 'OTHER'
  readonly channelType: 'MESSAGING' | 'COBROWSE'
  readonly state: 'OPEN' | 'CLOSE'
}

export type MessageState = 'sending' | 'sent' | 'delivered' | 'read' | 'failed'

export interface MessageView {
  /** The same for a message on its way and when it has arrived. */
  readonly key: string
  readonly dialogId: string
  readonly isOwn: boolean
  readonly isAutomatic: boolean
  readonly originatorId: string
  readonly atMs?: number
  readonly event: Content['event']
  readonly sequence?: number
  readonly state?: MessageState
  readonly problem?: string
}

export interface Upload {
  readonly id: string
  readonly file: File
  readonly state: 'sending' | 'tooLarge' | 'refused' | 'failed'
  /** How much has left, from 0 to 1. */
  readonly share: number
}

export class Conversation {
  readonly id: string
  readonly logs = new Map<string, DialogLog>()
  snapshot: ConversationSnapshot | undefined
  uploads: readonly Upload[] = []
  /** Confirmed by the server, and not come back as an event yet. */
  #confirmed: readonly OutboxEntry[] = []
  #outbox: readonly OutboxEntry[] = []

  constructor(id: string) {
    this.id = id
  }

  log(dialogId: string): DialogLog {
    const known = this.logs.get(dialogId)
    if (known) return known
    const log = new DialogLog()
    this.logs.set(dialogId, log)
    return log
  }

  get dialogs(): readonly Dialog[] {
    const known = this.snapshot?.conversationDetails.dialogs as readonly Dialog[] | undefined
    const first = { dialogId: this.id, dialogType: 'MAIN', channelType: 'MESSAGING', state: 'OPEN' }
    return (known ?? [first as Dialog]).filter(({ channelType }) => channelType === 'MESSAGING')
  }

  /** Where what is written goes; undefined when all is over. */
  get openDialog(): Dialog | undefined {
    const open = this.dialogs.filter(({ state }) => state === 'OPEN')
    return open.find(({ dialogType }) => dialogType !== 'MAIN') ?? open[0]
  }

  get isOver(): boolean {
    return this.snapshot?.conversationDetails.stage === 'CLOSE'
  }

  get isMainOver(): boolean {
    return this.snapshot?.conversationDetails.state === 'CLOSE'
  }

  get hadSurvey(): boolean {
    return this.dialogs.some(({ dialogType }) => dialogType === 'POST_SURVEY')
  }

  get isRated(): boolean {
    return this.snapshot?.conversationDetails.csat !== undefined
  }

  get assignedId(): string | undefined {
    const participants = this.snapshot?.conversationDetails.participants as
      | readonly { readonly id: string; readonly role: string }[]
      | undefined
    return participants?.find(({ role }) => role === 'ASSIGNED_AGENT')?.id
  }

  get backAtMs(): number | undefined {
    return this.snapshot?.conversationDetails.delay?.tillWhen
  }

  /** By when the server wants an answer given; undefined where none is owed. */
  get dueAtMs(): number | undefined {
    const due = this.snapshot?.effectiveTTR ?? 0
    return due > 0 ? due : undefined
  }

  get unread(): number {
    if (this.logs.size > 0)
      return [...this.logs.values()].reduce((sum, { unread }) => sum + unread, 0)
    const counts = this.snapshot as { numberOfunreadMessages?: Record<string, number> } | undefined
    return Object.values(counts?.numberOfunreadMessages ?? {})[0] ?? 0
  }

  get changedAtMs(): number {
    const lastMs = Math.max(
      ...[...this.logs.values()].map(({ contents }) => contents.at(-1)?.atMs ?? 0),
    )
    if (lastMs > 0) return lastMs
    const { lastContentEventNotification, conversationDetails } = this.snapshot ?? {}
    return (
      lastContentEventNotification?.serverTimestamp ??
      conversationDetails?.startTs ??
      Number.MAX_SAFE_INTEGER
    )
  }

  /** Takes what is on its way; what left it without being discarded has arrived. */
  setOutbox(entries: readonly OutboxEntry[], discarded: ReadonlySet<string>): void {
    const own = entries.filter(({ dialogId }) => this.logs.has(dialogId) || dialogId === this.id)
    const present = new Set(own.map(({ id }) => id))
    const left = this.#outbox.filter(({ id }) => !present.has(id) && !discarded.has(id))
    this.#confirmed = [...this.#confirmed, ...left]
    this.#outbox = own
  }

  messages(): readonly MessageView[] {
    const arrived = [...this.logs]
      .flatMap(([dialogId, log]) => log.contents.map((one) => this.#arrived(dialogId, log, one)))
      .sort((one, other) => (one.atMs as number) - (other.atMs as number))
    const keys = new Set(arrived.map(({ key }) => key))
    this.#confirmed = this.#confirmed.filter(({ id }) => !keys.has(id))
    const leaving = [...this.#confirmed, ...this.#outbox]
      .filter(({ id, event }) => !keys.has(id) && isShown(event))
      .map((entry) => this.#leaving(entry))
    return [...arrived, ...leaving]
  }

  #arrived(dialogId: string, log: DialogLog, content: Content): MessageView {
    const { sequence, id, isOwn, isAutomatic, originatorId, atMs, event } = content
    const state = log.told.get(sequence) ?? 'sent'
    const key = isOwn && id !== undefined ? id : `${dialogId}.${sequence}`
    const about = { key, dialogId, isOwn, isAutomatic, originatorId, atMs, event, sequence }
    return isOwn ? { ...about, state } : about
  }

  #leaving({ id, dialogId, event, state, problem }: OutboxEntry): MessageView {
    const isArrived = this.#confirmed.some((one) => one.id === id)
    const shown = state === 'failed' ? 'failed' : 'sending'
    return {
      key: id,
      dialogId,
      isOwn: true,
      isAutomatic: false,
      originatorId: '',
      event: event as Content['event'],
      state: isArrived ? 'sent' : shown,
      ...(problem !== undefined && { problem }),
    }
  }
}

/** Receipts and chat states travel the same way and are nothing to see. */
const isShown = (event: object): boolean => {
  const { type } = event as { type: string }
  return type === 'ContentEvent' || type === 'RichContentEvent'
}
