/**
 * The events of one dialog, each once and in order, over as many connections as it takes.
 *
 * The server numbers events and says of each which one this reader saw before it
 * (`previousSequence`). A number that was seen is a repeat; a predecessor that was not seen is a gap,
 * and the dialog is asked for again from there. A number that was seen and means something else, or an
 * end before it, is another log: its store was restored from a copy.
 */
import { Channel } from './channel.ts'
import type { Link } from './link.ts'
import { DialogReplaced, RequestRefused } from './problems.ts'
import { wireNames } from './requests.ts'
import { type Followed, Subscription } from './subscription.ts'
import type { Asked, Notification } from './wire.ts'

/** Something said or shown in a dialog, as the server tells it. */
export interface DialogEvent {
  /** Absent for chat states, which are not kept. */
  readonly sequence?: number
  readonly dialogId: string
  readonly conversationId: string
  readonly originatorId: string
  readonly originatorMetadata?: { readonly id: string; readonly role: string }
  /** Milliseconds since the epoch, by the server’s clock. */
  readonly serverTimestamp?: number
  readonly eventId?: string
  readonly messageAudience?: string
  readonly metadata?: readonly object[]
  // biome-ignore lint/suspicious/noExplicitAny: one of many shapes, told apart by its type
  readonly event: { readonly type: string; readonly [member: string]: any }
}

interface Told extends DialogEvent {
  readonly previousSequence?: number
}

export interface EventsOptions {
  /** The first sequence wanted; default 0, the whole dialog. */
  readonly from?: number
  readonly signal?: AbortSignal
  /**
   * The server has another log than the one that was read, e.g. because its store was restored from a
   * copy: what was read is void, and the dialog comes again from `from` on. Called between the last
   * event of the one and the first of the other. Without it the loop ends with `DialogReplaced`.
   */
  onReplaced?(): void
}

const BEYOND_THE_END = 400

/** The same sequence means the same event for ever, in one and the same log. */
const isSame = (one: DialogEvent, other: DialogEvent): boolean =>
  one.eventId === other.eventId && one.serverTimestamp === other.serverTimestamp

class DialogReader implements Followed {
  readonly events: Channel<DialogEvent>
  readonly key: string
  readonly #link: Link
  readonly #from: number
  readonly #onReplaced: (() => void) | undefined
  #subscription: Subscription | undefined
  /** The newest that was passed on. */
  #last: DialogEvent | undefined
  #isAsking = false

  constructor(link: Link, dialogId: string, options: EventsOptions) {
    const { from = 0, signal, onReplaced } = options
    this.key = dialogId
    this.#link = link
    this.#from = Math.max(0, from)
    this.#onReplaced = onReplaced && (() => onReplaced.call(options))
    this.events = new Channel({
      ...(signal && { signal }),
      onEnd: () => this.#subscription?.stop(),
    })
    if (this.events.isOver) return
    this.#subscription = new Subscription(link, this)
  }

  asked(): Asked {
    this.#isAsking = true
    // From the newest that is known, and not behind it: what comes first shows whether the log is the same.
    const fromSeq = this.#last?.sequence ?? this.#from
    return { type: wireNames.subscribeMessagingEvents, body: { dialogId: this.key, fromSeq } }
  }

  taken(): void {
    this.#isAsking = false
  }

  heard({ type, body }: Notification): void {
    if (!type.endsWith('MessagingEventNotification')) return
    for (const change of body.changes as Told[])
      if (change.dialogId === this.key) this.#take(change)
  }

  ended(failure?: { readonly error: unknown }): void {
    const error = failure?.error
    const isBeyond = error instanceof RequestRefused && error.code === BEYOND_THE_END
    if (isBeyond && this.#last) this.#startOver()
    else this.events.end(failure)
  }

  /** The server has one stream per dialog and connection: it ends with its last reader. */
  leaving(): Asked | undefined {
    if (!this.events.isOver || this.#link.isFollowed(this.key)) return undefined
    return { type: wireNames.unsubscribeMessagingEvents, body: { dialogId: this.key } }
  }

  #take(told: Told): void {
    const { previousSequence, ...event } = told
    const { sequence } = event
    if (sequence === undefined) {
      this.events.push(event)
      return
    }
    const last = this.#last
    if (sequence === last?.sequence && !isSame(event, last)) this.#startOver()
    const known = this.#last?.sequence ?? this.#from - 1
    if (sequence <= known) return
    if (previousSequence !== undefined && previousSequence > known) {
      if (!this.#isAsking) this.#subscription?.ask()
      return
    }
    this.#last = event
    this.events.push(event)
  }

  #startOver(): void {
    const replaced = this.#onReplaced
    if (!replaced) {
      const error = new DialogReplaced(`The log of ${this.key} is another one than was read`)
      this.events.end({ error })
      return
    }
    this.#last = undefined
    this.events.mark(replaced)
    this.#subscription?.ask()
  }
}

/** Follows a dialog until its signal, or until the loop that reads it is left. */
export const dialogEvents = (
  link: Link,
  dialogId: string,
  options: EventsOptions = {},
): AsyncIterableIterator<DialogEvent, undefined> => new DialogReader(link, dialogId, options).events
