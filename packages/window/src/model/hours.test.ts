/** Hours of brands, before and after clocks are moved. Moments are written in UTC. */
import { describe, expect, it } from 'vitest'
import { type Hours, hoursIn, openingAt } from './hours.ts'

const office = {
  monday: '9:00-17:00',
  tuesday: ['9:00-12:00', '13:00-17:00'],
  friday: '9:00-12:00',
}

const names = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday']

const given = (over: object): Hours => {
  const hours = hoursIn({ timeZone: 'Europe/Vienna', week: office, ...over })
  if (!hours) throw new Error('These hours are none')
  return hours
}

const at = (hours: Hours, moment: string) => {
  const opening = openingAt(hours, Date.parse(moment))
  const ms = opening.isOpen ? opening.untilMs : opening.backAtMs
  const named = ms === undefined ? '' : ` ${new Date(ms).toISOString().slice(0, 16)}`
  return `${opening.isOpen ? 'open until' : 'back at'}${named}`
}

describe('hours', () => {
  it.each([
    ['before they begin', '2026-11-23T07:00Z', 'back at 2026-11-23T08:00'],
    ['at their first moment', '2026-11-23T08:00Z', 'open until 2026-11-23T16:00'],
    ['at their last', '2026-11-23T15:59:59Z', 'open until 2026-11-23T16:00'],
    ['when they have ended', '2026-11-23T16:00Z', 'back at 2026-11-24T08:00'],
    ['at noon', '2026-11-24T11:30Z', 'back at 2026-11-24T12:00'],
    ['over days without any', '2026-11-24T20:00Z', 'back at 2026-11-27T08:00'],
    ['over a weekend', '2026-11-27T12:00Z', 'back at 2026-11-30T08:00'],
  ])('[WIN35] %s', (_when, moment, told) => expect(at(given({}), moment)).toBe(told))

  it('[WIN35] a day that is closed is passed over', () => {
    const hours = given({ closedOn: ['2026-11-23', '2026-11-24', 'never', 7] })
    expect(at(hours, '2026-11-23T10:00Z')).toBe('back at 2026-11-27T08:00')
    expect(hours.closedOn.size).toBe(2)
  })

  it.each([
    // Vienna: forward on 2026-03-29 at 01:00Z, back on 2026-10-25 at 01:00Z.
    ['in winter', 'Europe/Vienna', '2026-03-28T00:00Z', '2026-03-28T08:00'],
    ['on the day the clocks go forward', 'Europe/Vienna', '2026-03-28T20:00Z', '2026-03-29T07:00'],
    ['in summer', 'Europe/Vienna', '2026-10-24T00:00Z', '2026-10-24T07:00'],
    ['on the day they go back', 'Europe/Vienna', '2026-10-24T20:00Z', '2026-10-25T08:00'],
    ['across the date line', 'Pacific/Auckland', '2026-06-01T12:00Z', '2026-06-01T21:00'],
    ['half an hour apart', 'Asia/Kolkata', '2026-06-01T20:00Z', '2026-06-02T03:30'],
    [
      'where an hour is moved by half',
      'Australia/Lord_Howe',
      '2026-10-03T12:00Z',
      '2026-10-03T22:00',
    ],
  ])('[WIN35] %s an opening at nine is at nine of that day', (_when, timeZone, moment, told) => {
    const week = Object.fromEntries(names.map((name) => [name, '9:00-17:00']))
    expect(at(given({ timeZone, week }), moment)).toBe(`back at ${told}`)
  })

  it('[WIN35] a time that is left out comes later, one that comes twice opens first and closes last', () => {
    const night = given({ week: { sunday: '2:30-2:45' } })
    // 02:30 does not exist on this night: it is 03:30 in summer time.
    expect(at(night, '2026-03-29T00:00Z')).toBe('back at 2026-03-29T01:30')
    expect(at(night, '2026-10-24T23:00Z')).toBe('back at 2026-10-25T00:30')
    expect(at(night, '2026-10-25T01:40Z')).toBe('open until 2026-10-25T01:45')
  })

  it('[WIN35] nights without a break are one, and day and night have no end', () => {
    const whole = '0:00-24:00'
    const weekend = given({ week: { saturday: '12:00-24:00', sunday: whole, monday: '0:00-6:00' } })
    expect(at(weekend, '2026-11-28T20:00Z')).toBe('open until 2026-11-30T05:00')
    const always = given({ week: Object.fromEntries(names.map((name) => [name, whole])) })
    expect(at(always, '2026-03-28T20:00Z')).toBe('open until')
    expect(at(always, '2026-10-24T22:30Z')).toBe('open until')
  })

  it.each([
    ['nothing', undefined],
    ['no zone', { week: office }],
    ['a zone that does not exist', { timeZone: 'Mars/Olympus', week: office }],
    ['no day', { timeZone: 'UTC', week: {} }],
    ['days that are none', { timeZone: 'UTC', week: { monday: '9-17', friday: '17:00-9:00' } }],
    ['hours that do not exist', { timeZone: 'UTC', week: { monday: '9:61-25:00' } }],
  ])('[WIN5, WIN35] left out: %s', (_what, value) => expect(hoursIn(value)).toBeUndefined())

  it('[WIN35] a year of closed days is passed over, too', () => {
    const start = Date.parse('2026-01-01')
    const closedOn = Array.from({ length: 400 }, (_, day) =>
      new Date(start + day * 86_400_000).toISOString().slice(0, 10),
    )
    const opening = openingAt(given({ closedOn }), start)
    expect(opening).toMatchObject({ isOpen: false, backAtMs: Date.parse('2027-02-05T08:00Z') })
  })
})
