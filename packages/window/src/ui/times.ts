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
