import type { Kysely } from 'kysely'
import { loadAgentSurvey } from '../rows/survey-rows.ts'
import type { QueryData, QueryResult } from '../store.ts'
import type { Tables } from '../tables.ts'

export const agentSurvey = (
  db: Kysely<Tables>,
  of: QueryData<'agentSurvey'>,
): Promise<QueryResult<'agentSurvey'>> => loadAgentSurvey(db, of)
