import type { OutboxEntry } from '@ringdown/client'
import { describe, expect, it } from 'vitest'
import { givenBack, unsentIn } from './given-back.ts'

const draft = (text: string, isNote = false, others: readonly string[] = []) => ({
  text,
  isNote,
  at: 1,
  others: others.map((one) => ({ text: one, isNote: false, at: 0 })),
})

describe('words that were not taken', () => {
  it.each([
    ['take an empty place, whatever its kind', draft(' '), true, draft('back', true)],
    ['stand in front of what was begun since', draft('since'), false, draft('back\nsince')],
    ['stand in front of another note', draft('since', true), true, draft('back\nsince', true)],
  ])('[WSP14] [WSP41] %s', (_, begun, isNote, after) => {
    expect(givenBack(begun, { text: 'back', isNote }, 7)).toEqual({ ...after, at: 7 })
  })

  it('[WSP41] [WSP55] of another kind are offered beside what was begun, the newest first', () => {
    const note = { text: 'back', isNote: true }
    const begun = draft('since', false, ['a', 'b', 'c'])
    const after = givenBack(begun, note, 7)
    expect(after).toMatchObject({ text: 'since', isNote: false, at: 1 })
    expect(after.others.map(({ text }) => text)).toEqual(['back', 'a', 'b'])
    expect(after.others[0]).toEqual({ ...note, at: 7 })
  })

  it('[WSP14] that are none change no text', () => {
    expect(givenBack(draft('since'), { text: '', isNote: true }, 7)).toEqual(draft('since'))
  })
})

it('[WSP41] what waits is one text of each kind in each dialog, in its order', () => {
  const entry = (dialogId: string, message: unknown, isPrivate?: boolean): OutboxEntry => ({
    id: `${dialogId} ${String(message)}`,
    dialogId,
    event: { type: 'ContentEvent', message },
    state: 'waiting',
    ...(isPrivate !== undefined && { isPrivate }),
  })
  const unsent = unsentIn([
    entry('one', 'first'),
    entry('one', 'a note', true),
    entry('two', { caption: 'beside a file', relativePath: '/p' }),
    entry('one', { caption: '', relativePath: '/p' }),
    entry('one', 'second'),
  ])
  expect(unsent).toEqual([
    { dialogId: 'one', text: 'first\nsecond', isNote: false },
    { dialogId: 'one', text: 'a note', isNote: true },
    { dialogId: 'two', text: 'beside a file', isNote: false },
  ])
})
