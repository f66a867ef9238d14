/**
 * The events of one dialog, each once and in order, over as many connections as it takes.
 *
 * The server numbers events and says of each which one this reader saw before it
 * (`previousSequence`). A number that was seen is a repeat; a predecessor that was not seen is a gap,
 * and the dialog is asked for again from there.
 */
import { Channel } from './channel.ts'
import type { Link } from './link.ts'
import { RequestRefused } from './problems.ts'
import { wireNames } from './requests.ts'
import type { Notification } from './wire.ts'

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
}

/** Sequences that are equal wherever they come from; positions mean nothing in another store. */
interface Subscribed {
  readonly epoch?: string
}

class DialogReader {
  readonly events: Channel<DialogEvent>
  readonly #link: Link
  readonly #dialogId: string
  readonly #from: number
  /** The newest sequence that was passed on; one less than the first wanted at the start. */
  #last: number
  #epoch: string | undefined
  #isAsking = false

  constructor(link: Link, dialogId: string, { from = 0, signal }: EventsOptions) {
    this.#link = link
    this.#dialogId = dialogId
    this.#from = Math.max(0, from)
    this.#last = this.#from - 1
    const following = { stop: () => {} }
    this.events = new Channel({
      ...(signal && { signal }),
      onEnd: () => {
        following.stop()
        this.#leave()
      },
    })
    if (this.events.isOver) return
    const followed = link.follow({
      connected: () => this.#ask(),
      heard: (notification) => this.#hear(notification),
    })
    following.stop = () => followed[Symbol.dispose]()
  }

  #ask(): void {
    if (this.#isAsking) return
    this.#isAsking = true
    const body = { dialogId: this.#dialogId, fromSeq: this.#last + 1 }
    this.#link
      .request({ type: wireNames.subscribeMessagingEvents, body })
      .then((answer) => this.#check(answer as Subscribed | undefined))
      .catch((error: unknown) => {
        // A lost connection is made again; what the server refuses will be refused again.
        if (error instanceof RequestRefused && error.code < 500) this.events.end({ error })
      })
      .finally(() => {
        this.#isAsking = false
      })
  }

  /** Another epoch: the store was restored from a copy, and what was read may not be in it. */
  #check(answer: Subscribed | undefined): void {
    const { epoch } = answer ?? {}
    const isOther = this.#epoch !== undefined && epoch !== this.#epoch
    this.#epoch = epoch ?? this.#epoch
    if (!isOther) return
    this.#last = this.#from - 1
    this.#isAsking = false
    this.#ask()
  }

  #hear({ type, body }: Notification): void {
    if (!type.endsWith('MessagingEventNotification')) return
    for (const change of body.changes as Told[])
      if (change.dialogId === this.#dialogId) this.#take(change)
  }

  #take(told: Told): void {
    const { previousSequence, ...event } = told
    const { sequence } = event
    if (sequence === undefined) {
      this.events.push(event)
      return
    }
    if (sequence <= this.#last) return
    if (previousSequence !== undefined && previousSequence > this.#last) {
      this.#ask()
      return
    }
    this.#last = sequence
    this.events.push(event)
  }

  #leave(): void {
    if (this.#link.state.kind !== 'open') return
    const body = { dialogId: this.#dialogId }
    // Where it cannot be said the connection is gone, and the subscription with it.
    this.#link.request({ type: wireNames.unsubscribeMessagingEvents, body }).catch(() => {})
  }
}

/** Follows a dialog until its signal, or until the loop that reads it is left. */
export const dialogEvents = (
  link: Link,
  dialogId: string,
  options: EventsOptions = {},
): AsyncIterableIterator<DialogEvent, undefined> => new DialogReader(link, dialogId, options).events
