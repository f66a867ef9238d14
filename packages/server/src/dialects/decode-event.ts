/** A publish request's body as a domain value: what readers get is written here, once. */
import type { ConversationId, DialogId } from '@ringdown/protocol'
import type { Limits } from '../config.ts'
import type { Audience, NewEvent } from '../domain/event.ts'
import {
  type ContentRules,
  decodeContent,
  decodeRichContent,
  hostedPath,
  isRichType,
} from './decode-content.ts'
import { encodedMetadataJson, metadataJson } from './decode-metadata.ts'
import {
  bad,
  type Decoded,
  fine,
  integerOf,
  isClean,
  listOf,
  objectOf,
  textOf,
  type WireObject,
  wordOf,
} from './decoded.ts'
import { audiencesByName } from './wire-terms.ts'

interface Address {
  readonly conversationId?: ConversationId
  /** Absent: the main dialog of `conversationId`. */
  readonly dialogId?: DialogId
}

interface LoggedPublish
  extends Address,
    Pick<
      NewEvent,
      | 'kind'
      | 'payload'
      | 'audience'
      | 'clientEventId'
      | 'metadata'
      | 'encodedMetadata'
      | 'receipt'
      | 'lastSeen'
    > {
  readonly isAutomatic: boolean
  /** The shared file that it names. */
  readonly filePath?: string
}

/** What a publish asks for. A chat state is passed on and forgotten. */
export type Publish =
  | LoggedPublish
  | (Address & { readonly kind: 'chat_state'; readonly payload: string })

export interface PublishOptions extends ContentRules {
  readonly limits: Pick<Limits, 'textBytes' | 'metadataBytes'>
  /** The request's own metadata, beside its body. */
  readonly metadata?: unknown
  readonly encodedMetadata?: unknown
}

const MAX_EVENT_ID = 256
const MAX_SEQUENCES = 10_000

const chatStates: ReadonlySet<string> = new Set([
  'ACTIVE',
  'INACTIVE',
  'GONE',
  'COMPOSING',
  'PAUSE',
  'BACKGROUND',
])

const receiptStatuses: ReadonlySet<string> = new Set([
  'ACCEPT',
  'READ',
  'ACCESS',
  'NACK',
  'ACTION',
  'SUBMITTED',
  'VIEWED',
  'ABORTED',
  'ERROR',
  'ENRICH',
])

const addressOf = (body: WireObject): Address => {
  const conversationId = textOf(body['conversationId'])
  const dialogId = textOf(body['dialogId'])
  return { ...(conversationId && { conversationId }), ...(dialogId && { dialogId }) }
}

const decodeChatState = (event: WireObject): Decoded<string> => {
  const chatState = wordOf(event['chatState'])
  return chatState && chatStates.has(chatState)
    ? fine(JSON.stringify({ type: 'ChatStateEvent', chatState }))
    : bad('event.chatState')
}

type Said = Pick<NewEvent, 'kind' | 'payload' | 'receipt'> & Pick<LoggedPublish, 'filePath'>

const decodeReceipt = (event: WireObject): Decoded<Said> => {
  const status = wordOf(event['status'])
  if (!status || !receiptStatuses.has(status)) return bad('event.status')
  const sequences = listOf(event['sequenceList']).map(integerOf)
  const areAllSequences = sequences.every((one) => one !== undefined && one >= 0)
  if (sequences.length === 0 || sequences.length > MAX_SEQUENCES || !areAllSequences) {
    return bad('event.sequenceList')
  }
  const payload = JSON.stringify({ ...event, status, sequenceList: sequences })
  return fine({ kind: 'receipt', payload, receipt: { status, sequences: sequences as number[] } })
}

const decodeSaid = (event: WireObject, rules: ContentRules): Decoded<Said> => {
  if (event['type'] === 'AcceptStatusEvent') return decodeReceipt(event)
  const isContent = event['type'] === 'ContentEvent'
  if (!isContent && !isRichType(event['type'])) return bad('event.type')
  const payload = isContent ? decodeContent(event, rules) : decodeRichContent(event, rules)
  if (!payload.ok) return payload
  const filePath = isContent ? hostedPath(event) : undefined
  return fine({
    kind: 'content',
    payload: payload.value,
    ...(filePath !== undefined && { filePath }),
  })
}

/** A consumer speaks to all whatever its client says; an unknown audience is never taken for all. [EV30] */
const decodeAudience = (value: unknown, role: PublishOptions['role']): Decoded<Audience> => {
  if (role === 'consumer' || value === undefined || value === null) return fine('all')
  const audience = audiencesByName.get(wordOf(value) ?? '')
  return audience ? fine(audience) : bad('messageAudience')
}

const decodeEventId = (body: WireObject, event: WireObject): Decoded<string | undefined> => {
  const given = body['eventId'] ?? event['eventId']
  if (typeof given === 'string' && !isClean(given)) return bad('eventId')
  const id = textOf(given)
  return id !== undefined && id.length > MAX_EVENT_ID ? bad('eventId') : fine(id)
}

/** Agents alone are kept from answering over each other; whoever insists is not. [CNT20] */
const decodeLastSeen = (
  { ringdown }: WireObject,
  role: PublishOptions['role'],
): Decoded<number | undefined> => {
  if (ringdown === undefined || ringdown === null || role === 'consumer') return fine(undefined)
  const guard = objectOf(ringdown)
  const lastSeen = integerOf(guard?.['lastSeenSequence'])
  if (lastSeen === undefined) return bad('ringdown.lastSeenSequence')
  return fine(guard?.['insist'] === true ? undefined : lastSeen)
}

/** What stands beside the event. */
const decodeBeside = (body: WireObject, options: PublishOptions) => {
  const metadata = metadataJson(options.metadata ?? body['metadata'], options.limits)
  if (!metadata.ok) return metadata
  const encoded = encodedMetadataJson(options.encodedMetadata, options.limits)
  if (!encoded.ok) return encoded
  const lastSeen = decodeLastSeen(body, options.role)
  if (!lastSeen.ok) return lastSeen
  const { json, isAutomatic } = metadata.value
  return fine({
    isAutomatic: options.role === 'agent' && isAutomatic,
    ...(json !== undefined && { metadata: json }),
    ...(encoded.value !== undefined && { encodedMetadata: encoded.value }),
    ...(lastSeen.value !== undefined && { lastSeen: lastSeen.value }),
  })
}

/** The publish as a domain value, or why not. [EV31] */
export const decodePublish = (body: WireObject, options: PublishOptions): Decoded<Publish> => {
  const given = objectOf(body['event'])
  if (!given) return bad('event')
  const { eventId: _eventId, ...event } = given
  if (event['type'] === 'ChatStateEvent') {
    const chatState = decodeChatState(event)
    return chatState.ok
      ? fine({ kind: 'chat_state', payload: chatState.value, ...addressOf(body) })
      : chatState
  }
  const said = decodeSaid(event, options)
  if (!said.ok) return said
  const audience = decodeAudience(body['messageAudience'], options.role)
  if (!audience.ok) return audience
  const clientEventId = decodeEventId(body, given)
  if (!clientEventId.ok) return clientEventId
  const beside = decodeBeside(body, options)
  if (!beside.ok) return beside
  return fine({
    ...addressOf(body),
    ...said.value,
    audience: audience.value,
    ...(clientEventId.value !== undefined && { clientEventId: clientEventId.value }),
    ...beside.value,
  })
}
