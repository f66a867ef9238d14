/** Dialogs beside the main one: opening them, and what is kept with any dialog. [DLG10] */
import type { DialogId, Timestamp } from '@ringdown/protocol'
import type { ChangeOutcome, ChangeRequest, ConversationChange } from './change.ts'
import type { Applying, Step } from './change-conversation.ts'
import { declares } from './client-features.ts'
import { closeBySystem, withClosed } from './close.ts'
import type { CoBrowse } from './co-browse.ts'
import { coBrowseMoves, INVITATION_MS } from './co-browse.ts'
import type { Conversation, Dialog } from './conversation.ts'
import { findDialog } from './conversation.ts'
import { mayOpenDialog } from './permissions.ts'

type Creating = Extract<ConversationChange, { kind: 'create_dialog' }>
type Updating = Extract<ConversationChange, { kind: 'update_dialog' }>

/** More dialogs, or more kept with one, come of a client that runs wild. */
const MAX_DIALOGS = 100
const MAX_METADATA_LENGTH = 64 * 1024

const coBrowseOf = (
  { consumerId }: Conversation,
  { dialogId, coBrowse }: Creating,
  at: number,
): CoBrowse | undefined =>
  coBrowse && {
    serviceId: coBrowse.serviceId ?? `${consumerId}#${dialogId}`,
    mode: coBrowse.mode ?? 'shared',
    state: 'invited',
    expiresAt: at + INVITATION_MS,
  }

/** Between the consumer and the agent who opens it. [DLG10] [DLG13] */
export const createDialog = (
  conversation: Conversation,
  change: Creating,
  { actor, at, before }: Applying,
): Step => {
  if (actor.kind === 'consumer' || !mayOpenDialog(actor, before))
    return { refused: 'not_permitted' }
  if (conversation.state === 'closed') return { refused: 'conversation_closed' }
  if (findDialog(conversation, change.dialogId)) return { refused: 'already_exists' }
  if (conversation.dialogs.length >= MAX_DIALOGS)
    return { refused: 'bad_request', detail: `A conversation has at most ${MAX_DIALOGS} dialogs` }
  const coBrowse = coBrowseOf(conversation, change, at)
  if (coBrowse && !declares(conversation, 'CO_BROWSE'))
    return { refused: 'not_permitted', detail: 'The consumer has not declared CO_BROWSE' }
  const dialog: Dialog = {
    id: change.dialogId,
    conversationId: conversation.id,
    type: 'other',
    channel: coBrowse ? 'cobrowse' : 'messaging',
    state: 'open',
    createdAt: at,
    updatedAt: at,
    ...(change.metadata && { metadata: change.metadata }),
    ...(coBrowse && { coBrowse }),
    participants: [
      { id: conversation.consumerId, role: 'consumer', state: 'active' },
      { id: actor.id, userId: actor.userId, role: 'agent', state: 'active' },
    ],
    activity: { nextSequence: 0, unread: {} },
  }
  return { ...conversation, dialogs: [...conversation.dialogs, dialog] }
}

const replaced = (conversation: Conversation, dialog: Dialog): Conversation => ({
  ...conversation,
  dialogs: conversation.dialogs.map((one) => (one.id === dialog.id ? dialog : one)),
})

/** A session that is said to be over ends its dialog. [DLG15] */
const movedSession = (
  conversation: Conversation,
  dialog: Dialog,
  { change, at }: { readonly change: Updating; readonly at: number },
): Step => {
  if (!dialog.coBrowse || !change.sessionState) return conversation
  const state = coBrowseMoves[dialog.coBrowse.state][change.sessionState]
  if (state === 'refused')
    return { refused: 'bad_request', detail: 'Bad request: dialog.metaData.sessionState goes back' }
  const moved = replaced(conversation, { ...dialog, coBrowse: { ...dialog.coBrowse, state } })
  return state === 'closed'
    ? withClosed(moved, dialog, { at, by: 'agent', cause: 'Session closed' })
    : moved
}

/** Keeps metadata with the dialog, name by name, and moves a co-browsing session. [DLG11] */
export const updateDialog = (
  conversation: Conversation,
  change: Updating,
  { at }: ChangeRequest,
): Step => {
  const dialog = findDialog(conversation, change.dialogId)
  if (!dialog) return { refused: 'dialog_not_found' }
  const { metadata = {}, sessionState } = change
  if (dialog.state === 'closed') {
    if (change.isOpen || (sessionState && sessionState !== 'closed'))
      return { refused: 'dialog_closed' }
  }
  const hasNews = Object.keys(metadata).length > 0
  const isMoved = dialog.coBrowse !== undefined && sessionState !== undefined
  if (!hasNews && (!isMoved || dialog.coBrowse?.state === sessionState)) return conversation
  const kept = hasNews ? { metadata: { ...dialog.metadata, ...metadata } } : {}
  if (JSON.stringify(kept).length > MAX_METADATA_LENGTH)
    return { refused: 'bad_request', detail: 'Bad request: dialog.metaData has grown too large' }
  const updated: Dialog = { ...dialog, ...kept, updatedAt: at }
  return movedSession(replaced(conversation, updated), updated, { change, at })
}

/** What becomes of a dialog whose time is over: a survey, or an invitation that nobody answered. */
export const expiredDialog = (
  conversation: Conversation,
  dialogId: DialogId,
  at: Timestamp,
): ChangeOutcome => {
  const dialog = findDialog(conversation, dialogId)
  if (dialog?.type === 'post_survey')
    return closeBySystem(conversation, dialogId, { at, cause: 'Survey timed out' })
  const isUnanswered = dialog?.coBrowse && coBrowseMoves[dialog.coBrowse.state].expire === 'closed'
  if (isUnanswered)
    return closeBySystem(conversation, dialogId, { at, cause: 'Invitation expired' })
  return { ok: true, conversation, routing: 'none' }
}
