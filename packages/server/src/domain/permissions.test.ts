import { describe, expect, it } from 'vitest'
import type { AgentActor } from './actor.ts'
import type { AgentRights, Scope } from './agent-rights.ts'
import type { Availability } from './agent-state.ts'
import type { Capability } from './capabilities.ts'
import { capabilityNames } from './capabilities.ts'
import type { Conversation, ParticipantRole } from './conversation.ts'
import { openedConversation } from './open-conversation.ts'
import type { ParticipantChange } from './participant-rights.ts'
import { mayChangeParticipant, participantRights } from './participant-rights.ts'
import { isCapable, isInScope, mayChange, mayRead, maySee, mayTransferTo } from './permissions.ts'

const everywhere: Scope = { kind: 'account' }
const harbour: Scope = { kind: 'groups', agentIds: new Set(['hans']), skillIds: new Set(['2']) }

const actor = (id: string, rights?: AgentRights): AgentActor => ({
  kind: 'agent',
  accountId: '1',
  id,
  userId: id,
  roles: ['agent'],
  sessionId: 's',
  expiresAt: 0,
  ...(rights && { rights }),
})

const able = (scope: Scope, ...capabilities: readonly Capability[]): AgentActor =>
  actor('max', { capabilities: new Set(capabilities), scope })

const talk = (
  skillId: string,
  ...agents: readonly (readonly [string, ParticipantRole])[]
): Conversation => {
  const opened = openedConversation(
    {
      accountId: '1',
      conversationId: 'c',
      consumerId: 'ann',
      skillId,
      ttrSeconds: { urgent: 1, prioritized: 1, normal: 1, custom: 1 },
      maxOpen: 0,
      at: 100,
    },
    true,
  )
  const [main] = opened.dialogs
  const others = agents.map(([id, role]) => ({ id, role, userId: id, state: 'active' as const }))
  const participants = [...(main?.participants ?? []), ...others]
  return { ...opened, dialogs: opened.dialogs.map((one) => ({ ...one, participants })) }
}

const main = (conversation: Conversation) => {
  const [dialog] = conversation.dialogs
  if (!dialog) throw new Error('no dialog')
  return dialog
}

describe('[PRM6] scope', () => {
  it.each([
    ['assigned to a member', talk('9', ['hans', 'assigned_agent']), true],
    ['assigned to somebody else', talk('2', ['sara', 'assigned_agent']), false],
    ['unassigned, of a skill that a member holds', talk('2'), true],
    ['unassigned, of another skill', talk('3'), false],
    ['unassigned, read by a member', talk('3', ['hans', 'reader']), false],
  ])('%s', (_, conversation, isCovered) => {
    expect(isInScope(able(harbour), conversation)).toBe(isCovered)
    expect(isInScope(able(everywhere), conversation)).toBe(true)
  })
})

describe('[PRM7] seeing and reading', () => {
  const theirs = talk('3', ['sara', 'assigned_agent'])
  it.each([
    ['who may view and covers it', able(everywhere, 'view_conversations'), true],
    ['who may view and does not cover it', able(harbour, 'view_conversations'), false],
    ['who may do everything but view', able(everywhere, 'join_conversations', 'administer'), false],
    ['who takes part', actor('sara', { capabilities: new Set(), scope: harbour }), true],
    [
      'who is of another account',
      { ...able(everywhere, 'view_conversations'), accountId: '2' },
      false,
    ],
    [
      'the consumer',
      { kind: 'consumer', accountId: '1', id: 'ann', strength: 'signup', expiresAt: 0 },
      true,
    ],
    [
      'another one',
      { kind: 'consumer', accountId: '1', id: 'eve', strength: 'signup', expiresAt: 0 },
      false,
    ],
  ] as const)('%s', (_, who, isAllowed) => {
    expect(maySee(who, theirs)).toBe(isAllowed)
    expect(mayRead(who, theirs, main(theirs))).toBe(isAllowed)
  })
})

it('[PRM8] who takes part or may join changes notes and deadlines', () => {
  const ours = talk('2', ['hans', 'assigned_agent'])
  expect(mayChange(actor('hans'), ours)).toBe(true)
  expect(mayChange(able(harbour, 'join_conversations'), ours)).toBe(true)
  expect(mayChange(able(harbour, 'join_conversations'), talk('3'))).toBe(false)
  expect(mayChange(able(everywhere, 'view_conversations', 'close_conversations'), ours)).toBe(false)
})

