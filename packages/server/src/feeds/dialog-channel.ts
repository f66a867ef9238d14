/**
 * One dialog on this node and the feeds that follow it. The bus tells it of new events. While a feed
 * is behind, the channel keeps the newest of them for it; while all are live it keeps none, so that
 * an event lives no longer than its delivery. A hole makes it forget, and the feeds read the store.
 * [BUS2]
 */
import type { AccountId, DialogId, Sequence } from '@ringdown/protocol'
import type { Bus } from '../bus/bus.ts'
import type { ChatState, DialogNews } from '../bus/subjects.ts'
import { subjects } from '../bus/subjects.ts'
import type { DialogEvent } from '../domain/event.ts'
import type { Store } from '../store/store.ts'

const RECENT_EVENTS = 128
/** Of payloads: a dialog of large texts must not cost more than one of many small ones. [CON9] */
const RECENT_BYTES = 256 * 1024
export const PAGE = 200

/** The newest of these events, as far as they fit. */
const newestOf = (events: readonly DialogEvent[]): DialogEvent[] => {
  let bytes = 0
  let first = events.length
  while (first > 0 && events.length - first < RECENT_EVENTS && bytes < RECENT_BYTES) {
    first -= 1
    bytes += events[first]!.payload.length
  }
  return events.slice(first)
}

/** A feed as its channel sees it. */
export interface Follower {
  /** Has everything so far, and needs none of it kept. */
  readonly isLive: boolean
  /** There is an event after what the follower has. */
  onEvent(event: DialogEvent): void
  onChatState(state: ChatState): void
  /** Something may have been missed. */
  onGap(): void
}

export interface DialogKey {
  readonly accountId: AccountId
  readonly dialogId: DialogId
}

export class DialogChannel {
  readonly key: DialogKey
  readonly #store: Store
  readonly #followers = new Set<Follower>()
  readonly #listening: Disposable
  readonly #onIdle: () => void
  #recent: DialogEvent[] = []
  #recentBytes = 0
  /** Counts gaps: a page that was read across one does not prove where the tail is. [BUS2] */
  #gaps = 0

  constructor(key: DialogKey, { store, bus }: { store: Store; bus: Bus }, onIdle: () => void) {
    this.key = key
    this.#store = store
    this.#onIdle = onIdle
    this.#listening = bus.listen<DialogNews>(subjects.dialog(key.accountId, key.dialogId), (news) =>
      this.#hear(news),
    )
  }

  follow(follower: Follower): Disposable {
    this.#followers.add(follower)
    return {
      [Symbol.dispose]: () => {
        if (this.#followers.delete(follower) && this.#followers.size === 0) this.#onIdle()
      },
    }
  }

  /** Passes a chat state to whoever follows. */
  tell(state: ChatState): void {
    for (const follower of this.#followers) follower.onChatState(state)
  }

  close(): void {
    this.#listening[Symbol.dispose]()
  }

  /** Events from `from` on, ascending, `limit` of them at most; empty at the tail. */
  async events(from: Sequence, limit = PAGE): Promise<readonly DialogEvent[]> {
    const first = this.#recent[0]
    if (first && from >= first.sequence)
      return this.#recent.slice(from - first.sequence, from - first.sequence + limit)
    const { accountId, dialogId } = this.key
    const gaps = this.#gaps
    const page = await this.#store.read('events', {
      accountId,
      dialogId,
      from,
      audience: 'agents',
      limit,
    })
    if (page.length < limit && gaps === this.#gaps) this.#remember(page)
    return page
  }

  /** Keeps a page that reached the tail, unless newer events came while it was read. */
  #remember(page: readonly DialogEvent[]): void {
    const last = page.at(-1)
    if (!last) return
    const first = this.#recent[0]
    if (!first) this.#keep(page)
    else if (last.sequence + 1 === first.sequence) this.#keep([...page, ...this.#recent])
  }

  #hear(news: DialogNews | 'gap'): void {
    if (news === 'gap') {
      this.#gaps += 1
      this.#keep([])
      for (const follower of this.#followers) follower.onGap()
      return
    }
    if (news.kind === 'chat_state') {
      this.tell(news.state)
      return
    }
    let isSomebodyBehind = false
    for (const follower of this.#followers) {
      follower.onEvent(news.event)
      if (!follower.isLive) isSomebodyBehind = true
    }
    if (isSomebodyBehind) this.#append(news.event)
    else if (this.#recent.length > 0) this.#keep([])
  }

  #append(event: DialogEvent): void {
    const last = this.#recent.at(-1)
    if (last && event.sequence <= last.sequence) return
    if (last && event.sequence > last.sequence + 1) this.#keep([])
    this.#recent.push(event)
    this.#recentBytes += event.payload.length
    // Trimmed in halves, so that a busy dialog does not shift its whole buffer for every event.
    if (this.#recent.length >= 2 * RECENT_EVENTS || this.#recentBytes >= 2 * RECENT_BYTES)
      this.#keep(this.#recent)
  }

  #keep(events: readonly DialogEvent[]): void {
    this.#recent = newestOf(events)
    this.#recentBytes = this.#recent.reduce((sum, { payload }) => sum + payload.length, 0)
  }
}
