/**
 * The only way to the data: named commands and queries with data arguments.
 *
 * Laws, the same for every adapter (store.contract.ts):
 * - A command runs wholly inside one transaction. It either took effect and was made durable
 *   (fsync or the database's commit) before its promise resolves, or it rejects and left nothing.
 * - Commands that arrive while a commit is running share the next commit. A refusal of one never
 *   fails its batch: its promise alone rejects, with a `Refusal`.
 * - Commands issued by one caller take effect in the order of issue, and their promises settle in it.
 * - A query sees every command whose promise had resolved before the query was issued.
 * - Every command and query is confined to the account it names.
 */
import type {
  AccountId,
  AgentId,
  ConsumerId,
  ConversationId,
  DialogId,
  Sequence,
  TaskId,
  Timestamp,
  UserId,
} from '@ringdown/protocol'
import type { ChangeRequest } from '../domain/change.ts'
import type { Conversation, OpenState } from '../domain/conversation.ts'
import type { Audience, DialogEvent, NewEvent } from '../domain/event.ts'
import type { Opening } from '../domain/open-conversation.ts'
import type { Ring, RoutingTask } from '../domain/ring.ts'
import type { Audited, AuditQueries } from './port/audit.ts'
import type { Call, InAccount } from './port/call.ts'
import type { ConfigurationCommands, ConfigurationQueries } from './port/configuration.ts'
import type { DialogCommands } from './port/dialogs.ts'
import type { DraftCommands, DraftQueries } from './port/drafts.ts'
import type { FileCommands, FileQueries } from './port/files.ts'
import type { HistoryQueries } from './port/history.ts'
import type { PeopleCommands, PeopleQueries } from './port/people.ts'
import type { RoutingCommands, RoutingQueries } from './port/routing.ts'
import type { SessionCommands, SessionQueries } from './port/sessions.ts'
import type { SurveyCommands, SurveyQueries } from './port/surveys.ts'
import type { TimerCommands, TimerQueries } from './port/timers.ts'

export type { AgentWrite, ItemWrite, SkillWrite } from './port/configuration.ts'
export type {
  HistoryFilter,
  HistoryRecord,
  PastParticipant,
  SearchedConversation,
  Visibility,
} from './port/history.ts'
export type { AgentLoad, QueuedTask, RingAnswered } from './port/routing.ts'
export type { AppKey } from './port/sessions.ts'
export type { AgentSurveyState } from './port/surveys.ts'
export type { ClaimedTimer } from './port/timers.ts'

/** Where an event landed. For a repeated `clientEventId`, where the first one did. */
export interface Appended {
  readonly sequence: Sequence
  readonly previousPublic: Sequence
  readonly at: Timestamp
  /** May differ from the request: a receipt for hidden events is hidden. */
  readonly audience: Audience
  readonly isDuplicate: boolean
}

export interface OpenConversation extends Opening {
  /** Names the routing task, where one is queued. */
  readonly taskId: TaskId
}

export interface Changed {
  readonly before: Conversation
  readonly after: Conversation
  /** Rings that this change ended. */
  readonly rings: readonly Ring[]
  readonly task?: RoutingTask
}

export interface ConsumerRecord {
  readonly accountId: AccountId
  readonly id: ConsumerId
  readonly kind: 'signup' | 'anonymous' | 'authenticated'
  /** Subject and issuer of the brand's token. */
  readonly externalId?: string
  readonly issuer?: string
  /** Claims the brand's token carried: names, contacts, `lp_sdes`. */
  readonly claims: Readonly<Record<string, unknown>>
  /** What the client set about itself; unverified. */
  readonly profile: Readonly<Record<string, unknown>>
  readonly createdAt: Timestamp
}

export interface SigningKey {
  readonly kid: string
  /** `sign`: RS256 for tokens. `encrypt`: RSA-OAEP-256 for wrapped brand tokens. `pseudonym`: the
   *  symmetric secret behind the ids of authenticated consumers. */
  readonly use: 'sign' | 'encrypt' | 'pseudonym'
  /** Retired keys verify and do not sign; revoked ones do neither. */
  readonly state: 'active' | 'retired' | 'revoked'
  readonly privateJwk: Readonly<Record<string, unknown>>
  readonly createdAt: Timestamp
}

/** An agent's login. Secrets are kept as SHA-256 hashes in hex. */
export interface LoginSession {
  readonly id: string
  readonly accountId: AccountId
  readonly agentId: AgentId
  readonly userId: UserId
  readonly bearerHash: string
  readonly csrfHash: string
  readonly cookieHash: string
  readonly createdAt: Timestamp
  readonly expiresAt: Timestamp
  readonly endedAt?: Timestamp
  /** The application key that opened it. */
  readonly appKeyId?: string
}

