import type { Selectable } from 'kysely'
import {
  type Account,
  type AccountSettings,
  type Agent,
  defaultSettings,
  defaultSkillRules,
  type Skill,
  type SkillRules,
} from '../../domain/account.ts'
import type { AgentState } from '../../domain/agent-state.ts'
import type { ConsumerRecord, LoginSession, SigningKey } from '../store.ts'
import type {
  AccountRow,
  AgentRow,
  AgentStateRow,
  ConsumerRow,
  SessionRow,
  SigningKeyRow,
  SkillRow,
} from '../tables.ts'
import { parsed, present } from './optional.ts'

export const toAccount = (row: Selectable<AccountRow>): Account => ({
  id: row.id,
  name: row.name,
  // Settings that came with a later release have their defaults.
  settings: { ...defaultSettings, ...parsed<Partial<AccountSettings>>(row.settings) },
  createdAt: row.created_at,
})

export const toAgent = (row: Selectable<AgentRow>): Agent => ({
  accountId: row.account_id,
  userId: row.user_id,
  id: row.id,
  loginName: row.login_name,
  fullName: row.full_name,
  nickname: row.nickname,
  email: row.email,
  isEnabled: row.is_enabled === 1,
  isBot: row.is_bot === 1,
  roles: parsed(row.roles),
  skillIds: parsed(row.skill_ids),
  ...present({ capacity: row.capacity, groupId: row.group_id }),
  managedGroupIds: parsed(row.managed_group_ids),
  profileIds: parsed(row.profile_ids),
  isApiUser: row.is_api_user === 1,
  details: parsed(row.details),
  createdAt: row.created_at,
})

export const toSkill = (row: Selectable<SkillRow>): Skill => ({
  accountId: row.account_id,
  id: row.id,
  name: row.name,
  ttr: parsed(row.ttr),
  rules: { ...defaultSkillRules, ...parsed<Partial<SkillRules>>(row.rules) },
  details: parsed(row.details),
})

export const toAgentState = (row: Selectable<AgentStateRow>): AgentState => ({
  accountId: row.account_id,
  agentId: row.agent_id,
  userId: row.user_id,
  availability: row.availability,
  description: row.description,
  since: row.since,
})

export const toConsumer = (row: Selectable<ConsumerRow>): ConsumerRecord => ({
  accountId: row.account_id,
  id: row.id,
  kind: row.kind,
  ...present({ externalId: row.external_id, issuer: row.issuer }),
  claims: parsed(row.claims),
  profile: parsed(row.profile),
  createdAt: row.created_at,
})

export const toSigningKey = (row: Selectable<SigningKeyRow>): SigningKey => ({
  kid: row.kid,
  use: row.use,
  state: row.state,
  privateJwk: parsed(row.private_jwk),
  createdAt: row.created_at,
})

export const toSession = (row: Selectable<SessionRow>): LoginSession => ({
  id: row.id,
  accountId: row.account_id,
  agentId: row.agent_id,
  userId: row.user_id,
  bearerHash: row.bearer_hash,
  csrfHash: row.csrf_hash,
  cookieHash: row.cookie_hash,
  createdAt: row.created_at,
  expiresAt: row.expires_at,
  ...present({ endedAt: row.ended_at, appKeyId: row.app_key_id }),
})
