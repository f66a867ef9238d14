import { Refusal } from '@ringdown/protocol/errors'
import type { Kysely } from 'kysely'
import type { Draft, DraftContent } from '../../domain/draft.ts'
import { isEmpty, mergedDraft, replacedDraft } from '../../domain/draft.ts'
import { dialectOf } from '../dialect.ts'
import { type DraftKey, loadDraft, toDraft } from '../rows/draft-rows.ts'
import { flag } from '../rows/optional.ts'
import type { CommandData } from '../store.ts'
import type { Tables } from '../tables.ts'

const checkDialog = async (
  db: Kysely<Tables>,
  { accountId, conversationId, dialogId }: CommandData<'saveDraft'>,
): Promise<void> => {
  const dialog = await db
    .selectFrom('dialogs')
    .select('id')
    .where('account_id', '=', accountId)
    .where('id', '=', dialogId)
    .where('conversation_id', '=', conversationId)
    .executeTakeFirst()
  if (!dialog) throw new Refusal('dialog_not_found')
}

const checkRoom = async (
  db: Kysely<Tables>,
  { accountId, agentId, most }: CommandData<'saveDraft'>,
): Promise<void> => {
  const { count } = await db
    .selectFrom('drafts')
    .select((select) => select.fn.countAll<number>().as('count'))
    .where('account_id', '=', accountId)
    .where('agent_id', '=', agentId)
    .executeTakeFirstOrThrow()
  if (Number(count) >= most)
    throw new Refusal('too_many_drafts', `An agent has at most ${most} drafts`)
}

const removeDraft = async (
  db: Kysely<Tables>,
  { accountId, agentId, dialogId }: DraftKey,
): Promise<undefined> => {
  await db
    .deleteFrom('drafts')
    .where('account_id', '=', accountId)
    .where('agent_id', '=', agentId)
    .where('dialog_id', '=', dialogId)
    .execute()
}

const writeDraft = async (
  db: Kysely<Tables>,
  data: CommandData<'saveDraft'>,
  { text, isNote, at, others, revision }: DraftContent & { revision: string },
): Promise<Draft> => {
  const changed = {
    conversation_id: data.conversationId,
    revision,
    text,
    is_note: flag(isNote),
    at,
    others: JSON.stringify(others),
  }
  const { accountId, agentId, dialogId } = data
  const row = await db
    .insertInto('drafts')
    .values({ account_id: accountId, agent_id: agentId, dialog_id: dialogId, ...changed })
    .onConflict((conflict) =>
      conflict.columns(['account_id', 'agent_id', 'dialog_id']).doUpdateSet(changed),
    )
    .returningAll()
    .executeTakeFirstOrThrow()
  return toDraft(row)
}

export const saveDraft = async (
  db: Kysely<Tables>,
  data: CommandData<'saveDraft'>,
): Promise<Draft | undefined> => {
  await dialectOf(db).serialize(db, `drafts/${data.accountId}/${data.agentId}`)
  await checkDialog(db, data)
  const before = await loadDraft(db, data)
  const isKnown = !before || data.expectedRevisions.includes(before.revision)
  const content = isKnown ? replacedDraft(data.content) : mergedDraft(before, data.content)
  if (isEmpty(content)) return removeDraft(db, data)
  if (!before) await checkRoom(db, data)
  const revision = isKnown ? data.revision : data.mergedRevision
  return writeDraft(db, data, { ...content, revision })
}

export const forgetDrafts = async (
  db: Kysely<Tables>,
  { endedBefore }: CommandData<'forgetDrafts'>,
): Promise<number> => {
  const { numDeletedRows } = await db
    .deleteFrom('drafts')
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('conversations')
          .select('conversations.id')
          .whereRef('conversations.account_id', '=', 'drafts.account_id')
          .whereRef('conversations.id', '=', 'drafts.conversation_id')
          .where('conversations.ended_at', '<', endedBefore),
      ),
    )
    .executeTakeFirstOrThrow()
  return Number(numDeletedRows)
}