export interface Commands
  extends DialogCommands,
    DraftCommands,
    ConfigurationCommands,
    RoutingCommands,
    PeopleCommands,
    SessionCommands,
    FileCommands,
    TimerCommands,
    SurveyCommands {
  /** Gives the event the next sequence of its dialog. Refuses with event_id_reused (same
   *  clientEventId, other content: checked first), dialog_not_found, dialog_closed (receipts
   *  pass), not_participant. [EV1] [EV4] */
  append: Call<NewEvent, Appended>
  /** Refuses with too_many_conversations; with consumer_has_open_conversation for an agent. */
  openConversation: Call<OpenConversation, { conversation: Conversation; task?: RoutingTask }>
  /** Loads and locks the conversation, lets `domain/change-conversation.ts` decide, writes the
   *  result with its routing effect. `taskId` names the routing task if one is needed. */
  changeConversation: Call<
    InAccount<{ conversationId: ConversationId; taskId: TaskId; request: ChangeRequest }>,
    Changed
  >
  /** Creates the consumer, or refreshes claims of the one that exists. */
  saveConsumer: Call<Omit<ConsumerRecord, 'profile'>, ConsumerRecord>
  /** Merges into the profile, top-level key by key. */
  updateProfile: Call<
    InAccount<{ consumerId: ConsumerId; profile: Readonly<Record<string, unknown>> }>,
    ConsumerRecord
  >
  saveKey: Call<SigningKey, SigningKey>
  openSession: Call<LoginSession, LoginSession>
  /** undefined when there is no such live session. */
  extendSession: Call<{ id: string; expiresAt: Timestamp; at: Timestamp }, LoginSession | undefined>
  /** Ends one session, or all of an agent. */
  endSessions: Call<
    InAccount<{ agentId?: AgentId; sessionId?: string; at: Timestamp }>,
    readonly LoginSession[]
  >
  /** Writes one small thing, so that a full disk or a lost database shows. [NAM10] */
  proveWritable: Call<{ at: Timestamp }, null>
  /** True the first time a brand token's id is seen. */
  recordTokenUse: Call<InAccount<{ tokenId: string; expiresAt: Timestamp; at: Timestamp }>, boolean>
}

export interface ConversationFilter {
  readonly accountId: AccountId
  readonly conversationId?: ConversationId
  readonly consumerId?: ConsumerId
  /** Conversations with one of these as active agent-side participant. */
  readonly agentIds?: readonly AgentId[]
  /** Beside `agentIds`: or with an open survey that one of these applications leads. */
  readonly appIds?: readonly string[]
  readonly states?: readonly OpenState[]
  readonly stages?: readonly OpenState[]
  readonly minUpdatedAt?: Timestamp
  readonly maxUpdatedAt?: Timestamp
  /** Newest update first; the page after this conversation. */
  readonly after?: { readonly updatedAt: Timestamp; readonly id: ConversationId }
  readonly limit: number
}

export interface EventPage {
  readonly accountId: AccountId
  readonly dialogId: DialogId
  /** Inclusive. */
  readonly from: Sequence
  /** Exclusive. */
  readonly before?: Sequence
  readonly audience: Audience
  readonly limit: number
  /** Of the matching events take the newest `limit` instead of the oldest; still ascending. */
  readonly newest?: boolean
}

export interface Queries
  extends ConfigurationQueries,
    RoutingQueries,
    PeopleQueries,
    SessionQueries,
    FileQueries,
    TimerQueries,
    SurveyQueries,
    DraftQueries,
    AuditQueries,
    HistoryQueries {
  consumer: Call<InAccount<{ id: ConsumerId }>, ConsumerRecord | undefined>
  conversation: Call<InAccount<{ id: ConversationId }>, Conversation | undefined>
  /** The conversation that a dialog belongs to. */
  conversationOfDialog: Call<InAccount<{ dialogId: DialogId }>, Conversation | undefined>
  conversations: Call<ConversationFilter, readonly Conversation[]>
  /** Ascending by sequence; events of the wrong audience are left out. [SUB1] */
  events: Call<EventPage, readonly DialogEvent[]>
  keys: Call<null, readonly SigningKey[]>
  /** Finds sessions that have not been ended. */
  sessionByBearer: Call<{ bearerHash: string }, LoginSession | undefined>
  /** Finds ended ones too: what their refresh is told depends on whose they were. */
  sessionByCookie: Call<{ cookieHash: string }, LoginSession | undefined>
}

export type CommandName = keyof Commands
export type QueryName = keyof Queries
export type CommandData<N extends CommandName> = Commands[N]['data'] & Audited
export type CommandResult<N extends CommandName> = Commands[N]['result']
export type QueryData<N extends QueryName> = Queries[N]['data']
export type QueryResult<N extends QueryName> = Queries[N]['result']

export interface StoreStats {
  readonly commits: number
  readonly commands: number
  readonly eventsAppended: number
}

export interface Store extends AsyncDisposable {
  /** Identity of this log; changes when a backup is restored. */
  readonly epoch: string
  /** Runs a command; resolves when it is durable. Rejects with a Refusal, or with `unavailable`. */
  write<N extends CommandName>(name: N, data: CommandData<N>): Promise<CommandResult<N>>
  read<N extends QueryName>(name: N, data: QueryData<N>): Promise<QueryResult<N>>
  stats(): StoreStats
  /**
   * Called once when the store can no longer promise durability (a failed fsync). The process must
   * stop answering and exit. [G11]
   */
  readonly onFatal: (react: (cause: Error) => void) => void
}
