/** Who may do what to which conversation: the one place that decides. */
import type { Actor, AgentActor } from './actor.ts'
import type { Conversation, Dialog, Participant } from './conversation.ts'
import { findParticipant } from './conversation.ts'

/** Managers and administrators see and handle every conversation of their account. [AG10] */
export const isSupervisor = (actor: AgentActor): boolean =>
  actor.roles.includes('manager') || actor.roles.includes('administrator')

export const takesPart = (conversation: Conversation, id: string): boolean =>
  conversation.dialogs.some((dialog) => findParticipant(dialog, id) !== undefined)

/** Whether the actor may know that the conversation exists. [CV2] */
export const maySee = (actor: Actor, conversation: Conversation): boolean => {
  if (actor.accountId !== conversation.accountId) return false
  if (actor.kind === 'consumer') return conversation.consumerId === actor.id
  return isSupervisor(actor) || takesPart(conversation, actor.id)
}

/** Whether the actor may read the events of the dialog. [EV6] */
export const mayRead = (actor: Actor, conversation: Conversation, dialog: Dialog): boolean =>
  maySee(actor, conversation) &&
  (actor.kind === 'consumer' || isSupervisor(actor) || Boolean(findParticipant(dialog, actor.id)))

/** Who speaks in a dialog; readers and the system's controller only listen. [EV6] */
const speaks: Readonly<Record<Participant['role'], boolean>> = {
  consumer: true,
  assigned_agent: true,
  agent: true,
  manager: true,
  reader: false,
  controller: false,
}

export const mayPublish = (participant: Participant): boolean => speaks[participant.role]
