/**
 * Keeps the rights of connected agents up to date: when users, groups or profiles of an account
 * change, its sockets get the rights that follow, and what they are shown is judged again. A socket
 * that has just come is looked at once, too: its rights were read before its account was listened to.
 * One look at an account at a time; news during it makes another one follow. [PRM11]
 */
import { isDeepStrictEqual } from 'node:util'
import type { AccountId } from '@ringdown/protocol'
import { type Standing, standingOf } from '../auth/read-rights.ts'
import { concernsRights, type Standings } from '../auth/standings.ts'
import type { ConfigurationNews } from '../bus/subjects.ts'
import { subjects } from '../bus/subjects.ts'
import type { Actor, AgentActor } from '../domain/actor.ts'
import { isSameRights, rightsOf } from '../domain/agent-rights.ts'
import { appIdsOf } from '../domain/survey.ts'
import { PerAccount } from './per-account.ts'
import type { Services } from './services.ts'
import type { Session } from './session.ts'
import { allSettled } from './settled.ts'

/** Many changes in a row, such as those of an import, are looked at together. */
const GATHER_MS = 250
const RETRY_MS = 1_000

interface Ports {
  readonly services: Services
  readonly standings: Standings
}

const isSameStanding = (before: Actor, { rights, appIds }: Standing): boolean =>
  before.kind === 'agent' &&
  before.rights !== undefined &&
  isSameRights(before.rights, rights) &&
  isDeepStrictEqual(before.appIds ?? [], appIds)

/** The rights of one account's sockets. */
class AccountRights implements Disposable {
  readonly #accountId: AccountId
  readonly #ports: Ports
  readonly #listening: Disposable
  /** Came since the last look. */
  #fresh = new Set<Session>()
  /** Something changed since the last look. */
  #isChanged = false
  #waiting: Disposable | undefined
  #isLooking = false
  #isDisposed = false

  constructor(accountId: AccountId, ports: Ports) {
    this.#accountId = accountId
    this.#ports = ports
    const subject = subjects.configuration(accountId)
    this.#listening = ports.services.bus.listen<ConfigurationNews>(subject, (news) => {
      if (!concernsRights(news)) return
      this.#isChanged = true
      this.#gather(GATHER_MS)
    })
  }

  add(session: Session): void {
    this.#fresh.add(session)
    this.#gather(GATHER_MS)
  }

  [Symbol.dispose](): void {
    this.#isDisposed = true
    this.#listening[Symbol.dispose]()
    this.#waiting?.[Symbol.dispose]()
  }

  #gather(delayMs: number): void {
    if (this.#waiting || this.#isLooking || this.#isDisposed) return
    this.#waiting = this.#ports.services.clock.after(delayMs, () => {
      this.#waiting = undefined
      this.#isLooking = true
      void this.#look().then((nextMs) => {
        this.#isLooking = false
        if (this.#isChanged || this.#fresh.size > 0) this.#gather(nextMs)
      })
    })
  }

  /** Answers how long to wait before the next look, if one is due. */
  async #look(): Promise<number> {
    const [isChanged, fresh] = [this.#isChanged, this.#fresh]
    this.#isChanged = false
    this.#fresh = new Set()
    try {
      await (isChanged ? this.#refresh() : this.#compare([...fresh]))
      return GATHER_MS
    } catch (error) {
      this.#ports.services.log.warn({ err: error }, 'rights could not be read again')
      this.#isChanged ||= isChanged
      this.#fresh = new Set([...this.#fresh, ...fresh])
      return RETRY_MS
    }
  }

  async #refresh(): Promise<void> {
    const { services, standings } = this.#ports
    const directory = await standings.directory(this.#accountId)
    const account = await standings.account(this.#accountId)
    const agents = new Map(directory.agents.map((agent) => [agent.id, agent]))
    const renewed: Promise<void>[] = []
    for (const session of services.sessions.all) {
      const { identity } = session
      if (identity?.kind !== 'agent' || identity.accountId !== this.#accountId) continue
      const agent = agents.get(identity.id)
      // Of an agent that is gone the sockets are closing: its sessions have ended. [AG6]
      if (!agent) continue
      const appIds = account ? appIdsOf(agent, account.settings) : []
      const rights = rightsOf(agent, directory)
      renewed.push(this.#renew(session, { roles: agent.roles, rights, appIds }))
    }
    await allSettled(renewed)
  }

  /** What most agents' rights follow from is their own record. */
  async #compare(fresh: readonly Session[]): Promise<void> {
    const { services, standings } = this.#ports
    const renewed = fresh.map(async (session) => {
      const { identity, isEnded } = session
      if (isEnded || identity?.kind !== 'agent') return
      const { accountId, id } = identity
      const agent = await services.store.read('agent', { accountId, id })
      if (!agent) return
      await this.#renew(session, { roles: agent.roles, ...(await standingOf(standings, agent)) })
    })
    await allSettled(renewed)
  }

  /** Begins again with everything when not all could be judged the last time. */
  async #renew(session: Session, now: Standing & Pick<AgentActor, 'roles'>): Promise<void> {
    const { identity, isEnded } = session
    if (isEnded || identity?.kind !== 'agent') return
    if (!isSameStanding(identity, now)) session.authenticate({ ...identity, ...now })
    const { agent, shownTo } = session
    if (!shownTo.every((one) => isSameStanding(one, now)))
      await allSettled([session.judgeAgain(), this.#ports.services.readers.judgeAgain(session)])
    session.markJudged(agent)
  }
}

export class RightsNews implements Disposable {
  readonly #accounts: PerAccount<AccountRights>

  constructor(services: Services, standings: Standings) {
    this.#accounts = new PerAccount((id) => new AccountRights(id, { services, standings }))
  }

  /** Keeps the rights of the agent behind it up to date from now on. */
  watch(session: Session): void {
    this.#accounts.use(session).add(session)
  }

  /** Its rights were read anew on the way: what it is shown may not be by them. */
  lookAt(session: Session): void {
    this.#accounts.of(session.accountId)?.add(session)
  }

  [Symbol.dispose](): void {
    this.#accounts[Symbol.dispose]()
  }
}
