/**
 * Ends the subscriptions of agents to dialogs that they may not read any more: they left, or the
 * conversation went to somebody who is not their business. [PRM13]
 */
import type { AccountId, DialogId } from '@ringdown/protocol'
import type { ConversationNews } from '../bus/subjects.ts'
import { subjects } from '../bus/subjects.ts'
import type { Conversation } from '../domain/conversation.ts'
import { findDialog } from '../domain/conversation.ts'
import { mayRead } from '../domain/permissions.ts'
import { PerAccount } from './per-account.ts'
import type { Services } from './services.ts'
import type { Session } from './session.ts'
import { eachSettled } from './settled.ts'

export class DialogReaders implements Disposable {
  readonly #services: Pick<Services, 'bus' | 'hubs'>
  readonly #listening: PerAccount<Disposable>
  readonly #byDialog = new Map<DialogId, Set<Session>>()
  readonly #bySession = new Map<Session, Set<DialogId>>()

  constructor(services: Pick<Services, 'bus' | 'hubs'>) {
    this.#services = services
    this.#listening = new PerAccount((accountId) => this.#listen(accountId))
  }

  /** The socket of an agent asked for the dialog. */
  add(session: Session, dialogId: DialogId): void {
    if (session.role !== 'agent' || session.isEnded) return
    this.#dialogsOf(session).add(dialogId)
    const readers = this.#byDialog.get(dialogId) ?? new Set()
    this.#byDialog.set(dialogId, readers.add(session))
    // It may have changed between the check and the answer.
    const newest = this.#services.hubs.cache.peek(session.accountId, dialogId)
    if (newest) this.#judge(session, dialogId, newest)
  }

  /** The agent's rights changed: everything it follows is judged again. */
  async judgeAgain(session: Session): Promise<void> {
    const { cache } = this.#services.hubs
    await eachSettled(this.#bySession.get(session) ?? [], async (dialogId) => {
      const conversation = await cache.ofDialog(session.accountId, dialogId)
      if (conversation) this.#judge(session, dialogId, conversation)
    })
  }

  [Symbol.dispose](): void {
    this.#listening[Symbol.dispose]()
  }

  #dialogsOf(session: Session): Set<DialogId> {
    const known = this.#bySession.get(session)
    if (known) return known
    const dialogs = new Set<DialogId>()
    this.#bySession.set(session, dialogs)
    this.#listening.use(session)
    session.onEnd(() => {
      for (const dialogId of dialogs) this.#forget(session, dialogId)
      this.#bySession.delete(session)
    })
    return dialogs
  }

  #forget(session: Session, dialogId: DialogId): void {
    this.#bySession.get(session)?.delete(dialogId)
    const readers = this.#byDialog.get(dialogId)
    readers?.delete(session)
    if (readers?.size === 0) this.#byDialog.delete(dialogId)
  }

  #listen(accountId: AccountId): Disposable {
    return this.#services.bus.listen<ConversationNews>(
      subjects.conversations(accountId),
      (news) => {
        if (news === 'gap' || news.cause !== 'structure') return
        for (const { id } of news.after.dialogs)
          for (const session of [...(this.#byDialog.get(id) ?? [])])
            this.#judge(session, id, news.after)
      },
    )
  }

  #judge(session: Session, dialogId: DialogId, conversation: Conversation): void {
    const { identity } = session
    const dialog = findDialog(conversation, dialogId)
    if (!identity || !dialog || mayRead(identity, conversation, dialog)) return
    session.unfollow(dialogId)
    this.#forget(session, dialogId)
  }
}
