/** A text frame as a request: parsed, bounded, and with its envelope checked. */
import type { MethodName, Role } from '@ringdown/protocol'
import { findMethod, Refusal, validateFrame } from '@ringdown/protocol'
import type { Limits } from '../config.ts'
import { objectOf } from '../dialects/decoded.ts'

export interface Frame {
  readonly reqId: string
  readonly method: MethodName
  readonly body: unknown
  readonly metadata: unknown
  readonly encodedMetadata: unknown
  readonly headers: unknown
}

/** A frame that cannot be answered by its method. `isMalformed` counts towards closing. [FRM13] */
export interface BadFrame {
  readonly reqId: string
  readonly refusal: Refusal
  readonly isMalformed: boolean
}

/** Deeper than any real message, shallow enough for every serialiser. */
const MAX_DEPTH = 64

/** Whether brackets nest too deep; strings are skipped so that text cannot be taken for structure. */
const isTooDeep = (text: string): boolean => {
  let depth = 0
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code === 0x22) {
      for (at += 1; at < text.length && text.charCodeAt(at) !== 0x22; at += 1)
        if (text.charCodeAt(at) === 0x5c) at += 1
    } else if (code === 0x7b || code === 0x5b) {
      depth += 1
      if (depth > MAX_DEPTH) return true
    } else if (code === 0x7d || code === 0x5d) depth -= 1
  }
  return false
}

/** A frame shorter than this cannot nest too deep. */
const SHALLOW = 2 * MAX_DEPTH
const SURROGATE_ESCAPE = /\\u[dD][89a-fA-F]/

const isWellFormed = (value: unknown): boolean => {
  if (typeof value === 'string') return value.isWellFormed()
  if (typeof value !== 'object' || value === null) return true
  return Object.entries(value).every(([key, one]) => key.isWellFormed() && isWellFormed(one))
}

const malformed = (detail: string, reqId = ''): BadFrame => ({
  reqId,
  refusal: new Refusal('bad_request', detail),
  isMalformed: true,
})

const parse = (text: string): Readonly<Record<string, unknown>> | undefined => {
  try {
    return objectOf(JSON.parse(text))
  } catch {
    return undefined
  }
}

const idOf = (id: unknown): string =>
  typeof id === 'string' || typeof id === 'number' ? String(id) : ''

/** What is wrong with a frame that is an object, in the order in which a client would look. */
const refusalOf = (
  frame: Readonly<Record<string, unknown>>,
  reqId: string,
  limits: Pick<Limits, 'requestIdLength'>,
): Refusal | undefined => {
  const fault = validateFrame(frame)
  if (fault !== undefined) return new Refusal('bad_request', `Bad request: ${fault}`)
  if (reqId.length > limits.requestIdLength)
    return new Refusal('bad_request', `Bad request: id is longer than ${limits.requestIdLength}`)
  return undefined
}

export const readFrame = (
  text: string,
  role: Role,
  limits: Pick<Limits, 'requestIdLength'>,
): Frame | BadFrame => {
  if (text.length > SHALLOW && isTooDeep(text))
    return malformed(`Bad request: nested deeper than ${MAX_DEPTH} levels`)
  const frame = parse(text)
  if (!frame) return malformed('Bad request: the frame must be a JSON object')
  const reqId = idOf(frame['id'])
  const answerable = reqId.length > limits.requestIdLength ? '' : reqId
  const refusal = refusalOf(frame, reqId, limits)
  if (refusal) return { reqId: answerable, refusal, isMalformed: false }
  if (SURROGATE_ESCAPE.test(text) && !isWellFormed(frame)) {
    const lone = new Refusal('bad_request', 'Bad request: text with a lone surrogate')
    return { reqId, refusal: lone, isMalformed: false }
  }
  const { type, body, metadata, encodedMetadata, headers } = frame
  const method = findMethod(type as string, role, body !== undefined && body !== null)
  if (!method) return { reqId, refusal: new Refusal('unknown_request_type'), isMalformed: false }
  return { reqId, method, body, metadata, encodedMetadata, headers }
}
