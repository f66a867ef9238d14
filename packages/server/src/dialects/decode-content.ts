/** The event types that say something, in the one spelling that readers get. [EV29] */
import { validateQuickReplies, validateStructuredContent } from '@ringdown/protocol'
import type { Limits } from '../config.ts'
import { composedFault } from './composed-content.ts'
import { bad, type Decoded, fine, objectOf, textOf, type WireObject } from './decoded.ts'

type TextLimit = Pick<Limits, 'textBytes'>

export interface ContentRules {
  /** Agents' content is held to the schemas; what consumers compose is their business. [CNT1] */
  readonly role: 'consumer' | 'agent'
  readonly limits: TextLimit
  /** Hosts that images may come from; none: any. */
  readonly imageHosts?: (() => readonly string[]) | undefined
}

const checkText = (text: unknown, field: string, { textBytes }: TextLimit) => {
  if (typeof text !== 'string' || text === '') return bad(field)
  if (!text.isWellFormed()) return bad(`${field} is not valid Unicode`)
  if (Buffer.byteLength(text) > textBytes) return bad(`${field} is too large`)
  return undefined
}

const optionalTexts = (file: WireObject, limits: TextLimit) => {
  for (const name of ['caption', 'preview', 'fileType']) {
    const text = file[name]
    if (text === undefined || text === null || text === '') continue
    const refused = checkText(text, `event.message.${name}`, limits)
    if (refused) return refused
  }
  return undefined
}

const hostedFile = (event: WireObject, limits: TextLimit): Decoded<string> => {
  const file = objectOf(event['message'])
  if (!file) return bad('event.message')
  const refused =
    checkText(file['relativePath'], 'event.message.relativePath', limits) ??
    optionalTexts(file, limits)
  if (refused) return refused
  return fine(JSON.stringify({ ...event, contentType: 'hosted/file' }))
}

/** What is wrong with the quick replies of an event, if it has any. [CNT2] */
const quickRepliesFault = (given: unknown, rules: ContentRules): string | undefined => {
  const quickReplies = objectOf(given)
  if (!quickReplies) return '/quickReplies must be an object'
  const fault = composedFault(quickReplies, '/quickReplies', rules.imageHosts)
  if (fault !== undefined || rules.role === 'consumer') return fault
  return validateQuickReplies(quickReplies)
}

/** The event without quick replies that are none, or what is wrong with them. */
const withQuickReplies = (event: WireObject, rules: ContentRules): Decoded<WireObject> => {
  if (event['quickReplies'] === undefined) return fine(event)
  const { quickReplies, ...rest } = event
  if (quickReplies === null) return fine(rest)
  const fault = quickRepliesFault(quickReplies, rules)
  return fault === undefined ? fine(event) : bad(fault)
}

const isHosted = (contentType: unknown): boolean =>
  contentType === 'HostedFile' || contentType === 'hosted/file'

/** The path of the file that a decoded content event names. */
export const hostedPath = ({ contentType, message }: WireObject): string | undefined =>
  isHosted(contentType) ? textOf(objectOf(message)?.['relativePath']) : undefined

const isText = (contentType: string): boolean => contentType.startsWith('text/')

/** A content event: text, a hosted file, or any other content type with text or an object. */
export const decodeContent = (given: WireObject, rules: ContentRules): Decoded<string> => {
  const read = withQuickReplies(given, rules)
  if (!read.ok) return read
  const event = read.value
  const { limits } = rules
  const { contentType = 'text/plain', message } = event
  if (typeof contentType !== 'string' || contentType === '') return bad('event.contentType')
  if (isHosted(contentType)) {
    return hostedFile(event, limits)
  }
  if (isText(contentType) || typeof message === 'string') {
    const refused = checkText(message, 'event.message', limits)
    if (refused) return refused
  } else if (!objectOf(message)) {
    return bad('event.message')
  }
  return fine(JSON.stringify({ ...event, contentType }))
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    // Not JSON is the sender's mistake: the caller refuses what is no object.
    return undefined
  }
}

export const isRichType = (type: unknown): boolean =>
  type === 'RichContentEvent' || type === 'RichContent'

/** A card that came as JSON text is not measured by the frame's own limit. */
const contentFault = (content: WireObject, rules: ContentRules): string | undefined => {
  const fault = composedFault(content, '/content', rules.imageHosts)
  if (fault !== undefined || rules.role === 'consumer') return fault
  return validateStructuredContent(content)
}

/** Structured content: several names on the way in, `RichContentEvent` with an object on the way out. */
export const decodeRichContent = (given: WireObject, rules: ContentRules): Decoded<string> => {
  const read = withQuickReplies(given, rules)
  if (!read.ok) return read
  const { content, Content, message, type: _type, contentType: _contentType, ...rest } = read.value
  const raw = content ?? Content ?? message
  const object = objectOf(typeof raw === 'string' ? parsed(raw) : raw)
  if (!object) return bad('event.content')
  const fault = contentFault(object, rules)
  if (fault !== undefined) return bad(fault)
  return fine(JSON.stringify({ type: 'RichContentEvent', content: object, ...rest }))
}
