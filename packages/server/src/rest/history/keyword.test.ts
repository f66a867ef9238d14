import { expect, it } from 'vitest'
import { systemIds } from '../../ids.ts'
import { sqliteStore } from '../../store/sqlite/sqlite-store.ts'
import { FairTurns } from './fair-turns.ts'
import { groupsOf, piecesOf, searchWords } from './keyword.ts'

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

it('[HIS24] reads nothing for who hung up before its turn', async () => {
  const epoch = systemIds.uuid()
  await using store = await sqliteStore({ file: ':memory:', hosting: 'inline', epoch })
  const asked: string[] = []
  const watched: typeof store = {
    ...store,
    read(name, data) {
      asked.push(name)
      return store.read(name, data)
    },
  }
  const searching = new FairTurns({ atOnce: 1, waiting: 1, waitingOfOne: 1 })
  const search = (isGivenUp: () => boolean) =>
    searchWords(
      { store: watched, searching },
      {
        filter: { accountId: 'acme', sort: { by: 'start', direction: 'desc' } },
        words: ['parcel'],
        asker: { id: 'ann', isGivenUp },
      },
    )
  await expect(search(() => true)).rejects.toMatchObject({ code: 'unavailable' })
  expect(asked).toEqual([])
  expect(await search(() => false)).toMatchObject({ isWhole: true, conversations: 0 })
  expect(asked).toEqual(['searchedConversations'])
})
