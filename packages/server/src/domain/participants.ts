/** Joining and leaving. [CV9] */
import type { AgentActor } from './actor.ts'
import type { AgentRef, ChangeRequest, ConversationChange } from './change.ts'
import type { Step } from './change-conversation.ts'
import type { Conversation, Dialog, Participant, ParticipantRole } from './conversation.ts'
import { assignedAgent, findDialog, mainDialog } from './conversation.ts'
import { isSupervisor } from './permissions.ts'

type Adding = Extract<ConversationChange, { kind: 'add_participant' }>
type Removing = Extract<ConversationChange, { kind: 'remove_participant' }>

const withParticipants = (
  conversation: Conversation,
  dialog: Dialog,
  participants: readonly Participant[],
  at: number,
): Conversation => ({
  ...conversation,
  dialogs: conversation.dialogs.map((one) =>
    one.id === dialog.id ? { ...one, participants, updatedAt: at } : one,
  ),
})

/** The main dialog unless the change names another. */
const dialogMeant = (
  conversation: Conversation,
  { dialogId }: Adding | Removing,
): Dialog | undefined => (dialogId ? findDialog(conversation, dialogId) : mainDialog(conversation))

const holds = (dialog: Dialog, role: ParticipantRole, agent: AgentRef): boolean =>
  dialog.participants.some(
    (one) => one.id === agent.id && one.role === role && one.state === 'active',
  )

const isSuggested = (dialog: Dialog, agent: AgentRef): boolean =>
  dialog.participants.some((one) => one.id === agent.id && one.state === 'suggested')

/** Whether the role may be taken by joining, and by whom. */
const mayJoin = (dialog: Dialog, { role }: Adding, actor: AgentActor): boolean => {
  if (role === 'agent') return dialog.type !== 'main'
  return (
    (role === 'manager' || role === 'reader' || role === 'assigned_agent') && isSupervisor(actor)
  )
}

/** Puts the agent into the dialog; taking the role a second time changes nothing. */
export const joined = (conversation: Conversation, dialog: Dialog, one: Participant, at: number) =>
  withParticipants(conversation, dialog, [...dialog.participants, one], at)

export const addParticipant = (
  conversation: Conversation,
  change: Adding,
  { actor, at }: ChangeRequest,
): Step => {
  if (actor.kind === 'consumer') return { refused: 'not_permitted' }
  const dialog = dialogMeant(conversation, change)
  if (!dialog) return { refused: 'dialog_not_found' }
  if (dialog.state === 'closed') return { refused: 'dialog_closed' }
  if (isSuggested(dialog, change.agent))
    return { refused: 'not_permitted', detail: 'Suggested agent cannot join' }
  if (change.agent.id !== actor.id || !mayJoin(dialog, change, actor))
    return { refused: 'not_permitted' }
  if (holds(dialog, change.role, change.agent)) return conversation
  if (change.role === 'assigned_agent' && assignedAgent(conversation))
    return { refused: 'already_assigned' }
  const { id, userId } = change.agent
  return joined(conversation, dialog, { id, userId, role: change.role, state: 'active' }, at)
}

/** A bot's client fills in its own id when it means whoever is assigned. */
const assigneeMeant = (
  conversation: Conversation,
  change: Removing,
  actor: AgentActor,
): Participant | undefined => {
  const assignee = assignedAgent(conversation)
  if (assignee?.id === change.agent.id) return assignee
  return change.agent.id === actor.id && isSupervisor(actor) ? assignee : undefined
}

export const removeParticipant = (
  conversation: Conversation,
  change: Removing,
  { actor, at }: ChangeRequest,
): Step => {
  if (actor.kind === 'consumer') return { refused: 'not_permitted' }
  const dialog = dialogMeant(conversation, change)
  if (!dialog) return { refused: 'dialog_not_found' }
  const leaving =
    change.role === 'assigned_agent'
      ? assigneeMeant(conversation, change, actor)
      : dialog.participants.find((one) => one.id === change.agent.id && one.role === change.role)
  if (!leaving)
    return { refused: change.role === 'assigned_agent' ? 'no_assigned_agent' : 'not_participant' }
  if (leaving.id !== actor.id && !isSupervisor(actor)) return { refused: 'not_permitted' }
  const rest = dialog.participants.filter((one) => one !== leaving)
  return withParticipants(conversation, dialog, rest, at)
}
