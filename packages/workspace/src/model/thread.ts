/**
 * One dialog, followed for as long as it is of interest: what was said, who has read it, who types.
 * Says for the agent that messages have arrived (ACCEPT) and that they were shown (READ). [WSP10] [WSP12]
 */
import type { AgentClient, DialogEvent, OutboxEntry } from '@ringdown/client'
import { Value } from './value.ts'

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
}

const TYPING_MS = 10_000
const COMPOSING_EVERY_MS = 4_000
const MOST_RECEIPTS = 200
const content = new Set(['ContentEvent', 'RichContentEvent'])

const isConsumer = ({ originatorMetadata }: DialogEvent) => originatorMetadata?.role === 'CONSUMER'

export interface ThreadOptions {
  readonly client: AgentClient
  readonly dialogId: string
  readonly me: string
  /** Whether this agent takes part, and so says what it has read. */
  takesPart(): boolean
}

export class Thread implements Disposable {
  readonly state = new Value<ThreadState>(nothing)
  readonly dialogId: string
  readonly #options: ThreadOptions
  readonly #stop = new AbortController()
  readonly #accepted = new Set<number>()
  readonly #seen = new Set<number>()
  readonly #typists = new Map<string, ReturnType<typeof setTimeout>>()
  #isShown = false
  #next: ThreadState = nothing
  #isDue = false
  #composedAt = 0
  #idle: ReturnType<typeof setTimeout> | undefined

  constructor(options: ThreadOptions) {
    this.#options = options
    this.dialogId = options.dialogId
    void this.#run()
  }

  /** The agent looks at it, or does not. */
  show(isShown: boolean): void {
    this.#isShown = isShown
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
    if (this.#next.said.some(({ eventId }) => eventId === entry.id)) return
    this.#change({ settling: [...this.#next.settling, entry] })
  }

  [Symbol.dispose](): void {
    this.#stop.abort()
    clearTimeout(this.#idle)
    for (const timer of this.#typists.values()) clearTimeout(timer)
  }

  async #run(): Promise<void> {
    const { client, dialogId } = this.#options
    const { signal } = this.#stop
    const events = client.events(dialogId, { signal })
    // Frames keep their order: once this is answered the first of the replay have come.
    const caughtUp = client.request('getClock', {}, { signal })
    caughtUp.then(() => this.#change({ isLoaded: true })).catch(() => {})
    try {
      for await (const event of events) this.#take(event)
    } catch {
      // Not this agent's business any more; what was read stays.
      this.#change({ isLoaded: true })
    }
  }

  #take(event: DialogEvent): void {
    const { sequence, event: body } = event
    if (body.type === 'ChatStateEvent') this.#hearState(event)
    else if (body.type === 'AcceptStatusEvent') this.#hearReceipt(event)
    else if (content.has(body.type)) {
      this.#stopsTyping(event.originatorId)
      this.#change({
        said: [...this.#next.said, event],
        settling: this.#next.settling.filter(({ id }) => id !== event.eventId),
      })
    }
    if (sequence !== undefined && sequence > this.#next.lastSequence)
      this.#change({ lastSequence: sequence })
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
        if (status === 'READ') this.#seen.add(one)
      }
      return
    }
    if (!isConsumer(event) || (status !== 'ACCEPT' && status !== 'READ')) return
    const name = status === 'READ' ? 'read' : 'delivered'
    this.#change({ [name]: new Set([...this.#next[name], ...sequenceList]) })
  }

  #sayReceipts(): void {
    if (!this.#next.isLoaded || !this.#options.takesPart()) return
    const others = this.#next.said.filter(({ originatorId }) => originatorId !== this.#options.me)
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
      this.state.set(this.#next)
      this.#sayReceipts()
    })
  }
}
