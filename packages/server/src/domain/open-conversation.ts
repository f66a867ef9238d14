/** A conversation at its first moment. */
import type {
  AccountId,
  ConsumerId,
  ConversationId,
  ErrorCode,
  SkillId,
  Timestamp,
} from '@ringdown/protocol'
import type { TtrType } from './account.ts'
import type { AgentRef } from './change.ts'
import type { Conversation, Participant } from './conversation.ts'

export interface Opening {
  readonly accountId: AccountId
  readonly conversationId: ConversationId
  readonly consumerId: ConsumerId
  readonly skillId: SkillId
  /** Absent: `prioritized` for a first conversation, else `normal`, from `ttrSeconds`. */
  readonly ttrType?: TtrType
  readonly ttrSeconds: Readonly<Record<TtrType, number>>
  readonly campaign?: { readonly campaignId: number; readonly engagementId: number }
  readonly context?: Readonly<Record<string, unknown>>
  /** An agent who opens one is assigned at once; otherwise a routing task is queued. */
  readonly openedBy?: AgentRef
  /** Open conversations the consumer may have, the new one included; 0 = no limit. */
  readonly maxOpen: number
  readonly at: Timestamp
}

/** Why no further conversation may be opened. [CV1] */
export const openingRefused = (
  { openedBy, maxOpen }: Pick<Opening, 'openedBy' | 'maxOpen'>,
  openCount: number,
): ErrorCode | undefined => {
  if (openedBy) return openCount > 0 ? 'consumer_has_open_conversation' : undefined
  return maxOpen > 0 && openCount >= maxOpen ? 'too_many_conversations' : undefined
}

const participantsOf = ({ consumerId, openedBy }: Opening): readonly Participant[] => [
  { id: consumerId, role: 'consumer', state: 'active' },
  ...(openedBy
    ? [{ ...openedBy, role: 'assigned_agent', state: 'active' } as const satisfies Participant]
    : []),
]

/** The main dialog has the conversation's id. [CV1] */
export const openedConversation = (opening: Opening, isFirst: boolean): Conversation => {
  const { accountId, conversationId, consumerId, skillId, campaign, context, at } = opening
  const type = opening.ttrType ?? (isFirst ? 'prioritized' : 'normal')
  return {
    accountId,
    id: conversationId,
    consumerId,
    state: 'open',
    stage: 'open',
    skillId,
    startedAt: at,
    updatedAt: at,
    isFirst,
    ttr: { type, seconds: opening.ttrSeconds[type] },
    ...(campaign && { campaign }),
    ...(context && { context }),
    dialogs: [
      {
        id: conversationId,
        conversationId,
        type: 'main',
        channel: 'messaging',
        state: 'open',
        createdAt: at,
        updatedAt: at,
        participants: participantsOf(opening),
        activity: { nextSequence: 0, unread: {} },
      },
    ],
    revision: 0,
  }
}
