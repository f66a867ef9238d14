import type { CloseCause } from '@ringdown/protocol'

/** A socket as the feeds see it. */
export interface Outlet {
  /** Queues a frame; all frames of one tick leave in one write. */
  send(frame: string): void
  /** False while more bytes are unsent than the low water mark: feeds wait. */
  readonly isReady: boolean
  /** True while so many bytes are unsent that no request is handled either. */
  readonly isBlocked: boolean
  close(cause: CloseCause): void
}

/** What every feed of a socket can do when the socket can take more, or is gone. */
export interface Feed {
  /** Sends what has gathered, as far as the outlet is ready. */
  pump(): void
  stop(): void
}
