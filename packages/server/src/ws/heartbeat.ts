/**
 * Looks after all connections of the node in one sweep a second: pings, idle and stuck peers, tokens
 * that end. One timer instead of several per socket. [CON8] [CON9] [CON10]
 */
import type { Services } from '../api/services.ts'
import type { Session } from '../api/session.ts'
import { type Actor, closeOfExpired } from '../domain/actor.ts'
import type { Connection } from './connection.ts'

export interface Live {
  readonly connection: Connection
  readonly session: Session
  readonly openedAt: number
  /** Agents: looks the login session up again, which may have been extended. */
  readonly renew?: () => Promise<Actor | undefined>
  nextPingAt: number
}

const SWEEP_MS = 1_000

export class Heartbeat implements Disposable {
  readonly #services: Services
  readonly #live = new Set<Live>()
  /** Runs while there is somebody to look after. */
  #timer: Disposable | undefined
  #isOver = false

  constructor(services: Services) {
    this.#services = services
  }

  get connections(): Iterable<Live> {
    return this.#live
  }

  get size(): number {
    return this.#live.size
  }

  add(live: Live): void {
    this.#live.add(live)
    // Who is let in while the server stops is cut off by it.
    if (!this.#isOver) this.#timer ??= this.#services.clock.every(SWEEP_MS, () => this.#sweep())
    live.session.onEnd(() => {
      this.#live.delete(live)
      if (this.#live.size === 0) this.#rest()
    })
  }

  pingEvery(session: Session): number {
    const { agentPingMs, consumerPingMs } = this.#services.config.limits
    return session.role === 'agent' ? agentPingMs : consumerPingMs
  }

  [Symbol.dispose](): void {
    this.#isOver = true
    this.#rest()
  }

  #rest(): void {
    this.#timer?.[Symbol.dispose]()
    this.#timer = undefined
  }

  #sweep(): void {
    const now = this.#services.clock.monotonic()
    for (const live of this.#live) this.#look(live, now)
  }

  #look(live: Live, now: number): void {
    const { connection, session, openedAt } = live
    const { idleMs, slowReaderMs, authDeadlineMs } = this.#services.config.limits
    if (connection.isClosing) {
      if (connection.isOverdue(now)) connection.terminate()
      return
    }
    if (connection.stuckFor(now) >= slowReaderMs) connection.close('slow')
    else if (now - connection.lastHeardAt >= idleMs) connection.close('idle')
    else if (!session.identity && now - openedAt >= authDeadlineMs) connection.close('auth_timeout')
    else if (session.identity && session.identity.expiresAt <= this.#services.clock.now())
      this.#expired(live, session.identity)
    else if (now >= live.nextPingAt) {
      live.nextPingAt = now + this.pingEvery(session)
      connection.ping()
    }
  }

  #expired({ session, renew }: Live, identity: Actor): void {
    if (identity.kind === 'consumer') {
      session.close(closeOfExpired(identity))
      return
    }
    if (!renew) {
      session.close('token')
      return
    }
    renew().then(
      (actor) => (actor ? this.#services.sessions.renew(session, actor) : session.close('token')),
      (error: unknown) => this.#services.log.warn({ err: error }, 'session could not be renewed'),
    )
  }
}
