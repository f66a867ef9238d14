/**
 * When the brand is there: its hours as its page gives them, and what they say about a moment. [WIN35]
 *
 * Hours are wall-clock times of the brand's time zone. Where clocks go back, a time that comes twice opens
 * with the first and closes with the second; where they go forward, a time that is left out comes as much
 * later as the clocks were moved.
 */

export interface Range {
  /** Minutes of the day. */
  readonly from: number
  readonly to: number
}

export interface Hours {
  readonly timeZone: string
  /** Seven days, Sunday first; each in its order and without overlaps. */
  readonly week: readonly (readonly Range[])[]
  /** `2026-12-25`: days on which all is closed. */
  readonly closedOn: ReadonlySet<string>
}

/** What the hours say about a moment; a time that cannot be named is left out. */
export type Opening =
  | { readonly isOpen: true; readonly untilMs?: number }
  | { readonly isOpen: false; readonly backAtMs?: number }

const days = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'] as const
const RANGE = /^(\d{1,2}):(\d{2})\s*[-–]\s*(\d{1,2}):(\d{2})$/
const DAY = /^\d{4}-\d{2}-\d{2}$/
const DAY_MS = 86_400_000
const MINUTE_MS = 60_000
const DAY_MINUTES = 1_440
const MOST_RANGES = 8
const MOST_CLOSED = 400
/** How far ahead an opening is looked for. */
const DAYS_AHEAD = 400

type Given = Readonly<Record<string, unknown>>

const objectIn = (value: unknown): Given =>
  typeof value === 'object' && value !== null ? (value as Given) : {}

const rangeIn = (value: unknown): Range | undefined => {
  const parts = typeof value === 'string' ? RANGE.exec(value.trim()) : null
  if (!parts) return undefined
  const [, fromHour, fromMinute, toHour, toMinute] = parts.map(Number) as [
    number,
    number,
    number,
    number,
    number,
  ]
  const from = fromHour * 60 + fromMinute
  const to = toHour * 60 + toMinute
  const isTime = fromMinute < 60 && toMinute < 60 && to <= DAY_MINUTES
  return isTime && from < to ? { from, to } : undefined
}

/** In their order; those that touch are one. */
const rangesIn = (value: unknown): readonly Range[] => {
  const given = Array.isArray(value) ? value.slice(0, MOST_RANGES) : [value]
  const ranges = given.map(rangeIn).filter((range) => range !== undefined)
  const merged: Range[] = []
  for (const range of ranges.sort((one, other) => one.from - other.from)) {
    const last = merged.at(-1)
    if (last && range.from <= last.to)
      merged[merged.length - 1] = { from: last.from, to: Math.max(last.to, range.to) }
    else merged.push(range)
  }
  return merged
}

const isTimeZone = (name: unknown): name is string => {
  try {
    return (
      typeof name === 'string' && name !== '' && !!new Intl.DateTimeFormat('en', { timeZone: name })
    )
  } catch {
    // Not one that this browser knows.
    return false
  }
}

/** Undefined without a time zone that is known and a day that is open. */
export const hoursIn = (value: unknown): Hours | undefined => {
  const { timeZone, week, closedOn } = objectIn(value)
  const byDay = objectIn(week)
  const ranges = days.map((day) => rangesIn(byDay[day]))
  if (!isTimeZone(timeZone) || ranges.every((one) => one.length === 0)) return undefined
  const closed = Array.isArray(closedOn) ? closedOn.slice(0, MOST_CLOSED) : []
  return {
    timeZone,
    week: ranges,
    closedOn: new Set(closed.filter((day) => typeof day === 'string' && DAY.test(day))),
  }
}

/** What the clocks of a zone are ahead of UTC at a moment. */
const offsetIn = (timeZone: string): ((ms: number) => number) => {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  return (ms) => {
    const parts = format.formatToParts(ms)
    const part = (name: string) => Number(parts.find(({ type }) => type === name)?.value)
    const [year, month, day] = [part('year'), part('month'), part('day')]
    const wall = Date.UTC(year, month - 1, day, part('hour'), part('minute'), part('second'))
    return wall - Math.floor(ms / 1_000) * 1_000
  }
}

/** The moment at which the clocks of a zone show a time, given as if it were UTC. */
const momentOf = (wallMs: number, offset: (ms: number) => number, which: 'first' | 'last') => {
  const before = offset(wallMs - DAY_MS)
  const after = offset(wallMs + DAY_MS)
  const moments = [wallMs - before, wallMs - after].filter((ms) => ms + offset(ms) === wallMs)
  if (moments.length === 0) return wallMs - before
  return which === 'first' ? Math.min(...moments) : Math.max(...moments)
}

/** The hours from a moment on, as pairs of moments; those that touch are still apart. */
function* openFrom({ timeZone, week, closedOn }: Hours, nowMs: number) {
  const offset = offsetIn(timeZone)
  const wallNow = nowMs + offset(nowMs)
  const today = Math.floor(wallNow / DAY_MS) * DAY_MS
  // From yesterday on: its end may be today where clocks are moved at midnight.
  for (let day = -1; day <= DAYS_AHEAD; day += 1) {
    const date = new Date(today + day * DAY_MS)
    if (closedOn.has(date.toISOString().slice(0, 10))) continue
    for (const { from, to } of week[date.getUTCDay()] as readonly Range[]) {
      const begins = momentOf(date.getTime() + from * MINUTE_MS, offset, 'first')
      const ends = momentOf(date.getTime() + to * MINUTE_MS, offset, 'last')
      if (ends > nowMs && ends > begins) yield { begins, ends }
    }
  }
}

export const openingAt = (hours: Hours, nowMs: number): Opening => {
  let untilMs: number | undefined
  for (const { begins, ends } of openFrom(hours, nowMs)) {
    if (untilMs === undefined && begins > nowMs) return { isOpen: false, backAtMs: begins }
    if (untilMs !== undefined && begins > untilMs) return { isOpen: true, untilMs }
    untilMs = Math.max(untilMs ?? 0, ends)
    // Open day and night: there is no end to name.
    if (untilMs > nowMs + 7 * DAY_MS) return { isOpen: true }
  }
  return untilMs === undefined ? { isOpen: false } : { isOpen: true, untilMs }
}
