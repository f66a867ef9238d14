/**
 * Something that is followed over as many connections as it takes: on each it is asked for until the
 * server takes it, and it is left when nobody reads it any more.
 */
import type { Link } from './link.ts'
import { wireNames } from './requests.ts'
import { untilTaken } from './until-taken.ts'
import type { Asked, Notification, Wire } from './wire.ts'

export interface Followed {
  /** Names what several may follow at once. */
  readonly key?: string
  /** Built anew for each attempt. */
  asked(): Asked
  /** A new connection, on which nothing has been told yet. */
  begins?(): void
  /** The answer, before what it promises. */
  taken?(answer: unknown): void
  heard(notification: Notification): void
  /** Nothing will come any more: the server does not want it, or the client ended for a cause. */
  ended(failure?: { readonly error: unknown }): void
  /** Ends what an answer began; without one, what was asked for and not answered yet. */
  leaving(answer?: unknown): Asked | undefined
}

export class Subscription {
  readonly #link: Link
  readonly #followed: Followed
  readonly #following: Disposable
  #wire: Wire | undefined
  #turn = new AbortController()
  #answer: unknown

  constructor(link: Link, followed: Followed) {
    this.#link = link
    this.#followed = followed
    this.#following = link.follow({
      ...(followed.key !== undefined && { key: followed.key }),
      connected: (wire) => {
        this.#wire = wire
        followed.begins?.()
        this.ask()
      },
      heard: (notification) => followed.heard(notification),
      ended: (cause) => followed.ended(cause && { error: cause }),
    })
  }

  /** Asks, or asks again, on the connection that there is. */
  ask(): void {
    this.#turn.abort()
    this.#answer = undefined
    const wire = this.#wire
    if (!wire) return
    this.#turn = new AbortController()
    const { signal } = this.#turn
    const onTaken = (answer: unknown): void => {
      if (signal.aborted || this.#answer !== undefined) {
        // It came too late, and another one was asked for meanwhile.
        leave(wire, this.#followed.leaving(answer))
        return
      }
      this.#answer = answer
      this.#followed.taken?.(answer)
    }
    const ask = () => wire.request({ ...this.#followed.asked(), onTaken })
    untilTaken(ask, { signal, backoff: this.#link.backoff }).catch((error: unknown) => {
      if (!signal.aborted && !this.#link.ended.aborted) this.#followed.ended({ error })
    })
  }

  stop(): void {
    this.#turn.abort()
    this.#following[Symbol.dispose]()
    if (this.#wire) leave(this.#wire, this.#followed.leaving(this.#answer))
  }
}

/** Where it cannot be said the connection is gone, and the subscription with it. */
const leave = (wire: Wire, asked: Asked | undefined): void => {
  if (asked) wire.request(asked).catch(() => {})
}

/** Every subscription that was answered with an id ends by it, whatever it is to. */
export const leavingById = (answer: unknown): Asked | undefined =>
  answer === undefined
    ? undefined
    : { type: wireNames.unsubscribeConversations, body: answer as { subscriptionId: string } }
