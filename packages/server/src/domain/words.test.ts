import { describe, expect, it } from 'vitest'
import { excerptOf, holds, wordsIn } from './words.ts'

describe('words', () => {
  it.each([
    ['parcel', ['parcel']],
    ['  Where IS  it ', ['where', 'is', 'it']],
    ['"on  its way" now', ['on its way', 'now']],
    ['now now NOW', ['now']],
    ['"half open', ['half open']],
    ['a"b c"', ['a', 'b c']],
    ['"" " "', []],
    ['', []],
    ['1 2 3 4 5 6 7 8 9 10 11', ['1', '2', '3', '4', '5', '6', '7', '8', '9', '10']],
  ])('[HIS22] %j asks for %j', (keyword, words) => {
    expect(wordsIn(keyword)).toEqual(words)
  })

  it('[HIS22] hold all of them, whatever their case and wherever lines end', () => {
    expect(holds('On its\n  WAY, Öl', ['on its way', 'öl'])).toBe(true)
    expect(holds('On its way', ['on its way', 'öl'])).toBe(false)
    expect(holds('unwaying', ['way'])).toBe(true)
  })

  it('[HIS22] are shown with what stands around them', () => {
    expect(excerptOf('short  text', ['text'])).toBe('short text')
    const long = `${'begin '.repeat(40)}needle${' end'.repeat(40)}`
    const excerpt = excerptOf(long, ['needle'])
    expect(excerpt).toMatch(/^… begin( begin)* needle( end)* e?n?d? ?…$/)
    expect(excerpt.length).toBeLessThan(170)
    expect(excerptOf('x'.repeat(500), ['x'])).toHaveLength(162)
    expect(excerptOf(`${'a '.repeat(100)}needle`, ['needle'])).toMatch(/needle$/)
  })
})
