/** Opening a socket's feeds of dialogs, asked for or not. */
import type { Conversation, Dialog } from '../domain/conversation.ts'
import { findParticipant, mainDialog } from '../domain/conversation.ts'
import { DialogFeed } from '../feeds/dialog-feed.ts'
import type { Services } from './services.ts'
import type { Session } from './session.ts'

export interface Parts {
  readonly session: Session
  readonly services: Services
}

export interface Followed {
  readonly conversation: Conversation
  readonly dialog: Dialog
}

interface Following {
  readonly from: number
  readonly announcesReplay?: boolean
  readonly withoutPublisher?: string
  readonly isImplicit: boolean
}

/** Starts the socket's one live stream of the dialog. */
export const followDialog = (
  { session, services }: Parts,
  { conversation, dialog }: Followed,
  how: Following,
): void => {
  const { accountId, outlet, dialect, role } = session
  const key = { accountId, dialogId: dialog.id }
  const ofMain = dialog.type === 'main' ? { presenceOf: conversation.consumerId } : {}
  const channel = services.hubs.channels.open(key, ofMain)
  const feed = new DialogFeed({
    channel,
    outlet,
    dialect,
    audience: role === 'consumer' ? 'all' : 'agents',
    from: how.from,
    announcesReplay: how.announcesReplay ?? false,
    replayBytes: services.config.limits.replayBytes,
    ...(how.withoutPublisher !== undefined && { withoutPublisher: how.withoutPublisher }),
    // Consumers see their own typing come back; an agent's other sockets do, the typing one not.
    ...(role === 'agent' && { withoutChatStatesFrom: session.id }),
    onError: (error) => {
      services.log.warn({ err: error, dialog: dialog.id }, 'events could not be read')
      outlet.close('overloaded')
    },
  })
  session.follow(dialog.id, feed, { isImplicit: how.isImplicit })
}

/** The socket that opened a conversation hears the others without subscribing. [SUB9] */
export const followOwnConversation = (parts: Parts, conversation: Conversation): void => {
  const dialog = mainDialog(conversation)
  followDialog(
    parts,
    { conversation, dialog },
    {
      from: dialog.activity.nextSequence,
      withoutPublisher: conversation.consumerId,
      isImplicit: true,
    },
  )
}

/**
 * Agents hear the dialogs they take part in, from the moment they joined or connected, and only
 * after the socket was told of the conversation. Called with every snapshot that was sent. [SUB10]
 */
export const followAsParticipant = (parts: Parts, conversation: Conversation): void => {
  const { session } = parts
  const { identity } = session
  if (identity?.kind !== 'agent') return
  for (const dialog of conversation.dialogs) {
    const role = findParticipant(dialog, identity.id)?.role
    // A survey's answers reach who leads it; the agent of the conversation before may ask for them.
    const isHeard = dialog.type !== 'post_survey' || role !== 'reader'
    const takesPart = role !== undefined && isHeard && dialog.channel === 'messaging'
    const open = session.dialogFeed(dialog.id)
    if (!takesPart && open?.isImplicit) session.unfollow(dialog.id)
    if (takesPart && !open && dialog.state === 'open')
      followDialog(
        parts,
        { conversation, dialog },
        { from: dialog.activity.nextSequence, isImplicit: true },
      )
  }
}

/** The socket was told that the conversation is over for it: nothing of it follows. [SUB10] */
export const unfollowConversation = ({ session }: Parts, conversation: Conversation): void => {
  for (const { id } of conversation.dialogs)
    if (session.dialogFeed(id)?.isImplicit) session.unfollow(id)
}
