import { describe, expect, it } from 'vitest'
import type { AgentRole } from './account.ts'
import type { Actor } from './actor.ts'
import type { AgentRef, ConversationChange } from './change.ts'
import { changeConversation } from './change-conversation.ts'
import type { Conversation, ParticipantRole } from './conversation.ts'
import { openedConversation } from './open-conversation.ts'

const NOW = 1_000

const agentOf = (id: string, roles: readonly AgentRole[] = ['agent']): Actor => ({
  kind: 'agent',
  accountId: '1',
  id,
  userId: `u-${id}`,
  roles,
  sessionId: 's',
  expiresAt: 9e9,
})

/** Who asks: the columns of the table. */
const actors = {
  consumer: {
    kind: 'consumer',
    accountId: '1',
    id: 'ann',
    strength: 'signup',
    expiresAt: 9e9,
  },
  stranger: agentOf('stranger'),
  assigned: agentOf('assigned'),
  reader: agentOf('reader'),
  manager: agentOf('manager', ['manager']),
  administrator: agentOf('administrator', ['administrator']),
} as const satisfies Record<string, Actor>
type Who = keyof typeof actors
const columns = Object.keys(actors) as Who[]

const participant = (id: string, role: ParticipantRole) =>
  ({ id, role, state: 'active', userId: `u-${id}` }) as const

const open: Conversation = (() => {
  const seconds = { urgent: 1, prioritized: 2, normal: 3, custom: 4 }
  const bare = openedConversation(
    {
      accountId: '1',
      conversationId: 'c',
      consumerId: 'ann',
      skillId: '-1',
      ttrSeconds: seconds,
      maxOpen: 0,
      at: 10,
    },
    true,
  )
  const [main] = bare.dialogs
  if (!main) throw new Error('no main dialog')
  const participants = [
    ...main.participants,
    participant('assigned', 'assigned_agent'),
    participant('reader', 'reader'),
  ]
  return { ...bare, dialogs: [{ ...main, participants }] }
})()

const apply = (before: Conversation, who: Who, ...changes: readonly ConversationChange[]) =>
  changeConversation(before, { actor: actors[who], changes, at: NOW })

const closedOne = (): Conversation => {
  const outcome = apply(open, 'consumer', { kind: 'close_conversation' })
  if (!outcome.ok) throw new Error(outcome.code)
  return outcome.conversation
}

const self = (who: Who): AgentRef => ({ id: String(actors[who].id), userId: `u-${who}` })

/** The changes, each as the actor means it for itself. */
const kinds: Readonly<Record<string, (who: Who) => ConversationChange>> = {
  close_conversation: () => ({ kind: 'close_conversation' }),
  close_dialog: () => ({ kind: 'close_dialog', dialogId: 'c' }),
  create_dialog: () => ({ kind: 'create_dialog', dialogId: 'x' }),
  update_dialog: () => ({ kind: 'update_dialog', dialogId: 'c', metadata: { a: 1 } }),
  'add manager': (who) => ({ kind: 'add_participant', role: 'manager', agent: self(who) }),
  'add reader': (who) => ({ kind: 'add_participant', role: 'reader', agent: self(who) }),
  'add assigned': (who) => ({ kind: 'add_participant', role: 'assigned_agent', agent: self(who) }),
  'add agent': (who) => ({ kind: 'add_participant', role: 'agent', agent: self(who) }),
  'add consumer': (who) => ({ kind: 'add_participant', role: 'consumer', agent: self(who) }),
  'remove assigned': (who) => ({
    kind: 'remove_participant',
    role: 'assigned_agent',
    agent: self(who),
  }),
  'remove reader': (who) => ({ kind: 'remove_participant', role: 'reader', agent: self(who) }),
  suggest_agent: () => ({
    kind: 'suggest_agent',
    agent: { id: 'other', userId: '77' },
    target: { isEnabled: true, skillIds: [], availability: 'ONLINE' },
  }),
  set_ttr: () => ({ kind: 'set_ttr', type: 'urgent', seconds: 9 }),
  rate: () => ({ kind: 'rate', csat: { status: 'FILLED', rate: 5 } }),
  set_skill: () => ({ kind: 'set_skill', skillId: '7', ttr: { type: 'normal', seconds: 3 } }),
  set_manual_ettr: () => ({ kind: 'set_manual_ettr', at: 5 }),
  set_delay: () => ({ kind: 'set_delay', type: 'NIGHT', until: 5 }),
  set_note: () => ({ kind: 'set_note', note: 'n' }),
  set_topic: () => ({ kind: 'set_topic', topic: 't' }),
}

