/**
 * What accounts configure. Every change of a collection (a kind of items, the users, the skills)
 * takes the next revision of that collection, in the transaction of the change. A change that names
 * the revision it expects is refused with `revision_changed` when there is a newer one.
 */
import type { SkillId, Timestamp, UserId } from '@ringdown/protocol'
import type { Agent, Skill } from '../../domain/account.ts'
import type {
  ConfigurationCollection,
  ConfigurationItem,
  ConfigurationKind,
} from '../../domain/configuration.ts'
import type { Call, InAccount } from './call.ts'

/** `create` without an id takes the next free number; `put` creates what it does not find. */
export interface ItemWrite {
  readonly mode: 'create' | 'replace' | 'put'
  readonly id?: string
  readonly body: ConfigurationItem['body']
}

type AgentBody = Omit<Agent, 'accountId' | 'id' | 'userId' | 'createdAt'>

/** Replacing takes away what is absent. A password hash: absent keeps it, null removes it. */
export type AgentWrite = AgentBody & {
  readonly mode: 'create' | 'replace'
  /** Absent in `create`: the next free number. */
  readonly userId?: UserId
  readonly passwordHash?: string | null
}

export type SkillWrite = Omit<Skill, 'accountId' | 'id'> & {
  readonly mode: 'create' | 'replace'
  /** Absent in `create`: the next free number. */
  readonly id?: SkillId
}

type Change<T> = InAccount<T> & {
  readonly at: Timestamp
  readonly expectedRevision?: number
}

export interface ConfigurationCommands {
  /** All or none. Refuses with revision_changed, already_exists, item_not_found. */
  saveConfigurationItems: Call<
    Change<{ kind: ConfigurationKind; writes: readonly ItemWrite[] }>,
    { revision: number; items: readonly ConfigurationItem[] }
  >
  /** All or none; what was deleted stays as a mark. Refuses with revision_changed, item_not_found. */
  deleteConfigurationItems: Call<
    Change<{ kind: ConfigurationKind; ids: readonly string[] }>,
    { revision: number; items: readonly ConfigurationItem[] }
  >
  /** All or none. Refuses with revision_changed, already_exists, agent_not_found. */
  saveAgents: Call<
    Change<{ writes: readonly AgentWrite[] }>,
    { revision: number; agents: readonly Agent[] }
  >
  /** All or none; sessions and states end, the ids of the live sessions are told. Refuses with
   *  revision_changed, agent_not_found. */
  deleteAgents: Call<
    Change<{ userIds: readonly UserId[] }>,
    { revision: number; sessionIds: readonly string[] }
  >
  /** All or none. Refuses with revision_changed, already_exists, skill_not_found. */
  saveSkills: Call<
    Change<{ writes: readonly SkillWrite[] }>,
    { revision: number; skills: readonly Skill[] }
  >
  /** All or none; agents and other skills forget them. Refuses with revision_changed, skill_not_found. */
  deleteSkills: Call<Change<{ ids: readonly SkillId[] }>, { revision: number }>
}

export interface ConfigurationQueries {
  /** In the order of their numbers. Of users and skills: the deleted ones only. */
  configurationItems: Call<
    InAccount<{ kind: ConfigurationCollection; includeDeleted?: boolean }>,
    readonly ConfigurationItem[]
  >
  /** Deleted ones are not found. */
  configurationItem: Call<
    InAccount<{ kind: ConfigurationKind; id: string }>,
    ConfigurationItem | undefined
  >
  configurationRevision: Call<InAccount<{ collection: ConfigurationCollection }>, number>
}
