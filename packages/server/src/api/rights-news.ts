/**
 * Keeps the rights of connected agents up to date: when users, groups or profiles of an account
 * change, its sockets get the rights that follow, and what they are shown is judged again. [PRM11]
 */
import { isDeepStrictEqual } from 'node:util'
import type { AccountId } from '@ringdown/protocol'
import { readDirectory } from '../auth/read-rights.ts'
import type { ConfigurationNews } from '../bus/subjects.ts'
import { subjects } from '../bus/subjects.ts'
import type { AgentActor } from '../domain/actor.ts'
import { isSameRights, rightsOf } from '../domain/agent-rights.ts'
import { appIdsOf } from '../domain/survey.ts'
import type { Services } from './services.ts'
import type { Session } from './session.ts'

/** Many changes in a row, such as those of an import, are looked at together. */
const GATHER_MS = 250
const RETRY_MS = 1_000

const ofInterest: ReadonlySet<string> = new Set([
  'users',
  'groups',
  'profiles',
  'skills',
  'settings',
])

const concernsRights = (news: ConfigurationNews | 'gap'): boolean =>
  news === 'gap' || news.collections.some((one) => ofInterest.has(one))

export class RightsNews implements Disposable {
  readonly #services: Services
  readonly #watched = new Map<AccountId, Disposable>()
  readonly #waiting = new Map<AccountId, Disposable>()
  #isDisposed = false

  constructor(services: Services) {
    this.#services = services
  }

  /** Follows the account's configuration from now on. */
  watch(accountId: AccountId): void {
    if (this.#watched.has(accountId)) return
    const listening = this.#services.bus.listen<ConfigurationNews>(
      subjects.configuration(accountId),
      (news) => {
        if (concernsRights(news)) this.#gather(accountId, GATHER_MS)
      },
    )
    this.#watched.set(accountId, listening)
  }

  [Symbol.dispose](): void {
    this.#isDisposed = true
    for (const one of [...this.#watched.values(), ...this.#waiting.values()]) one[Symbol.dispose]()
  }

  #gather(accountId: AccountId, delayMs: number): void {
    if (this.#waiting.has(accountId) || this.#isDisposed) return
    const timer = this.#services.clock.after(delayMs, () => {
      this.#waiting.delete(accountId)
      this.#refresh(accountId).catch((error: unknown) => {
        this.#services.log.warn({ err: error }, 'rights could not be read again')
        this.#gather(accountId, RETRY_MS)
      })
    })
    this.#waiting.set(accountId, timer)
  }

  async #refresh(accountId: AccountId): Promise<void> {
    const { store, sessions } = this.#services
    const directory = await readDirectory(store, accountId)
    const account = await store.read('account', accountId)
    const agents = new Map(directory.agents.map((agent) => [agent.id, agent]))
    const renewed: Promise<void>[] = []
    for (const session of sessions.all) {
      const before = session.identity
      if (before?.kind !== 'agent' || before.accountId !== accountId) continue
      const agent = agents.get(before.id)
      // Of an agent that is gone the sockets are closing: its sessions have ended. [AG6]
      if (!agent) continue
      const rights = rightsOf(agent, directory)
      const appIds = account ? appIdsOf(agent, account.settings) : []
      const isSame = before.rights && isSameRights(before.rights, rights)
      if (isSame && isDeepStrictEqual(before.appIds ?? [], appIds)) continue
      renewed.push(this.#renew(session, { ...before, roles: agent.roles, rights, appIds }))
    }
    await Promise.all(renewed)
  }

  async #renew(session: Session, actor: AgentActor): Promise<void> {
    const before = session.actor
    session.authenticate(actor)
    await Promise.all([session.judgeAgain(before), this.#services.readers.judgeAgain(session)])
  }
}
