/** All connections of this node, and what is true of an actor's connections together. */
import type { AccountId } from '@ringdown/protocol'
import type { Bus } from '../bus/bus.ts'
import type { SessionNews } from '../bus/subjects.ts'
import { subjects } from '../bus/subjects.ts'
import type { Actor } from '../domain/actor.ts'
import { closeOfExpired } from '../domain/actor.ts'
import type { Conversation } from '../domain/conversation.ts'
import type { Session } from './session.ts'

const keyOf = ({ accountId, id }: Pick<Actor, 'accountId' | 'id'>): string => `${accountId}/${id}`

export interface SessionsOptions {
  readonly bus: Bus
  readonly maxPerActor: number
  /** A connection has got its actor. */
  readonly onIdentified: (session: Session, actor: Actor) => void
  /** The actor of a connection was read anew. */
  readonly onRenewed: (session: Session) => void
  /** Conversations went to another consumer: what is remembered of them is outdated. */
  readonly onMoved: (conversations: readonly Conversation[]) => void
}

export class Sessions implements Disposable {
  readonly #byActor = new Map<string, Set<Session>>()
  readonly #all = new Set<Session>()
  readonly #listening = new Map<AccountId, Disposable>()
  readonly #options: SessionsOptions

  constructor(options: SessionsOptions) {
    this.#options = options
  }

  get all(): ReadonlySet<Session> {
    return this.#all
  }

  add(session: Session): void {
    this.#all.add(session)
    session.onEnd(() => this.#all.delete(session))
  }

  /** Files the session under its actor; the oldest of too many is closed. [LIM8] */
  identify(session: Session, actor: Actor): void {
    session.authenticate(actor)
    this.#listen(actor.accountId)
    const key = keyOf(actor)
    const sessions = this.#byActor.get(key) ?? new Set()
    this.#byActor.set(key, sessions)
    sessions.add(session)
    session.onEnd(() => {
      sessions.delete(session)
      if (sessions.size === 0 && this.#byActor.get(key) === sessions) this.#byActor.delete(key)
    })
    if (sessions.size > this.#options.maxPerActor) {
      const [oldest] = sessions
      // Not counted from here on, so that one that is slow to close does not make room for more.
      if (oldest) sessions.delete(oldest)
      oldest?.close('overloaded')
    }
    this.#options.onIdentified(session, actor)
  }

  /** The login of the actor goes on; its rights may be others. [PRM11] */
  renew(session: Session, actor: Actor): void {
    session.authenticate(actor)
    this.#options.onRenewed(session)
  }

  /** Whether a socket of the agent's login is open here. */
  isConnected(loginSessionId: string): boolean {
    for (const { identity } of this.#all)
      if (identity?.kind === 'agent' && identity.sessionId === loginSessionId) return true
    return false
  }

  of(accountId: AccountId, actorId: string): ReadonlySet<Session> {
    return this.#byActor.get(keyOf({ accountId, id: actorId })) ?? new Set()
  }

  [Symbol.dispose](): void {
    for (const listening of this.#listening.values()) listening[Symbol.dispose]()
  }

  /** Sockets of a login that ended close at once, with the code that asks for a new token. [AG6] */
  #listen(accountId: AccountId): void {
    if (this.#listening.has(accountId)) return
    const listening = this.#options.bus.listen<SessionNews>(
      subjects.sessions(accountId),
      (news) => {
        if (news === 'gap') return
        const { steppedUp } = news
        if (steppedUp) {
          this.#options.onMoved(steppedUp.conversations)
          for (const { identity, outlet } of [...this.of(accountId, steppedUp.consumerId)])
            if (identity?.kind === 'consumer') outlet.close(closeOfExpired(identity))
        }
        const ended = new Set(news.sessionIds)
        for (const { identity, outlet } of this.#all) {
          const isEnded = identity?.kind === 'agent' && ended.has(identity.sessionId)
          const isGone = news.isWholeAccount && identity?.accountId === accountId
          if (isEnded || isGone) outlet.close('token')
        }
      },
    )
    this.#listening.set(accountId, listening)
  }
}
