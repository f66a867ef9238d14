/** Closing: a dialog, or the conversation with all of its dialogs. [CV5] */
import type { ChangeRequest, ConversationChange } from './change.ts'
import type { Step } from './change-conversation.ts'
import type { ClosedBy, Conversation, Dialog } from './conversation.ts'
import { findDialog, findParticipant, mainDialog } from './conversation.ts'
import { isSupervisor } from './permissions.ts'

const closerOf = ({ actor }: ChangeRequest): ClosedBy =>
  actor.kind === 'consumer' ? 'consumer' : 'agent'

const closingRoles = ['assigned_agent', 'manager']

const mayClose = (dialog: Dialog, { actor }: ChangeRequest): boolean => {
  if (actor.kind === 'consumer') return true
  if (isSupervisor(actor)) return true
  const role = findParticipant(dialog, actor.id)?.role
  return (
    role !== undefined &&
    (closingRoles.includes(role) || (role === 'agent' && dialog.type !== 'main'))
  )
}

const closed = (dialog: Dialog, request: ChangeRequest, cause: string | undefined): Dialog =>
  dialog.state === 'closed'
    ? dialog
    : {
        ...dialog,
        state: 'closed',
        endedAt: request.at,
        updatedAt: request.at,
        closedBy: closerOf(request),
        ...(cause !== undefined && { closedCause: cause }),
      }

/** State follows the main dialog, stage the last open one. */
const settle = (conversation: Conversation, request: ChangeRequest): Conversation => {
  const { state } = mainDialog(conversation)
  const stage = conversation.dialogs.some((dialog) => dialog.state === 'open') ? 'open' : 'closed'
  return {
    ...conversation,
    state,
    stage,
    ...(state === 'closed' &&
      conversation.closeReason === undefined && { closeReason: closerOf(request) }),
    ...(stage === 'closed' && { endedAt: conversation.endedAt ?? request.at }),
  }
}

/** A consumer that closes twice is answered as the first time; an agent is told. [CV6] */
const alreadyClosed = (
  conversation: Conversation,
  { actor }: ChangeRequest,
  refused: 'conversation_closed' | 'dialog_closed',
): Step => (actor.kind === 'consumer' ? conversation : { refused })

const causeFor = (request: ChangeRequest, cause?: string): string | undefined =>
  cause ?? (request.actor.kind === 'consumer' ? 'Closed by consumer' : undefined)

export const closeConversation = (conversation: Conversation, request: ChangeRequest): Step => {
  if (conversation.stage === 'closed')
    return alreadyClosed(conversation, request, 'conversation_closed')
  if (!mayClose(mainDialog(conversation), request)) return { refused: 'not_permitted' }
  const cause = causeFor(request)
  const dialogs = conversation.dialogs.map((dialog) => closed(dialog, request, cause))
  return settle({ ...conversation, dialogs }, request)
}

export const closeDialog = (
  conversation: Conversation,
  change: Extract<ConversationChange, { kind: 'close_dialog' }>,
  request: ChangeRequest,
): Step => {
  const dialog = findDialog(conversation, change.dialogId)
  if (!dialog) return { refused: 'dialog_not_found' }
  if (dialog.state === 'closed') return alreadyClosed(conversation, request, 'dialog_closed')
  if (!mayClose(dialog, request)) return { refused: 'not_permitted' }
  const cause = causeFor(request, change.cause)
  const dialogs = conversation.dialogs.map((one) =>
    one.id === dialog.id ? closed(one, request, cause) : one,
  )
  return settle({ ...conversation, dialogs }, request)
}