it.each([
  ['ONLINE', 'transfer_to_available'],
  ['OCCUPIED', 'transfer_to_available'],
  ['BACK_SOON', 'transfer_to_available'],
  ['AWAY', 'transfer_to_away'],
  ['OFFLINE', 'transfer_to_offline'],
] satisfies [Availability, Capability][])(
  '[PRM9] to agents who are %s takes %s',
  (state, needed) => {
    for (const one of capabilityNames)
      expect(mayTransferTo(able(everywhere, one), state)).toBe(one === needed)
  },
)

it('[PRM1] without resolved rights the defaults of the roles count', () => {
  expect(isCapable(actor('ana'), 'handle_conversations')).toBe(true)
  expect(isCapable(actor('ana'), 'view_conversations')).toBe(false)
  expect(isCapable({ ...actor('max'), roles: ['manager'] }, 'view_conversations')).toBe(true)
})

describe('[PRM10] the matrix of participants', () => {
  const ours = talk('2', ['hans', 'assigned_agent'])
  const chiefed = talk('2', ['hans', 'assigned_agent'], ['chief', 'manager'])
  const none = { capabilities: new Set<Capability>(), scope: everywhere }
  // Who asks, about whom, and where; then what is allowed, in the order of `columns`.
  const askers = {
    'nobody special': actor('bob', none),
    'may join': actor('bob', { ...none, capabilities: new Set(['join_conversations']) }),
    'may join and handle': actor('bob', {
      ...none,
      capabilities: new Set(['join_conversations', 'handle_conversations']),
    }),
    'may, elsewhere': actor('bob', {
      capabilities: new Set(['join_conversations', 'handle_conversations']),
      scope: { kind: 'groups', agentIds: new Set(['sara']), skillIds: new Set() },
    }),
    'joined manager': actor('chief', none),
    'assigned and handling': actor('hans', {
      ...none,
      capabilities: new Set(['handle_conversations']),
    }),
  } satisfies Record<string, AgentActor>
  const columns: readonly ParticipantRole[] = [
    'consumer',
    'assigned_agent',
    'agent',
    'manager',
    'reader',
    'controller',
  ]
  const allowed = (
    who: keyof typeof askers,
    change: ParticipantChange,
    { self, type = 'main' }: { self: boolean; type?: 'main' | 'post_survey' },
  ): string => {
    const asking = askers[who]
    const conversation = who === 'joined manager' ? chiefed : ours
    const dialog = { ...main(conversation), type }
    const agentId = self ? asking.id : 'someone'
    return columns
      .map((role) =>
        mayChangeParticipant(asking, { change, role, agentId, conversation, dialog }) ? 'y' : '-',
      )
      .join('')
  }

  // Joining, joining a survey, leaving, sending others away, suggesting.
  it.each([
    ['nobody special', '------ ------ -yyyy- ------ ------'],
    ['may join', '---yy- --yyy- -yyyy- -yyyy- ------'],
    ['may join and handle', '-y-yy- -yyyy- -yyyy- -yyyy- ------'],
    ['may, elsewhere', '------ ------ -yyyy- ------ ------'],
    ['joined manager', '------ ------ -yyyy- -yyyy- ------'],
    ['assigned and handling', '------ ------ -yyyy- ------ -y----'],
  ] as const)('%s', (who, row) => {
    const actual = [
      allowed(who, 'add', { self: true }),
      allowed(who, 'add', { self: true, type: 'post_survey' }),
      allowed(who, 'remove', { self: true }),
      allowed(who, 'remove', { self: false }),
      allowed(who, 'suggest', { self: false }),
    ]
    expect(actual.join(' ')).toBe(row)
    for (const type of ['main', 'post_survey'] as const)
      expect(allowed(who, 'add', { self: false, type })).toBe('------')
  })

  it('has a cell for every change and role', () => {
    for (const row of Object.values(participantRights))
      expect(Object.keys(row).toSorted()).toEqual(columns.toSorted())
  })
})
