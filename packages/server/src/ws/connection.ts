/**
 * A WebSocket as an outlet: a tick's frames out in one write, back-pressure, text in. It knows nothing
 * of what the frames say. [CON7]
 *
 *   open ──unsent > low water──▶ feeds wait ──drained──▶ open
 *   open ──unsent > hard limit──▶ requests are not read either, until drained
 *   no byte taken for slowReaderMs ──▶ closed with 1013
 */
import type { Duplex } from 'node:stream'
import type { CloseCause } from '@ringdown/protocol'
import { closes } from '@ringdown/protocol'
import type { WebSocket } from 'ws'
import type { Limits } from '../config.ts'
import type { Outlet } from '../feeds/outlet.ts'
import { textFrames } from './text-frames.ts'
import { atTickEnd } from './tick-end.ts'

type SendLimits = Pick<Limits, 'sendLowWaterBytes' | 'sendHardBytes'>

/** How long a peer may take to answer a close frame before its socket is cut. */
export const CLOSE_GRACE_MS = 5_000

export class Connection implements Outlet {
  readonly #socket: WebSocket
  readonly #stream: Duplex
  readonly #limits: SendLimits
  /** Never below what the stream itself calls full: only then does it say when it has drained. */
  readonly #lowWaterBytes: number
  #onReady: () => void = () => {}
  /** Frames of this tick, and at least how many bytes they are. */
  #queue: string[] = []
  #queuedBytes = 0
  readonly #flush = () => this.#write()
  #wantsToRead = true
  #isPaused = false
  #isClosing = false
  #closedAt: number | undefined
  /** Bytes that the peer had not taken at the last look, and since when nothing moved. */
  #stuck: { written: number; since: number } | undefined
  lastHeardAt: number

  constructor(socket: WebSocket, stream: Duplex, setup: { limits: SendLimits; now: number }) {
    this.#socket = socket
    this.#stream = stream
    this.#limits = setup.limits
    this.#lowWaterBytes = Math.max(setup.limits.sendLowWaterBytes, stream.writableHighWaterMark)
    this.lastHeardAt = setup.now
    stream.on('drain', () => this.#drained())
  }

  /** `work` runs whenever feeds may send again. */
  onReady(work: () => void): void {
    this.#onReady = work
  }

  /** What the peer has not taken yet. */
  get unsentBytes(): number {
    return this.#stream.writableLength + this.#queuedBytes
  }

  get isReady(): boolean {
    return !this.#isClosing && this.unsentBytes < this.#lowWaterBytes
  }

  get isBlocked(): boolean {
    return this.unsentBytes > this.#limits.sendHardBytes
  }

  get isClosing(): boolean {
    return this.#isClosing
  }

  send(frame: string): void {
    if (this.#isClosing) return
    if (this.#queue.length === 0) atTickEnd(this.#flush)
    this.#queue.push(frame)
    this.#queuedBytes += frame.length
    if (this.isBlocked) this.#settleReading()
  }

  /** Writes what this tick has gathered. Beside the library's own frames, which are whole too. */
  #write(): void {
    if (this.#queue.length === 0) return
    const frames = textFrames(this.#queue)
    const wasFull = !this.isReady
    this.#queue = []
    this.#queuedBytes = 0
    if (this.#socket.readyState !== this.#socket.OPEN) return
    this.#stream.write(frames)
    // What the system took at once is not announced by a drain.
    if (wasFull && !this.#stream.writableNeedDrain) this.#drained()
  }

  ping(): void {
    if (this.#socket.readyState === this.#socket.OPEN) this.#socket.ping()
  }

  /** Whether more requests are wanted; a peer that takes no answers is not read either. */
  setReading(wantsToRead: boolean): void {
    this.#wantsToRead = wantsToRead
    this.#settleReading()
  }

  close(cause: CloseCause): void {
    if (this.#isClosing) return
    this.#isClosing = true
    // A paused socket would never see the peer's close frame.
    this.#socket.resume()
    this.#write()
    this.#socket.close(closes[cause].code, closes[cause].reason)
  }

  terminate(): void {
    this.#isClosing = true
    this.#socket.terminate()
  }

  /** For how long the peer has not taken a byte of what waits for it, in milliseconds. [CON9] */
  stuckFor(now: number): number {
    const { writableLength } = this.#stream
    const written = this.#written - writableLength
    if (writableLength < this.#lowWaterBytes) this.#stuck = undefined
    else if (this.#stuck?.written !== written) this.#stuck = { written, since: now }
    return this.#stuck ? now - this.#stuck.since : 0
  }

  /** Whether a close frame has stayed without an answer for too long. */
  isOverdue(now: number): boolean {
    if (!this.#isClosing) return false
    this.#closedAt ??= now
    return now - this.#closedAt > CLOSE_GRACE_MS
  }

  get #written(): number {
    const { bytesWritten } = this.#stream as Duplex & { bytesWritten?: number }
    return bytesWritten ?? 0
  }

  #drained(): void {
    this.#settleReading()
    if (this.isReady) this.#onReady()
  }

  #settleReading(): void {
    const mayRead = this.#wantsToRead && !this.isBlocked
    if (mayRead === !this.#isPaused || this.#isClosing) return
    this.#isPaused = !mayRead
    if (mayRead) this.#socket.resume()
    else this.#socket.pause()
  }
}
