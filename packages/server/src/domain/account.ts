import type { AccountId, SkillId, UserId } from '@ringdown/protocol'
import { defaultFileSharing, type FileSharing } from './hosted-file.ts'

/** How fast an agent should answer, by kind of conversation. */
export type TtrType = 'normal' | 'urgent' | 'prioritized' | 'custom'

/** Seconds allowed for an answer, per kind. [TTR1] */
export type TtrDefaults = Readonly<Record<TtrType, number>>

/** A key with which a brand signs its consumers' identities. */
export interface BrandKey {
  /** Matches the token header's `kid` when both have one. */
  readonly kid?: string
  /** Base64 of the DER SubjectPublicKeyInfo, without PEM armour. */
  readonly publicKey: string
}

/** Everything an operator can set for one account. Absent values mean the default. */
export interface AccountSettings {
  readonly ttr: TtrDefaults
  /** Which unanswered consumer message the time to respond counts from. */
  readonly ttrCountsFrom: 'latest' | 'first'
  /** Open conversations that one consumer may have at once; 0 means no limit. */
  readonly maxOpenConversations: number
  /** Conversations that one agent carries unless its own value says otherwise. */
  readonly defaultCapacity: number
  /** How long a ring waits for its agent, in milliseconds. */
  readonly ringExpirationMs: number
  /** The server accepts for the agents that it rings. [RG8] */
  readonly autoAccept: boolean
  /** How long a suggested agent is waited for, unless the skill says otherwise. [RT13] */
  readonly transferToAgentMaxWaitSeconds: number
  /** Origins that may open sockets; an empty list admits all. */
  readonly allowedOrigins: readonly string[]
  readonly brandKeys: readonly BrandKey[]
  /** Expected `iss` of brand tokens; absent means any. */
  readonly brandIssuer?: string
  /** Refuse a brand token whose `jti` was seen before. */
  readonly refuseTokenReplay: boolean
  /** Take brand tokens only when they are wrapped as a JWE. */
  readonly requireEncryptedTokens: boolean
  /** Whether the unauthenticated connector flow is on, and for how long its tokens refresh. */
  readonly anonymousRefreshHours: number
  readonly connectors: readonly Connector[]
  /** Events of others reach the socket that opened a conversation without a subscription. */
  readonly implicitDelivery: boolean
  /** What files people may share. */
  readonly fileSharing: FileSharing
  /** Inactivity after which a conversation is closed, in seconds; 0 means never. [TIM10] */
  readonly autoCloseSeconds: number
  /** How long an agent may be gone before its conversations go back to the queue; 0 means that it
   *  keeps them. [TIM20] */
  readonly takeBackAfterMs: number
  /** How long a bot may leave a consumer without an answer; 0 means without limit. [TIM24] */
  readonly botAnswerSeconds: number
  /** How many messages a bot may write without the consumer; 0 means without limit. [TIM27] */
  readonly botMaxMessagesInRow: number
  /** The application that leads surveys at skills that name none; absent: no survey. */
  readonly surveyAppId?: string
  /** How long a consumer may leave a survey open, in seconds. */
  readonly surveyTimeoutSeconds: number
  /** Survey applications that every bot and API user of the account may lead. */
  readonly sharedAppIds: readonly string[]
  /** Hosts that images of structured content may come from, `*.` for all below; none: any. */
  readonly imageHosts: readonly string[]
  /** Who may vouch for agents by SAML assertions; none: nobody may. */
  readonly samlIdentityProviders: readonly SamlIdentityProvider[]
  /** Show every consumer's id as `privateData.userId` to agents, for adapters that need one. */
  readonly profileUserIdForAll: boolean
}

/** A service that signs SAML assertions about the account's agents. */
export interface SamlIdentityProvider {
  /** The `Issuer` of its assertions. Several entries may share one while a certificate changes. */
  readonly entityId: string
  /** Base64 of the DER certificate with which it signs, without PEM armour. */
  readonly certificate: string
  /** The expected `Audience`; absent: the https address of the account at this server. */
  readonly audience?: string
  /** The expected `Recipient`; absent: the https address of the login. */
  readonly recipient?: string
}

/** An identity connector of the exchange endpoint. */
export interface Connector {
  readonly id: string
  readonly name: string
  readonly type: 'unauthenticated' | 'brand'
  readonly enabled: boolean
}

