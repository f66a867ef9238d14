import { expect, it } from 'vitest'
import type { Actor } from '../domain/actor.ts'
import type { Conversation } from '../domain/conversation.ts'
import { openedConversation } from '../domain/open-conversation.ts'
import type { SubscriptionFilter } from './conversation-filter.ts'
import { matches, participantsOf } from './conversation-filter.ts'

const conversation: Conversation = {
  ...openedConversation(
    {
      accountId: '1',
      conversationId: 'c',
      consumerId: 'ann',
      skillId: '-1',
      ttrSeconds: { urgent: 1, prioritized: 1, normal: 1, custom: 1 },
      openedBy: { id: 'ana', userId: '7' },
      maxOpen: 0,
      at: 100,
    },
    true,
  ),
  updatedAt: 200,
}
const consumer = (id: string, accountId = '1'): Actor => ({
  kind: 'consumer',
  accountId,
  id,
  strength: 'signup',
  expiresAt: 0,
})
const agent = (
  id: string,
  roles: readonly ('agent' | 'manager')[] = ['agent'],
  accountId = '1',
): Actor => ({
  kind: 'agent',
  accountId,
  id,
  userId: id,
  roles,
  sessionId: 's',
  expiresAt: 0,
})
const max = agent('max', ['manager'])

it.each([
  ['its consumer', consumer('ann'), true],
  ['another consumer', consumer('eve'), false],
  ['one of that name in another account', consumer('ann', '2'), false],
  ['its agent', agent('ana'), true],
  ['another agent', agent('bob'), false],
  ['a manager', max, true],
  ["another account's manager", agent('max', ['manager'], '2'), false],
] as const)('[CV2] [SUB5] %s', (_, actor, isSeen) => {
  expect(matches(actor, {}, conversation)).toBe(isSeen)
})

it.each([
  [{}, true],
  [{ states: ['open'] }, true],
  [{ states: ['closed'] }, false],
  [{ states: [] }, false],
  [{ states: ['open', 'closed'], stages: ['closed'] }, false],
  [{ stages: ['open'] }, true],
  [{ agentIds: ['ana'] }, true],
  [{ agentIds: ['bob', 'ana'] }, true],
  [{ agentIds: ['bob'] }, false],
  [{ agentIds: [] }, true],
  [{ consumerId: 'ann' }, true],
  [{ consumerId: 'eve' }, false],
  [{ conversationId: 'c' }, true],
  [{ conversationId: 'd' }, false],
  [{ minUpdatedAt: 200 }, true],
  [{ minUpdatedAt: 201 }, false],
  [{ maxUpdatedAt: 200 }, true],
  [{ maxUpdatedAt: 199 }, false],
  [{ states: ['open'], agentIds: ['ana'], consumerId: 'eve' }, false],
] satisfies [SubscriptionFilter, boolean][])('[SUB5] the filter %j: %s', (filter, isWanted) => {
  expect(matches(max, filter, conversation)).toBe(isWanted)
})

it.each([
  [consumer('ann'), { agentIds: ['ana'] }, ['ann']],
  [max, {}, 'all'],
  [max, { agentIds: ['ana', 'bob'] }, ['ana', 'bob']],
  [max, { consumerId: 'ann' }, ['ann']],
  [max, { agentIds: [] }, 'all'],
  [agent('bob'), {}, ['bob']],
] satisfies [Actor, SubscriptionFilter, unknown][])(
  '[SUB8] is filed where its changes are looked for: %#',
  (actor, filter, filed) => {
    expect(participantsOf(actor, filter)).toEqual(filed)
  },
)
