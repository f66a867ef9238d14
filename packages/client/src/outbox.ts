/**
 * What is to be said, until the server has it. Each message carries an id of its own, so that sending
 * it again after a lost connection, or after a reload, does not say it twice. Messages of one dialog
 * go out one after the other, in the order in which they were put in.
 */
import { Channel } from './channel.ts'
import type { Link } from './link.ts'
import { ClientClosed, RequestRefused } from './problems.ts'
import { wireNames } from './requests.ts'

/** Refuses a reply that was written before a colleague's; agents only. */
export interface Guard {
  /** The newest sequence that its author had seen, -1 for none. */
  readonly lastSeenSequence: number
  /** Publishes all the same. */
  readonly insist?: boolean
}

export interface Message {
  readonly dialogId: string
  readonly event: object
  readonly metadata?: readonly object[]
  /** For agents and managers only. */
  readonly isPrivate?: boolean
  readonly guard?: Guard
}

export interface OutboxEntry extends Message {
  /** Its idempotency key: the `eventId` with which readers see it. */
  readonly id: string
  readonly state: 'waiting' | 'sending' | 'failed'
  /** Why the server does not want it. It stays until it is retried or discarded. */
  readonly problem?: string
  /** The status and body of that answer. */
  readonly refusal?: { readonly code: number; readonly body: unknown }
}

/** Keeps unsent messages over a reload; what it is given is JSON. */
export interface OutboxStorage {
  load(): Promise<string | undefined> | string | undefined
  save(text: string): Promise<void> | void
}

export interface Sent {
  readonly id: string
  readonly sequence: number
}

interface Waiting {
  entry: OutboxEntry
  readonly done: PromiseWithResolvers<Sent>
}

const RETRY_MS = 1_000
/** Too many requests, an identity that is being renewed, a store that is away: not for ever. */
const isPassing = ({ code }: RequestRefused): boolean => code >= 500 || code === 429 || code === 401

export class Outbox {
  readonly #link: Link
  readonly #storage: OutboxStorage | undefined
  readonly #waiting: Waiting[] = []
  /** Dialogs with a message under way. */
  readonly #busy = new Set<string>()
  readonly #watching = new Set<Channel<readonly OutboxEntry[]>>()
  readonly #restored: Promise<void>
  readonly #newId: () => string

  constructor(
    link: Link,
    {
      storage,
      newId = () => crypto.randomUUID(),
    }: { storage?: OutboxStorage; newId?: () => string } = {},
  ) {
    this.#link = link
    this.#storage = storage
    this.#newId = newId
    this.#restored = this.#restore()
  }

  get entries(): readonly OutboxEntry[] {
    return this.#waiting.map(({ entry }) => entry)
  }

  /** The entries now and after every change; only the newest unread list is kept. */
  changes(signal?: AbortSignal): AsyncIterableIterator<readonly OutboxEntry[], undefined> {
    const channel: Channel<readonly OutboxEntry[]> = new Channel({
      ...(signal && { signal }),
      onEnd: () => this.#watching.delete(channel),
    })
    channel.push(this.entries)
    if (!channel.isOver) this.#watching.add(channel)
    return channel
  }

  /** Puts a message in; resolves once the server has it, rejects when it refuses it. */
  async send(message: Message): Promise<Sent> {
    await this.#restored
    const entry: OutboxEntry = { ...message, id: this.#newId(), state: 'waiting' }
    const done = Promise.withResolvers<Sent>()
    // Whoever does not wait for it reads the entry's state.
    done.promise.catch(() => {})
    this.#waiting.push({ entry, done })
    await this.#changed()
    this.#work(message.dialogId)
    return done.promise
  }

  /** Tries a failed message again, under the same id; `insist` publishes a reply that came too late. */
  retry(id: string, { insist = false }: { readonly insist?: boolean } = {}): void {
    const one = this.#find(id)
    if (one?.entry.state !== 'failed') return
    const { problem: _, refusal: __, ...entry } = one.entry
    const guard = insist && entry.guard ? { guard: { ...entry.guard, insist } } : {}
    this.#set(one, { ...entry, ...guard, state: 'waiting' })
    this.#work(entry.dialogId)
  }

  /** Forgets a message that has not been taken. False when it is under way or unknown. */
  discard(id: string): boolean {
    const one = this.#find(id)
    if (!one || one.entry.state === 'sending') return false
    this.#remove(one)
    one.done.reject(new ClientClosed('The message was discarded'))
    this.#work(one.entry.dialogId)
    return true
  }

  #find(id: string): Waiting | undefined {
    return this.#waiting.find(({ entry }) => entry.id === id)
  }

