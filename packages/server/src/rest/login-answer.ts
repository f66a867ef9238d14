/** The body of a successful login, with every field that some client depends on. [AG23] */
import type { LoggedIn } from '../auth/login.ts'
import type { AgentRights } from '../domain/agent-rights.ts'
import { privilegesOf } from '../domain/capabilities.ts'
import { type AgentGroup, withRoot } from '../domain/configuration.ts'
import { serviceAddresses } from './services.ts'

/** The groups of the account, and the revision as of which they are. */
export interface GroupsAsOf {
  readonly items: readonly AgentGroup[]
  readonly revision: number
}

export const loginAnswer = (
  { agent, bearer, csrf }: LoggedIn,
  {
    authority,
    now,
    sessionMs,
    rights,
    groups,
  }: { authority: string; now: number; sessionMs: number; rights: AgentRights; groups: GroupsAsOf },
): object => ({
  csrf,
  wsuk: agent.userId,
  bearer,
  // Printed in both spellings in the wild.
  sessionTTl: String(sessionMs),
  sessionTTL: String(sessionMs),
  config: {
    loginName: agent.loginName,
    userId: agent.userId,
    userPid: agent.id,
    userPrivileges: privilegesOf(rights.capabilities),
    serverCurrentTime: now,
    timeDiff: 0,
    serverTimeZoneName: 'UTC',
    serverTimeGMTDiff: 0,
    isLPA: false,
    isAdmin: agent.roles.includes('administrator'),
    accountTimeZoneId: 'UTC',
  },
  csdsCollectionResponse: { baseURIs: serviceAddresses(agent.accountId, authority) },
  accountData: {
    agentGroupsData: {
      items: withRoot(groups.items).map(({ id, name }) => ({
        id: Number(id),
        deleted: false,
        name,
      })),
      revision: groups.revision,
    },
  },
})
