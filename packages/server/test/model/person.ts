/** A client without a network: the real inbox, dispatch and handlers, and an outlet that listens. */
import type { AccountId } from '@ringdown/protocol'
import { Inbox } from '../../src/api/inbox.ts'
import type { Services } from '../../src/api/services.ts'
import { Session } from '../../src/api/session.ts'
import { dialectFor } from '../../src/dialects/dialects.ts'
import type { Actor } from '../../src/domain/actor.ts'
import type { Outlet } from '../../src/feeds/outlet.ts'

export interface Said {
  readonly code: number
  // biome-ignore lint/suspicious/noExplicitAny: whatever the server answers
  readonly body: any
}

const RESPONSE = '{"kind":"resp"'

export class Person {
  readonly #session: Session
  readonly #inbox: Inbox
  readonly #waiting = new Map<string, (said: Said) => void>()
  #requests = 0

  constructor(services: Services, actor: Actor) {
    const outlet: Outlet = {
      isReady: true,
      isBlocked: false,
      send: (frame) => this.#hear(frame),
      close: () => this.leave(),
    }
    this.#session = new Session({
      id: services.ids.uuid(),
      accountId: actor.accountId as AccountId,
      dialect: dialectFor(actor.kind, 3),
      outlet,
      address: '127.0.0.1',
      maxSubscriptions: 100,
    })
    this.#inbox = new Inbox(this.#session, services, () => {})
    services.sessions.add(this.#session)
    services.sessions.identify(this.#session, actor)
  }

  ask(type: string, body: object): Promise<Said> {
    this.#requests += 1
    const id = `r${this.#requests}`
    const answered = new Promise<Said>((resolve) => this.#waiting.set(id, resolve))
    this.#inbox.receive(JSON.stringify({ kind: 'req', id, type, body }))
    return answered
  }

  leave(): void {
    if (!this.#session.isEnded) this.#session.end()
  }

  #hear(frame: string): void {
    if (!frame.startsWith(RESPONSE)) return
    const { reqId, code, body } = JSON.parse(frame) as Said & { readonly reqId: string }
    this.#waiting.get(reqId)?.({ code, body })
    this.#waiting.delete(reqId)
  }
}
