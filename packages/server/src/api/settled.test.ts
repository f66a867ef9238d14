import { expect, it } from 'vitest'
import { allSettled, eachSettled } from './settled.ts'

it('[PRM11] one that fails leaves none of the others undone, and is told', async () => {
  const done: number[] = []
  const work = async (thing: number) => {
    if (thing < 3) throw new Error(`no ${thing}`)
    done.push(thing)
  }
  await expect(eachSettled([1, 2, 3, 4], work)).rejects.toThrow('no 1')
  expect(done).toEqual([3, 4])
  await eachSettled([5], work)
  expect(done).toEqual([3, 4, 5])
})

it('[PRM11] nothing is under way any more when it is told that one failed', async () => {
  const { promise, resolve } = Promise.withResolvers<void>()
  let isTold = false
  const all = allSettled([Promise.reject(new Error('no')), promise]).catch(() => {
    isTold = true
  })
  await new Promise(setImmediate)
  expect(isTold).toBe(false)
  resolve()
  await all
  expect(isTold).toBe(true)
})
