/**
 * A connection that is made again for as long as it is wanted.
 *
 *   connecting → open → waiting → connecting …   until closed, or nobody can renew the identity
 *                  └ 4401, 4407: the next connection takes a new token
 *
 * Who follows something registers a `Follower`: it is called after each connect and asks again for
 * what it needs, from where it was.
 */
import { abortable } from './abortable.ts'
import { type Backoff, defaultBackoff, pause, waitBefore } from './backoff.ts'
import { Channel } from './channel.ts'
import { ClientClosed, ConnectionLost, RequestRefused, RequestTimedOut } from './problems.ts'
import { wireNames } from './requests.ts'
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
  /** How long a connection may take to open. */
  readonly openTimeoutMs: number
  readonly timeoutMs: number
  /** How often something is asked, so that either side knows that the other one is there. */
  readonly keepAliveMs: number
  readonly backoff?: Backoff
}

export interface Follower {
  readonly key?: string
  /** A connection is open: ask on it for what is followed. */
  connected(wire: Wire): void
  heard(notification: Notification): void
  /** There will be no other connection. */
  ended(cause?: Error): void
}

interface Ended {
  readonly closed?: Closed
  readonly wasOpen: boolean
}

/** Connections in a row that could not be opened, until a token in the address is asked for anew. */
const DOUBTED_AFTER = 2
const UNAUTHENTICATED = 401
const UNKNOWN = 4401
/** How long a close may follow the refusal that it belongs to. */
const CLOSE_MS = 5_000

const needs: Readonly<Record<number, TokenNeed>> = { 4401: 'expired', 4407: 'extend' }

/** One that nobody waits for may reject all the same. */
const quietly = (): PromiseWithResolvers<void> => {
  const made = Promise.withResolvers<void>()
  made.promise.catch(() => {})
  return made
}

export class Link {
  readonly backoff: Backoff
  readonly #options: LinkOptions
  readonly #followers = new Set<Follower>()
  readonly #watching = new Set<Channel<LinkState>>()
  readonly #ending = new AbortController()
  /** Open, and greeted. */
  #wire: Wire | undefined
  /** The same, or one that is still being opened. */
  #attempt: Wire | undefined
  #token: string | undefined
  #state: LinkState = { kind: 'connecting', attempt: 0 }
  #opening = quietly()
  #pause = new AbortController()
  #cause: Error | undefined

  constructor(options: LinkOptions) {
    this.#options = options
    this.backoff = options.backoff ?? defaultBackoff
    void this.#run()
  }

  get state(): LinkState {
    return this.#state
  }

  /** Aborted once the client is closed. */
  get ended(): AbortSignal {
    return this.#ending.signal
  }

