import { Refusal } from '@ringdown/protocol/errors'
import type { Kysely } from 'kysely'
import { UNTOUCHED_REVISION } from '../../domain/agent-survey.ts'
import { dialectOf } from '../dialect.ts'
import type { AgentSurveyState } from '../port/surveys.ts'
import { loadAgentSurvey, toAgentSurvey } from '../rows/survey-rows.ts'
import type { CommandData } from '../store.ts'
import type { Tables } from '../tables.ts'

export const saveAgentSurvey = async (
  db: Kysely<Tables>,
  { accountId, expectedRevision, ...state }: CommandData<'saveAgentSurvey'>,
): Promise<AgentSurveyState> => {
  const { conversationId, skillId } = state
  await dialectOf(db).serialize(db, `agent-survey/${accountId}/${conversationId}/${skillId}`)
  const conversation = await db
    .selectFrom('conversations')
    .select('id')
    .where('account_id', '=', accountId)
    .where('id', '=', conversationId)
    .executeTakeFirst()
  if (!conversation) throw new Refusal('conversation_not_found')
  const before = await loadAgentSurvey(db, { accountId, conversationId, skillId })
  const revision = before?.revision ?? UNTOUCHED_REVISION
  if (expectedRevision !== undefined && expectedRevision !== revision)
    throw new Refusal('revision_changed')
  const changed = {
    survey_id: state.surveyId,
    status: state.status,
    revision: revision + 1,
    answers: JSON.stringify(state.answers),
    agent_id: state.agentId,
    at: state.at,
  }
  const row = await db
    .insertInto('agent_surveys')
    .values({
      account_id: accountId,
      conversation_id: conversationId,
      skill_id: skillId,
      ...changed,
    })
    .onConflict((conflict) =>
      conflict.columns(['account_id', 'conversation_id', 'skill_id']).doUpdateSet(changed),
    )
    .returningAll()
    .executeTakeFirstOrThrow()
  return toAgentSurvey(row)
}
