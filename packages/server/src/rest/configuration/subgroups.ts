/** A group with the groups and the agents right below it. [ADM17] */
import { Refusal } from '@ringdown/protocol'
import type { FastifyInstance } from 'fastify'
import { configured, ROOT_GROUP_ID, withRoot } from '../../domain/configuration.ts'
import type { RestParts } from '../rest-parts.ts'
import { idOut, idsOut } from './members.ts'
import { type Asked, BASE, beginRead, NUMBER } from './route-parts.ts'

export const subgroupRoutes = (app: FastifyInstance, parts: RestParts): void => {
  const address = `${BASE}/le-users/agentGroups${NUMBER}/subgroupsAndMembers`
  app.get<Asked>(address, async (request, reply) => {
    const { isKnown, out } = await beginRead(parts, { collection: 'groups' }, { request, reply })
    const { account: accountId, id } = request.params
    const items = await parts.store.read('configurationItems', { accountId, kind: 'groups' })
    const groups = withRoot(configured('groups', items))
    const group = groups.find((one) => one.id === id)
    if (!group) throw new Refusal('item_not_found', `groups: there is no ${id}`)
    if (isKnown) return reply.code(304).send()
    const agents = await parts.store.read('agents', accountId)
    const below = groups.filter(
      (one) => one.id !== ROOT_GROUP_ID && (one.parentGroupId ?? ROOT_GROUP_ID) === id,
    )
    const members = agents.filter(
      ({ roles, groupId }) => roles.includes('agent') && (groupId ?? ROOT_GROUP_ID) === id,
    )
    return reply.send(
      out({
        id: idOut(id),
        name: group.name,
        subgroups: below.map((one) => ({
          id: idOut(one.id),
          name: one.name,
          isEnabled: one.isEnabled,
        })),
        members: members.map((agent) => ({
          id: idOut(agent.userId),
          pid: agent.id,
          nickname: agent.nickname,
          fullName: agent.fullName,
          isEnabled: agent.isEnabled,
          skillIds: idsOut(agent.skillIds),
        })),
      }),
    )
  })
}