  #work(dialogId: string): void {
    if (this.#busy.has(dialogId)) return
    const first = this.#waiting.find(({ entry }) => entry.dialogId === dialogId)
    // A failed message holds up those behind it: they were written after it.
    if (first?.entry.state !== 'waiting') return
    this.#busy.add(dialogId)
    this.#deliver(first)
      .finally(() => this.#busy.delete(dialogId))
      .then((isSettled) => isSettled && this.#work(dialogId))
  }

  /** True when the message is out of the way. */
  async #deliver(one: Waiting): Promise<boolean> {
    this.#set(one, { ...one.entry, state: 'sending' })
    const { id, dialogId, event, metadata, isPrivate, guard } = one.entry
    const body = {
      dialogId,
      event,
      eventId: id,
      ...(isPrivate && { messageAudience: 'AGENTS_AND_MANAGERS' }),
      ...(guard && { ringdown: guard }),
    }
    for (;;) {
      try {
        const asked = { type: wireNames.publishEvent, body, ...(metadata && { metadata }) }
        const { sequence } = (await this.#link.request(asked)) as { sequence: number }
        this.#remove(one)
        one.done.resolve({ id, sequence })
        return true
      } catch (error) {
        if (this.#link.state.kind === 'closed') {
          this.#set(one, { ...one.entry, state: 'waiting' })
          one.done.reject(error)
          return false
        }
        if (error instanceof RequestRefused && !isPassing(error)) {
          const { code, body: answer, message: problem } = error
          const refusal = { code, body: answer }
          this.#set(one, { ...one.entry, state: 'failed', problem, refusal })
          one.done.reject(error)
          return false
        }
        // Lost, late, or refused for now: the id makes another attempt safe.
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS * (0.5 + Math.random())))
      }
    }
  }

  #set(one: Waiting, entry: OutboxEntry): void {
    one.entry = entry
    void this.#changed()
  }

  #remove(one: Waiting): void {
    const at = this.#waiting.indexOf(one)
    if (at >= 0) this.#waiting.splice(at, 1)
    void this.#changed()
  }

  async #changed(): Promise<void> {
    const { entries } = this
    for (const channel of this.#watching) channel.replace(entries)
    try {
      await this.#storage?.save(JSON.stringify(entries))
    } catch {
      // A storage that is full or forbidden costs the safety over a reload, and keeps nobody from speaking.
    }
  }

  /** What was not sent before the reload; what cannot be read is as good as nothing. */
  async #kept(): Promise<readonly OutboxEntry[]> {
    try {
      const text = await this.#storage?.load()
      return text === undefined ? [] : (JSON.parse(text) as OutboxEntry[])
    } catch {
      return []
    }
  }

  async #restore(): Promise<void> {
    for (const entry of await this.#kept()) {
      const done = Promise.withResolvers<Sent>()
      done.promise.catch(() => {})
      // What was under way may have arrived; its id keeps it from being said twice.
      const state = entry.state === 'sending' ? 'waiting' : entry.state
      this.#waiting.push({ entry: { ...entry, state }, done })
    }
    for (const { entry } of [...this.#waiting]) this.#work(entry.dialogId)
  }
}
