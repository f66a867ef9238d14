import type { Kysely, Selectable } from 'kysely'
import type { AgentSurveyState } from '../port/surveys.ts'
import type { Tables } from '../tables.ts'
import type { AgentSurveyRow } from '../tables-surveys.ts'
import { parsed } from './optional.ts'

export const toAgentSurvey = (row: Selectable<AgentSurveyRow>): AgentSurveyState => ({
  conversationId: row.conversation_id,
  skillId: row.skill_id,
  surveyId: row.survey_id,
  status: row.status,
  revision: row.revision,
  answers: parsed(row.answers),
  agentId: row.agent_id,
  at: row.at,
})

export const loadAgentSurvey = async (
  db: Kysely<Tables>,
  of: { accountId: string; conversationId: string; skillId: string },
): Promise<AgentSurveyState | undefined> => {
  const row = await db
    .selectFrom('agent_surveys')
    .selectAll()
    .where('account_id', '=', of.accountId)
    .where('conversation_id', '=', of.conversationId)
    .where('skill_id', '=', of.skillId)
    .executeTakeFirst()
  return row && toAgentSurvey(row)
}
