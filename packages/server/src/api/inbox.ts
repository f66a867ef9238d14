/**
 * The requests of one connection, in the order of their arrival. Publishes follow each other without
 * waiting for their commits; everything else waits until what came before it was answered. [CON6]
 */
import { Refusal } from '@ringdown/protocol'
import { dispatch } from './dispatch.ts'
import type { BadFrame, Frame } from './frame.ts'
import { readFrame } from './frame.ts'
import type { Services } from './services.ts'
import type { Session } from './session.ts'
import { TokenBucket } from './token-bucket.ts'

/** Requests that wait in memory before the socket is asked to pause. */
const FULL = 64

const isMalformed = (frame: Frame | BadFrame): boolean => 'refusal' in frame && frame.isMalformed

const isPublish = (frame: Frame | BadFrame): boolean =>
  'method' in frame && frame.method === 'publishEvent'

const tooMany = ({ reqId }: Frame | BadFrame): BadFrame => ({
  reqId,
  refusal: new Refusal('too_many_requests'),
  isMalformed: false,
})

export class Inbox {
  readonly #session: Session
  readonly #services: Services
  readonly #bucket: TokenBucket
  readonly #onRoom: () => void
  readonly #waiting: (Frame | BadFrame)[] = []
  /** Settles when every publish so far was answered. */
  #turn: Promise<void> = Promise.resolve()
  #publishing = 0
  #isBusy = false
  #malformed = 0

  constructor(session: Session, services: Services, onRoom: () => void) {
    const { requestsPerSecond, requestBurst } = services.config.limits
    this.#session = session
    this.#services = services
    this.#bucket = new TokenBucket(requestsPerSecond, requestBurst, services.clock.monotonic())
    this.#onRoom = onRoom
  }

  /** More is waiting than a well-behaved client sends: stop reading until `onRoom`. */
  get isFull(): boolean {
    return this.#waiting.length >= FULL
  }

  receive(text: string): void {
    const frame = readFrame(text, this.#session.role, this.#services.config.limits)
    const isWithinRate = this.#bucket.take(this.#services.clock.monotonic())
    // Garbage is counted on its own, and keeps its text: it is soon over.
    const isRefused = !isWithinRate && !isMalformed(frame)
    this.#waiting.push(isRefused ? tooMany(frame) : frame)
    this.#advance()
  }

  /** The peer has taken answers: those who wait may be handled. */
  resume(): void {
    this.#advance()
  }

  #advance(): void {
    const wasFull = this.isFull
    // What was read already waits too while the peer takes no answers. [CON9]
    while (!this.#isBusy && !this.#session.isEnded && !this.#session.outlet.isBlocked) {
      const next = this.#waiting[0]
      if (!next || !this.#mayStart(next)) break
      this.#waiting.shift()
      this.#start(next)
    }
    if (wasFull && !this.isFull) this.#onRoom()
  }

  #mayStart(frame: Frame | BadFrame): boolean {
    if (!isPublish(frame)) return this.#publishing === 0
    return this.#publishing < this.#services.config.limits.pendingPublishes
  }

  #start(frame: Frame | BadFrame): void {
    if ('refusal' in frame) {
      this.#reject(frame)
      return
    }
    const isPipelined = this.#publishing > 0
    const answered = dispatch(frame, this.#session, {
      services: this.#services,
      ...(isPipelined && { turn: this.#turn }),
    })
    if (!answered) return
    if (isPublish(frame)) {
      this.#publishing += 1
      this.#turn = answered.then(() => {
        this.#publishing -= 1
        this.#advance()
      })
      return
    }
    this.#isBusy = true
    answered.then(() => {
      this.#isBusy = false
      this.#advance()
    })
  }

  /** Garbage is answered a few times, in case a person types it, and then ends the connection. */
  #reject({ reqId, refusal, isMalformed }: BadFrame): void {
    this.#session.outlet.send(this.#session.dialect.refusal(reqId, refusal))
    if (!isMalformed) return
    this.#malformed += 1
    if (this.#malformed >= this.#services.config.limits.malformedFrames)
      this.#session.close('malformed')
  }
}
