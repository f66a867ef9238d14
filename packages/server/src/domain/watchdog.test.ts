import { describe, expect, it } from 'vitest'
import type { Activity, Conversation } from './conversation.ts'
import { inactiveAt } from './inactivity.ts'
import { openedConversation } from './open-conversation.ts'
import { takenBack } from './take-back.ts'
import type { WatchRules } from './watchdog.ts'
import { lookPeriodMs, messagesInRow, watchBot, watchRules } from './watchdog.ts'

const opening = {
  accountId: '1',
  conversationId: 'c',
  consumerId: 'ann',
  skillId: '-1',
  ttrSeconds: { urgent: 1, prioritized: 2, normal: 3, custom: 4 },
  maxOpen: 0,
  openedBy: { id: 'bot', userId: 'u-bot' },
  at: 10,
}

const withActivity = (activity: Partial<Activity> = {}): Conversation => {
  const bare = openedConversation(opening, true)
  const dialogs = bare.dialogs.map((one) => ({
    ...one,
    activity: { ...one.activity, ...activity },
  }))
  return { ...bare, dialogs }
}

const rules = (answerSeconds: number, maxInRow = 0): WatchRules => ({ answerSeconds, maxInRow })

describe('watching a bot', () => {
  const watched = { agentId: 'bot', since: 1_000 }
  it.each([
    ['nothing is owed', {}, 50_000, { kind: 'on_duty', next: 80_000 }],
    ['asked a moment ago', { unansweredSince: 40_000 }, 50_000, { kind: 'on_duty', next: 70_000 }],
    [
      'one millisecond is left',
      { unansweredSince: 40_000 },
      69_999,
      { kind: 'on_duty', next: 70_000 },
    ],
    ['the time is over', { unansweredSince: 40_000 }, 70_000, { kind: 'silent' }],
    ['asked before it came', { unansweredSince: 1 }, 30_999, { kind: 'on_duty', next: 31_000 }],
    ['all its time is over', { unansweredSince: 1 }, 31_000, { kind: 'silent' }],
  ])('[TIM24] %s', (_, activity, at, expected) => {
    const watch = watchBot(withActivity(activity), watched, { rules: rules(30), at })
    expect(watch).toMatchObject(expected)
  })

  it('[TIM26] is over when it is not assigned, the conversation closed, or nothing is set', () => {
    const look = { rules: rules(30), at: 99_000 }
    const busy = withActivity({ unansweredSince: 2_000 })
    expect(watchBot(busy, { ...watched, agentId: 'other' }, look)).toEqual({ kind: 'over' })
    expect(watchBot({ ...busy, state: 'closed' }, watched, look)).toEqual({ kind: 'over' })
    expect(watchBot(busy, watched, { ...look, rules: rules(0) })).toEqual({ kind: 'over' })
  })

  it('[TIM27] looks every minute for loops alone, and never waits for an answer then', () => {
    expect(lookPeriodMs(rules(0, 5))).toBe(60_000)
    expect(lookPeriodMs(rules(7, 5))).toBe(7_000)
    const busy = withActivity({ unansweredSince: 2_000 })
    const watch = watchBot(busy, watched, { rules: rules(0, 5), at: 900_000 })
    expect(watch).toMatchObject({ kind: 'on_duty', next: 960_000 })
  })

  it("[TIM24] the skill's time replaces the account's, 0 included", () => {
    const settings = { botAnswerSeconds: 9, botMaxMessagesInRow: 2 }
    expect(watchRules(settings)).toEqual(rules(9, 2))
    expect(watchRules(settings, { botAnswerSeconds: 0 })).toEqual(rules(0, 2))
  })

  it('[TIM27] counts what the bot alone said since it came, from the newest back', () => {
    const said = (id: string, at: number, kind: 'content' | 'receipt' = 'content') => ({
      kind,
      publisher: { id, role: 'agent' as const },
      at,
    })
    const row = [said('bot', 2_000), said('ann', 2_000, 'receipt'), said('bot', 3_000)]
    expect(messagesInRow(row, watched)).toEqual({ count: 2, isWhole: false })
    expect(messagesInRow([said('ann', 1_500), ...row], watched)).toEqual({
      count: 2,
      isWhole: true,
    })
    expect(messagesInRow([said('bot', 999), ...row], watched)).toEqual({ count: 2, isWhole: true })
    expect(messagesInRow([...row, said('ann', 4_000)], watched).count).toBe(0)
  })
})

describe('inactivity', () => {
  it.each([
    ['the last event', { state: 'open', updatedAt: 5 }, [9, 60], 60_009],
    ['the last change', { state: 'open', updatedAt: 9 }, [5, 60], 60_009],
    ['never', { state: 'open', updatedAt: 9 }, [5, 0], undefined],
    ['not of what is closed', { state: 'closed', updatedAt: 9 }, [5, 60], undefined],
  ] as const)('[TIM11] counts from %s', (_, conversation, [last, seconds], expected) => {
    expect(inactiveAt(conversation, last, seconds)).toBe(expected)
  })
})

describe('taking back', () => {
  it('[TIM22] removes the assigned agent and nobody else', () => {
    const before = withActivity()
    const outcome = takenBack(before, 'bot', 50)
    expect(outcome).toMatchObject({ ok: true, routing: 'returned' })
    if (!outcome.ok) throw new Error(outcome.code)
    expect(outcome.conversation.dialogs[0]?.participants.map(({ id }) => id)).toEqual(['ann'])
    expect(outcome.conversation.revision).toBe(before.revision + 1)
    expect(outcome.conversation.updatedAt).toBe(50)
    for (const again of [
      takenBack(outcome.conversation, 'bot', 60),
      takenBack({ ...before, state: 'closed' }, 'bot', 60),
      takenBack(before, 'other', 60),
    ])
      expect(again).toMatchObject({ ok: true, routing: 'none' })
  })
})
