/** Who may put whom into which role of a dialog, and take whom out of it, as one table. [PRM10] */
import type { AgentActor } from './actor.ts'
import type { Conversation, Dialog, ParticipantRole } from './conversation.ts'
import { findParticipant } from './conversation.ts'
import { isCapable, mayLead, maySupervise, takesPart } from './permissions.ts'

export type ParticipantChange = 'add' | 'remove' | 'suggest'

type Caller =
  | 'nobody'
  /** For itself, by the right to join. */
  | 'joining'
  /** For itself, by the rights to join and to handle conversations. */
  | 'taking'
  /** For itself, in a dialog beside the main one that it may lead. */
  | 'leading'
  /** Itself; others by the right to join, or as a manager who has joined. */
  | 'leaving'
  /** Whoever takes part and may handle conversations. */
  | 'transferring'

export const participantRights: Readonly<
  Record<ParticipantChange, Readonly<Record<ParticipantRole, Caller>>>
> = {
  add: {
    consumer: 'nobody',
    assigned_agent: 'taking',
    agent: 'leading',
    manager: 'joining',
    reader: 'joining',
    controller: 'nobody',
  },
  remove: {
    consumer: 'nobody',
    assigned_agent: 'leaving',
    agent: 'leaving',
    manager: 'leaving',
    reader: 'leaving',
    controller: 'nobody',
  },
  suggest: {
    consumer: 'nobody',
    assigned_agent: 'transferring',
    agent: 'nobody',
    manager: 'nobody',
    reader: 'nobody',
    controller: 'nobody',
  },
}

export interface AskedOfParticipant {
  readonly change: ParticipantChange
  readonly role: ParticipantRole
  /** Public id of whom the change is about. */
  readonly agentId: string
  /** As the request found it: a take-over removes before it adds. */
  readonly conversation: Conversation
  readonly dialog: Dialog
}

const isJoinedManager = ({ id }: AgentActor, dialog: Dialog): boolean =>
  findParticipant(dialog, id)?.role === 'manager'

const callers: Readonly<Record<Caller, (actor: AgentActor, asked: AskedOfParticipant) => boolean>> =
  {
    nobody: () => false,
    joining: (actor, { agentId, conversation }) =>
      agentId === actor.id && maySupervise(actor, conversation, 'join_conversations'),
    taking: (actor, asked) =>
      callers.joining(actor, asked) && isCapable(actor, 'handle_conversations'),
    leading: (actor, { agentId, conversation, dialog }) =>
      agentId === actor.id && mayLead(actor, conversation, dialog),
    leaving: (actor, { agentId, conversation, dialog }) =>
      agentId === actor.id ||
      isJoinedManager(actor, dialog) ||
      maySupervise(actor, conversation, 'join_conversations'),
    transferring: (actor, { conversation }) =>
      isCapable(actor, 'handle_conversations') && takesPart(conversation, actor.id),
  }

export const mayChangeParticipant = (actor: AgentActor, asked: AskedOfParticipant): boolean =>
  callers[participantRights[asked.change][asked.role]](actor, asked)
