/** Who may do what to which conversation: the one place that decides. */
import type { Actor, AgentActor } from './actor.ts'
import type { Availability } from './agent-state.ts'
import type { Capability } from './capabilities.ts'
import { capabilities } from './capabilities.ts'
import type { Conversation, Dialog, Participant } from './conversation.ts'
import { assignedAgent, findDialog, findParticipant, mainDialog } from './conversation.ts'
import type { HostedFile, PlacedUse } from './hosted-file.ts'

/** Whether profiles or roles give the agent this. [PRM1] */
export const isCapable = (actor: AgentActor, capability: Capability): boolean =>
  actor.rights
    ? actor.rights.capabilities.has(capability)
    : actor.roles.some((role) => capabilities[capability].defaults[role])

export const takesPart = (conversation: Conversation, id: string): boolean =>
  conversation.dialogs.some((dialog) => findParticipant(dialog, id) !== undefined)

/**
 * Whether the conversation is the business of the actor's groups: by the agent assigned to it, or
 * while there is none by its skill. [PRM6]
 */
export const isInScope = ({ rights }: AgentActor, conversation: Conversation): boolean => {
  if (!rights || rights.scope.kind === 'account') return true
  const { agentIds, skillIds } = rights.scope
  const assignee = assignedAgent(conversation)
  return assignee ? agentIds.has(assignee.id) : skillIds.has(conversation.skillId)
}

/** Capable of it with a conversation in which the actor need not take part. [PRM7] */
export const maySupervise = (
  actor: AgentActor,
  conversation: Conversation,
  capability: Capability,
): boolean => isCapable(actor, capability) && isInScope(actor, conversation)

/** Whether the agent speaks for the application of this open survey. [DLG5] */
export const isAppOf = ({ appIds }: AgentActor, { type, state, appId }: Dialog): boolean =>
  type === 'post_survey' &&
  state === 'open' &&
  appId !== undefined &&
  Boolean(appIds?.includes(appId))

/** Whether the actor may know that the conversation exists. [CV2] [PRM7] */
export const maySee = (actor: Actor, conversation: Conversation): boolean => {
  if (actor.accountId !== conversation.accountId) return false
  if (actor.kind === 'consumer') return conversation.consumerId === actor.id
  if (takesPart(conversation, actor.id)) return true
  if (conversation.dialogs.some((dialog) => isAppOf(actor, dialog))) return true
  return maySupervise(actor, conversation, 'view_conversations')
}

/** Whether the actor may read the events of the dialog. [EV6] [PRM7] */
export const mayRead = (actor: Actor, conversation: Conversation, dialog: Dialog): boolean =>
  maySee(actor, conversation) &&
  (actor.kind === 'consumer' ||
    Boolean(findParticipant(dialog, actor.id)) ||
    isAppOf(actor, dialog) ||
    maySupervise(actor, conversation, 'view_conversations'))

/**
 * Whether an agent may change the conversation's notes, deadlines and dialogs: who takes part in it,
 * or may join it. [PRM8]
 */
export const mayChange = (actor: AgentActor, conversation: Conversation): boolean =>
  takesPart(conversation, actor.id) || maySupervise(actor, conversation, 'join_conversations')

/** What it takes to suggest an agent who is in this state. [PRM9] */
const transferring: Readonly<Record<Availability, Capability>> = {
  ONLINE: 'transfer_to_available',
  OCCUPIED: 'transfer_to_available',
  BACK_SOON: 'transfer_to_available',
  AWAY: 'transfer_to_away',
  OFFLINE: 'transfer_to_offline',
}

export const mayTransferTo = (actor: AgentActor, availability: Availability): boolean =>
  isCapable(actor, transferring[availability])

/** Who speaks in a dialog; readers and the system's controller only listen. [EV6] */
const speaks: Readonly<Record<Participant['role'], boolean>> = {
  consumer: true,
  assigned_agent: true,
  agent: true,
  manager: true,
  reader: false,
  controller: false,
}

/** Joins a dialog beside the main one: a survey's application, who serves the consumer, or may. [DLG5] */
export const mayLead = (actor: AgentActor, conversation: Conversation, dialog: Dialog): boolean => {
  if (dialog.type === 'main') return false
  if (maySupervise(actor, conversation, 'join_conversations')) return true
  return dialog.type === 'post_survey' ? isAppOf(actor, dialog) : speaksIn(conversation, actor.id)
}

/** Opens a dialog beside the main one: who speaks in that, or may join it. [DLG10] */
export const mayOpenDialog = (actor: AgentActor, conversation: Conversation): boolean =>
  speaksIn(conversation, actor.id) || maySupervise(actor, conversation, 'join_conversations')

const speaksIn = (conversation: Conversation, id: string): boolean => {
  const participant = findParticipant(mainDialog(conversation), id)
  return participant !== undefined && mayPublish(participant)
}

/** Consumers are asked about by the account's settings alone. [FIL1] */
export const maySendFiles = (actor: Actor): boolean =>
  actor.kind === 'consumer' || isCapable(actor, 'send_files')

/**
 * Whether the actor may have the bytes: who uploaded them, may read an event that names them, or serves
 * the consumer in whose conversation it is. [FIL10]
 */
export const mayReadFile = (
  actor: Actor,
  { accountId, uploader }: Pick<HostedFile, 'accountId' | 'uploader'>,
  uses: readonly PlacedUse[],
): boolean => {
  if (actor.accountId !== accountId) return false
  if (uploader.kind === actor.kind && uploader.id === actor.id) return true
  return uses.some(({ conversation, dialogId, audience, isServed }) => {
    if (isServed && actor.kind === 'agent') return true
    const dialog = findDialog(conversation, dialogId)
    if (!dialog || (audience === 'agents' && actor.kind === 'consumer')) return false
    return mayRead(actor, conversation, dialog)
  })
}

export const mayPublish = (participant: Participant): boolean => speaks[participant.role]
