/** What records call things: times twice, people by number and name, groups and skills by both. */

import type { AccountId } from '@ringdown/protocol'
import { NO_SKILL } from '@ringdown/protocol'
import type { Agent, Skill } from '../../domain/account.ts'
import { type AgentGroup, configured, ROOT_GROUP_ID, withRoot } from '../../domain/configuration.ts'
import type { RestParts } from '../rest-parts.ts'

/** What a record says where nothing is known. */
export const UNKNOWN = 'undefined'

/** Who and what an account has, for the names in its records. */
export interface Directory {
  readonly accountId: AccountId
  readonly agents: ReadonlyMap<string, Agent>
  readonly skills: ReadonlyMap<string, Skill>
  readonly groups: ReadonlyMap<string, AgentGroup>
}

export const readDirectory = async (
  { store }: Pick<RestParts, 'store'>,
  accountId: AccountId,
): Promise<Directory> => {
  const [agents, skills, groups] = await Promise.all([
    store.read('agents', accountId),
    store.read('skills', accountId),
    store.read('configurationItems', { accountId, kind: 'groups' }),
  ])
  return {
    accountId,
    agents: new Map(agents.map((agent) => [agent.id, agent])),
    skills: new Map(skills.map((skill) => [skill.id, skill])),
    groups: new Map(withRoot(configured('groups', groups)).map((group) => [group.id, group])),
  }
}

/** `2026-01-01 09:12:03.120+0000`. */
export const timeText = (at: number): string =>
  new Date(at).toISOString().replace('T', ' ').replace('Z', '+0000')

/** A time as text and as number; one that has not come is -1. */
export const times = (name: string, at: number | undefined): Record<string, unknown> => ({
  [name]: at === undefined ? UNKNOWN : timeText(at),
  [`${name}L`]: at ?? -1,
})

export const skillNames = ({ skills }: Directory, id: string) => ({
  id: Number(id),
  name: id === NO_SKILL ? 'Unassigned' : (skills.get(id)?.name ?? UNKNOWN),
})

export const groupNames = ({ groups }: Directory, agent: Agent | undefined) => {
  const id = agent?.groupId ?? ROOT_GROUP_ID
  return { agentGroupId: Number(id), agentGroupName: groups.get(id)?.name ?? UNKNOWN }
}
