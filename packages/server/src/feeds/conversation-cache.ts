/**
 * The newest snapshots that this node has seen, by conversation and by dialog. A snapshot may be
 * behind what other nodes wrote: the store checks again whatever depends on it.
 */
import type { AccountId, ConversationId, DialogId } from '@ringdown/protocol'
import { afterContent, afterReceipt } from '../domain/activity.ts'
import type { Conversation } from '../domain/conversation.ts'
import { findDialog } from '../domain/conversation.ts'
import type { DialogEvent, NewEvent } from '../domain/event.ts'
import type { Store } from '../store/store.ts'

const CAPACITY = 50_000

export interface ConversationCache {
  /** The snapshot that holds the dialog, if this node knows it. */
  peek(accountId: AccountId, dialogId: DialogId): Conversation | undefined
  /** The snapshot that holds the dialog, from the store when this node does not know it. */
  ofDialog(accountId: AccountId, dialogId: DialogId): Promise<Conversation | undefined>
  ofConversation(accountId: AccountId, id: ConversationId): Promise<Conversation | undefined>
  /** Takes a newer snapshot; returns what is newest now. */
  put(conversation: Conversation): Conversation
  forget(conversation: Conversation): void
  /** The snapshot after an event; undefined when this node cannot tell and must read again. */
  applyEvent(
    event: DialogEvent,
    source: Pick<NewEvent, 'receipt' | 'isAutomatic'>,
  ): Conversation | undefined
}

class Cache implements ConversationCache {
  readonly #byDialog = new Map<DialogId, Conversation>()
  readonly #store: Store

  constructor(store: Store) {
    this.#store = store
  }

  peek(accountId: AccountId, dialogId: DialogId) {
    const known = this.#byDialog.get(dialogId)
    return known?.accountId === accountId ? known : undefined
  }

  async ofDialog(accountId: AccountId, dialogId: DialogId) {
    const known = this.peek(accountId, dialogId)
    if (known) return known
    const read = await this.#store.read('conversationOfDialog', { accountId, dialogId })
    return read && this.put(read)
  }

  async ofConversation(accountId: AccountId, id: ConversationId) {
    const known = this.peek(accountId, id)
    if (known?.id === id) return known
    const read = await this.#store.read('conversation', { accountId, id })
    return read && this.put(read)
  }

  put(conversation: Conversation) {
    const known = this.#byDialog.get(conversation.id)
    if (known && known.revision > conversation.revision) return known
    const newest = known ? keepNewestActivity(known, conversation) : conversation
    for (const { id } of newest.dialogs) {
      this.#byDialog.delete(id)
      this.#byDialog.set(id, newest)
    }
    for (const [id] of this.#byDialog) {
      if (this.#byDialog.size <= CAPACITY) break
      this.#byDialog.delete(id)
    }
    return newest
  }

  forget(conversation: Conversation) {
    for (const { id } of conversation.dialogs) this.#byDialog.delete(id)
  }

  applyEvent(
    event: DialogEvent,
    { receipt, isAutomatic }: Pick<NewEvent, 'receipt' | 'isAutomatic'>,
  ) {
    const known = this.peek(event.accountId, event.dialogId)
    const dialog = known && findDialog(known, event.dialogId)
    if (!dialog) return undefined
    if (dialog.activity.nextSequence > event.sequence) return known
    if (dialog.activity.nextSequence < event.sequence) {
      this.forget(known)
      return undefined
    }
    const activity =
      event.kind === 'content'
        ? afterContent(dialog.activity, event, dialog.participants, isAutomatic)
        : receipt
          ? afterReceipt(dialog.activity, event, receipt)
          : { ...dialog.activity, nextSequence: event.sequence + 1 }
    const dialogs = known.dialogs.map((one) => (one === dialog ? { ...one, activity } : one))
    return this.put({ ...known, dialogs })
  }
}

/** Structure comes from the newer revision, each dialog's activity from whoever saw more events. */
const keepNewestActivity = (known: Conversation, read: Conversation): Conversation => {
  const behind = read.dialogs.some((dialog) => {
    const old = findDialog(known, dialog.id)
    return old && old.activity.nextSequence > dialog.activity.nextSequence
  })
  if (!behind) return read
  return {
    ...read,
    dialogs: read.dialogs.map((dialog) => {
      const old = findDialog(known, dialog.id)
      return old && old.activity.nextSequence > dialog.activity.nextSequence
        ? { ...dialog, activity: old.activity }
        : dialog
    }),
  }
}

export const conversationCache = (store: Store): ConversationCache => new Cache(store)
