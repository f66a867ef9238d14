/** Agent groups, a tree below the account's root group. [ADM17] */
import type { AccountId } from '@ringdown/protocol'
import { Refusal } from '@ringdown/protocol'
import { configured, ROOT_GROUP_ID, rootGroup } from '../../domain/configuration.ts'
import { flag, optional, required, text } from '../admin/fields.ts'
import type { Kind, Plan } from './items.ts'
import { anyText, type Body, id, idOut, whole } from './members.ts'
import type { ConfigurationParts } from './resource.ts'

const shape = {
  name: required(text()),
  parentGroupId: optional(id),
  isEnabled: optional(flag),
  description: optional(anyText),
}

type Parents = ReadonlyMap<string, string | undefined>

/** Whether the way up from a group ends at the root. */
const reachesRoot = (parents: Parents, from: string): boolean => {
  const seen = new Set<string>()
  for (let at: string | undefined = from; at !== undefined; at = parents.get(at)) {
    if (at === ROOT_GROUP_ID) return true
    if (seen.has(at)) return false
    seen.add(at)
  }
  return false
}

const refuse = (plan: Plan, index: number, problem: string): never => {
  const at = plan.place(index)
  throw new Refusal('bad_request', `${at}${at && '.'}parentGroupId: ${problem}`)
}

const check = (plan: Plan, present: Parents): void => {
  const parents = new Map(present)
  for (const { id: own, body } of plan.items)
    if (own !== undefined && own !== ROOT_GROUP_ID)
      parents.set(own, (body['parentGroupId'] as string | undefined) ?? ROOT_GROUP_ID)
  for (const [index, { id: own, body }] of plan.items.entries()) {
    const parent = body['parentGroupId'] as string | undefined
    if (own === ROOT_GROUP_ID && parent !== undefined) refuse(plan, index, 'the root has none')
    if (parent === undefined) continue
    if (parent !== ROOT_GROUP_ID && !parents.has(parent))
      refuse(plan, index, `there is no group ${parent}`)
    if (own !== undefined && !reachesRoot(parents, own))
      refuse(plan, index, `${own} would be below itself`)
  }
}

const rootBody: Body = { name: rootGroup.name, isEnabled: true }

export const agentGroups = ({ store }: ConfigurationParts): Kind => {
  const read = async (accountId: AccountId) =>
    configured('groups', await store.read('configurationItems', { accountId, kind: 'groups' }))
  return {
    kind: 'groups',
    paths: ['/le-users/agentGroups'],
    given: [{ id: ROOT_GROUP_ID, body: rootBody }],
    read: (value, at) => ({
      isEnabled: true,
      ...whole(shape, ['deleted', 'dateUpdated'])(value, at),
    }),
    write: ({ parentGroupId, ...body }) => ({
      ...body,
      ...(parentGroupId !== undefined && { parentGroupId: idOut(parentGroupId as string) }),
    }),
    // Every group but the root has a parent, also one whose writer named none.
    async derive(accountId) {
      const groups = await read(accountId)
      const withParent = new Set(groups.filter((one) => one.parentGroupId).map((one) => one.id))
      return (own) =>
        own === ROOT_GROUP_ID || withParent.has(own) ? {} : { parentGroupId: idOut(ROOT_GROUP_ID) }
    },
    async check(plan) {
      const groups = await read(plan.accountId)
      check(plan, new Map(groups.map((group) => [group.id, group.parentGroupId ?? ROOT_GROUP_ID])))
    },
    async checkRemoval(accountId, ids) {
      const groups = await read(accountId)
      const agents = await store.read('agents', accountId)
      for (const own of ids) {
        if (groups.some((one) => one.parentGroupId === own && !ids.includes(one.id)))
          throw new Refusal('item_in_use', `Group ${own} has subgroups; move them first`)
        const members = agents.filter(
          ({ groupId, managedGroupIds }) => groupId === own || managedGroupIds.includes(own),
        )
        if (members.length > 0)
          throw new Refusal(
            'item_in_use',
            `Group ${own} has ${members.length} users; move them first`,
          )
      }
    },
  }
}
