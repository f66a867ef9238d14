/**
 * What an account configures beside agents, skills and settings: one list of items per kind. An item
 * is known by its id, a number in text; what it says is its body.
 */
import type { SkillId, Timestamp } from '@ringdown/protocol'
import type { AgentRole } from './account.ts'
import type { AgentSurvey } from './agent-survey.ts'

/** The group that every account has; agents without a group are its business. */
export const ROOT_GROUP_ID = '-1'

/** Agents are in groups, and groups in groups. */
export interface AgentGroup {
  readonly id: string
  readonly name: string
  /** Absent for the root alone. */
  readonly parentGroupId?: string
  readonly isEnabled: boolean
  readonly description?: string
}

export interface PermissionPackage {
  readonly id: number
  readonly isEnabled: boolean
  readonly isDisplayed?: boolean
  readonly featureKeys?: readonly string[]
}

/** 1 administrator, 2 agent, 3 agent manager, 4 campaign manager, 5 the vendor's administrator. */
export type RoleType = 1 | 2 | 3 | 4 | 5

/** What the users who have it may do, for one role. */
export interface Profile {
  readonly id: string
  readonly name: string
  readonly description?: string
  readonly roleTypeId: RoleType
  readonly permissions: readonly number[]
  readonly permissionPackages: readonly PermissionPackage[]
  readonly isAssignedToLPA: boolean
}

/** A reason that the status menu offers for a state. */
export interface StatusReason {
  readonly id: string
  readonly text: string
  readonly state: string
  readonly enabled: boolean
}

/** A reason that the workspace offers to who declines what rings. */
export interface DeclineReason {
  readonly id: string
  readonly text: string
  readonly enabled: boolean
}

/** Text that agents send with a click. */
export interface CannedResponse {
  readonly id: string
  readonly enabled: boolean
  readonly type: number
  readonly data: readonly CannedText[]
  readonly hotkey?: { readonly prefix: string; readonly suffix: string }
  readonly categoriesIds: readonly string[]
  /** None: offered at every skill. */
  readonly skillIds: readonly SkillId[]
  readonly lobIds: readonly string[]
  readonly templateId?: string
}

export interface CannedText {
  readonly title: string
  readonly msg: string
  readonly lang: string
  readonly isDefault: boolean
}

export interface CannedCategory {
  readonly id: string
  readonly name: string
  readonly isEnabled: boolean
}

/** What the server says by itself when something happens. */
export interface AutoMessage {
  readonly id: string
  readonly enabled: boolean
  readonly messageEventId: string
  readonly templateId?: string
  readonly data: readonly Omit<CannedText, 'title'>[]
  readonly attributes: readonly { readonly name: string; readonly value: string }[]
}

/** A line of business: users, skills and content can be marked with it. */
export interface LineOfBusiness {
  readonly id: string
  readonly name: string
  readonly description?: string
  readonly isEnabled: boolean
}

/** The kinds of items, and what an item of each says. */
export interface Configured {
  readonly groups: AgentGroup
  readonly profiles: Profile
  readonly lobs: LineOfBusiness
  readonly 'status-reasons': StatusReason
  readonly 'decline-reasons': DeclineReason
  readonly 'canned-responses': CannedResponse
  readonly 'canned-categories': CannedCategory
  readonly 'auto-messages': AutoMessage
  readonly 'agent-surveys': AgentSurvey
}

export type ConfigurationKind = keyof Configured

/** What has a revision of its own. */
export type ConfigurationCollection = ConfigurationKind | 'users' | 'skills'

/** The revision of a collection that nobody changed. */
export const FIRST_REVISION = 1

export interface ConfigurationItem {
  readonly kind: ConfigurationCollection
  readonly id: string
  /** Without the id. Of a deleted agent or skill: what it was called. */
  readonly body: Readonly<Record<string, unknown>>
  readonly isDeleted: boolean
  /** The collection's revision by which the item was written last. */
  readonly revision: number
  readonly updatedAt: Timestamp
}

/** What the items of a kind say; those of other kinds and deleted ones are left out. */
export const configured = <K extends ConfigurationKind>(
  kind: K,
  items: readonly ConfigurationItem[],
): readonly Configured[K][] =>
  items
    .filter((item) => item.kind === kind && !item.isDeleted)
    .map(({ id, body }) => ({ ...body, id }) as unknown as Configured[K])

export const rootGroup: AgentGroup = { id: ROOT_GROUP_ID, name: 'Main Group', isEnabled: true }

/** The groups of an account with its root, which need not have been written. */
export const withRoot = (groups: readonly AgentGroup[]): readonly AgentGroup[] =>
  groups.some(({ id }) => id === ROOT_GROUP_ID) ? groups : [rootGroup, ...groups]

const builtIn = (id: string, name: string, roleTypeId: RoleType): Profile => ({
  id,
  name,
  roleTypeId,
  permissions: [],
  permissionPackages: [],
  isAssignedToLPA: false,
})

/** The profile that a user has for a role unless another one of that role is given. */
export const builtInProfiles: Readonly<Record<AgentRole, Profile>> = {
  administrator: builtIn('1', 'Administrator', 1),
  agent: builtIn('2', 'Agent', 2),
  manager: builtIn('3', 'Agent Manager', 3),
}

/** The role that a role type gives; campaign managers and the vendor's administrators have none here. */
export const roleOfType: Readonly<Record<RoleType, AgentRole | undefined>> = {
  1: 'administrator',
  2: 'agent',
  3: 'manager',
  4: undefined,
  5: undefined,
}

/** Lists are in this order. */
export const byNumber = (one: { readonly id: string }, other: { readonly id: string }): number =>
  Number(one.id) - Number(other.id) || (one.id < other.id ? -1 : Number(one.id > other.id))
