/** The event types that say something, in the one spelling that readers get. [EV29] */
import type { Limits } from '../config.ts'
import { bad, type Decoded, fine, objectOf, type WireObject } from './decoded.ts'

type TextLimit = Pick<Limits, 'textBytes'>

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

const isText = (contentType: string): boolean => contentType.startsWith('text/')

/** A content event: text, a hosted file, or any other content type with text or an object. */
export const decodeContent = (event: WireObject, limits: TextLimit): Decoded<string> => {
  const { contentType = 'text/plain', message } = event
  if (typeof contentType !== 'string' || contentType === '') return bad('event.contentType')
  if (contentType === 'HostedFile' || contentType === 'hosted/file') {
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

/** Structured content: several names on the way in, `RichContentEvent` with an object on the way out. */
export const decodeRichContent = (event: WireObject): Decoded<string> => {
  const { content, Content, message, type: _type, contentType: _contentType, ...rest } = event
  const raw = content ?? Content ?? message
  const object = objectOf(typeof raw === 'string' ? parsed(raw) : raw)
  if (!object) return bad('event.content')
  return fine(JSON.stringify({ type: 'RichContentEvent', content: object, ...rest }))
}
