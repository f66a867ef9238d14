/**
 * One dialog, followed for as long as it is of interest: what was said, who has read it, who types.
 * Says for the agent that messages have arrived (ACCEPT) and that they were shown (READ). [WSP10] [WSP12]
 */
import {
  type AgentClient,
  type DialogEvent,
  DialogReplaced,
  type OutboxEntry,
  RequestRefused,
  untilTaken,
} from '@ringdown/client'
import { Value } from './watched.ts'

export interface ThreadState {
  readonly isLoaded: boolean
  /** What was said, by sequence. */
  readonly said: readonly DialogEvent[]
  /** Sequences that the consumer's device has, and those that were shown to the consumer. */
  readonly delivered: ReadonlySet<number>
  readonly read: ReadonlySet<number>
  /** Ids of others who are typing. */
  readonly typing: readonly string[]
  /** The consumer looks at something else. */
  readonly isConsumerAway: boolean
  /** The newest sequence of any kind, -1 for none. */
  readonly lastSequence: number
  /** What the server has taken and not told back yet. */
  readonly settling: readonly OutboxEntry[]
  /** The first that somebody else said after the agent last looked; it stays until the next look. */
  readonly newFrom: number | undefined
}

const nothing: ThreadState = {
  isLoaded: false,
  said: [],
  delivered: new Set(),
  read: new Set(),
  typing: [],
  isConsumerAway: false,
  lastSequence: -1,
  settling: [],
  newFrom: undefined,
}

const TYPING_MS = 10_000
const COMPOSING_EVERY_MS = 4_000
const MOST_RECEIPTS = 200
const BEYOND_THE_END = 400
const content = new Set(['ContentEvent', 'RichContentEvent'])

/** Kept from before, and not told again yet. */
const isAfter =
  ({ sequence = -1 }: DialogEvent) =>
  (one: DialogEvent) =>
    (one.sequence ?? -1) > sequence

/** The same sequence means the same event for ever, in one and the same log. */
const isSame = (one: DialogEvent, other: DialogEvent): boolean =>
  one.eventId === other.eventId && one.serverTimestamp === other.serverTimestamp

/** Whether the server has another log than the one whose newest event is known. */
const tellsReplaced = (error: unknown, known: DialogEvent | undefined): boolean =>
  error instanceof DialogReplaced ||
  (known !== undefined && error instanceof RequestRefused && error.code === BEYOND_THE_END)

const isConsumer = ({ originatorMetadata }: DialogEvent) => originatorMetadata?.role === 'CONSUMER'

export interface ThreadOptions {
  readonly client: AgentClient
  readonly dialogId: string
  readonly me: string
  /** Whether this agent takes part, and so says what it has read. */
  takesPart(): boolean
  /** What was said, as it was known before the page was loaded again. */
  readonly before?: readonly DialogEvent[]
  /** The newest that the agent looked at, as far as this page remembers. */
  readonly lookedAt?: number
  /** The newest that there is to know of, by the conversation's own telling. */
  newest(): number
}

export class Thread implements Disposable {
  readonly state = new Value<ThreadState>(nothing)
  readonly dialogId: string
  readonly #options: ThreadOptions
  readonly #stop = new AbortController()
  #reading = new AbortController()
  readonly #accepted = new Set<number>()
  readonly #seen = new Set<number>()
  /** What was said, as the server has told it to this page. */
  readonly #told: DialogEvent[] = []
  #before: readonly DialogEvent[]
  #hasMore = false
  /** The newest of any kind that was told. */
  #newest: DialogEvent | undefined
  /** The newest that the agent read in another place. */
  #readElsewhere = -1
  #lookedAt: number
  /** A look has begun, and what is new in it is not known yet. */
  #isLooking = false
  #looking: ReturnType<typeof setTimeout> | undefined
  readonly #typists = new Map<string, ReturnType<typeof setTimeout>>()
  #isShown = false
  #next: ThreadState = nothing
  #isDue = false
  #composedAt = 0
  #idle: ReturnType<typeof setTimeout> | undefined

