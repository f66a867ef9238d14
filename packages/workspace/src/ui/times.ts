/** Times and spans of time in the words of the language that is shown. */
import { localeNow } from '../text/language.ts'

const SECOND = 1000
const MINUTE = 60_000
const HOUR = 3_600_000
const DAY = 86_400_000

/** Rounded to what one would say: seconds up to two minutes, then minutes, hours, days. */
export const spanText = (ms: number, locale = localeNow()): string => {
  const [unit, size] =
    ms < 2 * MINUTE
      ? (['second', SECOND] as const)
      : ms < 2 * HOUR
        ? (['minute', MINUTE] as const)
        : ms < 2 * DAY
          ? (['hour', HOUR] as const)
          : (['day', DAY] as const)
  const format = new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'short' })
  return format.format(Math.max(0, Math.round(ms / size)))
}

/** To the second; with its day when that is not today. */
export const momentText = (at: number, now: number): string => {
  const isToday = new Date(at).toDateString() === new Date(now).toDateString()
  return new Date(at).toLocaleString(localeNow(), {
    ...(isToday ? {} : { day: 'numeric', month: 'short' }),
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  })
}

/** What a client says may be no language and no time zone at all. */
const quietly = (tell: () => string | undefined): string | undefined => {
  try {
    return tell()
  } catch {
    // Not a name that the browser knows.
    return undefined
  }
}

export const languageText = (tag: string): string =>
  quietly(() => new Intl.DisplayNames(localeNow(), { type: 'language' }).of(tag)) ?? tag

export const timeIn = (timeZone: string, at: number): string | undefined =>
  quietly(() =>
    new Date(at).toLocaleTimeString(localeNow(), {
      timeZone,
      weekday: 'short',
      hour: '2-digit',
      minute: '2-digit',
    }),
  )
