/** What agents have begun to write. */
import type { AgentId, ConversationId, DialogId, Timestamp } from '@ringdown/protocol'
import type { Draft, DraftContent } from '../../domain/draft.ts'
import type { Call, InAccount } from './call.ts'

export interface DraftCommands {
  /**
   * Replaces the draft of one of those revisions; any other one is merged with it. Resolves with what there
   * is then, if anything. Refuses with dialog_not_found, and with too_many_drafts when it would be
   * one more than `most`, or grow and all of them be more than `mostBytes`. [DRF2] [DRF3] [DRF5]
   */
  saveDraft: Call<
    InAccount<{
      agentId: AgentId
      /** Absent: only what is there is changed. */
      conversationId?: ConversationId
      dialogId: DialogId
      content: DraftContent
      /** Those that its writer knew: the last one it was told, and those it sent without an answer. */
      expectedRevisions: readonly string[]
      /** The one to come, and the one to come when it is merged. */
      revision: string
      mergedRevision: string
      most: number
      mostBytes: number
    }>,
    Draft | undefined
  >
  /** Forgets drafts of conversations that ended before; resolves with how many. [DRF6] */
  forgetDrafts: Call<{ endedBefore: Timestamp }, number>
}

export interface DraftQueries {
  /** Of one agent, newest first. */
  drafts: Call<InAccount<{ agentId: AgentId }>, readonly Draft[]>
}