// ok · same: accepted without a change · P not_permitted · N not_participant · A already_assigned
// 0 no_assigned_agent · C conversation_closed · D dialog_closed
const words = {
  ok: 'ok',
  same: 'same',
  P: 'not_permitted',
  N: 'not_participant',
  A: 'already_assigned',
  0: 'no_assigned_agent',
  C: 'conversation_closed',
  D: 'dialog_closed',
} as const

// consumer, stranger, assigned, reader, manager, administrator
const whileOpen: Readonly<Record<string, string>> = {
  close_conversation: 'ok N ok P ok ok',
  close_dialog: 'ok N ok P ok ok',
  create_dialog: 'P N ok P ok ok',
  update_dialog: 'P N ok ok ok ok',
  'add manager': 'P P P P ok ok',
  'add reader': 'P P P P ok ok',
  'add assigned': 'P P P P A A',
  'add agent': 'P P P P P P',
  'add consumer': 'P P P P P P',
  'remove assigned': 'P N ok 0 ok ok',
  'remove reader': 'P N N ok N N',
  suggest_agent: 'P N A A N N',
  set_ttr: 'ok N ok ok ok ok',
  rate: 'ok N P P P P',
  set_skill: 'P N ok ok N N',
  set_manual_ettr: 'P N ok ok ok ok',
  set_delay: 'P N ok ok ok ok',
  set_note: 'P N ok ok ok ok',
  set_topic: 'P N ok ok ok ok',
}
// Who may not see it is told the same of open and closed ones.
const closedFor = (kind: string) => (kind.startsWith('add ') ? 'C P C C C C' : 'C N C C C C')
const whenClosed: Readonly<Record<string, string>> = {
  ...Object.fromEntries(Object.keys(kinds).map((kind) => [kind, closedFor(kind)])),
  close_conversation: 'same N C C C C',
  close_dialog: 'same N D D D D',
  rate: 'ok N P P P P',
}

const verdict = (before: Conversation, kind: string, who: Who): string => {
  const outcome = apply(before, who, (kinds[kind] as (one: Who) => ConversationChange)(who))
  if (!outcome.ok) return outcome.code
  return outcome.conversation === before ? 'same' : 'ok'
}

const rows = (table: Readonly<Record<string, string>>) =>
  Object.entries(table).map(([kind, row]) => [kind, row] as const)

describe('[CV5] [CV9] [CV11] [PRM12] who may change what', () => {
  it.each(rows(whileOpen))('[CV9] while it is open: %s is %s', (kind, row) => {
    const expected = row.split(' ').map((word) => words[word as keyof typeof words])
    expect(columns.map((who) => verdict(open, kind, who))).toEqual(expected)
  })

  it.each(rows(whenClosed))('[CV6] when it is closed: %s is %s', (kind, row) => {
    const expected = row.split(' ').map((word) => words[word as keyof typeof words])
    expect(columns.map((who) => verdict(closedOne(), kind, who))).toEqual(expected)
  })

  it('every kind of change stands in the tables', () => {
    const known = new Set(Object.values(kinds).map((make) => make('manager').kind))
    expect([...known].toSorted()).toEqual([
      'add_participant',
      'close_conversation',
      'close_dialog',
      'create_dialog',
      'rate',
      'remove_participant',
      'set_delay',
      'set_manual_ettr',
      'set_note',
      'set_skill',
      'set_topic',
      'set_ttr',
      'suggest_agent',
      'update_dialog',
    ])
    expect(Object.keys(whileOpen)).toEqual(Object.keys(kinds))
  })
})

