/**
 * What an agent may do and where in the account, worked out once from roles, profiles and groups and
 * carried by the actor from then on, so that no check needs the store. [PRM5]
 */
import { NO_SKILL } from '@ringdown/protocol/ids'
import type { Agent } from './account.ts'
import type { Capability, PermissionProfile } from './capabilities.ts'
import { capabilitiesOf, defaultCapabilities } from './capabilities.ts'
import type { AgentGroup } from './configuration.ts'
import { ROOT_GROUP_ID } from './configuration.ts'

type GroupPlace = Pick<AgentGroup, 'id' | 'parentGroupId'>

/** Whose conversations the rights are about. */
export type Scope =
  | { readonly kind: 'account' }
  | {
      readonly kind: 'groups'
      /** Agents of the groups and of those below them. */
      readonly agentIds: ReadonlySet<string>
      /** Skills that some of these agents hold, and having none, which anybody serves. */
      readonly skillIds: ReadonlySet<string>
    }

export interface AgentRights {
  readonly capabilities: ReadonlySet<Capability>
  readonly scope: Scope
}

/** What of an account rights depend on. */
export interface Directory {
  readonly agents: readonly Agent[]
  readonly groups: readonly GroupPlace[]
  readonly profiles: readonly PermissionProfile[]
}

type Placed = Pick<Agent, 'roles' | 'groupId' | 'managedGroupIds' | 'profileIds'>

/** The groups that an agent's rights cover: those it manages, or for plain agents its own. [PRM6] */
const coveredGroups = ({ roles, groupId, managedGroupIds }: Placed): readonly string[] => {
  if (roles.includes('administrator')) return [ROOT_GROUP_ID]
  if (!roles.includes('manager')) return [groupId ?? ROOT_GROUP_ID]
  return managedGroupIds.length === 0 ? [ROOT_GROUP_ID] : managedGroupIds
}

/** The groups and all below them; a circle ends where it began. */
const withSubgroups = (
  groups: readonly GroupPlace[],
  covered: readonly string[],
): ReadonlySet<string> => {
  const known = new Set(groups.map(({ id }) => id))
  const found = new Set(covered.filter((id) => known.has(id)))
  for (const id of found)
    for (const group of groups) if (group.parentGroupId === id) found.add(group.id)
  return found
}

const scopeOf = (agent: Placed, { agents, groups }: Directory): Scope => {
  const covered = coveredGroups(agent)
  if (covered.includes(ROOT_GROUP_ID)) return { kind: 'account' }
  const all = withSubgroups(groups, covered)
  const members = agents.filter(({ groupId }) => groupId !== undefined && all.has(groupId))
  return {
    kind: 'groups',
    agentIds: new Set(members.map(({ id }) => id)),
    skillIds: new Set(members.flatMap(({ skillIds }) => [NO_SKILL, ...skillIds])),
  }
}

/** What reaches beyond the conversations that an agent takes part in. */
const supervising: readonly Capability[] = [
  'join_conversations',
  'view_conversations',
  'close_conversations',
]

const supervises = (held: ReadonlySet<Capability>): boolean =>
  supervising.some((one) => held.has(one))

/** Whether profiles or groups have a say, so that the directory must be known. */
export const needsDirectory = (agent: Placed): boolean =>
  agent.profileIds.length > 0 ||
  (supervises(defaultCapabilities(agent.roles)) && !coveredGroups(agent).includes(ROOT_GROUP_ID))

const nowhere: Scope = { kind: 'groups', agentIds: new Set(), skillIds: new Set() }

export const emptyDirectory: Directory = { agents: [], groups: [], profiles: [] }

export const rightsOf = (agent: Placed, directory: Directory): AgentRights => {
  const profiles = directory.profiles.filter(({ id }) => agent.profileIds.includes(id))
  const capabilities = capabilitiesOf(agent.roles, profiles)
  return { capabilities, scope: supervises(capabilities) ? scopeOf(agent, directory) : nowhere }
}

const isSameSet = (one: ReadonlySet<string>, other: ReadonlySet<string>): boolean =>
  one.size === other.size && [...one].every((value) => other.has(value))

const isSameScope = (one: Scope, other: Scope): boolean => {
  if (one.kind === 'account' || other.kind === 'account') return one.kind === other.kind
  return isSameSet(one.agentIds, other.agentIds) && isSameSet(one.skillIds, other.skillIds)
}

export const isSameRights = (one: AgentRights, other: AgentRights): boolean =>
  isSameSet(one.capabilities, other.capabilities) && isSameScope(one.scope, other.scope)
