import type { CloseCause } from '@ringdown/protocol'
import type { Outlet } from './outlet.ts'

/** An outlet that keeps what it was sent, and is full when it is told to be. */
export class TestOutlet implements Outlet {
  readonly sent: string[] = []
  readonly closes: CloseCause[] = []
  isBlocked = false
  isReady = true
  /** Frames that it takes before it is full. */
  room = Number.POSITIVE_INFINITY

  send(frame: string): void {
    this.sent.push(frame)
    this.room -= 1
    if (this.room <= 0) this.isReady = false
  }

  close(cause: CloseCause): void {
    this.closes.push(cause)
    this.isReady = false
  }
}
