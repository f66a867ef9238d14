/**
 * One event as readers see it, as JSON text. Runs once per message and dialect, so it is plain
 * concatenation: payload and metadata are spliced in as they were written, never parsed. [EV20]
 */
import type { ChatState } from '../bus/subjects.ts'
import type { DialogEvent } from '../domain/event.ts'
import { quote } from './json-text.ts'
import { audienceNames, byOldId, roleNames } from './wire-terms.ts'

export interface EventForm {
  readonly event: (event: DialogEvent) => string
  readonly chatState: (state: ChatState) => string
}

interface FormOptions {
  readonly reader: 'consumer' | 'agent'
  readonly version: 2 | 3
}

type Said = Pick<ChatState, 'accountId' | 'conversationId' | 'dialogId' | 'publisher' | 'payload'>

const NO_PROPERTIES = '{"type":".ClientProperties"}'

/** Agents read both spellings of an originator; a bot without `originatorPId` answers itself. [EV21] */
const originator = ({ accountId, publisher }: Said, { reader, version }: FormOptions): string => {
  const pid = quote(publisher.id)
  const id = version === 2 ? quote(byOldId(accountId, publisher)) : pid
  const role = roleNames[publisher.role]
  const own = `"originatorId":${id},"originatorPId":${pid},"originatorMetadata":{"id":${pid},"role":"${role}"`
  return reader === 'consumer'
    ? `${own}}`
    : `${own},"clientProperties":${NO_PROPERTIES}},"originatorClientProperties":${NO_PROPERTIES}`
}

const place = ({ conversationId, dialogId }: Said): string =>
  `"conversationId":${quote(conversationId)},"dialogId":${quote(dialogId)}`

const metadataOf = (metadata: string | undefined, reader: FormOptions['reader']): string => {
  if (metadata !== undefined) return `,"metadata":${metadata}`
  return reader === 'agent' ? ',"metadata":[]' : ''
}

const encodedOf = ({ encodedMetadata }: DialogEvent): string =>
  encodedMetadata === undefined ? '' : `,"encodedMetadata":${encodedMetadata}`

const previousOf = (event: DialogEvent, { reader, version }: FormOptions): string => {
  if (version === 2) return ''
  const previous = reader === 'consumer' ? event.previousPublic : event.sequence - 1
  return `,"previousSequence":${previous}`
}

/** The feeds keep private events from consumers; a slip there must not become a leak. [EV22] */
const assertVisible = (event: DialogEvent, reader: FormOptions['reader']): void => {
  if (reader === 'consumer' && event.audience !== 'all') {
    throw new Error(`private event ${event.sequence} of ${event.dialogId} offered to a consumer`)
  }
}

/** How events look to one kind of reader. */
export const eventForm = (options: FormOptions): EventForm => ({
  event(event) {
    assertVisible(event, options.reader)
    return `{"sequence":${event.sequence},${originator(event, options)},"serverTimestamp":${event.at},"event":${event.payload},${place(event)},"eventId":${quote(event.eventId)},"messageAudience":"${audienceNames[event.audience]}"${metadataOf(event.metadata, options.reader)}${encodedOf(event)}${previousOf(event, options)}}`
  },
  /** Not in the log, so it has neither sequence nor time. [EV23] */
  chatState: (state) =>
    `{${originator(state, options)},"event":${state.payload},${place(state)}${metadataOf(undefined, options.reader)}}`,
})

/** Of these events, those that the reader may see. */
export const visibleTo = (
  reader: FormOptions['reader'],
  events: readonly DialogEvent[],
): readonly DialogEvent[] =>
  reader === 'agent' ? events : events.filter((event) => event.audience === 'all')
