/** Points in time, as short as they can be said. */
import type { Speech } from '../text/catalogue.ts'

const DAY_MS = 86_400_000

const dayOf = (ms: number): number => {
  const date = new Date(ms)
  return Math.round(Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) / DAY_MS)
}

export const isSameDay = (one: number, other: number): boolean => dayOf(one) === dayOf(other)

export const clockTime = ({ locale }: Speech, ms: number): string =>
  new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit' }).format(ms)

export const dayName = ({ say, locale }: Speech, ms: number, nowMs = Date.now()): string => {
  const ago = dayOf(nowMs) - dayOf(ms)
  if (ago === 0) return say('today')
  if (ago === 1) return say('yesterday')
  const isRecent = ago > 0 && ago < 7
  const format: Intl.DateTimeFormatOptions = isRecent
    ? { weekday: 'long' }
    : { day: 'numeric', month: 'long', ...(ago > 300 && { year: 'numeric' }) }
  return new Intl.DateTimeFormat(locale, format).format(ms)
}

/** For a list: the time of today, else the day. */
export const briefly = (speech: Speech, ms: number, nowMs = Date.now()): string =>
  isSameDay(ms, nowMs) ? clockTime(speech, ms) : dayName(speech, ms, nowMs)

/** A moment ahead: the time of today, else with its day. */
export const ahead = (speech: Speech, ms: number, nowMs = Date.now()): string => {
  if (isSameDay(ms, nowMs)) return clockTime(speech, ms)
  const format = { weekday: 'long', hour: '2-digit', minute: '2-digit' } as const
  return new Intl.DateTimeFormat(speech.locale, format).format(ms)
}

/** Which words say when somebody is back, and with what. */
export const backAt = (speech: Speech, ms: number, nowMs = Date.now()): string => {
  const inDays = dayOf(ms) - dayOf(nowMs)
  const time = clockTime(speech, ms)
  if (inDays === 0) return speech.say('backToday', { time })
  if (inDays === 1) return speech.say('backTomorrow', { time })
  const format: Intl.DateTimeFormatOptions =
    inDays < 7 ? { weekday: 'long' } : { weekday: 'long', day: 'numeric', month: 'long' }
  const day = new Intl.DateTimeFormat(speech.locale, format).format(ms)
  return speech.say('backOn', { day, time })
}
