/** Who may do what to an account's configuration: one table, read by the code and by its test. [ADM2] */
import type { AgentRole } from './account.ts'
import type { ConfigurationCollection } from './configuration.ts'

type ByRole = Readonly<Record<AgentRole, boolean>>

const everybody: ByRole = { agent: true, manager: true, administrator: true }
const supervisors: ByRole = { agent: false, manager: true, administrator: true }
const administrators: ByRole = { agent: false, manager: false, administrator: true }

/** What the workspace shows everybody can read; only what agents say is the managers' to write. */
export const administrationRights = {
  users: { read: everybody, write: administrators },
  skills: { read: everybody, write: administrators },
  groups: { read: everybody, write: administrators },
  profiles: { read: supervisors, write: administrators },
  lobs: { read: everybody, write: administrators },
  'status-reasons': { read: everybody, write: administrators },
  'decline-reasons': { read: everybody, write: administrators },
  'canned-responses': { read: everybody, write: supervisors },
  'canned-categories': { read: everybody, write: supervisors },
  'auto-messages': { read: supervisors, write: administrators },
  'agent-surveys': { read: supervisors, write: administrators },
} as const satisfies Record<ConfigurationCollection, Record<'read' | 'write', ByRole>>

export type Access = 'read' | 'write'

export const mayAdminister = (
  roles: readonly AgentRole[],
  collection: ConfigurationCollection,
  access: Access,
): boolean => roles.some((role) => administrationRights[collection][access][role])

/** Who reads other users whole, and not only what colleagues need to know. */
export const userDetails: ByRole = supervisors

export const mayReadUserDetails = (roles: readonly AgentRole[]): boolean =>
  roles.some((role) => userDetails[role])

/** What colleagues may know of a user. */
export const publicUserMembers: readonly string[] = [
  'id',
  'pid',
  'deleted',
  'nickname',
  'fullName',
  'isEnabled',
  'skillIds',
  'skills',
  'memberOf',
  'userTypeId',
  'pictureUrl',
  'employeeId',
]
