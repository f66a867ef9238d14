/** Moments ahead in words. They are those of this machine's time zone, whichever it is. */
import { describe, expect, it } from 'vitest'
import { speechIn } from '../text/catalogue.ts'
import { ahead, backAt } from './times.ts'

const local = (day: number, hour: number, minute = 0): number =>
  new Date(2026, 10, day, hour, minute).getTime()

/** A Monday. */
const now = local(23, 20)

describe('moments ahead', () => {
  it.each([
    ['en-GB', local(23, 21, 30), 'We are back today at 21:30.'],
    ['en-GB', local(24, 0), 'We are back tomorrow at 00:00.'],
    ['en-US', local(24, 9), 'We are back tomorrow at 09:00 AM.'],
    ['en-GB', local(29, 9), 'We are back on Sunday at 09:00.'],
    ['en-GB', local(30, 9), 'We are back on Monday 30 November at 09:00.'],
    ['de-AT', local(23, 21, 30), 'Wir sind heute um 21:30 Uhr wieder da.'],
    ['de-AT', local(24, 9), 'Wir sind morgen um 09:00 Uhr wieder da.'],
    ['de-AT', local(27, 9), 'Wir sind am Freitag um 09:00 Uhr wieder da.'],
    ['de-AT', local(30, 9), 'Wir sind am Montag, 30. November um 09:00 Uhr wieder da.'],
  ])('[WIN33, WIN35] in %s, %i: %s', (language, ms, words) =>
    expect(backAt(speechIn(language), ms, now)).toBe(words),
  )

  it('[WIN36] a time is that of today, or has its day', () => {
    const speech = speechIn('en-GB')
    expect(ahead(speech, local(23, 21), now)).toBe('21:00')
    expect(ahead(speech, local(24, 9), now)).toMatch(/^Tuesday\W.*09:00$/)
  })
})
