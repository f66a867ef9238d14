import { describe, expect, it } from 'vitest'
import type { Conversation } from './conversation.ts'
import {
  bindingsOf,
  chordOf,
  conflictsOf,
  exportKeys,
  importKeys,
  keyNames,
  matchKeys,
  usualKeys,
  writes,
} from './keys.ts'
import { isQuiet, newsIn, waysOf } from './notices.ts'

const pressed = (
  key: string,
  held: Partial<Record<'ctrl' | 'meta' | 'alt' | 'shift', true>> = {},
) =>
  chordOf({
    key,
    ctrlKey: held.ctrl === true,
    metaKey: held.meta === true,
    altKey: held.alt === true,
    shiftKey: held.shift === true,
  })

describe('keys', () => {
  it.each([
    ['j', {}, 'j'],
    ['J', { shift: true }, 'Shift+j'],
    ['?', { shift: true }, '?'],
    ['k', { ctrl: true }, 'Ctrl+k'],
    ['k', { meta: true }, 'Ctrl+k'],
    ['Enter', { ctrl: true, shift: true }, 'Ctrl+Shift+Enter'],
    ['F6', { shift: true }, 'Shift+F6'],
    [' ', {}, 'Space'],
    ['Shift', { shift: true }, undefined],
  ] as const)('[WSP53] are named the same however they are typed: %s %o', (key, held, name) => {
    expect(pressed(key, held)).toBe(name)
  })

  it('[WSP30] that would write something are told from those that would not', () => {
    expect(['j', '?', 'Shift+j', 'Space', 'g i', 'Enter'].filter(writes)).toHaveLength(6)
    expect(['Ctrl+k', 'F6', 'Shift+F6', 'Escape', 'Ctrl+,'].filter(writes)).toEqual([])
  })

  it('[WSP53] may follow one another', () => {
    expect(matchKeys(usualKeys, 'g')).toBe('begun')
    expect(matchKeys(usualKeys, 'g h')).toEqual({ command: 'goHistory' })
    expect(matchKeys(usualKeys, 'h')).toBeUndefined()
  })

  it('[WSP53] clash when they are the same, or when one is the beginning of another', () => {
    expect([...conflictsOf(usualKeys)]).toEqual([])
    const same = conflictsOf(bindingsOf({ next: 'k' }))
    expect([...same]).toEqual([
      ['next', ['previous']],
      ['previous', ['next']],
    ])
    expect(conflictsOf(bindingsOf({ reply: 'g' })).get('reply')).toEqual([
      'goMine',
      'goAll',
      'goHistory',
      'goAgents',
    ])
    expect([...conflictsOf(bindingsOf({ next: '', previous: '' }))]).toEqual([])
  })

  it('[WSP53] come back from a file as they went, and nothing comes from another', () => {
    const own = bindingsOf({ next: 'Shift+n', previous: '' })
    expect(importKeys(exportKeys(own))).toEqual(own)
    expect(importKeys('{"format":"ringdown.keys","keys":{"unknown":"x","next":"m"}}')).toEqual({
      next: 'm',
    })
    for (const text of ['', 'null', '{}', '[]', '{"format":"ringdown.keys","keys":{"next":1}}'])
      expect(importKeys(text)).toBeUndefined()
  })

  it('[WSP30] are shown as they stand on a keyboard', () => {
    expect(keyNames('Ctrl+Shift+Enter')).toEqual([['Ctrl', 'Shift', 'Enter']])
    expect(keyNames('g i')).toEqual([['G'], ['I']])
    expect(keyNames('Ctrl++')).toEqual([['Ctrl', '+']])
    expect(keyNames('')).toEqual([])
  })
})

const at = (hours: number, minutes = 0) => new Date(2026, 4, 5, hours, minutes)
const on = { page: true, sound: true, browser: true }
const all = { ring: on, message: on, gone: on }
const quiet = { isOn: true, from: '20:00', to: '07:00' }

describe('notices', () => {
  it('[WSP51] are quiet from one hour to another, over midnight too', () => {
    expect([19, 20, 23, 0, 6, 7].map((hour) => isQuiet(quiet, at(hour)))).toEqual([
      false,
      true,
      true,
      true,
      true,
      false,
    ])
    expect(isQuiet({ ...quiet, from: '12:30', to: '13:00' }, at(12, 45))).toBe(true)
    expect(isQuiet({ ...quiet, from: '12:30', to: '13:00' }, at(13))).toBe(false)
    expect(isQuiet({ ...quiet, from: '09:00', to: '09:00' }, at(9))).toBe(false)
    expect(isQuiet({ ...quiet, isOn: false }, at(23))).toBe(false)
  })

  it('[WSP51] go the ways that are on, and never tell of what is looked at', () => {
    const notice = { kind: 'message', conversationId: 'one' } as const
    const away = { hasFocus: false, conversationId: 'one', at: at(12) }
    const ways = (look: object, preferences: object = {}) =>
      waysOf(notice, { notices: all, quiet, ...preferences }, { ...away, ...look })
    expect(ways({})).toEqual(['page', 'sound', 'browser'])
    expect(ways({ hasFocus: true })).toEqual([])
    expect(ways({ hasFocus: true, conversationId: 'two' })).toEqual(['page', 'sound'])
    expect(ways({ at: at(23) })).toEqual(['page'])
    const notices = { ...all, message: { ...on, sound: false } }
    expect(ways({}, { notices })).toEqual(['page', 'browser'])
  })

  it('[WSP51] tell of words of consumers and of what has left, not of what the agent gave away', () => {
    const said = (sequence: number, role: string) => ({
      sequence,
      originatorMetadata: { role },
      event: { type: 'ContentEvent', contentType: 'text/plain', message: `no. ${sequence}` },
    })
    const one = (id: string, last?: object) =>
      ({ id, consumerId: `of ${id}`, ownRole: 'ASSIGNED_AGENT', last }) as unknown as Conversation
    const map = (...conversations: readonly Conversation[]) =>
      new Map(conversations.map((conversation) => [conversation.id, conversation]))
    const before = map(one('a', said(1, 'CONSUMER')), one('b'), one('c'), one('d'))
    const after = map(
      one('a', said(3, 'CONSUMER')),
      one('b', said(0, 'ASSIGNED_AGENT')),
      one('new', said(5, 'CONSUMER')),
    )
    expect(newsIn(before, after, new Set(['d']))).toEqual([
      { kind: 'message', conversationId: 'a', consumerId: 'of a', text: 'no. 3' },
      { kind: 'gone', conversationId: 'c', consumerId: 'of c' },
    ])
    expect(newsIn(after, after, new Set())).toEqual([])
  })
})