  /** The state now and every later one; of several that were not read only the newest. */
  states(signal?: AbortSignal): AsyncIterable<LinkState> {
    const channel = new Channel<LinkState>({
      ...(signal && { signal }),
      onEnd: (ended) => this.#watching.delete(ended),
    })
    channel.push(this.#state)
    if (this.ended.aborted) channel.end()
    else if (!channel.isOver) this.#watching.add(channel)
    return channel
  }

  follow(follower: Follower): Disposable {
    if (this.ended.aborted) follower.ended(this.#cause)
    else {
      this.#followers.add(follower)
      if (this.#wire) follower.connected(this.#wire)
    }
    return { [Symbol.dispose]: () => void this.#followers.delete(follower) }
  }

  isFollowed(key: string): boolean {
    return [...this.#followers].some((one) => one.key === key)
  }

  /** Asks once the connection is open. Whether a request whose connection is lost took effect is not known. */
  async request(asked: Asked): Promise<unknown> {
    while (!this.#wire) await abortable(this.#opening.promise, asked.signal)
    return this.#wire.request(asked)
  }

  /** The network has come back: connects at once, or looks whether the connection has survived. */
  retryNow(): void {
    this.#pause.abort()
    if (this.#wire) void this.#probe(this.#wire)
  }

  close(cause?: Error): void {
    if (this.ended.aborted) return
    const problem = cause ?? new ClientClosed('The client is closed')
    this.#cause = cause
    this.#ending.abort(problem)
    this.#change({ kind: 'closed', ...(cause && { cause }) })
    this.#attempt?.drop(problem)
    this.#opening.reject(problem)
    for (const follower of [...this.#followers]) follower.ended(cause)
    for (const channel of this.#watching) channel.end()
    this.#pause.abort()
  }

  async #run(): Promise<void> {
    let need: TokenNeed = 'first'
    let failures = 0
    while (!this.ended.aborted) {
      this.#change({ kind: 'connecting', attempt: failures })
      const { closed, wasOpen } = await this.#connectOnce(need)
      if (this.ended.aborted) return
      failures = wasOpen ? 0 : failures + 1
      const wanted = closed && needs[closed.code]
      const isDoubted = this.#options.isTokenInAddress && failures >= DOUBTED_AFTER
      if (this.#token !== undefined && (wanted || isDoubted)) {
        this.#token = undefined
        need = wanted ?? 'expired'
      }
      await this.#wait(failures)
    }
  }

  /** One connection from its opening to its end. */
  async #connectOnce(need: TokenNeed): Promise<Ended> {
    const { token, greet } = this.#options
    try {
      this.#token ??= await token(need)
    } catch (error) {
      if (error instanceof ClientClosed) this.close(error)
      return { wasOpen: false }
    }
    if (this.ended.aborted) return { wasOpen: false }
    const wire = this.#open(this.#token)
    if (!wire) return { wasOpen: false }
    try {
      await this.#inTime(wire)
      await greet?.(wire, this.#token)
    } catch (error) {
      const isUnknown = error instanceof RequestRefused && error.code === UNAUTHENTICATED
      return { closed: await this.#giveUp(wire, isUnknown), wasOpen: false }
    }
    return { closed: await this.#stayOpen(wire), wasOpen: true }
  }

  /** Nothing when the platform refuses the address: it would refuse it again. */
  #open(token: string): Wire | undefined {
    const { url, open, timeoutMs } = this.#options
    try {
      this.#attempt = new Wire({
        url: url(token),
        open,
        timeoutMs,
        onNotification: (notification) => {
          for (const follower of this.#followers) follower.heard(notification)
        },
        onEnd: () => {
          if (!this.#wire) return
          // Who asks again as soon as an answer is lost waits for the next connection.
          this.#wire = undefined
          this.#opening = quietly()
        },
      })
    } catch (error) {
      this.close(error as Error)
      return undefined
    }
    return this.#attempt
  }

  async #inTime(wire: Wire): Promise<void> {
    const late = new RequestTimedOut('The connection did not open in time')
    const timer = setTimeout(() => wire.drop(late), this.#options.openTimeoutMs)
    await wire.opened.finally(() => clearTimeout(timer))
  }

  /**
   * Who is unknown is told why by the close code that follows; what stands between may keep that to
   * itself, and the token is no better for it. Everything else is ended here.
   */
  async #giveUp(wire: Wire, isUnknown: boolean): Promise<Closed> {
    const timer = setTimeout(() => wire.drop(), isUnknown ? CLOSE_MS : 0)
    const closed = await wire.closed
    clearTimeout(timer)
    return isUnknown && !needs[closed.code] ? { ...closed, code: UNKNOWN } : closed
  }

  async #stayOpen(wire: Wire): Promise<Closed> {
    if (this.ended.aborted) return wire.closed
    this.#wire = wire
    const alive = setInterval(() => void this.#probe(wire), this.#options.keepAliveMs)
    this.#change({ kind: 'open' })
    this.#opening.resolve()
    for (const follower of [...this.#followers])
      if (this.#followers.has(follower)) follower.connected(wire)
    const closed = await wire.closed
    clearInterval(alive)
    return closed
  }

  /** A connection on which nothing at all comes after something was asked is none: it is half open. */
  async #probe(wire: Wire): Promise<void> {
    const { heard } = wire
    try {
      await wire.request({ type: wireNames.getClock })
    } catch (error) {
      if (error instanceof RequestTimedOut && wire.heard === heard)
        wire.drop(new ConnectionLost('The connection was silent'))
    }
  }

  async #wait(attempt: number): Promise<void> {
    const waitMs = waitBefore(attempt, this.backoff)
    this.#pause = new AbortController()
    this.#change({ kind: 'waiting', attempt, untilMs: Date.now() + waitMs })
    await pause(waitMs, this.#pause.signal)
  }

  #change(state: LinkState): void {
    this.#state = state
    for (const channel of this.#watching) channel.replace(state)
  }
}
