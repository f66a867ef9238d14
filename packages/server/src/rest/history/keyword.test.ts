import { expect, it } from 'vitest'
import { groupsOf, piecesOf } from './keyword.ts'

const talk = (id: string, ...events: number[]) => ({
  id,
  startedAt: 0,
  dialogs: events.map((count, index) => ({ id: `${id}${index}`, events: count })),
})

it('[HIS22] reads short conversations together and long ones by themselves', () => {
  const talks = [talk('a', 4), talk('b', 6), talk('c', 1), talk('d', 25), talk('e'), talk('f', 10)]
  const groups = groupsOf(talks, 10).map((group) => group.map(({ id }) => id))
  expect(groups).toEqual([['a', 'b'], ['c'], ['d'], ['e', 'f']])
  expect(groupsOf([], 10)).toEqual([])
})

it('[HIS22] reads every event once, so many at a time', () => {
  expect(piecesOf([talk('a', 4, 0), talk('b', 6)], 10)).toEqual([
    { dialogIds: ['a0', 'b0'], from: 0, before: 10 },
  ])
  expect(piecesOf([talk('a', 25, 10)], 10)).toEqual([
    { dialogIds: ['a1'], from: 0, before: 10 },
    { dialogIds: ['a0'], from: 0, before: 10 },
    { dialogIds: ['a0'], from: 10, before: 20 },
    { dialogIds: ['a0'], from: 20, before: 30 },
  ])
  expect(piecesOf([talk('a', 0)], 10)).toEqual([])
})
