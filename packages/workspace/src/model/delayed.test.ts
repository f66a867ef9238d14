import { ConnectionLost, RequestRefused, RequestTimedOut } from '@ringdown/client'
import { expect, it } from 'vitest'
import { untilAnswered } from './delayed.ts'

const refused = (code: number) => new RequestRefused('cm.UpdateConversationField', code, 'no')
const lost = new ConnectionLost('gone')
const late = new RequestTimedOut('too late')
const backoff = { firstMs: 0, mostMs: 0 }

/** What comes of answers that follow each other; the last one is good where none is left. */
const after = async (answers: readonly Error[], mayBeDone = false) => {
  const left = [...answers]
  const ask = async () => {
    const problem = left.shift()
    if (problem) throw problem
  }
  await untilAnswered(ask, { backoff, mayBeDone })
  return left
}

it.each([
  ['at once', [refused(403)]],
  ['after the server could not', [refused(503), refused(403)]],
  ['after too many requests', [refused(429), refused(503), refused(400)]],
])('[WSP54] a parting that is refused %s is told as refused', async (_, answers) => {
  await expect(after(answers)).rejects.toBe(answers.at(-1))
})

it.each([
  ['a lost connection', [lost, refused(403)]],
  ['an answer that did not come', [late, refused(503), refused(403)]],
])('[WSP54] after %s a refusal is of what is done already', async (_, answers) => {
  expect(await after(answers)).toEqual([])
})

it('[WSP54] what another page asked for may be done, too', async () => {
  expect(await after([refused(403)], true)).toEqual([])
})
