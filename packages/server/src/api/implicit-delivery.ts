/**
 * Opens and closes the feeds that agents have without asking, for sockets that follow no
 * conversations: they would not be told otherwise that they joined one. Sockets that do follow some
 * get theirs with the conversation itself. [SUB10]
 */
import type { ConversationNews } from '../bus/subjects.ts'
import { subjects } from '../bus/subjects.ts'
import type { Conversation } from '../domain/conversation.ts'
import type { Parts } from './follow.ts'
import { followAsParticipant, unfollowConversation } from './follow.ts'
import { PerAccount } from './per-account.ts'
import type { Services } from './services.ts'
import type { Session } from './session.ts'

const agentsOf = (conversation: Conversation): readonly string[] =>
  conversation.dialogs.flatMap(({ participants }) =>
    participants.filter(({ role }) => role !== 'consumer').map(({ id }) => id),
  )

const settle = (parts: Parts, conversation: Conversation): void => {
  if (conversation.stage === 'closed') unfollowConversation(parts, conversation)
  else followAsParticipant(parts, conversation)
}

const follows = (session: Session, { dialogs }: Conversation): boolean =>
  dialogs.some(({ id }) => session.dialogFeed(id) !== undefined)

export class ImplicitDelivery implements Disposable {
  readonly #services: Services
  readonly #listening: PerAccount<Disposable>

  constructor(services: Services) {
    this.#services = services
    this.#listening = new PerAccount((accountId) =>
      services.bus.listen<ConversationNews>(subjects.conversations(accountId), (news) => {
        if (news !== 'gap' && news.cause === 'structure') this.#settle(news)
      }),
    )
  }

  /** Follows the conversations of its account from now on. */
  watch(session: Session): void {
    this.#listening.use(session)
  }

  [Symbol.dispose](): void {
    this.#listening[Symbol.dispose]()
  }

  #settle({ before, after }: ConversationNews): void {
    const concerned = new Set([...(before ? agentsOf(before) : []), ...agentsOf(after)])
    for (const id of concerned) {
      const isNew = !before || !agentsOf(before).includes(id)
      for (const session of this.#services.sessions.of(after.accountId, id)) {
        if (session.hasSubscription('conversations')) continue
        // A bot that has just come back will ask for its conversations, and must be told of each
        // before its events: what it took part in all along is no joining.
        if (isNew || follows(session, after)) settle({ session, services: this.#services }, after)
      }
    }
  }
}
