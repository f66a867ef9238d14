/**
 * A socket's place in a dialog. It remembers the next sequence to send and nothing else: live events
 * that match it go straight out; whoever is behind (a slow socket, a hole, a replay) pulls pages
 * from the channel. One mechanism for replay, resume and slow readers. [SUB1] [SUB4]
 *
 *   replaying → live ⇄ behind → stopped
 *
 * `behind` is left when a pull reaches the tail with the outlet ready.
 */
import type { Sequence } from '@ringdown/protocol'
import type { ChatState } from '../bus/subjects.ts'
import type { Dialect } from '../dialects/dialect.ts'
import type { Audience, DialogEvent } from '../domain/event.ts'
import { type DialogChannel, type Follower, PAGE } from './dialog-channel.ts'
import type { Feed, Outlet } from './outlet.ts'

export interface DialogFeedOptions {
  readonly channel: DialogChannel
  readonly outlet: Outlet
  readonly dialect: Dialect
  readonly audience: Audience
  /** The first sequence to send. */
  readonly from: Sequence
  /** A replay was asked for: answer with a frame even when there is nothing to replay. */
  readonly announcesReplay: boolean
  /** Own events are left out on sockets that did not ask for them. */
  readonly withoutPublisher?: string
  /** Chat states that this socket sent itself are left out. */
  readonly withoutChatStatesFrom?: string
  readonly replayBytes: number
  readonly onError: (error: unknown) => void
}

type State = 'replaying' | 'live' | 'behind' | 'stopped'

/** Frames of the event being delivered, shared by all sockets of one dialect. */
const frames: { event?: DialogEvent; texts: Map<Dialect, string> } = { texts: new Map() }

const frameOf = (dialect: Dialect, event: DialogEvent): string => {
  if (frames.event !== event) {
    frames.event = event
    frames.texts.clear()
  }
  const known = frames.texts.get(dialect)
  if (known !== undefined) return known
  const text = dialect.event(event)
  frames.texts.set(dialect, text)
  return text
}

/** Cuts a page so that no portion is much larger than a frame, and none is empty. [CON9] */
const portions = (page: readonly DialogEvent[], bytes: number): readonly DialogEvent[][] => {
  const all: DialogEvent[][] = []
  let size = Number.POSITIVE_INFINITY
  for (const event of page) {
    size += event.payload.length
    if (size > bytes) {
      all.push([])
      size = event.payload.length
    }
    all.at(-1)?.push(event)
  }
  return all
}

/** Enough for most dialogs, and not too much where every text is as large as it may be. */
const FIRST_PAGE = 50

/** As many as fill two portions: more would be read, thrown away and read again. */
const pageSizeAfter = (events: number, portionCount: number): number =>
  Math.max(
    1,
    Math.min(PAGE, portionCount <= 1 ? events * 2 : Math.ceil((2 * events) / portionCount)),
  )

export class DialogFeed implements Feed, Follower {
  readonly #options: DialogFeedOptions
  readonly #following: Disposable
  #next: Sequence
  #state: State = 'replaying'
  #isPulling = false
  /** News came while a page was being read, so that an empty page does not prove the tail. */
  #isStale = false
  #isAnnounced: boolean
  /** Events to ask for at once: about what the outlet takes before it has enough. */
  #pageSize = FIRST_PAGE

  constructor(options: DialogFeedOptions) {
    this.#options = options
    this.#next = options.from
    this.#isAnnounced = !options.announcesReplay
    // Listen before reading, so that nothing falls between the two. [SUB2]
    this.#following = options.channel.follow(this)
  }

  get next(): Sequence {
    return this.#next
  }

  get isLive(): boolean {
    return this.#state === 'live'
  }

  onEvent(event: DialogEvent): void {
    if (this.#state === 'live' && event.sequence === this.#next && this.#options.outlet.isReady) {
      this.#next += 1
      if (this.#isVisible(event)) this.#options.outlet.send(frameOf(this.#options.dialect, event))
      return
    }
    if (event.sequence < this.#next) return
    this.#fallBehind()
  }

  onChatState(state: ChatState): void {
    const { outlet, dialect, withoutChatStatesFrom } = this.#options
    if (this.#state !== 'live' || !outlet.isReady) return
    if (state.from === withoutChatStatesFrom) return
    if (state.isForAgentsOnly && this.#options.audience === 'all') return
    if (state.publisher.id === this.#options.withoutPublisher) return
    outlet.send(dialect.chatState(state))
  }

  onGap(): void {
    this.#fallBehind()
  }

  #fallBehind(): void {
    if (this.#state === 'live') this.#state = 'behind'
    this.#isStale = true
    this.pump()
  }

  /** Pulls what is missing. Safe to call at any time; one pull runs at once. */
  pump(): void {
    if (this.#isPulling || this.#state === 'live' || this.#state === 'stopped') return
    if (!this.#options.outlet.isReady) return
    this.#isPulling = true
    this.#pull()
      .catch(this.#options.onError)
      .finally(() => {
        this.#isPulling = false
        // News that came between the last page and here found the pull still running.
        if (this.#state === 'behind') this.pump()
      })
  }

  stop(): void {
    this.#state = 'stopped'
    this.#following[Symbol.dispose]()
  }

  #isStopped(): boolean {
    return this.#state === 'stopped'
  }

  async #pull(): Promise<void> {
    while (!this.#isStopped() && this.#options.outlet.isReady) {
      this.#isStale = false
      const page = await this.#options.channel.events(this.#next, this.#pageSize)
      if (this.#isStopped()) return
      if (page.length === 0) {
        this.#sendPage(page)
        if (this.#isStale) continue
        this.#state = 'live'
        return
      }
      const parts = portions(page, this.#options.replayBytes)
      this.#pageSize = pageSizeAfter(page.length, parts.length)
      for (const part of parts) {
        // What the outlet cannot take is read again later: it costs nothing to forget it.
        if (!this.#options.outlet.isReady) break
        this.#sendPage(part)
        this.#next = (part.at(-1) as DialogEvent).sequence + 1
      }
    }
    if (!this.#isStopped() && this.#state !== 'live') this.#state = 'behind'
  }

  #sendPage(page: readonly DialogEvent[]): void {
    const { outlet, dialect, channel, replayBytes } = this.#options
    const visible = page.filter((event) => this.#isVisible(event))
    if (visible.length === 0 && this.#isAnnounced) return
    this.#isAnnounced = true
    for (const frame of dialect.replay(channel.key.dialogId, visible, replayBytes))
      outlet.send(frame)
  }

  #isVisible(event: DialogEvent): boolean {
    const { audience, withoutPublisher } = this.#options
    if (audience === 'all' && event.audience !== 'all') return false
    return event.publisher.id !== withoutPublisher
  }
}
