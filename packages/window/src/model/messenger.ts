/**
 * Everything the window knows and does, without a word of how it looks. It changes when the server says
 * so or when somebody writes, and tells its listeners once of all that comes in together.
 */
import {
  consumerClient,
  type LinkState,
  type MessagingClient,
  type OutboxEntry,
  type Place,
  untilTaken,
} from '@ringdown/client'
import { Agents } from './agents.ts'
import { Beginning } from './beginning.ts'
import { Composing } from './composing.ts'
import { Conversation } from './conversation.ts'
import { TYPING_MS } from './dialog-log.ts'
import { endConversation, type Profile, rateConversation } from './fields.ts'
import { Files } from './files.ts'
import type { Identity } from './identity.ts'
import type { Keeping } from './keeping.ts'
import { Listeners } from './listeners.ts'
import type { Opening } from './opening.ts'
import { serverTime } from './server-time.ts'

export interface Click {
  readonly metadata?: readonly object[]
  /** What is said besides; undefined: nothing. */
  readonly text?: string
}

export interface MessengerOptions {
  readonly place: Place
  readonly identity: Identity
  readonly keeping: Keeping
  /** In which conversations are opened, whether there are words of it here or not. [WIN33] */
  readonly language: string
  readonly skillId?: string
  /** Something new that was not there before this page was. */
  onNews(conversation: Conversation): void
}

/** A replay has ended when nothing came for so long. */
const QUIET_MS = 250
const PROPERTIES = {
  deviceFamily: 'DESKTOP',
  appId: 'ringdown-window',
  features: [
    'AUTO_MESSAGES',
    'RICH_CONTENT',
    'PHOTO_SHARING',
    'FILE_SHARING',
    'MULTI_DIALOG',
    'QUICK_REPLIES',
  ],
}

