import type { Kysely, Selectable } from 'kysely'
import type { Draft } from '../../domain/draft.ts'
import type { Tables } from '../tables.ts'
import type { DraftRow } from '../tables-drafts.ts'
import { parsed } from './optional.ts'

export const toDraft = (row: Selectable<DraftRow>): Draft => ({
  accountId: row.account_id,
  agentId: row.agent_id,
  dialogId: row.dialog_id,
  conversationId: row.conversation_id,
  revision: row.revision,
  text: row.text,
  isNote: row.is_note === 1,
  at: row.at,
  others: parsed(row.others),
})

export interface DraftKey {
  readonly accountId: string
  readonly agentId: string
  readonly dialogId: string
}

export const loadDraft = async (
  db: Kysely<Tables>,
  { accountId, agentId, dialogId }: DraftKey,
): Promise<Draft | undefined> => {
  const row = await db
    .selectFrom('drafts')
    .selectAll()
    .where('account_id', '=', accountId)
    .where('agent_id', '=', agentId)
    .where('dialog_id', '=', dialogId)
    .executeTakeFirst()
  return row && toDraft(row)
}
