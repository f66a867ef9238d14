/** Tells the other side that something is being written, and when it is not any more. [WIN14] */

export type ChatState = 'COMPOSING' | 'PAUSE' | 'ACTIVE'

const TELL_EVERY_MS = 5_000
const PAUSE_AFTER_MS = 5_000

export class Composing {
  readonly #publish: (dialogId: string, state: ChatState) => void
  #told: { readonly dialogId: string; readonly atMs: number } | undefined
  #pause: ReturnType<typeof setTimeout> | undefined

  constructor(publish: (dialogId: string, state: ChatState) => void) {
    this.#publish = publish
  }

  writes(dialogId: string): void {
    const nowMs = Date.now()
    const isTold = this.#told?.dialogId === dialogId && nowMs - this.#told.atMs < TELL_EVERY_MS
    if (!isTold) {
      this.#told = { dialogId, atMs: nowMs }
      this.#publish(dialogId, 'COMPOSING')
    }
    clearTimeout(this.#pause)
    this.#pause = setTimeout(() => this.stops('PAUSE'), PAUSE_AFTER_MS)
  }

  stops(state: 'ACTIVE' | 'PAUSE'): void {
    clearTimeout(this.#pause)
    if (this.#told) this.#publish(this.#told.dialogId, state)
    this.#told = undefined
  }
}
