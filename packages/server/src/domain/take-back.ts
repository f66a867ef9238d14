/** The server takes a conversation from its agent and puts it back into the queue. [TIM20] [TIM24] */
import type { AgentId, Timestamp } from '@ringdown/protocol'
import type { ChangeOutcome } from './change.ts'
import type { Conversation } from './conversation.ts'
import { assignedAgent, mainDialog } from './conversation.ts'

/** The same snapshot comes back where the agent is not assigned any more. */
export const takenBack = (before: Conversation, agentId: AgentId, at: Timestamp): ChangeOutcome => {
  const leaving = assignedAgent(before)
  if (before.state === 'closed' || leaving?.id !== agentId)
    return { ok: true, conversation: before, routing: 'none' }
  const main = mainDialog(before)
  const participants = main.participants.filter((one) => one !== leaving)
  return {
    ok: true,
    routing: 'returned',
    conversation: {
      ...before,
      dialogs: before.dialogs.map((dialog) =>
        dialog === main ? { ...dialog, participants, updatedAt: at } : dialog,
      ),
      updatedAt: Math.max(at, before.updatedAt + 1),
      revision: before.revision + 1,
    },
  }
}
