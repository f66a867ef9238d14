/**
 * Row types, the same for both engines. JSON is kept as text, booleans as 0 and 1, times as
 * milliseconds since the epoch; enum-like values are the domain's own words.
 */
import type { Generated } from 'kysely'
import type { Agent } from '../domain/account.ts'
import type { Availability } from '../domain/agent-state.ts'
import type {
  ClosedBy,
  CloseReason,
  Conversation,
  Dialog,
  OpenState,
  Participant,
  ParticipantRole,
} from '../domain/conversation.ts'
import type { Audience, EventKind } from '../domain/event.ts'
import type { RingState, RoutingTask, TaskReason, TaskState } from '../domain/ring.ts'
import type { ConsumerRecord, SigningKey } from './store.ts'
import type { AuditRow } from './tables-audit.ts'
import type { ConfigurationTables } from './tables-configuration.ts'
import type { DraftRow } from './tables-drafts.ts'
import type { FileTables } from './tables-files.ts'
import type { AppKeyRow } from './tables-logins.ts'
import type { RoutingTables } from './tables-routing.ts'
import type { AgentSurveyRow } from './tables-surveys.ts'
import type { TimerRow } from './tables-timers.ts'

type Json = string
type Flag = 0 | 1

/** Facts about the log itself, such as its epoch. */
export interface FactRow {
  name: string
  value: string
}

export interface AccountRow {
  id: string
  name: string
  settings: Json
  created_at: number
  /** The numbers that the next agent and the next skill get when they bring none. */
  next_user_number: number
  next_skill_number: number
}

export interface AgentRow {
  account_id: string
  user_id: string
  id: Agent['id']
  login_name: string
  full_name: string
  nickname: string
  email: string
  is_enabled: Flag
  is_bot: Flag
  roles: Json
  skill_ids: Json
  capacity: number | null
  password_hash: string | null
  created_at: number
  last_assigned_at: number
  group_id: string | null
  managed_group_ids: Json
  profile_ids: Json
  is_api_user: Flag
  details: Json
}

export interface SkillRow {
  account_id: string
  id: string
  name: string
  ttr: Json
  rules: Json
  details: Json
}

export interface AgentStateRow {
  account_id: string
  agent_id: string
  user_id: string
  availability: Availability
  description: string
  since: number
}

export interface ConsumerRow {
  account_id: string
  id: string
  kind: ConsumerRecord['kind']
  external_id: string | null
  issuer: string | null
  claims: Json
  profile: Json
  created_at: number
}

export interface SigningKeyRow {
  kid: string
  use: SigningKey['use']
  state: SigningKey['state']
  private_jwk: Json
  created_at: number
}

export interface SessionRow {
  id: string
  account_id: string
  agent_id: string
  user_id: string
  bearer_hash: string
  csrf_hash: string
  cookie_hash: string
  created_at: number
  expires_at: number
  ended_at: number | null
  app_key_id: string | null
}

export interface TokenUseRow {
  account_id: string
  token_id: string
  expires_at: number
}

export interface ConversationRow {
  account_id: string
  id: string
  consumer_id: string
  state: OpenState
  stage: OpenState
  skill_id: string
  started_at: number
  updated_at: number
  ended_at: number | null
  close_reason: CloseReason | null
  is_first: Flag
  ttr_type: Conversation['ttr']['type']
  ttr_seconds: number
  manual_ettr: number | null
  delay: Json | null
  csat: Json | null
  campaign: Json | null
  context: Json | null
  note: string | null
  topic: string | null
  /** Who is assigned, so that an agent's load is counted from an index. */
  assigned_agent_id: string | null
  /** Structural writes; a snapshot's revision adds the events of its dialogs. */
  revision: number
}

export interface DialogRow {
  key: Generated<number>
  account_id: string
  id: string
  conversation_id: string
  type: Dialog['type']
  channel: Dialog['channel']
  state: OpenState
  created_at: number
  updated_at: number
  ended_at: number | null
  closed_by: ClosedBy | null
  closed_cause: string | null
  metadata: Json | null
  app_id: string | null
  co_browse: Json | null
  /** Grows with every structural write; with `next_sequence` the version of the row. */
  revision: number
  next_sequence: number
  last_public_sequence: number
  last_content_sequence: number
  last_agent_content_sequence: number
  unanswered_since: number | null
  unanswered_latest: number | null
  unread: Json
  private_count: number
  /** Time of the newest event: the next one is not earlier. */
  last_at: number
}

/** Who takes part, and with `left_at` who did. */
export interface ParticipantRow {
  dialog_key: number
  id: string
  role: ParticipantRole
  account_id: string
  state: Participant['state']
  user_id: string | null
  position: number
  left_at: number | null
}

export interface EventRow {
  position: Generated<number>
  dialog_key: number
  sequence: number
  kind: EventKind
  publisher_id: string
  publisher_role: ParticipantRole
  publisher_user_id: string | null
  client_event_id: string | null
  event_id: string
  audience: Audience
  at: number
  previous_public: number
  payload: string
  metadata: string | null
  encoded_metadata: string | null
}

export interface RoutingTaskRow {
  account_id: string
  id: string
  conversation_id: string
  consumer_id: string
  skill_id: string
  state: TaskState
  cause: RoutingTask['cause']
  deadline: number
  created_at: number
  passed_by: Json
  reason: TaskReason | null
  people_only: Flag
  suggested_agent_id: string | null
  /** Not null only while the task waits for that agent alone. */
  suggested_until: number | null
  previous_agent_id: string | null
  ended_at: number | null
}

export interface RingRow {
  account_id: string
  id: string
  task_id: string
  conversation_id: string
  consumer_id: string
  skill_id: string
  agent_id: string
  agent_user_id: string
  state: RingState
  weight: number
  created_at: number
  expires_at: number
  ended_at: number | null
  decline_reason: string | null
}

export interface Tables extends ConfigurationTables, FileTables, RoutingTables {
  facts: FactRow
  accounts: AccountRow
  agents: AgentRow
  skills: SkillRow
  agent_states: AgentStateRow
  consumers: ConsumerRow
  signing_keys: SigningKeyRow
  sessions: SessionRow
  app_keys: AppKeyRow
  agent_surveys: AgentSurveyRow
  drafts: DraftRow
  audit_entries: AuditRow
  token_uses: TokenUseRow
  conversations: ConversationRow
  dialogs: DialogRow
  participants: ParticipantRow
  events: EventRow
  routing_tasks: RoutingTaskRow
  timers: TimerRow
  rings: RingRow
}
