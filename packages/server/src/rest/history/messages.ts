/** Messages and receipts of a conversation as records, the oldest first. [HIS7] */
import type { Conversation } from '../../domain/conversation.ts'
import type { DialogEvent } from '../../domain/event.ts'
import type { RestParts } from '../rest-parts.ts'
import { times, UNKNOWN } from './names.ts'

type WireObject = Readonly<Record<string, unknown>>

const PAGE = 500

const objectOf = (value: unknown): WireObject =>
  typeof value === 'object' && value !== null ? (value as WireObject) : {}

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
  ...(event.metadata !== undefined && { contextData: { rawMetadata: event.metadata } }),
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

/** A dialog's events; in lists no more than a page of them. */
const eventsOf = async (
  { store }: Pick<RestParts, 'store'>,
  { accountId }: Conversation,
  { dialogId, isWhole }: { dialogId: string; isWhole: boolean },
): Promise<{ events: readonly DialogEvent[]; isPartial: boolean }> => {
  const all: DialogEvent[] = []
  for (;;) {
    const from = (all.at(-1)?.sequence ?? -1) + 1
    const page = { accountId, dialogId, from, audience: 'agents', limit: PAGE } as const
    const events = await store.read('events', page)
    all.push(...events)
    if (events.length < PAGE) return { events: all, isPartial: false }
    if (!isWhole) return { events: all, isPartial: true }
  }
}

export interface Transcript {
  readonly messageRecords: readonly WireObject[]
  readonly messageStatuses: readonly WireObject[]
  readonly isPartial: boolean
}

export const readTranscript = async (
  parts: Pick<RestParts, 'store'>,
  conversation: Conversation,
  isWhole: boolean,
): Promise<Transcript> => {
  const dialogs = await Promise.all(
    conversation.dialogs.map(({ id: dialogId }) =>
      eventsOf(parts, conversation, { dialogId, isWhole }),
    ),
  )
  const events = dialogs.flatMap((dialog) => dialog.events)
  return {
    messageRecords: events.filter(({ kind }) => kind === 'content').map(messageRecord),
    messageStatuses: events.filter(({ kind }) => kind === 'receipt').flatMap(statusRecords),
    isPartial: dialogs.some((dialog) => dialog.isPartial),
  }
}
