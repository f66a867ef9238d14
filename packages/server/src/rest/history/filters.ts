/** Reads searches. Members that are not known are ignored, ids and times come as text too. [HIS3] */
import { Refusal } from '@ringdown/protocol'
import type { OpenState } from '../../domain/conversation.ts'
import type { HistoryFilter } from '../../store/store.ts'
import type { JsonObject } from '../raw-body.ts'

export type Range = NonNullable<HistoryFilter['started']>

const TEN_MINUTES_MS = 600_000
const SPAN_MS = 93 * 86_400_000
const DEFAULT_LIMIT = 50
const MAX_LIMIT = 100

const refuse = (at: string, problem: string): never => {
  throw new Refusal('bad_request', `${at} ${problem}`)
}

export const isAbsent = (value: unknown): boolean =>
  value === undefined || value === null || (Array.isArray(value) && value.length === 0)

/** A list, of which a single element may come without brackets. */
const listOf = (body: JsonObject, name: string): readonly unknown[] | undefined => {
  const value = body[name]
  if (isAbsent(value)) return undefined
  return Array.isArray(value) ? value : [value]
}

export const textsIn = (body: JsonObject, name: string): readonly string[] | undefined =>
  listOf(body, name)?.map((one) => {
    const text = typeof one === 'number' || typeof one === 'boolean' ? String(one) : one
    return typeof text === 'string' && text.isWellFormed() && !/\p{Cc}/u.test(text)
      ? text
      : refuse(name, 'must be a list of texts')
  })

const wordsIn = (body: JsonObject, name: string): readonly string[] | undefined =>
  textsIn(body, name)?.map((text) => text.toUpperCase())

/** One of a few words, in any case. */
export const choicesIn = <T>(
  body: JsonObject,
  name: string,
  choices: Readonly<Record<string, T>>,
): readonly T[] | undefined =>
  wordsIn(body, name)?.map((word) =>
    Object.hasOwn(choices, word)
      ? (choices[word] as T)
      : refuse(name, `must be of ${Object.keys(choices).join(', ')}`),
  )

/** One text and no list of several. */
export const oneTextIn = (body: JsonObject, name: string): string | undefined => {
  const [text, ...others] = textsIn(body, name) ?? []
  return others.length > 0 ? refuse(name, 'must be one text') : text
}

export const statesIn = (body: JsonObject): readonly OpenState[] | undefined =>
  choicesIn(body, 'status', { OPEN: 'open', CLOSE: 'closed', CLOSED: 'closed' })

const timeOf = (value: unknown, at: string): number | undefined => {
  if (isAbsent(value)) return undefined
  const time = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  return Number.isSafeInteger(time) ? (time as number) : refuse(at, 'must be milliseconds')
}

/** `{from, to}`, opened to full ten minutes; `to` of -1 means now. */
export const rangeIn = (body: JsonObject, name: string, now: number): Range | undefined => {
  const value = body[name]
  if (isAbsent(value)) return undefined
  if (typeof value !== 'object' || Array.isArray(value)) return refuse(name, 'must be a range')
  const given = value as JsonObject
  const from = timeOf(given['from'], `${name}.from`)
  const to = timeOf(given['to'], `${name}.to`)
  const end = to === -1 ? now : to
  return {
    ...(from !== undefined && { from: Math.floor(from / TEN_MINUTES_MS) * TEN_MINUTES_MS }),
    ...(end !== undefined && { to: Math.ceil(end / TEN_MINUTES_MS) * TEN_MINUTES_MS }),
  }
}

/** `{from, to}` of numbers that are no times; either may be missing. */
export const measureIn = (body: JsonObject, name: string): Range | undefined => {
  const value = body[name]
  if (isAbsent(value)) return undefined
  if (typeof value !== 'object' || Array.isArray(value)) return refuse(name, 'must be a range')
  const ends = (['from', 'to'] as const).flatMap((end) => {
    const given = (value as JsonObject)[end]
    if (isAbsent(given)) return []
    const number = typeof given === 'string' && given.trim() !== '' ? Number(given) : given
    if (!Number.isFinite(number)) return refuse(`${name}.${end}`, 'must be a number')
    return [[end, number]]
  })
  return Object.fromEntries(ends) as Range
}

/** The range that every search needs, of three months at most. */
export const requiredRange = (body: JsonObject, name: string, now: number): Range => {
  const range = rangeIn(body, name, now) ?? refuse(name, 'is missing')
  const { from, to } = range
  if (from === undefined) return refuse(`${name}.from`, 'is missing')
  if (to === undefined) return refuse(`${name}.to`, 'is missing')
  if (to - from > SPAN_MS) return refuse(name, 'must not be longer than three months')
  return range
}

export interface Page {
  readonly offset: number
  readonly limit: number
  readonly sort: HistoryFilter['sort']
}

const countIn = (query: JsonObject, name: string): number | undefined => {
  const value = query[name]
  if (isAbsent(value) || value === '') return undefined
  if (typeof value !== 'string' || !/^\d{1,9}$/.test(value))
    return refuse(name, 'must be a whole number from 0 on')
  return Number(value)
}

const sortIn = (query: JsonObject): HistoryFilter['sort'] => {
  const value = query['sort']
  if (isAbsent(value) || value === '') return { by: 'start', direction: 'desc' }
  const [, by, direction] =
    /^(start|end)(?::|%3a)(asc|desc)$/i.exec(typeof value === 'string' ? value : '') ?? []
  if (!by || !direction) return refuse('sort', 'must be start or end, a colon, and asc or desc')
  return { by: by.toLowerCase() as 'start', direction: direction.toLowerCase() as 'asc' }
}

/** Above the maximum of a page there is no refusal, but the maximum. [HIS5] */
export const pageIn = (query: JsonObject, { max = MAX_LIMIT } = {}): Page => ({
  offset: countIn(query, 'offset') ?? 0,
  limit: Math.min(countIn(query, 'limit') ?? DEFAULT_LIMIT, max),
  sort: sortIn(query),
})
