import type { DialogEvent } from '@ringdown/client'
import { describe, expect, it } from 'vitest'
import { de } from '../text/de.ts'
import { en } from '../text/en.ts'
import { holdOrder } from '../ui/held-order.ts'
import { spanOf } from '../ui/windowed.ts'
import { byUrgency, type Conversation, timeLeft, urgencyOf } from './conversation.ts'
import { consumerOf } from './directory.ts'
import { type Message, messagesOf, rowsOf } from './messages.ts'
import type { ThreadState } from './thread.ts'

const ME = 'agent'
const NOON = new Date(2026, 4, 5, 12).getTime()
const MINUTE = 60_000

const conversation = (id: string, change: Partial<Conversation> = {}): Conversation => ({
  id,
  dialogId: id,
  consumerId: 'consumer',
  skillId: '-1',
  assignedAgentId: ME,
  suggestedAgentId: undefined,
  managerIds: [],
  ownRole: 'ASSIGNED_AGENT',
  isOpen: true,
  dueAt: undefined,
  allowedMs: 100_000,
  startedAt: 0,
  updatedAt: 0,
  unread: 0,
  last: undefined,
  language: undefined,
  device: {},
  ...change,
})

describe('the list', () => {
  it('[WSP5] has the nearest deadline first, and last what nothing is owed for, the longest silent first', () => {
    const all = [
      conversation('silent', { updatedAt: 5 }),
      conversation('later', { dueAt: 200 }),
      conversation('longest silent', { updatedAt: 1 }),
      conversation('soon', { dueAt: 100 }),
    ]
    const ids = all.sort(byUrgency).map(({ id }) => id)
    expect(ids).toEqual(['soon', 'later', 'longest silent', 'silent'])
  })

  it.each([
    [undefined, 'waiting'],
    [NOON + 21_000, 'fine'],
    [NOON + 19_000, 'soon'],
    [NOON, 'soon'],
    [NOON - 1, 'late'],
  ])('[WSP6] with a deadline at %s is %s', (dueAt, urgency) => {
    expect(urgencyOf({ dueAt, allowedMs: 100_000 }, NOON)).toBe(urgency)
  })

  it.each([
    [42_000, '0:42'],
    [-65_000, '−1:05'],
    [3_600_000 + 5 * MINUTE, '1h 5m'],
    [5 * 86_400_000, '5d'],
  ])('[WSP6] says %s ms as %s', (ms, text) => {
    expect(timeLeft(NOON + ms, NOON)).toBe(text)
  })

  it('[WSP5] draws the rows that are seen and a few beyond, of however many', () => {
    const at = (scrollTop: number) => spanOf({ scrollTop, height: 720 }, 10_000, 72)
    expect(at(0)).toEqual({ from: 0, to: 18 })
    expect(at(7200)).toEqual({ from: 92, to: 118 })
    expect(at(719_280)).toEqual({ from: 9982, to: 10_000 })
  })

  it('[WSP7] that is held keeps its order, drops what went and appends what came', () => {
    expect(holdOrder(['a', 'b', 'c'], ['c', 'd', 'a'])).toEqual({ ids: ['a', 'c', 'd'], moved: 1 })
    expect(holdOrder(['a', 'b'], ['a', 'b'])).toEqual({ ids: ['a', 'b'], moved: 0 })
  })
})

const event = (sequence: number, change: Partial<DialogEvent> = {}): DialogEvent => ({
  sequence,
  dialogId: 'd',
  conversationId: 'd',
  originatorId: 'consumer',
  originatorMetadata: { id: 'consumer', role: 'CONSUMER' },
  serverTimestamp: NOON,
  event: { type: 'ContentEvent', contentType: 'text/plain', message: `message ${sequence}` },
  ...change,
})

const own = { originatorId: ME, originatorMetadata: { id: ME, role: 'ASSIGNED_AGENT' } }

