/** A consumer's or an agent's connection to a brand, with what is built on it. */
import { type AgentState, agentStates, type Ring, waitingRings } from './agent-feeds.ts'
import type { Backoff } from './backoff.ts'
import {
  type ConversationFilter,
  type ConversationsChange,
  conversationChanges,
} from './conversations.ts'
import { type DialogEvent, dialogEvents, type EventsOptions } from './events.ts'
import { Link, type LinkOptions, type LinkState, type TokenNeed } from './link.ts'
import { Outbox, type OutboxStorage } from './outbox.ts'
import { type MethodName, type RequestAnswer, type RequestBody, wireNames } from './requests.ts'
import { ServerClock } from './server-clock.ts'
import { type OpenSocket, platformSocket } from './socket.ts'
import type { Wire } from './wire.ts'

export interface ClientOptions {
  /** `https://host:port` of the server. */
  readonly origin: string
  readonly account: string
  /** Called for the first connection, and again when the identity has to be renewed. */
  token(need: TokenNeed): Promise<string>
  /** What the client can do and where it runs; consumers only. */
  readonly properties?: Readonly<Record<string, unknown>>
  /** Keeps unsent messages over a reload. */
  readonly storage?: OutboxStorage
  readonly openSocket?: OpenSocket
  /** How long a connection may take to open; default 10 s. */
  readonly openTimeoutMs?: number
  /** How long a request waits for its answer; default 10 s. */
  readonly timeoutMs?: number
  /**
   * How often the server is asked for a sign of life; default 30 s. Where none comes within `timeoutMs`
   * the connection is made anew. The server closes what was silent for 120 s.
   */
  readonly keepAliveMs?: number
  readonly backoff?: Backoff
}

export interface RequestOptions {
  readonly metadata?: readonly object[]
  readonly signal?: AbortSignal
}

const OPEN_TIMEOUT_MS = 10_000
const TIMEOUT_MS = 10_000
const KEEP_ALIVE_MS = 30_000

export class MessagingClient implements Disposable {
  readonly outbox: Outbox
  readonly clock: ServerClock
  readonly #link: Link

  constructor(link: Link, storage?: OutboxStorage) {
    this.#link = link
    this.clock = new ServerClock(link)
    this.outbox = new Outbox(link, storage && { storage })
  }

  get state(): LinkState {
    return this.#link.state
  }

  /** How long it pauses between attempts. */
  get backoff(): Backoff {
    return this.#link.backoff
  }

  /** The connection's state now and every later one; a reader that is behind gets the newest. */
  states(signal?: AbortSignal): AsyncIterable<LinkState> {
    return this.#link.states(signal)
  }

  /**
   * Asks by the registry's name of a method. Waits for a connection; rejects with `RequestRefused`,
   * `RequestTimedOut`, or `ConnectionLost` when the answer went with the connection.
   */
  async request<Name extends MethodName>(
    name: Name,
    body: RequestBody<Name>,
    options: RequestOptions = {},
  ): Promise<RequestAnswer<Name>> {
    const asked = { type: wireNames[name], body, ...options }
    return (await this.#link.request(asked)) as RequestAnswer<Name>
  }

  /** The events of a dialog, each once and in order, whatever happens to connections. */
  events(
    dialogId: string,
    options: EventsOptions = {},
  ): AsyncIterableIterator<DialogEvent, undefined> {
    return dialogEvents(this.#link, dialogId, options)
  }

  /** The conversations that match, and every change of them. */
  conversations(
    filter: ConversationFilter = {},
    options: { signal?: AbortSignal } = {},
  ): AsyncIterableIterator<ConversationsChange, undefined> {
    return conversationChanges(this.#link, filter, options)
  }

  /** Says something in a dialog, once, even if connections are lost; resolves when it is stored. */
  say(dialogId: string, text: string): Promise<{ id: string; sequence: number }> {
    const event = { type: 'ContentEvent', contentType: 'text/plain', message: text }
    return this.outbox.send({ dialogId, event })
  }

  /**
   * For when the network has come back: connects at once instead of waiting, or looks whether the
   * connection has survived.
   */
  retryNow(): void {
    this.#link.retryNow()
  }

  close(): void {
    this.#link.close()
  }

  [Symbol.dispose](): void {
    this.close()
  }
}

const linkOptions = (
  options: ClientOptions,
): Omit<LinkOptions, 'url' | 'greet'> & { readonly base: string } => ({
  base: `${options.origin.replace(/^http/, 'ws')}/ws_api/account/${encodeURIComponent(options.account)}/messaging`,
  token: (need) => options.token(need),
  open: options.openSocket ?? platformSocket,
  openTimeoutMs: options.openTimeoutMs ?? OPEN_TIMEOUT_MS,
  timeoutMs: options.timeoutMs ?? TIMEOUT_MS,
  keepAliveMs: options.keepAliveMs ?? KEEP_ALIVE_MS,
  ...(options.backoff && { backoff: options.backoff }),
})

/** Browsers cannot set headers: the token goes in the first request, and in no address. */
const introduce =
  (properties: ClientOptions['properties']) =>
  async (wire: Wire, jwt: string): Promise<void> => {
    const headers = [
      { type: '.ams.headers.ClientProperties', ...properties },
      { type: '.ams.headers.ConsumerAuthentication', jwt },
    ]
    await wire.request({ type: wireNames.initConnection, headers, body: {} })
  }

/** Connects a consumer. The token is its JWT. */
export const consumerClient = (options: ClientOptions): MessagingClient => {
  const { base, ...rest } = linkOptions(options)
  const link = new Link({
    ...rest,
    url: () => `${base}/consumer?v=3`,
    greet: introduce(options.properties),
  })
  return new MessagingClient(link, options.storage)
}

/** An agent's connection: besides what everybody has, its rings and who is at work. */
export class AgentClient extends MessagingClient {
  readonly #agentLink: Link

  constructor(link: Link, storage?: OutboxStorage) {
    super(link, storage)
    this.#agentLink = link
  }

  /** The rings that wait now, soonest end first; again with every change. Following them lets the agent be rung. */
  rings(options: { signal?: AbortSignal } = {}): AsyncIterableIterator<readonly Ring[], undefined> {
    return waitingRings(this.#agentLink, options.signal)
  }

  /** The states by agent, of one or of all whom the caller may see; all of them with every change. */
  agentStates(
    options: { agentId?: string; signal?: AbortSignal } = {},
  ): AsyncIterableIterator<ReadonlyMap<string, AgentState>, undefined> {
    return agentStates(this.#agentLink, options)
  }
}

/** Connects an agent or a bot. The token is the bearer of its login. */
export const agentClient = (options: ClientOptions): AgentClient => {
  const { base, ...rest } = linkOptions(options)
  const link = new Link({
    ...rest,
    url: (bearer) => `${base}/brand/${encodeURIComponent(bearer)}?v=3`,
    isTokenInAddress: true,
  })
  return new AgentClient(link, options.storage)
}
