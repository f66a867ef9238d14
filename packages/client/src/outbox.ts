/**
 * What is to be said, until the server has it. Each message carries an id of its own, so that sending
 * it again after a lost connection, or after a reload, does not say it twice. Messages of one dialog
 * go out one after the other, in the order in which they were put in. A receipt that the server refuses
 * is dropped: nobody is to decide about it, and nothing is to wait for it.
 */
import { Channel } from './channel.ts'
import type { Link } from './link.ts'
import { ClientClosed, RequestRefused } from './problems.ts'
import { wireNames } from './requests.ts'
import { untilTaken } from './until-taken.ts'

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

const isReceipt = ({ event }: Message): boolean =>
  (event as { readonly type?: unknown }).type === 'AcceptStatusEvent'

export class Outbox {
  readonly #link: Link
  readonly #storage: OutboxStorage | undefined
  readonly #waiting: Waiting[] = []
  /** Dialogs with a message under way. */
  readonly #busy = new Set<string>()
  readonly #watching = new Set<Channel<readonly OutboxEntry[]>>()
  readonly #restored: Promise<void>
  readonly #newId: () => string
  /** Saves follow each other; one that has not begun saves what there is by then. */
  #saving: Promise<void> = Promise.resolve()
  #nextSave: Promise<void> | undefined

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
    link.ended.addEventListener('abort', () => this.#end(link.ended.reason))
  }

  get entries(): readonly OutboxEntry[] {
    return this.#waiting.map(({ entry }) => entry)
  }

  /** The entries now and after every change; only the newest unread list is kept. */
  changes(signal?: AbortSignal): AsyncIterableIterator<readonly OutboxEntry[], undefined> {
    const channel = new Channel<readonly OutboxEntry[]>({
      ...(signal && { signal }),
      onEnd: (ended) => this.#watching.delete(ended),
    })
    channel.push(this.entries)
    if (this.#link.ended.aborted) channel.end()
    else if (!channel.isOver) this.#watching.add(channel)
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
    if (this.#link.ended.aborted) done.reject(this.#link.ended.reason)
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
    if (this.#busy.has(dialogId) || this.#link.ended.aborted) return
    const first = this.#waiting.find(({ entry }) => entry.dialogId === dialogId)
    // A failed message holds up those behind it: they were written after it.
    if (first?.entry.state !== 'waiting') return
    this.#busy.add(dialogId)
    void this.#deliver(first).then(() => {
      this.#busy.delete(dialogId)
      this.#work(dialogId)
    })
  }

  async #deliver(one: Waiting): Promise<void> {
    this.#set(one, { ...one.entry, state: 'sending' })
    const { id, dialogId, event, metadata, isPrivate, guard } = one.entry
    const body = {
      dialogId,
      event,
      eventId: id,
      ...(isPrivate && { messageAudience: 'AGENTS_AND_MANAGERS' }),
      ...(guard && { ringdown: guard }),
    }
    const asked = { type: wireNames.publishEvent, body, ...(metadata && { metadata }) }
    const { ended: signal, backoff } = this.#link
    try {
      // Lost, late, or refused for now: the id makes another attempt safe.
      const answer = await untilTaken(() => this.#link.request(asked), { signal, backoff })
      this.#remove(one)
      one.done.resolve({ id, sequence: (answer as { sequence: number }).sequence })
    } catch (error) {
      if (signal.aborted) this.#set(one, { ...one.entry, state: 'waiting' })
      else if (isReceipt(one.entry)) this.#remove(one)
      else this.#fail(one, error as Error)
      one.done.reject(error)
    }
  }

  #fail(one: Waiting, error: Error): void {
    const refusal = error instanceof RequestRefused && { code: error.code, body: error.body }
    const said = { problem: error.message, ...(refusal && { refusal }) }
    this.#set(one, { ...one.entry, state: 'failed', ...said })
  }

  /** What is left is kept, and nobody waits for it any more. */
  #end(reason: unknown): void {
    for (const { done } of this.#waiting) done.reject(reason)
    for (const channel of this.#watching) channel.end()
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

  #changed(): Promise<void> {
    for (const channel of this.#watching) channel.replace(this.entries)
    const save = async (): Promise<void> => {
      this.#nextSave = undefined
      await this.#storage?.save(JSON.stringify(this.entries))
    }
    // A storage that is full or forbidden costs the safety over a reload, and keeps nobody from speaking.
    this.#nextSave ??= this.#saving.then(save).catch(() => {})
    this.#saving = this.#nextSave
    return this.#saving
  }

  /** What was not sent before the reload; what cannot be read is as good as nothing. */
  async #kept(): Promise<readonly OutboxEntry[]> {
    try {
      const kept: unknown = JSON.parse((await this.#storage?.load()) ?? '[]')
      return Array.isArray(kept) ? kept.filter(isEntry) : []
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

/** Other versions of a page may have kept something else. */
const isEntry = (value: unknown): value is OutboxEntry => {
  const { id, dialogId, event } = (value ?? {}) as Partial<OutboxEntry>
  return typeof id === 'string' && typeof dialogId === 'string' && typeof event === 'object'
}