  constructor(options: ThreadOptions) {
    this.#options = options
    this.dialogId = options.dialogId
    this.#before = options.before ?? []
    this.#lookedAt = options.lookedAt ?? -1
    if (this.#before.length > 0) this.#change({ said: this.#before })
    void this.#run()
  }

  /** The newest that the agent has looked at. */
  get lookedAt(): number {
    return this.#lookedAt
  }

  /** The agent looks at it, or does not. */
  show(isShown: boolean): void {
    if (isShown && !this.#isShown) this.#isLooking = true
    this.#isShown = isShown
    this.#look()
    this.#sayReceipts()
  }

  /** The agent is typing something for the consumer. */
  typed(): void {
    clearTimeout(this.#idle)
    this.#idle = setTimeout(() => this.rested(), COMPOSING_EVERY_MS + 1000)
    if (Date.now() - this.#composedAt < COMPOSING_EVERY_MS) return
    this.#composedAt = Date.now()
    this.#publish({ type: 'ChatStateEvent', chatState: 'COMPOSING' })
  }

  rested(): void {
    clearTimeout(this.#idle)
    if (this.#composedAt === 0) return
    this.#composedAt = 0
    this.#publish({ type: 'ChatStateEvent', chatState: 'ACTIVE' })
  }

  /** The server has this message; it is shown until its own event comes. */
  settle(entry: OutboxEntry): void {
    if (this.#told.some(({ eventId }) => eventId === entry.id)) return
    this.#change({ settling: [...this.#next.settling, entry] })
  }

  /** The server tells nothing to whom a conversation was taken from: what was missed is read now. [WSP28] */
  regained(): void {
    this.#readOn()
  }

  [Symbol.dispose](): void {
    this.#stop.abort()
    clearTimeout(this.#idle)
    clearTimeout(this.#looking)
    for (const timer of this.#typists.values()) clearTimeout(timer)
  }

  #readOn(): void {
    this.#reading.abort()
    this.#reading = new AbortController()
    void this.#run()
  }

  async #run(): Promise<void> {
    const { client, dialogId } = this.#options
    const signal = AbortSignal.any([this.#stop.signal, this.#reading.signal])
    const known = this.#newest
    // From the newest that is known, and not behind it: it shows whether the log is the same.
    const events = client.events(dialogId, { from: known?.sequence ?? 0, signal })
    void this.#catchUp(signal)
    try {
      for await (const event of events) this.#hear(event, known)
    } catch (error) {
      if (signal.aborted) return
      if (tellsReplaced(error, known)) this.#startOver()
      // Not this agent's business any more; what was read stays.
      else this.#change({ isLoaded: true })
    }
  }

  async #catchUp(signal: AbortSignal): Promise<void> {
    const { client } = this.#options
    const { backoff } = client
    try {
      // Frames keep their order: once this is answered the first of the replay have come.
      await untilTaken(() => client.request('getClock', {}, { signal }), { signal, backoff })
      if (!signal.aborted) this.#change({ isLoaded: true })
    } catch {
      // Nobody waits for it any more, or the client has ended.
    }
  }

  /** The server's store was restored from a copy: what is known is void, and the log is read anew. [WSP45] */
  #startOver(): void {
    this.#told.length = 0
    this.#before = []
    this.#accepted.clear()
    this.#seen.clear()
    this.#newest = undefined
    this.#readElsewhere = -1
    this.#lookedAt = -1
    this.#isLooking = this.#isShown
    clearTimeout(this.#looking)
    this.#looking = undefined
    const { typing, isConsumerAway } = this.#next
    this.#change({ ...nothing, typing, isConsumerAway })
    this.#readOn()
  }

  #hear(event: DialogEvent, known: DialogEvent | undefined): void {
    const { sequence } = event
    if (sequence !== undefined && known && sequence === known.sequence && !isSame(event, known))
      throw new DialogReplaced(`The log of ${this.dialogId} is another one than was read`)
    if (sequence === undefined || sequence > (known?.sequence ?? -1)) this.#take(event)
  }

  #take(event: DialogEvent): void {
    const { sequence, event: body } = event
    if (body.type === 'ChatStateEvent') this.#hearState(event)
    else if (body.type === 'AcceptStatusEvent') this.#hearReceipt(event)
    else if (content.has(body.type)) {
      this.#stopsTyping(event.originatorId)
      this.#told.push(event)
      if (this.#before.length > 0) this.#before = this.#before.filter(isAfter(event))
      this.#hasMore = true
      this.#change({
        settling: this.#next.settling.filter(({ id }) => id !== event.eventId),
      })
    }
    if (sequence !== undefined && sequence > this.#next.lastSequence) {
      this.#newest = event
      this.#change({ lastSequence: sequence })
    }
  }

  #hearState(event: DialogEvent): void {
    const { originatorId, event: body } = event
    if (originatorId === this.#options.me) return
    const state = String(body['chatState']).toUpperCase()
    if (isConsumer(event)) this.#change({ isConsumerAway: state === 'BACKGROUND' })
    if (state !== 'COMPOSING') {
      this.#stopsTyping(originatorId)
      return
    }
    clearTimeout(this.#typists.get(originatorId))
    const timer = setTimeout(() => this.#stopsTyping(originatorId), TYPING_MS)
    this.#typists.set(originatorId, timer)
    this.#change({ typing: [...this.#typists.keys()] })
  }

  #stopsTyping(id: string): void {
    clearTimeout(this.#typists.get(id))
    if (this.#typists.delete(id)) this.#change({ typing: [...this.#typists.keys()] })
  }

  #hearReceipt(event: DialogEvent): void {
    const { status, sequenceList } = event.event as unknown as {
      readonly status: string
      readonly sequenceList: readonly number[]
    }
    if (event.originatorId === this.#options.me) {
      for (const one of sequenceList) {
        this.#accepted.add(one)
        if (status !== 'READ' || this.#seen.has(one)) continue
        this.#seen.add(one)
        this.#readElsewhere = Math.max(this.#readElsewhere, one)
      }
      return
    }
    if (!isConsumer(event) || (status !== 'ACCEPT' && status !== 'READ')) return
    const name = status === 'READ' ? 'read' : 'delivered'
    this.#change({ [name]: new Set([...this.#next[name], ...sequenceList]) })
  }

  /**
   * Draws the line between what the agent had seen and what is new, once all of it is here: the log tells
   * what the agent read in other places too. [WSP44]
   */
  #look(): void {
    const { isLoaded, lastSequence } = this.#next
    if (!isLoaded || lastSequence < this.#options.newest()) return
    if (this.#isLooking) {
      // What has arrived with it may tell more of what was read.
      this.#looking ??= setTimeout(() => {
        this.#looking = undefined
        this.#isLooking = false
        this.#change({ newFrom: this.#firstUnseen() })
      })
      return
    }
    if (this.#isShown) this.#lookedAt = lastSequence
  }

  #firstUnseen(): number | undefined {
    const { me } = this.#options
    const own = this.#told.findLast(({ originatorId }) => originatorId === me)
    const lookedAt = Math.max(this.#lookedAt, this.#readElsewhere, own?.sequence ?? -1)
    if (lookedAt < 0) return undefined
    const isNew = ({ originatorId, sequence = -1 }: DialogEvent) =>
      originatorId !== me && sequence > lookedAt
    return this.#told.find(isNew)?.sequence
  }

  #sayReceipts(): void {
    if (!this.#next.isLoaded || !this.#options.takesPart()) return
    const others = this.#told.filter(({ originatorId }) => originatorId !== this.#options.me)
    if (this.#isShown) {
      this.#acknowledge('READ', others, this.#seen)
      return
    }
    this.#acknowledge('ACCEPT', others.filter(isConsumer), this.#accepted)
  }

  #acknowledge(status: string, events: readonly DialogEvent[], done: Set<number>): void {
    const sequenceList = events
      .map(({ sequence }) => sequence as number)
      .filter((sequence) => !done.has(sequence))
      .slice(-MOST_RECEIPTS)
    if (sequenceList.length === 0) return
    for (const sequence of sequenceList) {
      done.add(sequence)
      this.#accepted.add(sequence)
    }
    const undo = () => {
      for (const sequence of sequenceList) done.delete(sequence)
    }
    this.#publish({ type: 'AcceptStatusEvent', status, sequenceList }, undo)
  }

  /** What is said by the way: if it is lost, it is not worth saying again by itself. */
  #publish(event: object, lost: () => void = () => {}): void {
    const { client, dialogId } = this.#options
    const body = { dialogId, event } as Parameters<typeof client.request<'publishEvent'>>[1]
    client.request('publishEvent', body, { signal: this.#stop.signal }).catch(lost)
  }

  /** Many events come at once when a dialog is opened; the screen hears of them once. */
  #change(change: Partial<ThreadState>): void {
    this.#next = { ...this.#next, ...change }
    if (this.#isDue) return
    this.#isDue = true
    queueMicrotask(() => {
      this.#isDue = false
      if (this.#hasMore) this.#next = { ...this.#next, said: [...this.#told, ...this.#before] }
      this.#hasMore = false
      this.state.set(this.#next)
      this.#look()
      this.#sayReceipts()
    })
  }
}