const state = (said: readonly DialogEvent[], change: Partial<ThreadState> = {}): ThreadState => ({
  isLoaded: true,
  said,
  delivered: new Set(),
  read: new Set(),
  typing: [],
  isConsumerAway: false,
  lastSequence: -1,
  settling: [],
  newFrom: undefined,
  ...change,
})

const shapeOf = (messages: readonly Message[], newFrom?: number) =>
  rowsOf(messages, newFrom).map((row) =>
    row.kind !== 'message'
      ? row.kind
      : `${row.key} ${row.isFirst ? '(' : ''}${row.isLast ? ')' : ''}`,
  )

describe('a thread', () => {
  it('[WSP8] groups what one author says within two minutes, apart from notes and other days', () => {
    const said = [
      event(0),
      event(1, { serverTimestamp: NOON + MINUTE }),
      event(2, { serverTimestamp: NOON + 4 * MINUTE }),
      event(3, { ...own, serverTimestamp: NOON + 4 * MINUTE }),
      event(4, {
        ...own,
        serverTimestamp: NOON + 4 * MINUTE,
        messageAudience: 'AGENTS_AND_MANAGERS',
      }),
      event(5, { serverTimestamp: NOON + 24 * 60 * MINUTE }),
    ]
    const messages = messagesOf(state(said), [], ME)
    const rows = ['day', '#0 (', '#1 )', '#2 ()', '#3 ()', '#4 ()', 'day', '#5 ()']
    expect(shapeOf(messages)).toEqual(rows)
  })

  it('[WSP44] draws a line above the first message that is new', () => {
    const messages = messagesOf(state([event(0), event(1), event(2)]), [], ME)
    expect(shapeOf(messages, 1)).toEqual(['day', '#0 ()', 'new', '#1 (', '#2 )'])
    expect(shapeOf(messages, 0)).toEqual(['day', 'new', '#0 (', '#1 ', '#2 )'])
    expect(shapeOf(messages)).not.toContain('new')
  })

  it('[WSP8] shows a message once, whether it waits, settles or was told of', () => {
    const entry = {
      id: 'mine',
      dialogId: 'd',
      event: { type: 'ContentEvent', message: 'hi' },
      state: 'sending',
    } as const
    const waiting = messagesOf(state([]), [entry], ME)
    const settling = messagesOf(state([], { settling: [entry] }), [], ME)
    const told = messagesOf(
      state([event(0, { ...own, eventId: 'mine' })], { settling: [entry] }),
      [entry],
      ME,
    )
    const shown = [waiting, settling, told].map((messages) =>
      messages.map(({ key, sending }) => `${key} ${sending}`),
    )
    expect(shown).toEqual([['mine sending'], ['mine sent'], ['mine sent']])
  })

  it('[WSP9] knows of own messages how far they have come, of others and of notes nothing', () => {
    const note = { ...own, messageAudience: 'AGENTS_AND_MANAGERS' }
    const said = [event(0, own), event(1, own), event(2, own), event(3), event(4, note)]
    const reached = { delivered: new Set([0, 1]), read: new Set([0]) }
    const states = messagesOf(state(said, reached), [], ME).map(({ sending }) => sending)
    expect(states).toEqual(['read', 'delivered', 'sent', undefined, undefined])
  })
})

it('[WSP22] the brand vouches for a consumer only through its token', () => {
  const personal = { type: 'personal', personal: { firstname: 'Ada', lastname: 'Lovelace' } }
  const unproven = consumerOf('c', [{ ...personal, auth: {} }])
  expect(unproven).toMatchObject({ name: 'Ada Lovelace', isProven: false })
  expect(consumerOf('c', [{ ...personal, iss: 'https://idp' }]).isProven).toBe(true)
  expect(consumerOf('c', [])).toMatchObject({ name: undefined, isProven: false })
})

it('[WSP33] German fills the same places as English', () => {
  const placesIn = (texts: Readonly<Record<string, string>>) =>
    Object.entries(texts).map(([key, text]) => [key, (text.match(/\{\w+\}/g) ?? []).sort()])
  expect(placesIn(de)).toEqual(placesIn(en))
})
