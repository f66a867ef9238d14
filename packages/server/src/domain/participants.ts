/** Joining and leaving. [CV9] */
import type { AgentActor } from './actor.ts'
import type { AgentRef, ConversationChange } from './change.ts'
import type { Applying, Step } from './change-conversation.ts'
import { withClosed } from './close.ts'
import type { Conversation, Dialog, Participant, ParticipantRole } from './conversation.ts'
import { assignedAgent, findDialog, findParticipant, mainDialog } from './conversation.ts'
import { mayChangeParticipant } from './participant-rights.ts'
import { isCapable } from './permissions.ts'

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

type Refused = Extract<Step, { readonly refused: unknown }>

/** The open dialog that a change is about: the main one unless it names another. */
const dialogMeant = (
  conversation: Conversation,
  { dialogId }: Adding | Removing,
): Dialog | Refused => {
  const dialog = dialogId ? findDialog(conversation, dialogId) : mainDialog(conversation)
  if (!dialog) return { refused: 'dialog_not_found' }
  return dialog.state === 'closed' ? { refused: 'dialog_closed' } : dialog
}

const holds = (dialog: Dialog, role: ParticipantRole, agent: AgentRef): boolean =>
  dialog.participants.some(
    (one) => one.id === agent.id && one.role === role && one.state === 'active',
  )

const isSuggested = (dialog: Dialog, agent: AgentRef): boolean =>
  dialog.participants.some((one) => one.id === agent.id && one.state === 'suggested')

/** Puts the agent into the dialog; taking the role a second time changes nothing. */
export const joined = (conversation: Conversation, dialog: Dialog, one: Participant, at: number) =>
  withParticipants(conversation, dialog, [...dialog.participants, one], at)

export const addParticipant = (
  conversation: Conversation,
  change: Adding,
  { actor, at, before }: Applying,
): Step => {
  if (actor.kind === 'consumer') return { refused: 'not_permitted' }
  const dialog = dialogMeant(conversation, change)
  if ('refused' in dialog) return dialog
  if (isSuggested(dialog, change.agent))
    return { refused: 'not_permitted', detail: 'Suggested agent cannot join' }
  const asked = { change: 'add', role: change.role, agentId: change.agent.id, dialog } as const
  if (!mayChangeParticipant(actor, { ...asked, conversation: before }))
    return { refused: 'not_permitted' }
  if (change.role === 'assigned_agent' && dialog.type !== 'main')
    return { refused: 'bad_request', detail: 'ASSIGNED_AGENT is a role of the main dialog' }
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
  return change.agent.id === actor.id && isCapable(actor, 'join_conversations')
    ? assignee
    : undefined
}

const without = (
  conversation: Conversation,
  dialog: Dialog,
  { leaving, at }: { leaving: Participant; at: number },
): Conversation => {
  const rest = dialog.participants.filter((one) => one !== leaving)
  return withParticipants(conversation, dialog, rest, at)
}

/** Who leaves the main dialog leaves its co-browsing sessions, and they end. [DLG17] */
const withoutSessionsOf = (
  conversation: Conversation,
  { id }: Participant,
  at: number,
): Conversation => {
  if (findParticipant(mainDialog(conversation), id)) return conversation
  let after = conversation
  for (const dialog of conversation.dialogs) {
    const leaving = dialog.coBrowse && findParticipant(dialog, id)
    if (!leaving) continue
    const ended = withClosed(after, dialog, { at, by: 'agent', cause: 'Agent left' })
    after = without(ended, findDialog(ended, dialog.id) ?? dialog, { leaving, at })
  }
  return after
}

export const removeParticipant = (
  conversation: Conversation,
  change: Removing,
  { actor, at, before }: Applying,
): Step => {
  if (actor.kind === 'consumer') return { refused: 'not_permitted' }
  const dialog = dialogMeant(conversation, change)
  if ('refused' in dialog) return dialog
  const leaving =
    change.role === 'assigned_agent' && dialog.type === 'main'
      ? assigneeMeant(conversation, change, actor)
      : dialog.participants.find((one) => one.id === change.agent.id && one.role === change.role)
  if (!leaving)
    return { refused: change.role === 'assigned_agent' ? 'no_assigned_agent' : 'not_participant' }
  const asked = { change: 'remove', role: leaving.role, agentId: leaving.id, dialog } as const
  if (!mayChangeParticipant(actor, { ...asked, conversation: before }))
    return { refused: 'not_permitted' }
  return withoutSessionsOf(without(conversation, dialog, { leaving, at }), leaving, at)
}
