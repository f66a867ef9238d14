/** The body of a successful login, with every field that some client depends on. [AG23] */
import type { LoggedIn } from '../auth/login.ts'
import type { AgentRole } from '../domain/account.ts'
import { serviceAddresses } from './services.ts'

/** Privileges by the numbers that clients know: handling, joining, viewing, manual deadlines. */
const privileges: Readonly<Record<AgentRole, readonly number[]>> = {
  agent: [100, 1730, 20015, 20017],
  manager: [100, 1730, 20001, 20002, 20003, 20015, 20017, 30001, 30002, 30010, 30015],
  administrator: [100, 101, 1730, 20001, 20002, 20003, 20015, 20017, 30001, 30002, 30010, 30015],
}

const privilegesOf = (roles: readonly AgentRole[]): readonly number[] =>
  [...new Set(roles.flatMap((role) => privileges[role]))].toSorted((one, other) => one - other)

export const loginAnswer = (
  { agent, bearer, csrf }: LoggedIn,
  { authority, now, sessionMs }: { authority: string; now: number; sessionMs: number },
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
    userPrivileges: privilegesOf(agent.roles),
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
    agentGroupsData: { items: [{ id: -1, deleted: false, name: 'Main Group' }], revision: 1 },
  },
})
