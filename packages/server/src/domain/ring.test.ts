import { expect, it } from 'vitest'
import { ringMoves } from './ring.ts'

it.each([
  ['waiting', 'accept', 'accepted'],
  ['waiting', 'reject', 'rejected'],
  ['waiting', 'expire', 'expired'],
  ['waiting', 'cancel', 'cancelled'],
  ['accepted', 'accept', 'refused'],
  ['accepted', 'reject', 'refused'],
  ['accepted', 'expire', 'ignored'],
  ['accepted', 'cancel', 'ignored'],
  ['auto_accepted', 'accept', 'refused'],
  ['auto_accepted', 'reject', 'refused'],
  ['auto_accepted', 'expire', 'ignored'],
  ['auto_accepted', 'cancel', 'ignored'],
  ['rejected', 'accept', 'refused'],
  ['rejected', 'reject', 'refused'],
  ['rejected', 'expire', 'ignored'],
  ['rejected', 'cancel', 'ignored'],
  ['expired', 'accept', 'refused'],
  ['expired', 'reject', 'refused'],
  ['expired', 'expire', 'ignored'],
  ['expired', 'cancel', 'ignored'],
  ['cancelled', 'accept', 'refused'],
  ['cancelled', 'reject', 'refused'],
  ['cancelled', 'expire', 'ignored'],
  ['cancelled', 'cancel', 'ignored'],
] as const)('[RG1] a ring that is %s, told to %s, is %s', (state, input, outcome) => {
  expect(ringMoves[state][input]).toBe(outcome)
})

it('[RG1] there are no other states and inputs', () => {
  const cells = Object.values(ringMoves).flatMap((row) => Object.keys(row))
  expect(cells).toHaveLength(24)
})
