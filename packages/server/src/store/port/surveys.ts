/** What agents answered about conversations. */
import type { AgentId, ConversationId, SkillId, Timestamp } from '@ringdown/protocol'
import type { SurveyAnswer, SurveyStatus } from '../../domain/agent-survey.ts'
import type { Call, InAccount } from './call.ts'

/** One agent survey of a conversation. An untouched one has no entry and revision 1. */
export interface AgentSurveyState {
  readonly conversationId: ConversationId
  readonly skillId: SkillId
  readonly surveyId: string
  readonly status: SurveyStatus
  /** Grows by one with every change. */
  readonly revision: number
  readonly answers: readonly SurveyAnswer[]
  /** Who changed it last, and when. */
  readonly agentId: AgentId
  readonly at: Timestamp
}

export interface SurveyCommands {
  /** Refuses with conversation_not_found, and with revision_changed unless the present revision is
   *  the expected one. */
  saveAgentSurvey: Call<
    InAccount<Omit<AgentSurveyState, 'revision'>> & { readonly expectedRevision?: number },
    AgentSurveyState
  >
}

export interface SurveyQueries {
  agentSurvey: Call<
    InAccount<{ conversationId: ConversationId; skillId: SkillId }>,
    AgentSurveyState | undefined
  >
}
