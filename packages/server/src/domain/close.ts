/**
 * Closing: a dialog, or the conversation with all of its dialogs. The main dialog's end may begin a
 * survey; it ends what was only part of it. [CV5] [DLG1]
 */
import type { DialogId, Timestamp } from '@ringdown/protocol'
import type { ChangeOutcome, ChangeRequest, ConversationChange } from './change.ts'
import type { Step } from './change-conversation.ts'
import type { ClosedBy, CloseReason, Conversation, Dialog } from './conversation.ts'
import { findDialog, findParticipant, mainDialog } from './conversation.ts'
import { maySupervise } from './permissions.ts'
import { surveyDialog, takesSurveys } from './survey.ts'

/** Who closes, when, and what is written about it. */
export interface Closing {
  readonly at: Timestamp
  readonly by: ClosedBy
  /** Absent: as `by`. */
  readonly reason?: CloseReason
  readonly cause?: string
}

const closerOf = ({ actor }: ChangeRequest): ClosedBy =>
  actor.kind === 'consumer' ? 'consumer' : 'agent'

/** Who closed is known from who asks; the client's word for it is not heard. [DLG9] */
const closingBy = (request: ChangeRequest, cause?: string): Closing => {
  const by = closerOf(request)
  const said = cause ?? (by === 'consumer' ? 'Closed by consumer' : undefined)
  return { at: request.at, by, ...(said !== undefined && { cause: said }) }
}

const closingRoles = ['assigned_agent', 'manager']

const mayClose = (
  conversation: Conversation,
  dialog: Dialog,
  { actor }: ChangeRequest,
): boolean => {
  if (actor.kind === 'consumer') return true
  if (maySupervise(actor, conversation, 'close_conversations')) return true
  const role = findParticipant(dialog, actor.id)?.role
  return (
    role !== undefined &&
    (closingRoles.includes(role) || (role === 'agent' && dialog.type !== 'main'))
  )
}

const closed = (dialog: Dialog, { at, by, cause }: Closing): Dialog =>
  dialog.state === 'closed'
    ? dialog
    : {
        ...dialog,
        state: 'closed',
        endedAt: at,
        updatedAt: at,
        closedBy: by,
        ...(cause !== undefined && { closedCause: cause }),
        ...(dialog.coBrowse && { coBrowse: { ...dialog.coBrowse, state: 'closed' } }),
      }

/** State follows the main dialog, stage the last open one. */
const settle = (conversation: Conversation, { at, by, reason = by }: Closing): Conversation => {
  const { state } = mainDialog(conversation)
  const stage = conversation.dialogs.some((dialog) => dialog.state === 'open') ? 'open' : 'closed'
  return {
    ...conversation,
    state,
    stage,
    ...(state === 'closed' && conversation.closeReason === undefined && { closeReason: reason }),
    ...(stage === 'closed' && { endedAt: conversation.endedAt ?? at }),
  }
}

/** Co-browsing is part of the main dialog's talk and ends with it. [DLG17] */
const endsWith = (dialog: Dialog, ending: Dialog): boolean =>
  dialog.id === ending.id || (ending.type === 'main' && dialog.channel === 'cobrowse')

/** The conversation without one of its dialogs, or with all of them closed. */
export const withClosed = (
  conversation: Conversation,
  which: Dialog | 'all',
  closing: Closing,
): Conversation => {
  const dialogs = conversation.dialogs.map((one) =>
    which === 'all' || endsWith(one, which) ? closed(one, closing) : one,
  )
  return settle({ ...conversation, dialogs }, closing)
}

/** A consumer that closes twice is answered as the first time; an agent is told. [CV6] */
const alreadyClosed = (
  conversation: Conversation,
  { actor }: ChangeRequest,
  refused: 'conversation_closed' | 'dialog_closed',
): Step => (actor.kind === 'consumer' ? conversation : { refused })

export const closeConversation = (conversation: Conversation, request: ChangeRequest): Step => {
  if (conversation.stage === 'closed')
    return alreadyClosed(conversation, request, 'conversation_closed')
  if (!mayClose(conversation, mainDialog(conversation), request))
    return { refused: 'not_permitted' }
  return withClosed(conversation, 'all', closingBy(request))
}

type ClosingDialog = Extract<ConversationChange, { kind: 'close_dialog' }>

/** A new survey dialog where the main dialog's end calls for one. [DLG1] [DLG2] */
const withSurvey = (
  conversation: Conversation,
  { dialogId, surveyDialogId: id }: ClosingDialog,
  { survey, at }: ChangeRequest,
): Conversation => {
  const appId = survey?.wasAssigned ? survey.appId : undefined
  const isMain = dialogId === mainDialog(conversation).id
  if (!isMain || id === undefined || appId === undefined || !takesSurveys(conversation))
    return conversation
  return {
    ...conversation,
    dialogs: [...conversation.dialogs, surveyDialog(conversation, { id, appId, at })],
  }
}

export const closeDialog = (
  conversation: Conversation,
  change: ClosingDialog,
  request: ChangeRequest,
): Step => {
  const dialog = findDialog(conversation, change.dialogId)
  if (!dialog) return { refused: 'dialog_not_found' }
  if (dialog.state === 'closed') return alreadyClosed(conversation, request, 'dialog_closed')
  if (!mayClose(conversation, dialog, request)) return { refused: 'not_permitted' }
  return withClosed(
    withSurvey(conversation, change, request),
    dialog,
    closingBy(request, change.cause),
  )
}

/**
 * What the server closes by itself: one dialog, or all. No survey follows. The same snapshot comes
 * back where there is nothing open to close. [DLG8] [DLG16]
 */
export const closeBySystem = (
  before: Conversation,
  which: DialogId | 'all',
  { at, reason, cause }: Omit<Closing, 'by'>,
): ChangeOutcome => {
  const dialog = which === 'all' ? undefined : findDialog(before, which)
  const isOpen = which === 'all' ? before.stage === 'open' : dialog?.state === 'open'
  if (!isOpen) return { ok: true, conversation: before, routing: 'none' }
  const closing: Closing = {
    at,
    by: 'system',
    ...(reason && { reason }),
    ...(cause !== undefined && { cause }),
  }
  const after = withClosed(before, dialog ?? 'all', closing)
  const conversation = {
    ...after,
    updatedAt: Math.max(at, before.updatedAt + 1),
    revision: before.revision + 1,
  }
  const ends = before.state === 'open' && after.state === 'closed'
  return { ok: true, conversation, routing: ends ? 'end' : 'none' }
}
