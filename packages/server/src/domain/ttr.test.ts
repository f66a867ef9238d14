import { describe, expect, it } from 'vitest'
import { defaultSettings } from './account.ts'
import { afterContent, afterReceipt, emptyActivity } from './activity.ts'
import type { Activity, Conversation, Participant } from './conversation.ts'
import type { DialogEvent } from './event.ts'
import { openedConversation } from './open-conversation.ts'
import { effectiveTtr, ttrSeconds } from './ttr.ts'

const people: readonly Participant[] = [
  { id: 'ann', role: 'consumer', state: 'active' },
  { id: 'ana', role: 'assigned_agent', state: 'active' },
  { id: 'max', role: 'manager', state: 'active' },
  { id: 'eva', role: 'reader', state: 'active' },
  { id: 'ivo', role: 'agent', state: 'suggested' },
]

const said = (by: string, sequence: number, over: Partial<DialogEvent> = {}): DialogEvent => ({
  accountId: '1',
  conversationId: 'c',
  dialogId: 'c',
  sequence,
  previousPublic: sequence - 1,
  publisher: { id: by, role: people.find(({ id }) => id === by)?.role ?? 'agent' },
  kind: 'content',
  audience: 'all',
  eventId: `e${sequence}`,
  payload: '{}',
  at: 1_000 + sequence,
  ...over,
})

const after = (...events: readonly (DialogEvent & { isAutomatic?: boolean })[]): Activity =>
  events.reduce(
    (activity, event) => afterContent(activity, event, people, event.isAutomatic),
    emptyActivity,
  )

const conversationWith = (activity: Activity, over: Partial<Conversation> = {}): Conversation => {
  const opened = openedConversation(
    {
      accountId: '1',
      conversationId: 'c',
      consumerId: 'ann',
      skillId: '-1',
      ttrSeconds: defaultSettings.ttr,
      maxOpen: 0,
      at: 500,
    },
    false,
  )
  return { ...opened, dialogs: opened.dialogs.map((one) => ({ ...one, activity })), ...over }
}

const due = (activity: Activity, over: Partial<Conversation> = {}, ttrCountsFrom = 'latest') =>
  effectiveTtr(conversationWith(activity, over), {
    ttrCountsFrom: ttrCountsFrom as 'latest' | 'first',
  })
const hour = 3_600_000

describe('effectiveTtr', () => {
  it.each([
    ['counts from the opening before anybody spoke', after(), 500 + hour],
    ['counts from the latest message', after(said('ann', 0), said('ann', 1)), 1_001 + hour],
    ['is -1 after the agent answered', after(said('ann', 0), said('ana', 1)), -1],
    ['is -1 after a manager answered', after(said('ann', 0), said('max', 1)), -1],
    [
      'is not ended by a private message',
      after(said('ann', 0), said('ana', 1, { audience: 'agents' })),
      1_000 + hour,
    ],
    [
      'is not ended by an automatic one',
      after(said('ann', 0), { ...said('ana', 1), isAutomatic: true }),
      1_000 + hour,
    ],
    ['is not ended by another agent', after(said('ann', 0), said('ivo', 1)), 1_000 + hour],
    ['is -1 when only the agent has spoken', after(said('ana', 0)), -1],
    [
      'counts again after the answer',
      after(said('ann', 0), said('ana', 1), said('ann', 2)),
      1_002 + hour,
    ],
  ])('[TTR2] %s', (_, activity, expected) => {
    expect(due(activity)).toBe(expected)
  })

  it('[TTR2] counts from the first unanswered message when the account says so', () => {
    const activity = after(said('ann', 0), said('ana', 1), said('ann', 2), said('ann', 3))
    expect(due(activity, {}, 'first')).toBe(1_002 + hour)
    expect(due(activity, {}, 'latest')).toBe(1_003 + hour)
  })

  it('[TTR3] is -1 when closed; a manual value wins; a delay moves the start', () => {
    const waiting = after(said('ann', 0))
    expect(due(waiting, { state: 'closed' })).toBe(-1)
    expect(due(waiting, { manualEttr: 42 })).toBe(42)
    expect(due(after(said('ann', 0), said('ana', 1)), { manualEttr: 42 })).toBe(-1)
    expect(due(waiting, { delay: { type: 'NIGHT', until: 9_000 } })).toBe(9_000 + hour)
    expect(due(waiting, { delay: { type: 'NIGHT', until: 700 } })).toBe(1_000 + hour)
  })

  it("[TTR4] a skill's own seconds replace the account's, kind by kind", () => {
    expect(ttrSeconds(defaultSettings, { ttr: { urgent: 9 } })).toEqual({
      ...defaultSettings.ttr,
      urgent: 9,
    })
    expect(ttrSeconds(defaultSettings)).toEqual(defaultSettings.ttr)
  })
})

describe('unread counts', () => {
  it('[CV8] rise for active participants who may see it and did not say it', () => {
    expect(after(said('ann', 0)).unread).toEqual({ ann: 0, ana: 1, max: 1, eva: 1 })
    const more = after(said('ann', 0), said('ana', 1), said('max', 2, { audience: 'agents' }))
    expect(more.unread).toEqual({ ann: 1, ana: 2, max: 2, eva: 3 })
  })

  const four = after(said('ann', 0), said('ann', 1), said('ann', 2), said('ann', 3))
  it.each([
    ['READ', [3], 0],
    ['READ', [1], 2],
    ['READ', [0, 2], 1],
    ['READ', [99], 0],
    ['ACCEPT', [3], 4],
  ])('[CV8] after %s of %j the reader has %d unread', (status, sequences, expected) => {
    const event = { sequence: 4, publisher: { id: 'ana', role: 'assigned_agent' } } as const
    const activity = afterReceipt(four, event, { status, sequences })
    expect(activity.unread['ana']).toBe(expected)
    expect(activity.unread['max']).toBe(4)
    expect(activity.nextSequence).toBe(5)
  })

  it('[EV8] [CV8] lastContent is what all may see, lastAgentContent the newest', () => {
    const activity = after(said('ana', 0), said('ana', 1, { audience: 'agents' }))
    expect(activity.lastContent?.sequence).toBe(0)
    expect(activity.lastAgentContent?.sequence).toBe(1)
  })
})
