/** Messages and receipts of a conversation as records, the oldest first. [HIS7] */
import type { Conversation } from '../../domain/conversation.ts'
import type { DialogEvent } from '../../domain/event.ts'
import type { RestParts } from '../rest-parts.ts'
import { contextOf } from './message-context.ts'
import { times, UNKNOWN } from './names.ts'
import { objectOf, type WireObject } from './wire-object.ts'

const PAGE = 500

const fileOf = (message: WireObject): WireObject => ({
  relativePath: message['relativePath'],
  fileType: message['fileType'],
  ...(message['caption'] !== undefined && { caption: message['caption'] }),
})

const formOf = ({ title, formId, invitationId, submissionId }: WireObject): WireObject => ({
  formId,
  formName: title,
  invitationId,
  ...(submissionId !== undefined && { submissionId }),
})

interface Said {
  readonly type: string
  readonly messageData: WireObject
}

const saidAs = (contentType: unknown, message: unknown): Said => {
  switch (contentType) {
    case 'hosted/file':
      return { type: 'HOSTED_FILE', messageData: { file: fileOf(objectOf(message)) } }
    case 'forms/secure-invitation':
      return {
        type: 'SECURE_FORM_INVITATION',
        messageData: { secureForm: formOf(objectOf(message)) },
      }
    case 'forms/secure-submission':
      return { type: 'SECURE_FORM_SUBMIT', messageData: { secureForm: formOf(objectOf(message)) } }
    default: {
      const text = typeof message === 'string' ? message : JSON.stringify(message ?? '')
      const type = contentType === 'text/html' ? 'TEXT_HTML' : 'TEXT_PLAIN'
      return { type, messageData: { msg: { text } } }
    }
  }
}

const saidBy = (payload: WireObject): Said => {
  const { type, contentType, message, content, quickReplies } = payload
  if (type !== 'ContentEvent') {
    const richContent = { content: JSON.stringify(content ?? null) }
    return { type: 'RICH_CONTENT', messageData: { richContent } }
  }
  const said = saidAs(contentType, message)
  if (quickReplies === undefined) return said
  const replies = { content: JSON.stringify(quickReplies) }
  return { ...said, messageData: { ...said.messageData, quickReplies: replies } }
}

const sentBy = ({ role }: DialogEvent['publisher']): string =>
  role === 'consumer' ? 'Consumer' : role === 'controller' ? 'System' : 'Agent'

/** The id under which the participants of a record are found. */
const participantId = ({ id, userId }: DialogEvent['publisher']): string => userId ?? id

const messageId = (dialogId: string, sequence: number): string =>
  `ms::dialog:${dialogId}::msg:${sequence}`

const messageRecord = (event: DialogEvent): WireObject => ({
  ...saidBy(objectOf(JSON.parse(event.payload))),
  messageId: messageId(event.dialogId, event.sequence),
  seq: event.sequence,
  dialogId: event.dialogId,
  participantId: participantId(event.publisher),
  source: 'APP',
  ...times('time', event.at),
  device: UNKNOWN,
  sentBy: sentBy(event.publisher),
  audience: event.audience === 'all' ? 'ALL' : 'AGENTS_AND_MANAGERS',
  ...(event.metadata !== undefined && { contextData: contextOf(event.metadata) }),
})

const statusRecords = (event: DialogEvent): readonly WireObject[] => {
  const { status, sequenceList } = objectOf(JSON.parse(event.payload))
  const sequences = Array.isArray(sequenceList) ? (sequenceList as readonly number[]) : []
  return sequences.map((seq) => ({
    messageId: messageId(event.dialogId, seq),
    seq,
    ...times('time', event.at),
    participantId: participantId(event.publisher),
    participantType: sentBy(event.publisher),
    messageDeliveryStatus: status,
    dialogId: event.dialogId,
  }))
}

/** The first row of each message, participant and status. [HIS25] */
const withoutRepeats = (rows: readonly WireObject[]): readonly WireObject[] => {
  const firsts = new Map<string, WireObject>()
  for (const row of rows) {
    const { messageId: id, participantId: who, messageDeliveryStatus: status } = row
    const key = JSON.stringify([id, who, status])
    if (!firsts.has(key)) firsts.set(key, row)
  }
  return [...firsts.values()]
}

/** About how many characters one answer has for messages, and how many an event takes beside its own. */
const MOST_CHARACTERS = 8_000_000
const CHARACTERS_AROUND = 500

/** What is left of an answer: its first records get what they need, then there is no more. */
export class Room {
  #left = MOST_CHARACTERS

  /** Whether the event still fits; the first always does. */
  take({ payload }: DialogEvent): boolean {
    if (this.#left <= 0) return false
    this.#left -= payload.length + CHARACTERS_AROUND
    return true
  }

  get isFull(): boolean {
    return this.#left <= 0
  }
}

/** Where reading goes on: behind an event. */
export interface Place {
  readonly dialogId: string
  readonly sequence: number
}

const PLACE = /^ms::dialog:(?<dialogId>.+)::msg:(?<sequence>\d{1,15})$/

/** The event that an id of a message names. */
export const placeOf = (id: string): Place | undefined => {
  const { dialogId, sequence } = PLACE.exec(id)?.groups ?? {}
  return dialogId === undefined ? undefined : { dialogId, sequence: Number(sequence) }
}

interface Reading {
  /** Not only the first of each dialog. */
  readonly isWhole: boolean
  readonly room: Room
  readonly after?: Place
}

interface Read {
  readonly events: readonly DialogEvent[]
  readonly isPartial: boolean
}

/** A dialog's events; in lists no more than a page of them. */
const eventsOf = async (
  { store }: Pick<RestParts, 'store'>,
  { accountId, dialogId, first }: { accountId: string; dialogId: string; first: number },
  { isWhole, room }: Reading,
): Promise<Read> => {
  const all: DialogEvent[] = []
  for (;;) {
    if (room.isFull) return { events: all, isPartial: true }
    const from = (all.at(-1)?.sequence ?? first - 1) + 1
    const page = { accountId, dialogId, from, audience: 'agents', limit: PAGE } as const
    const events = await store.read('events', page)
    for (const event of events) {
      if (!room.take(event)) return { events: all, isPartial: true }
      all.push(event)
    }
    if (events.length < PAGE) return { events: all, isPartial: false }
    if (!isWhole) return { events: all, isPartial: true }
  }
}

export interface Transcript {
  readonly messageRecords: readonly WireObject[]
  readonly messageStatuses: readonly WireObject[]
  readonly isPartial: boolean
}

/** Dialog after dialog, so that no more is held than there is room for. [HIS7] [HIS23] */
export const readTranscript = async (
  parts: Pick<RestParts, 'store'>,
  { accountId, dialogs }: Conversation,
  reading: Reading,
): Promise<Transcript> => {
  const { after } = reading
  const begin = Math.max(
    0,
    dialogs.findIndex(({ id }) => id === after?.dialogId),
  )
  const read: Read[] = []
  for (const { id: dialogId } of dialogs.slice(begin)) {
    const first = dialogId === after?.dialogId ? after.sequence + 1 : 0
    read.push(await eventsOf(parts, { accountId, dialogId, first }, reading))
    if (reading.isWhole && read.at(-1)?.isPartial) break
  }
  const events = read.flatMap((dialog) => dialog.events)
  const receipts = events.filter(({ kind }) => kind === 'receipt')
  return {
    messageRecords: events.filter(({ kind }) => kind === 'content').map(messageRecord),
    messageStatuses: withoutRepeats(receipts.flatMap(statusRecords)),
    isPartial: read.some((dialog) => dialog.isPartial),
  }
}
