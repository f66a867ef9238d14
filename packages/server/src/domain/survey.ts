/** The survey that follows a conversation: when one opens, and with whom. [DLG1] [DLG2] */
import type { DialogId, Timestamp } from '@ringdown/protocol'
import type { AccountSettings, Agent, Skill } from './account.ts'
import { declares } from './client-features.ts'
import type { Conversation, Dialog } from './conversation.ts'
import { assignedAgent, mainDialog } from './conversation.ts'

/** What a closing has to know of its surroundings to open a survey. */
export interface SurveyTerms {
  /** The application that leads it; absent: there is none. */
  readonly appId?: string
  /** Whether an agent was ever assigned to the conversation. */
  readonly wasAssigned: boolean
}

/** The application for conversations at a skill; an empty one at the skill means none. [DLG1] */
export const surveyAppOf = (
  settings: Pick<AccountSettings, 'surveyAppId'>,
  skill: Pick<Skill, 'rules'> | undefined,
): string | undefined => (skill?.rules.surveyAppId ?? settings.surveyAppId) || undefined

/** Applications that an agent speaks for: those its own record names, and for bots the shared ones. [DLG5] */
export const appIdsOf = (
  { details, isBot, isApiUser }: Pick<Agent, 'details' | 'isBot' | 'isApiUser'>,
  { sharedAppIds }: Pick<AccountSettings, 'sharedAppIds'>,
): readonly string[] => {
  const named = details['appInstallIds']
  const own = Array.isArray(named) ? named.map(String) : []
  return isBot || isApiUser ? [...own, ...sharedAppIds] : own
}

/** Whether closing the main dialog may be followed by a survey at all. [DLG2] */
export const takesSurveys = (conversation: Conversation): boolean =>
  declares(conversation, 'MULTI_DIALOG') &&
  mainDialog(conversation).state === 'open' &&
  !conversation.dialogs.some(({ type }) => type === 'post_survey')

/** The consumer answers, the application asks once it has joined, the former agent may read. [DLG3] */
export const surveyDialog = (
  conversation: Conversation,
  { id, appId, at }: { readonly id: DialogId; readonly appId: string; readonly at: Timestamp },
): Dialog => {
  const agent = assignedAgent(conversation)
  return {
    id,
    conversationId: conversation.id,
    type: 'post_survey',
    channel: 'messaging',
    state: 'open',
    createdAt: at,
    updatedAt: at,
    appId,
    participants: [
      { id: conversation.consumerId, role: 'consumer', state: 'active' },
      ...(agent ? [{ ...agent, role: 'reader', state: 'active' } as const] : []),
    ],
    activity: { nextSequence: 0, unread: {} },
  }
}
