import { expect, it } from 'vitest'
import { FairTurns } from './fair-turns.ts'

/** Work that is done when told, and what has begun. */
const world = (limits: Partial<ConstructorParameters<typeof FairTurns>[0]> = {}) => {
  const turns = new FairTurns({ atOnce: 2, waiting: 10, waitingOfOne: 5, ...limits })
  const begun: string[] = []
  const running = new Map<string, () => void>()
  const ask = (id: string, piece = id, isGivenUp = () => false) =>
    turns.take({ id, isGivenUp }, async () => {
      begun.push(piece)
      await new Promise<void>((resolve) => running.set(piece, resolve))
      return piece
    })
  const finish = async (piece: string) => {
    running.get(piece)?.()
    await new Promise(setImmediate)
  }
  return { ask, begun, finish }
}

const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error: { code: string }) => error.code,
  )

it('[HIS24] one of each at a time, in order', async () => {
  const { ask, begun, finish } = world()
  const all = [ask('ann', 'ann 1'), ask('ann', 'ann 2'), ask('ben'), ask('cleo')]
  await new Promise(setImmediate)
  expect(begun).toEqual(['ann 1', 'ben'])
  await finish('ben')
  expect(begun).toEqual(['ann 1', 'ben', 'cleo'])
  await finish('ann 1')
  expect(begun.at(-1)).toBe('ann 2')
  await finish('ann 2')
  await finish('cleo')
  expect(await Promise.all(all)).toEqual(['ann 1', 'ann 2', 'ben', 'cleo'])
})

it('[HIS24] so many wait, and so many of one', async () => {
  const { ask, finish } = world({ waiting: 2, waitingOfOne: 1 })
  const all = [ask('ann', 'ann 1'), ask('ben', 'ben 1'), ask('ann', 'ann 2')]
  expect(await codeOf(ask('ann', 'ann 3'))).toBe('too_many_requests')
  all.push(ask('ben', 'ben 2'))
  expect(await codeOf(ask('cleo'))).toBe('unavailable')
  for (const piece of ['ann 1', 'ben 1', 'ann 2', 'ben 2']) await finish(piece)
  expect(await Promise.all(all)).toHaveLength(4)
})

it('[HIS24] work for nobody is not begun and takes no room', async () => {
  const { ask, begun, finish } = world({ atOnce: 1, waiting: 1 })
  const first = ask('ann')
  let isGone = false
  const left = codeOf(ask('ben', 'ben 1', () => isGone))
  isGone = true
  const next = ask('ben', 'ben 2')
  expect(await left).toBe('unavailable')
  const later = codeOf(ask('cleo', 'cleo', () => true))
  expect(await later).toBe('unavailable')
  await finish('ann')
  await finish('ben 2')
  await Promise.all([first, next])
  expect(begun).toEqual(['ann', 'ben 2'])
})

it('[HIS24] work that fails gives the turn on', async () => {
  const turns = new FairTurns({ atOnce: 1, waiting: 1, waitingOfOne: 1 })
  const asker = { id: 'ann', isGivenUp: () => false }
  const failing = turns.take(asker, () => Promise.reject(new Error('no store')))
  const next = turns.take(asker, async () => 'done')
  await expect(failing).rejects.toThrow('no store')
  expect(await next).toBe('done')
})