export class Messenger {
  readonly agents: Agents
  readonly files: Files
  link: LinkState | undefined
  isLoaded = false
  readonly #options: MessengerOptions
  readonly #conversations = new Map<string, Conversation>()
  readonly #listeners = new Listeners()
  readonly #following = new Set<string>()
  readonly #discarded = new Set<string>()
  readonly #beginning: Beginning
  #client: MessagingClient | undefined
  /** By the server's clock; what was said before is no news. */
  #begunMs = Number.POSITIVE_INFINITY
  #flush: ReturnType<typeof setTimeout> | undefined
  readonly #composing = new Composing((dialogId, chatState) => {
    const event = { type: 'ChatStateEvent', chatState } as const
    void this.#client?.request('publishEvent', { dialogId, event }).catch(() => {})
  })

  constructor(options: MessengerOptions) {
    this.#options = options
    this.agents = new Agents(options.place, () => this.#changed())
    this.files = new Files({
      origin: options.place.origin,
      client: () => this.start(),
      changed: () => this.#changed(),
    })
    this.#beginning = this.#begin(options)
  }

  #begin({ keeping, language, skillId }: MessengerOptions): Beginning {
    return new Beginning({
      keeping,
      body: {
        conversationContext: { type: 'SharkContext', lang: language },
        ...(skillId !== undefined && { skillId }),
      },
      client: () => this.start(),
      opened: (id) => {
        this.#conversation(id)
        this.follow(id)
      },
      changed: () => this.#changed(),
    })
  }

  /** What was written before there was a conversation to write it in. */
  get opening(): Opening | undefined {
    return this.#beginning.opening
  }

  /** Newest first. */
  get conversations(): readonly Conversation[] {
    return [...this.#conversations.values()].sort((a, b) => b.changedAtMs - a.changedAtMs)
  }

  get unread(): number {
    let sum = 0
    for (const { unread, isOver } of this.#conversations.values()) sum += isOver ? 0 : unread
    return sum
  }

  find(id: string): Conversation | undefined {
    return this.#conversations.get(id)
  }

  listen(listener: () => void): () => void {
    return this.#listeners.listen(listener)
  }

  /** Connects, once. */
  start(): MessagingClient {
    if (this.#client) return this.#client
    const { place, identity, keeping } = this.#options
    const client = consumerClient({
      ...place,
      token: (need) => identity.token(need),
      properties: PROPERTIES,
      storage: {
        load: () => keeping.settled.then(() => keeping.tab('outbox')),
        save: (text) => keeping.setTab('outbox', text),
      },
    })
    this.#client = client
    void this.#followLink(client)
    this.#followConversations(client).catch(() => {})
    void this.#followOutbox(client)
    void this.#tellTime(client)
    void this.#beginning.resume()
    return client
  }

  retryNow(): void {
    this.#client?.retryNow()
  }

  /** Until it is known when this page began, nothing is news. [WIN32] */
  async #tellTime(client: MessagingClient): Promise<void> {
    try {
      this.#begunMs = await serverTime(client)
    } catch {
      // The client is closed: nothing comes any more.
    }
  }

  async #followLink(client: MessagingClient): Promise<void> {
    for await (const state of client.states()) {
      this.link = state
      if (state.kind === 'open') this.#options.identity.accepted()
      this.#changed()
    }
  }

  async #followConversations(client: MessagingClient): Promise<void> {
    for await (const { changed, gone } of client.conversations({})) {
      for (const snapshot of changed) {
        const known = this.#conversation(snapshot.convId)
        known.snapshot = snapshot
        if (!known.isOver) this.follow(known.id)
        else if (this.#following.has(known.id)) this.#followDialogs(known)
      }
      for (const id of gone) this.#conversations.delete(id)
      this.isLoaded = true
      this.#changed()
    }
  }

  async #followOutbox(client: MessagingClient): Promise<void> {
    for await (const entries of client.outbox.changes()) this.#takeOutbox(entries)
  }

  #takeOutbox(entries: readonly OutboxEntry[]): void {
    for (const conversation of this.#conversations.values())
      conversation.setOutbox(entries, this.#discarded)
    this.#changed()
  }

  #conversation(id: string): Conversation {
    const known = this.#conversations.get(id)
    if (known) return known
    const conversation = new Conversation(id)
    this.#conversations.set(id, conversation)
    conversation.setOutbox(this.#client?.outbox.entries ?? [], this.#discarded)
    return conversation
  }

  /** Reads a conversation's dialogs, and goes on doing so. */
  follow(id: string): void {
    this.#following.add(id)
    const conversation = this.#conversations.get(id)
    if (conversation) this.#followDialogs(conversation)
  }

  #followDialogs(conversation: Conversation): void {
    for (const { dialogId } of conversation.dialogs) {
      if (conversation.logs.has(dialogId)) continue
      conversation.log(dialogId)
      void this.#followEvents(conversation, dialogId)
    }
  }

  async #followEvents(conversation: Conversation, dialogId: string): Promise<void> {
    let log = conversation.log(dialogId)
    const client = this.start()
    // The server does not have what was read any more: it tells the dialog anew.
    const onReplaced = () => {
      conversation.logs.delete(dialogId)
      log = conversation.log(dialogId)
      quiet ??= setTimeout(settle, QUIET_MS)
    }
    let quiet: ReturnType<typeof setTimeout> | undefined
    const settle = () => {
      log.isLive = true
      this.#acknowledgeSoon()
      this.#changed()
    }
    void client.request('getClock', {}).then(
      () => {
        quiet ??= setTimeout(settle, QUIET_MS)
      },
      () => {},
    )
    try {
      for await (const event of client.events(dialogId, { onReplaced })) {
        const isNews = log.take(event, Date.now())
        if (log.typing) setTimeout(() => this.#changed(), TYPING_MS)
        if (!log.isLive) {
          clearTimeout(quiet)
          quiet = setTimeout(settle, QUIET_MS)
        } else this.#acknowledgeSoon()
        if (isNews && (event.serverTimestamp ?? 0) > this.#begunMs)
          this.#options.onNews(conversation)
        this.#changed()
      }
    } catch {
      // The server does not let this dialog be read any more: what was read stays.
      log.isLive = true
      this.#changed()
    }
  }

  /** One receipt for all that came in one go. [WIN13] */
  #acknowledgeSoon(): void {
    this.#flush ??= setTimeout(() => {
      this.#flush = undefined
      for (const { logs } of this.#conversations.values())
        for (const [dialogId, log] of logs) {
          if (!log.isLive) continue
          const sequences = log.lacking('delivered')
          for (const sequence of sequences) log.acknowledged.set(sequence, 'delivered')
          this.#acknowledge(dialogId, 'ACCEPT', sequences)
        }
    }, 0)
  }

  /** What was on the screen, in front of somebody. [WIN13] */
  read(conversation: Conversation, dialogId: string, shown: ReadonlySet<number>): void {
    const log = conversation.logs.get(dialogId)
    if (!log?.isLive) return
    const isOpen = conversation.dialogs.some(
      (one) => one.dialogId === dialogId && one.state === 'OPEN',
    )
    const sequences = log.lacking('read', shown)
    for (const sequence of sequences) log.acknowledged.set(sequence, 'read')
    if (isOpen) this.#acknowledge(dialogId, 'READ', sequences)
    if (sequences.length > 0) this.#changed()
  }

  #acknowledge(dialogId: string, status: 'ACCEPT' | 'READ', sequenceList: readonly number[]): void {
    if (sequenceList.length === 0) return
    const event = { type: 'AcceptStatusEvent', status, sequenceList } as never
    const client = this.start()
    const body = { dialogId, event, eventId: crypto.randomUUID() }
    // Said by the way: what the server does not want is nothing to show to anybody.
    untilTaken(() => client.request('publishEvent', body)).catch(() => {})
  }

  /** Says something; opens a conversation where there is none. */
  async say(conversation: Conversation | undefined, text: string): Promise<string | undefined> {
    const client = this.start()
    if (!conversation) return this.#beginning.open([text])
    const dialog = conversation.openDialog
    if (!dialog) return undefined
    this.#composing.stops('ACTIVE')
    void client.say(dialog.dialogId, text).catch(() => {})
    return conversation.id
  }

  retryOpening(): Promise<string | undefined> {
    return this.#beginning.open([])
  }

  retry(id: string): void {
    this.#client?.outbox.retry(id)
  }

  discard(id: string): void {
    if (this.#client?.outbox.discard(id)) this.#discarded.add(id)
  }

  /** A click is a receipt, and what it says. [WIN21] */
  click(message: { readonly dialogId: string; readonly sequence: number }, click: Click): void {
    const { outbox } = this.start()
    const { dialogId, sequence } = message
    const metadata = click.metadata ? { metadata: click.metadata } : {}
    const action = { type: 'AcceptStatusEvent', status: 'ACTION', sequenceList: [sequence] }
    void outbox.send({ dialogId, event: action, ...metadata }).catch(() => {})
    if (click.text === undefined) return
    const event = { type: 'ContentEvent', contentType: 'text/plain', message: click.text }
    void outbox.send({ dialogId, event, ...metadata }).catch(() => {})
  }

  composing(conversation: Conversation): void {
    const dialogId = conversation.openDialog?.dialogId
    if (dialogId !== undefined && this.link?.kind === 'open') this.#composing.writes(dialogId)
  }

  end(conversation: Conversation): Promise<void> {
    return endConversation(this.start(), conversation)
  }

  rate(conversation: Conversation, rate?: number, isSolved?: boolean): Promise<void> {
    return rateConversation(this.start(), conversation.id, { rate, isSolved })
  }

  introduce(profile: Profile): void {
    this.start()
    this.#beginning.introduce(profile)
  }

  #changed(): void {
    this.#listeners.changed()
  }
}
