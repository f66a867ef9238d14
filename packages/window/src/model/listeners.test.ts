import { describe, expect, it } from 'vitest'
import { Listeners } from './listeners.ts'

/** Resolves with the next time that they are told. */
const told = (listeners: Listeners): Promise<void> =>
  new Promise((resolve) => {
    const stop = listeners.listen(() => {
      stop()
      resolve()
    })
  })

describe('whoever listens', () => {
  it('[WIN42] is told once of what comes in together, and again of what comes later', async () => {
    const listeners = new Listeners()
    let count = 0
    listeners.listen(() => {
      count += 1
    })
    const first = told(listeners)
    for (let at = 0; at < 100; at += 1) {
      listeners.changed()
      await Promise.resolve()
    }
    await first
    expect(count).toBe(1)
    const second = told(listeners)
    listeners.changed()
    await second
    expect(count).toBe(2)
  })

  it('is not told any more once it has stopped', async () => {
    const listeners = new Listeners()
    let count = 0
    listeners.listen(() => {
      count += 1
    })()
    const next = told(listeners)
    listeners.changed()
    await next
    expect(count).toBe(0)
  })
})
