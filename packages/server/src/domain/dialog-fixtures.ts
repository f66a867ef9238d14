/** Who meets in the tests of dialogs and surveys, and what they do. */
import type { AgentRole } from './account.ts'
import type { Actor } from './actor.ts'
import type { AgentRef, ChangeOutcome, ConversationChange } from './change.ts'
import { changeConversation } from './change-conversation.ts'
import type { Conversation } from './conversation.ts'
import { openedConversation } from './open-conversation.ts'
import type { SurveyTerms } from './survey.ts'

export const NOW = 1_000

const agentOf = (
  id: string,
  roles: readonly AgentRole[] = ['agent'],
  appIds?: string[],
): Actor => ({
  kind: 'agent',
  accountId: '1',
  id,
  userId: `u-${id}`,
  roles,
  sessionId: 's',
  expiresAt: 9e9,
  ...(appIds && { appIds }),
})

export const actors = {
  consumer: { kind: 'consumer', accountId: '1', id: 'ann', strength: 'signup', expiresAt: 9e9 },
  stranger: agentOf('stranger'),
  former: agentOf('former'),
  app: agentOf('app', ['agent'], ['survey-app']),
  otherApp: agentOf('otherApp', ['agent'], ['other-app']),
  manager: agentOf('manager', ['manager']),
} as const satisfies Record<string, Actor>
export type Who = keyof typeof actors
export const columns = Object.keys(actors) as Who[]

export const open = (features: readonly string[] = ['MULTI_DIALOG', 'CO_BROWSE']): Conversation => {
  const bare = openedConversation(
    {
      accountId: '1',
      conversationId: 'c',
      consumerId: 'ann',
      skillId: '-1',
      ttrSeconds: { urgent: 1, prioritized: 2, normal: 3, custom: 4 },
      context: { clientProperties: { features } },
      openedBy: { id: 'former', userId: 'u-former' },
      maxOpen: 0,
      at: 10,
    },
    true,
  )
  return bare
}

export const terms: SurveyTerms = { appId: 'survey-app', wasAssigned: true }
export const closeMain = {
  kind: 'close_dialog',
  dialogId: 'c',
  surveyDialogId: 's',
} as const satisfies ConversationChange

export const apply = (
  before: Conversation,
  who: Who,
  changes: readonly ConversationChange[],
  survey?: SurveyTerms,
): ChangeOutcome =>
  changeConversation(before, { actor: actors[who], changes, at: NOW, ...(survey && { survey }) })

export const done = (outcome: ChangeOutcome): Conversation => {
  if (!outcome.ok) throw new Error(outcome.code)
  return outcome.conversation
}

export const inSurvey = (): Conversation => done(apply(open(), 'consumer', [closeMain], terms))
export const self = (who: Who): AgentRef => ({ id: String(actors[who].id), userId: `u-${who}` })
