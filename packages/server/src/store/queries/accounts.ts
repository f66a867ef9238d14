import type { Kysely } from 'kysely'
import {
  toAccount,
  toAgent,
  toAgentState,
  toConsumer,
  toSession,
  toSigningKey,
  toSkill,
} from '../rows/account-rows.ts'
import type { QueryData, QueryResult } from '../store.ts'
import type { Tables } from '../tables.ts'

export const account = async (
  db: Kysely<Tables>,
  id: QueryData<'account'>,
): Promise<QueryResult<'account'>> => {
  const row = await db.selectFrom('accounts').selectAll().where('id', '=', id).executeTakeFirst()
  return row && toAccount(row)
}

export const accounts = async (db: Kysely<Tables>): Promise<QueryResult<'accounts'>> => {
  const rows = await db.selectFrom('accounts').selectAll().orderBy('id').execute()
  return rows.map(toAccount)
}

export const agent = async (
  db: Kysely<Tables>,
  data: QueryData<'agent'>,
): Promise<QueryResult<'agent'>> => {
  const inAccount = db.selectFrom('agents').selectAll().where('account_id', '=', data.accountId)
  const row = await ('userId' in data
    ? inAccount.where('user_id', '=', data.userId)
    : 'id' in data
      ? inAccount.where('id', '=', data.id)
      : inAccount.where('login_name', '=', data.loginName)
  ).executeTakeFirst()
  return row && toAgent(row)
}

export const agents = async (
  db: Kysely<Tables>,
  accountId: QueryData<'agents'>,
): Promise<QueryResult<'agents'>> => {
  const rows = await db
    .selectFrom('agents')
    .selectAll()
    .where('account_id', '=', accountId)
    .orderBy('created_at')
    .orderBy('user_id')
    .execute()
  return rows.map(toAgent)
}

export const passwordHash = async (
  db: Kysely<Tables>,
  { accountId, userId }: QueryData<'passwordHash'>,
): Promise<QueryResult<'passwordHash'>> => {
  const row = await db
    .selectFrom('agents')
    .select('password_hash')
    .where('account_id', '=', accountId)
    .where('user_id', '=', userId)
    .executeTakeFirst()
  return row?.password_hash ?? undefined
}

export const skill = async (
  db: Kysely<Tables>,
  { accountId, id }: QueryData<'skill'>,
): Promise<QueryResult<'skill'>> => {
  const row = await db
    .selectFrom('skills')
    .selectAll()
    .where('account_id', '=', accountId)
    .where('id', '=', id)
    .executeTakeFirst()
  return row && toSkill(row)
}

export const skills = async (
  db: Kysely<Tables>,
  accountId: QueryData<'skills'>,
): Promise<QueryResult<'skills'>> => {
  const rows = await db
    .selectFrom('skills')
    .selectAll()
    .where('account_id', '=', accountId)
    .orderBy('id')
    .execute()
  return rows.map(toSkill)
}

export const agentStates = async (
  db: Kysely<Tables>,
  accountId: QueryData<'agentStates'>,
): Promise<QueryResult<'agentStates'>> => {
  const rows = await db
    .selectFrom('agent_states')
    .selectAll()
    .where('account_id', '=', accountId)
    .orderBy('agent_id')
    .execute()
  return rows.map(toAgentState)
}

export const agentState = async (
  db: Kysely<Tables>,
  { accountId, agentId }: QueryData<'agentState'>,
): Promise<QueryResult<'agentState'>> => {
  const row = await db
    .selectFrom('agent_states')
    .selectAll()
    .where('account_id', '=', accountId)
    .where('agent_id', '=', agentId)
    .executeTakeFirst()
  return row && toAgentState(row)
}

export const statesOfPresent = async (
  db: Kysely<Tables>,
): Promise<QueryResult<'statesOfPresent'>> => {
  const rows = await db
    .selectFrom('agent_states')
    .selectAll()
    .where('availability', '!=', 'OFFLINE')
    .orderBy('account_id')
    .orderBy('agent_id')
    .execute()
  return rows.map(toAgentState)
}

export const consumer = async (
  db: Kysely<Tables>,
  { accountId, id }: QueryData<'consumer'>,
): Promise<QueryResult<'consumer'>> => {
  const row = await db
    .selectFrom('consumers')
    .selectAll()
    .where('account_id', '=', accountId)
    .where('id', '=', id)
    .executeTakeFirst()
  return row && toConsumer(row)
}

export const keys = async (db: Kysely<Tables>): Promise<QueryResult<'keys'>> => {
  const rows = await db.selectFrom('signing_keys').selectAll().orderBy('created_at').execute()
  return rows.map(toSigningKey)
}

const liveSessions = (db: Kysely<Tables>) =>
  db.selectFrom('sessions').selectAll().where('ended_at', 'is', null)

export const sessionByBearer = async (
  db: Kysely<Tables>,
  { bearerHash }: QueryData<'sessionByBearer'>,
): Promise<QueryResult<'sessionByBearer'>> => {
  const row = await liveSessions(db).where('bearer_hash', '=', bearerHash).executeTakeFirst()
  return row && toSession(row)
}

export const sessionByCookie = async (
  db: Kysely<Tables>,
  { cookieHash }: QueryData<'sessionByCookie'>,
): Promise<QueryResult<'sessionByCookie'>> => {
  const row = await db
    .selectFrom('sessions')
    .selectAll()
    .where('cookie_hash', '=', cookieHash)
    .executeTakeFirst()
  return row && toSession(row)
}
