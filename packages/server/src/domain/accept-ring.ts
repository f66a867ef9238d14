/** What an accepted ring does to its conversation. [RT1] */
import type { Timestamp } from '@ringdown/protocol'
import type { AgentRef, ChangeOutcome } from './change.ts'
import type { Conversation } from './conversation.ts'
import { assignedAgent, mainDialog } from './conversation.ts'

/** The agent becomes the assignee of the main dialog, unless somebody is. */
export const assignedTo = (
  conversation: Conversation,
  agent: AgentRef,
  at: Timestamp,
): ChangeOutcome => {
  if (conversation.state === 'closed') return { ok: false, code: 'conversation_closed' }
  if (assignedAgent(conversation)) return { ok: false, code: 'already_assigned' }
  const main = mainDialog(conversation)
  const others = main.participants.filter(
    (one) => one.state === 'active' && (one.id !== agent.id || one.role !== 'assigned_agent'),
  )
  const participants = [
    ...others,
    { id: agent.id, userId: agent.userId, role: 'assigned_agent', state: 'active' } as const,
  ]
  return {
    ok: true,
    routing: 'end',
    conversation: {
      ...conversation,
      dialogs: conversation.dialogs.map((dialog) =>
        dialog === main ? { ...dialog, participants, updatedAt: at } : dialog,
      ),
      updatedAt: Math.max(at, conversation.updatedAt + 1),
      revision: conversation.revision + 1,
    },
  }
}
