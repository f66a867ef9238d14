import type { AccountId, ConversationId, SkillId, UserId } from '@ringdown/protocol'
import { Refusal } from '@ringdown/protocol'
import { assignedAgent } from '../../domain/conversation.ts'
import type { RoutingStep } from '../../domain/routing/explain.ts'
import { routingHistory } from '../../domain/routing/explain.ts'
import type { AdministrationParts } from './administration-parts.ts'

/** Decisions shown: the newest of them. */
const SHOWN = 200

/** What routing did for one conversation, and why. */
export interface RoutingExplained {
  readonly conversationId: ConversationId
  readonly state: 'open' | 'closed'
  readonly skillId: SkillId
  /** Who is assigned. */
  readonly userId?: UserId
  readonly steps: readonly RoutingStep[]
  /** Names of the agents that the steps speak of. */
  readonly agents: Readonly<Record<UserId, { loginName: string; fullName: string }>>
}

export const routingAdministration = ({ store }: Pick<AdministrationParts, 'store'>) => ({
  /** The steps of a conversation's routing, each decision with everybody who was considered. [RT23] */
  async explainRouting(
    accountId: AccountId,
    conversationId: ConversationId,
  ): Promise<RoutingExplained> {
    const of = { accountId, conversationId }
    const [conversation, { tasks, rings }, decisions, agents] = await Promise.all([
      store.read('conversation', { accountId, id: conversationId }),
      store.read('routingOf', of),
      store.read('decisions', { ...of, limit: SHOWN }),
      store.read('agents', accountId),
    ])
    if (!conversation) throw new Refusal('conversation_not_found')
    const userId = assignedAgent(conversation)?.userId
    return {
      conversationId,
      state: conversation.state,
      skillId: conversation.skillId,
      ...(userId !== undefined && { userId }),
      steps: routingHistory({ tasks, rings, decisions }),
      agents: Object.fromEntries(
        agents.map(({ userId: id, loginName, fullName }) => [id, { loginName, fullName }]),
      ),
    }
  },
})
