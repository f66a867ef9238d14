/** Permission profiles: those that every account has, one per role, and its own. [ADM18] */
import type { AccountId } from '@ringdown/protocol'
import { Refusal } from '@ringdown/protocol'
import type { Agent, AgentRole } from '../../domain/account.ts'
import {
  builtInProfiles,
  configured,
  type Profile,
  type RoleType,
  roleOfType,
} from '../../domain/configuration.ts'
import { flag, integer, listOf, optional, type Reader, required, text } from '../admin/fields.ts'
import type { Kind } from './items.ts'
import { anyText, type Body, whole } from './members.ts'
import type { ConfigurationParts } from './resource.ts'

const permissionPackage = whole({
  id: required(integer(0, 1_000_000_000)),
  isEnabled: required(flag),
  isDisplayed: optional(flag),
  featureKeys: optional(listOf(text())),
})

const shape = {
  name: required(text()),
  description: optional(anyText),
  roleTypeId: required(integer(1, 5)),
  permissions: required(listOf(integer(0, 1_000_000_000))),
  permissionPackages: required(listOf(permissionPackage)),
  isAssignedToLPA: required(flag),
}

const builtIn: readonly Profile[] = Object.values(builtInProfiles)

/** All profiles of an account, those that every account has included. */
export const readProfiles = async (
  { store }: Pick<ConfigurationParts, 'store'>,
  accountId: AccountId,
): Promise<readonly Profile[]> => [
  ...builtIn,
  ...configured(
    'profiles',
    await store.read('configurationItems', { accountId, kind: 'profiles' }),
  ),
]

/** The profiles of a user: its own, and for roles without one the profile that every account has. */
export const profilesOf = (
  { roles, profileIds }: Pick<Agent, 'roles' | 'profileIds'>,
  profiles: readonly Profile[],
): readonly Profile[] => {
  const own = profiles.filter(({ id }) => profileIds.includes(id))
  const covered = own.map(({ roleTypeId }) => roleOfType[roleTypeId])
  const rest = roles.filter((role) => !covered.includes(role))
  return [...rest.map((role) => builtInProfiles[role]), ...own]
}

/** What a list of profiles makes of a user. */
export const placeByProfiles = (
  ids: readonly string[],
  profiles: readonly Profile[],
): { readonly roles: readonly AgentRole[]; readonly profileIds: readonly string[] } => {
  const chosen = profiles.filter(({ id }) => ids.includes(id))
  const roles = chosen.flatMap(({ roleTypeId }) => roleOfType[roleTypeId] ?? [])
  const own = chosen.filter((one) => !builtIn.includes(one))
  return { roles: [...new Set(roles)], profileIds: own.map(({ id }) => id) }
}

const bodyOf = ({ id: _, ...body }: Profile): Body => body

const read: Reader<Body> = whole(shape, ['deleted', 'dateUpdated', 'numOfAssignedUsers'])

export const permissionProfiles = (parts: ConfigurationParts): Kind => ({
  kind: 'profiles',
  paths: ['/le-users/profiles'],
  given: builtIn.map((profile) => ({ id: profile.id, body: bodyOf(profile) })),
  read,
  write: (body) => body,
  async derive(accountId) {
    const profiles = await readProfiles(parts, accountId)
    const agents = await parts.store.read('agents', accountId)
    const used = agents.flatMap((agent) => profilesOf(agent, profiles).map(({ id }) => id))
    return (own) => ({ numOfAssignedUsers: used.filter((one) => one === own).length })
  },
  async check({ accountId, items }) {
    const profiles = await readProfiles(parts, accountId)
    const agents = await parts.store.read('agents', accountId)
    for (const { id = '', body } of items) {
      if (builtIn.some((one) => one.id === id))
        throw new Refusal('bad_request', `Profile ${id} is every account's; create one of your own`)
      const before = profiles.find((one) => one.id === id)
      const roleTypeId = body['roleTypeId'] as RoleType
      const isUsed = agents.some(({ profileIds }) => profileIds.includes(id))
      if (before && isUsed && before.roleTypeId !== roleTypeId)
        throw new Refusal('item_in_use', `roleTypeId: profile ${id} has users of its present role`)
    }
  },
  async checkRemoval(accountId, ids) {
    const agents = await parts.store.read('agents', accountId)
    for (const own of ids) {
      const { length } = agents.filter(({ profileIds }) => profileIds.includes(own))
      if (length > 0)
        throw new Refusal('item_in_use', `Profile ${own} has ${length} users; change them first`)
    }
  },
})
