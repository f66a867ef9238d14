/** Reads what an agent's rights depend on. Nothing is remembered: whoever asks gets what holds now. */
import type { AccountId } from '@ringdown/protocol'
import type { Agent } from '../domain/account.ts'
import type { AgentRights, Directory } from '../domain/agent-rights.ts'
import { emptyDirectory, needsDirectory, rightsOf } from '../domain/agent-rights.ts'
import { configured } from '../domain/configuration.ts'
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
