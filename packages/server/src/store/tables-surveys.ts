/** Rows of agent surveys. */
import type { SurveyStatus } from '../domain/agent-survey.ts'

export interface AgentSurveyRow {
  account_id: string
  conversation_id: string
  skill_id: string
  survey_id: string
  status: SurveyStatus
  revision: number
  /** JSON. */
  answers: string
  agent_id: string
  at: number
}