describe('a request of several changes', () => {
  const note = (text: string): ConversationChange => ({ kind: 'set_note', note: text })

  it('[CV3] is applied in order, as one revision', () => {
    const outcome = apply(open, 'assigned', note('a'), note('b'))
    expect(outcome).toMatchObject({
      ok: true,
      conversation: { note: 'b', revision: open.revision + 1, updatedAt: NOW },
    })
  })

  it('[CV3] is refused whole when one of them is', () => {
    const before = structuredClone(open)
    const outcome = apply(open, 'assigned', note('a'), { kind: 'close_dialog', dialogId: 'x' })
    expect(outcome).toEqual({ ok: false, code: 'dialog_not_found' })
    expect(open).toEqual(before)
  })

  it('[CV3] takes removals first, so that a take-over may be written in any order', () => {
    const outcome = apply(
      open,
      'manager',
      { kind: 'add_participant', role: 'assigned_agent', agent: self('manager') },
      { kind: 'remove_participant', role: 'assigned_agent', agent: self('assigned') },
    )
    expect(outcome).toMatchObject({ ok: true, routing: 'none' })
  })

  it('[CV10] moves updatedAt even within one millisecond, or when the clock was set back', () => {
    const outcome = changeConversation(open, {
      actor: actors.assigned,
      changes: [note('a')],
      at: open.updatedAt - 500,
    })
    expect(outcome).toMatchObject({ conversation: { updatedAt: open.updatedAt + 1 } })
  })
})

describe('a skill is named', () => {
  const named = (skillId: string): ConversationChange => ({
    kind: 'set_skill',
    skillId,
    ttr: { type: 'normal', seconds: 99 },
  })
  const ttrAfter = (...changes: readonly ConversationChange[]) => {
    const outcome = apply(open, 'assigned', ...changes)
    return outcome.ok && outcome.conversation.ttr
  }

  it('[TTR5] another skill brings its own time to respond', () => {
    expect(ttrAfter(named('7'))).toEqual({ type: 'normal', seconds: 99 })
  })

  it('[TTR5] the skill that it has leaves the time to respond as it is', () => {
    expect(ttrAfter(named(open.skillId))).toEqual(open.ttr)
    const urgent = { type: 'urgent', seconds: 9 } as const
    expect(ttrAfter({ kind: 'set_ttr', ...urgent }, named(open.skillId))).toEqual(urgent)
  })
})

describe('what it means for routing', () => {
  const unassigned = (): Conversation => {
    const outcome = apply(open, 'assigned', {
      kind: 'remove_participant',
      role: 'assigned_agent',
      agent: self('assigned'),
    })
    if (!outcome.ok) throw new Error(outcome.code)
    return outcome.conversation
  }

  it.each([
    ['closing ends it', () => apply(open, 'consumer', { kind: 'close_conversation' }), 'end'],
    [
      'closing twice is nothing',
      () => apply(closedOne(), 'consumer', { kind: 'close_dialog', dialogId: 'c' }),
      'none',
    ],
    ['a note is nothing', () => apply(open, 'assigned', { kind: 'set_note', note: 'n' }), 'none'],
    [
      'leaving returns it',
      () =>
        apply(open, 'assigned', {
          kind: 'remove_participant',
          role: 'assigned_agent',
          agent: self('assigned'),
        }),
      'returned',
    ],
    [
      'leaving for another skill transfers it',
      () =>
        apply(
          open,
          'assigned',
          { kind: 'set_skill', skillId: '7', ttr: { type: 'normal', seconds: 1 } },
          { kind: 'remove_participant', role: 'assigned_agent', agent: self('assigned') },
        ),
      'transfer',
    ],
    [
      'taking it ends the search',
      () =>
        apply(unassigned(), 'manager', {
          kind: 'add_participant',
          role: 'assigned_agent',
          agent: self('manager'),
        }),
      'end',
    ],
    [
      'a manager who joins leaves the search going',
      () =>
        apply(unassigned(), 'manager', {
          kind: 'add_participant',
          role: 'manager',
          agent: self('manager'),
        }),
      'none',
    ],
  ] as const)('[RT1] %s', (_, act, routing) => {
    expect(act()).toMatchObject({ ok: true, routing })
  })
})