export const defaultSettings: AccountSettings = {
  ttr: { urgent: 300, prioritized: 600, normal: 3600, custom: 1800 },
  ttrCountsFrom: 'latest',
  maxOpenConversations: 20,
  defaultCapacity: 10,
  ringExpirationMs: 72_000,
  autoAccept: false,
  transferToAgentMaxWaitSeconds: 7_200,
  allowedOrigins: [],
  brandKeys: [],
  refuseTokenReplay: false,
  requireEncryptedTokens: false,
  anonymousRefreshHours: 730,
  connectors: [{ id: 'anonymous', name: 'Anonymous', type: 'unauthenticated', enabled: true }],
  implicitDelivery: true,
  fileSharing: defaultFileSharing,
  autoCloseSeconds: 604_800,
  takeBackAfterMs: 0,
  botAnswerSeconds: 0,
  botMaxMessagesInRow: 0,
  surveyTimeoutSeconds: 86_400,
  sharedAppIds: [],
  imageHosts: [],
  samlIdentityProviders: [],
  profileUserIdForAll: false,
}

export interface Account {
  readonly id: AccountId
  readonly name: string
  readonly settings: AccountSettings
  readonly createdAt: number
}

/** What a conversation needs and agents have. */
export interface Skill {
  readonly accountId: AccountId
  readonly id: SkillId
  readonly name: string
  /** Seconds to respond that replace the account's, per kind. */
  readonly ttr: Partial<TtrDefaults>
  readonly rules: SkillRules
  /** Members of the configuration interface that nothing here acts on, kept as they came. */
  readonly details: Details
}

/** How conversations at a skill are routed, transferred and closed. Absent: the account's value. */
export interface SkillRules {
  /** Agents of a group of smaller `priority` are asked first; within one, by `splitPercentage`. */
  readonly groups: readonly SkillGroup[]
  readonly canTransfer: boolean
  /** Skills that this one may be transferred to; absent means all. */
  readonly transferTo?: readonly SkillId[]
  /** How long a suggested agent is waited for. */
  readonly transferToAgentMaxWaitSeconds?: number
  readonly fallbackSkillId?: SkillId
  /** Fall back also when agents of the skill are logged in and all are away. */
  readonly fallbackWhenAllAway: boolean
  /** Inactivity after which a conversation is closed. */
  readonly autoCloseSeconds?: number
  /** The application that leads the survey after a conversation. */
  readonly surveyAppId?: string
  readonly agentSurveyId?: string
  readonly agentSurveyTimeoutMinutes?: number
  /** How long a bot may leave a consumer without an answer before people take over. */
  readonly botAnswerSeconds?: number
}

export interface SkillGroup {
  readonly groupId: string
  readonly priority: number
  readonly splitPercentage?: number
}

export const defaultSkillRules: SkillRules = {
  groups: [],
  canTransfer: true,
  fallbackWhenAllAway: true,
}

export type Details = Readonly<Record<string, unknown>>

export type AgentRole = 'agent' | 'manager' | 'administrator'

/** A person or bot who answers for the brand. */
export interface Agent extends AgentPlace {
  readonly accountId: AccountId
  readonly userId: UserId
  /** Public id: UUID version 5 of account and user id. */
  readonly id: string
  readonly loginName: string
  readonly fullName: string
  readonly nickname: string
  readonly email: string
  readonly isEnabled: boolean
  readonly isBot: boolean
  readonly roles: readonly AgentRole[]
  readonly skillIds: readonly SkillId[]
  /** Conversations carried at once; absent means the account's default. */
  readonly capacity?: number
  readonly createdAt: number
}

/** Where an agent stands in the account. */
export interface AgentPlace {
  /** The group that the agent belongs to; absent: none, which is the root's business. */
  readonly groupId?: string
  readonly managedGroupIds: readonly string[]
  /** Permission profiles; none: what the roles allow by default. */
  readonly profileIds: readonly string[]
  /** Logs in with an application key and never with a password. */
  readonly isApiUser: boolean
  /** Members of the configuration interface that nothing here acts on, kept as they came. */
  readonly details: Details
}

export const noPlace: AgentPlace = {
  managedGroupIds: [],
  profileIds: [],
  isApiUser: false,
  details: {},
}
