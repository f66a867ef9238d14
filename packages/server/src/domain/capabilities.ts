/**
 * What agents may do, as one table: what each role is allowed by default, and by which permission
 * packages a profile of that role grants or takes it. Code, login answers and tests read it. [PRM1]
 */
import type { AgentRole } from './account.ts'
import type { Profile } from './configuration.ts'
import { roleOfType } from './configuration.ts'

export type Capability = keyof typeof capabilities

interface CapabilityEntry {
  /** Numbers of the permission packages that grant it; none: a profile names it as a feature. */
  readonly packages: readonly number[]
  readonly defaults: Readonly<Record<AgentRole, boolean>>
}

const everybody = { agent: true, manager: true, administrator: true } as const
const supervisors = { agent: false, manager: true, administrator: true } as const
const agents = { agent: true, manager: false, administrator: false } as const
const nobody = { agent: false, manager: false, administrator: false } as const

export const capabilities = {
  handle_conversations: { packages: [20013, 20015], defaults: everybody },
  join_conversations: { packages: [20001, 30001], defaults: supervisors },
  view_conversations: { packages: [20002, 20013, 30002, 30015], defaults: supervisors },
  view_agents: { packages: [20003, 30010], defaults: supervisors },
  set_manual_sla: { packages: [20017], defaults: everybody },
  /** Transfer to an agent who takes transfers. */
  transfer_to_available: { packages: [], defaults: everybody },
  transfer_to_away: { packages: [], defaults: supervisors },
  transfer_to_offline: { packages: [], defaults: nobody },
  send_files: { packages: [], defaults: everybody },
  /** Close without taking part; who takes part closes by its place in the conversation. */
  close_conversations: { packages: [], defaults: supervisors },
  submit_agent_surveys: { packages: [30058], defaults: agents },
  view_agent_surveys: { packages: [20040, 30057], defaults: everybody },
  /** Users, skills, groups, profiles, settings. No profile grants or takes it. */
  administer: { packages: [], defaults: { agent: false, manager: false, administrator: true } },
} as const satisfies Record<string, CapabilityEntry>

export const capabilityNames = Object.keys(capabilities) as readonly Capability[]

const entries: Readonly<Record<Capability, CapabilityEntry>> = capabilities

/** What these roles may do without any profile. */
export const defaultCapabilities = (roles: readonly AgentRole[]): ReadonlySet<Capability> =>
  new Set(capabilityNames.filter((one) => roles.some((role) => entries[one].defaults[role])))

/** What a permission profile says; packages and features that it leaves out keep the default. */
export type PermissionProfile = Pick<
  Profile,
  'id' | 'roleTypeId' | 'permissions' | 'permissionPackages'
>

/** Granted, taken, or undefined where the profile does not speak of it. */
const saysOf = (profile: PermissionProfile, capability: Capability): boolean | undefined => {
  const { packages } = entries[capability]
  if (profile.permissions.some((id) => packages.includes(id))) return true
  const named = profile.permissionPackages.filter(
    ({ id, featureKeys = [] }) => packages.includes(id) || featureKeys.includes(capability),
  )
  return named.length === 0 ? undefined : named.some(({ isEnabled }) => isEnabled)
}

const allowedAs = (
  role: AgentRole,
  capability: Capability,
  profiles: readonly PermissionProfile[],
): boolean => {
  const byDefault = entries[capability].defaults[role]
  const own = profiles.filter(({ roleTypeId }) => roleOfType[roleTypeId] === role)
  if (own.length === 0 || capability === 'administer') return byDefault
  return own.some((profile) => saysOf(profile, capability) ?? byDefault)
}

/** What roles and profiles together allow: a profile speaks for its role only. [PRM2] */
export const capabilitiesOf = (
  roles: readonly AgentRole[],
  profiles: readonly PermissionProfile[],
): ReadonlySet<Capability> =>
  new Set(capabilityNames.filter((one) => roles.some((role) => allowedAs(role, one, profiles))))

/** Numbers that clients know beside those of packages. */
const LOGIN = [100, 1730]
const ADMINISTRATION = 101

/** The numbers by which a client's menus are shown: a package whose every capability is held. [PRM4] */
export const privilegesOf = (held: ReadonlySet<Capability>): readonly number[] => {
  const missing = capabilityNames.filter((one) => !held.has(one))
  const absent = new Set(missing.flatMap((one) => entries[one].packages))
  const granted = [...held].flatMap((one) => entries[one].packages).filter((id) => !absent.has(id))
  const administration = held.has('administer') ? [ADMINISTRATION] : []
  return [...new Set([...LOGIN, ...administration, ...granted])].toSorted((one, two) => one - two)
}
