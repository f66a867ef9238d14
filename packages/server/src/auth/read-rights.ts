/** Reads what an agent's rights depend on, and says what follows. */
import type { AccountId } from '@ringdown/protocol'
import type { Account, Agent } from '../domain/account.ts'
import type { AgentRights, Directory } from '../domain/agent-rights.ts'
import { emptyDirectory, needsDirectory, rightsOf } from '../domain/agent-rights.ts'
import { configured } from '../domain/configuration.ts'
import { appIdsOf } from '../domain/survey.ts'
import type { Store } from '../store/store.ts'

type Reads = Pick<Store, 'read'>

export const readDirectory = async (store: Reads, accountId: AccountId): Promise<Directory> => {
  const [agents, groups, profiles] = await Promise.all([
    store.read('agents', accountId),
    store.read('configurationItems', { accountId, kind: 'groups' }),
    store.read('configurationItems', { accountId, kind: 'profiles' }),
  ])
  return {
    agents,
    groups: configured('groups', groups),
    profiles: configured('profiles', profiles),
  }
}

/** The directory is read only for those whose profiles or groups have a say. [PRM5] */
export const readRights = async (store: Reads, agent: Agent): Promise<AgentRights> =>
  rightsOf(
    agent,
    needsDirectory(agent) ? await readDirectory(store, agent.accountId) : emptyDirectory,
  )

/** What an actor carries of its agent's standing in the account. */
export interface Standing {
  readonly rights: AgentRights
  readonly appIds: readonly string[]
}

interface Known {
  rights(agent: Agent): Promise<AgentRights>
  account(accountId: AccountId): Promise<Account | undefined>
}

/** Most agents speak for no application, and for them the account is not read. */
const mayLeadSurveys = ({ isBot, isApiUser, details }: Agent): boolean =>
  isBot || isApiUser || 'appInstallIds' in details

export const standingOf = async (known: Known, agent: Agent): Promise<Standing> => {
  const [rights, account] = await Promise.all([
    known.rights(agent),
    mayLeadSurveys(agent) ? known.account(agent.accountId) : undefined,
  ])
  return { rights, appIds: account ? appIdsOf(agent, account.settings) : [] }
}
