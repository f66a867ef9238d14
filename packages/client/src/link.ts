/**
 * A connection that is made again for as long as it is wanted.
 *
 *   connecting → open → waiting → connecting …   until closed, or nobody can renew the identity
 *                  └ 4401, 4407: the next connection takes a new token
 *
 * Who follows something registers a `Follower`: it is called after each connect and asks again for
 * what it needs, from where it was.
 */
import { type Backoff, defaultBackoff, waitBefore } from './backoff.ts'
import { Channel } from './channel.ts'
import { ClientClosed, RequestRefused } from './problems.ts'
import type { OpenSocket } from './socket.ts'
import { type Asked, type Closed, type Notification, Wire } from './wire.ts'

/** Why a token is asked for. */
export type TokenNeed =
  | 'first'
  /** It ended, or the server knows it no more (4401): get another from whoever gave it. */
  | 'expired'
  /** An anonymous identity has to be extended (4407). */
  | 'extend'

export type LinkState =
  | { readonly kind: 'connecting'; readonly attempt: number }
  | { readonly kind: 'open' }
  | { readonly kind: 'waiting'; readonly attempt: number; readonly untilMs: number }
  | { readonly kind: 'closed'; readonly cause?: Error }

export interface LinkOptions {
  /** The address for a token. */
  url(token: string): string
  /** May take its time; a rejection is tried again, unless it is a `ClientClosed`. */
  token(need: TokenNeed): Promise<string>
  /**
   * The token stands in the address: where it is refused nothing can be opened, and a browser does not
   * say why. Otherwise a connection that cannot be opened says nothing about the token.
   */
  readonly isTokenInAddress?: boolean
  /** Says who it is where the address cannot. */
  greet?(wire: Wire, token: string): Promise<void>
  readonly open: OpenSocket
  readonly timeoutMs: number
  /** How often something is said so that the server does not think the client gone. */
  readonly keepAliveMs: number
  readonly backoff?: Backoff
}

export interface Follower {
  /** A connection is open: ask for what is followed. Rejections are logged nowhere; a lost one comes again. */
  connected(): void
  heard(notification: Notification): void
}

/** Connections in a row that could not be opened, until a token in the address is asked for anew. */
const DOUBTED_AFTER = 2

const needs: Readonly<Record<number, TokenNeed>> = { 4401: 'expired', 4407: 'extend' }

export class Link {
  readonly #options: LinkOptions
  readonly #followers = new Set<Follower>()
  readonly #watching = new Set<Channel<LinkState>>()
  #wire: Wire | undefined
  #token: string | undefined
  #state: LinkState = { kind: 'connecting', attempt: 0 }
  #opening: PromiseWithResolvers<void> = Promise.withResolvers()
  #wake: () => void = () => {}
  #isClosed = false

  constructor(options: LinkOptions) {
    this.#options = options
    this.#opening.promise.catch(() => {})
    void this.#run()
  }

  get state(): LinkState {
    return this.#state
  }

  /** The state now and every later one. */
  states(signal?: AbortSignal): AsyncIterable<LinkState> {
    const channel: Channel<LinkState> = new Channel({
      ...(signal && { signal }),
      onEnd: () => this.#watching.delete(channel),
    })
    channel.push(this.#state)
    if (this.#isClosed) channel.end()
    else this.#watching.add(channel)
    return channel
  }

  follow(follower: Follower): Disposable {
    this.#followers.add(follower)
    if (this.#state.kind === 'open') follower.connected()
    return { [Symbol.dispose]: () => void this.#followers.delete(follower) }
  }

  /** Asks once the connection is open. Whether a request whose connection is lost took effect is not known. */
  async request(asked: Asked): Promise<unknown> {
    const { signal } = asked
    if (this.#state.kind !== 'open') await abortable(this.#opening.promise, signal)
    if (!this.#wire) throw new ClientClosed('The client is closed')
    return this.#wire.request(asked)
  }

  /** Goes over to a connection at once, e.g. when the network has come back. */
  retryNow(): void {
    this.#wake()
  }

  close(cause?: Error): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#wire?.close()
    this.#wire = undefined
    this.#change({ kind: 'closed', ...(cause && { cause }) })
    this.#opening.reject(cause ?? new ClientClosed('The client is closed'))
    for (const channel of this.#watching) channel.end()
    this.#wake()
  }

  async #run(): Promise<void> {
    let need: TokenNeed = 'first'
    let failures = 0
    while (!this.#isClosed) {
      this.#change({ kind: 'connecting', attempt: failures })
      const { closed, wasOpen } = await this.#connectOnce(need)
      if (this.#isClosed) return
      failures = wasOpen ? 0 : failures + 1
      const wanted = closed && needs[closed.code]
      const isDoubted = this.#options.isTokenInAddress && failures >= DOUBTED_AFTER
      if (this.#token !== undefined && (wanted || isDoubted)) {
        this.#token = undefined
        need = wanted ?? 'expired'
      }
      if (wasOpen) {
        this.#opening = Promise.withResolvers()
        this.#opening.promise.catch(() => {})
      }
      await this.#pause(failures)
    }
  }

  /** One connection from its opening to its end. */
  async #connectOnce(need: TokenNeed): Promise<{ closed?: Closed; wasOpen: boolean }> {
    const { url, token, greet, open, timeoutMs } = this.#options
    try {
      this.#token ??= await token(need)
    } catch (error) {
      if (error instanceof ClientClosed) this.close(error)
      return { wasOpen: false }
    }
    if (this.#isClosed) return { wasOpen: false }
    const wire = new Wire({
      url: url(this.#token),
      open,
      timeoutMs,
      onNotification: (notification) => {
        for (const follower of this.#followers) follower.heard(notification)
      },
    })
    try {
      await wire.opened
      await greet?.(wire, this.#token)
    } catch (error) {
      // Who was refused is told by the close code that follows; everything else is ended here.
      if (error instanceof RequestRefused) setTimeout(() => wire.close(), timeoutMs)
      else wire.close()
      return { closed: await wire.closed, wasOpen: false }
    }
    return { closed: await this.#stayOpen(wire), wasOpen: true }
  }

  async #stayOpen(wire: Wire): Promise<Closed> {
    if (this.#isClosed) {
      wire.close()
      return wire.closed
    }
    this.#wire = wire
    const { keepAliveMs } = this.#options
    const alive = setInterval(() => {
      // A lost connection shows itself; what matters is that something was said.
      wire.request({ type: 'GetClock' }).catch(() => {})
    }, keepAliveMs)
    this.#change({ kind: 'open' })
    this.#opening.resolve()
    for (const follower of this.#followers) follower.connected()
    const closed = await wire.closed
    clearInterval(alive)
    this.#wire = undefined
    return closed
  }

  async #pause(attempt: number): Promise<void> {
    const waitMs = waitBefore(attempt, this.#options.backoff ?? defaultBackoff)
    this.#change({ kind: 'waiting', attempt, untilMs: Date.now() + waitMs })
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, waitMs)
      this.#wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  #change(state: LinkState): void {
    this.#state = state
    for (const channel of this.#watching) channel.push(state)
  }
}

/** Rejects with the signal's reason when that comes first. */
const abortable = async (promise: Promise<void>, signal?: AbortSignal): Promise<void> => {
  if (!signal) return promise
  signal.throwIfAborted()
  const aborted = Promise.withResolvers<never>()
  const abort = () => aborted.reject(signal.reason)
  signal.addEventListener('abort', abort)
  try {
    await Promise.race([promise, aborted.promise])
  } finally {
    signal.removeEventListener('abort', abort)
  }
}
