/**
 * What the rights of an account's agents follow from, kept for as long as nothing of it changes: every
 * request with a bearer asks for it. What this process writes and what the bus tells of drop it, so
 * that a right that was taken is gone with the change; what nobody told of counts within seconds.
 */
import type { AccountId } from '@ringdown/protocol'
import { type ConfigurationNews, subjects } from '../bus/subjects.ts'
import type { Context } from '../context.ts'
import type { Account, Agent } from '../domain/account.ts'
import type { AgentRights, Directory } from '../domain/agent-rights.ts'
import { emptyDirectory, needsDirectory, rightsOf } from '../domain/agent-rights.ts'
import type { CommandName } from '../store/store.ts'
import { readDirectory } from './read-rights.ts'

/** How soon a change that nobody told of takes effect. [OPS40] */
const KEPT_MS = 5_000

const ofInterest: ReadonlySet<string> = new Set([
  'users',
  'groups',
  'profiles',
  'skills',
  'settings',
] satisfies ConfigurationNews['collections'])

/** Whether rights may follow from what changed. */
export const concernsRights = (news: ConfigurationNews | 'gap'): boolean =>
  news === 'gap' || news.collections.some((one) => ofInterest.has(one))

/** Commands that change what rights follow from. */
export const configuringCommands: ReadonlySet<CommandName> = new Set([
  'createAccount',
  'updateAccount',
  'deleteAccount',
  'createAgent',
  'updateAgent',
  'saveAgents',
  'deleteAgents',
  'deleteSkills',
  'saveConfigurationItems',
  'deleteConfigurationItems',
] satisfies CommandName[])

/** Read when first needed. */
interface Kept extends Disposable {
  directory?: Promise<Directory>
  account?: Promise<Account | undefined>
  /** Worked out already, by what of an agent they follow from: agents with the same share them. */
  readonly rights: Map<string, AgentRights>
}

const placeOf = ({ roles, groupId, managedGroupIds, profileIds }: Agent): string =>
  JSON.stringify([roles, groupId, managedGroupIds, profileIds])

export class Standings implements Disposable {
  readonly #ports: Pick<Context, 'store' | 'bus' | 'clock'>
  readonly #kept = new Map<AccountId, Kept>()

  constructor(ports: Pick<Context, 'store' | 'bus' | 'clock'>) {
    this.#ports = ports
  }

  directory(accountId: AccountId): Promise<Directory> {
    const kept = this.#of(accountId)
    kept.directory ??= this.#unlessItFails(accountId, readDirectory(this.#ports.store, accountId))
    return kept.directory
  }

  account(accountId: AccountId): Promise<Account | undefined> {
    const kept = this.#of(accountId)
    kept.account ??= this.#unlessItFails(accountId, this.#ports.store.read('account', accountId))
    return kept.account
  }

  /** The directory is read only for those whose profiles or groups have a say. [PRM5] */
  async rights(agent: Agent): Promise<AgentRights> {
    if (!needsDirectory(agent)) return rightsOf(agent, emptyDirectory)
    const { rights } = this.#of(agent.accountId)
    const place = placeOf(agent)
    const known = rights.get(place)
    if (known) return known
    const worked = rightsOf(agent, await this.directory(agent.accountId))
    rights.set(place, worked)
    return worked
  }

  /** Something of it changed: whoever asks from now on reads it again. */
  forget(accountId: AccountId): void {
    const kept = this.#kept.get(accountId)
    this.#kept.delete(accountId)
    kept?.[Symbol.dispose]()
  }

  [Symbol.dispose](): void {
    for (const accountId of [...this.#kept.keys()]) this.forget(accountId)
  }

  /** Listens before anything is read, so that no change falls between the two. */
  #of(accountId: AccountId): Kept {
    const known = this.#kept.get(accountId)
    if (known) return known
    const { bus, clock } = this.#ports
    const subject = subjects.configuration(accountId)
    const listening = bus.listen<ConfigurationNews>(subject, (news) => {
      if (concernsRights(news)) this.forget(accountId)
    })
    const ageing = clock.after(KEPT_MS, () => this.forget(accountId))
    const kept: Kept = {
      rights: new Map(),
      [Symbol.dispose]() {
        listening[Symbol.dispose]()
        ageing[Symbol.dispose]()
      },
    }
    this.#kept.set(accountId, kept)
    return kept
  }

  #unlessItFails<T>(accountId: AccountId, reading: Promise<T>): Promise<T> {
    reading.catch(() => this.forget(accountId))
    return reading
  }
}
