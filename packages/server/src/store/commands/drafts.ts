import { Refusal } from '@ringdown/protocol/errors'
import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import type { Draft, DraftContent } from '../../domain/draft.ts'
import { isEmpty, mergedDraft, replacedDraft } from '../../domain/draft.ts'
import { dialectOf } from '../dialect.ts'
import { type DraftKey, loadDraft, toDraft } from '../rows/draft-rows.ts'
import { flag } from '../rows/optional.ts'
import type { CommandData } from '../store.ts'
import type { Tables } from '../tables.ts'

/** Absent where the draft that is there says it: who empties its own needs no conversation for that. */
const checkDialog = async (
  db: Kysely<Tables>,
  { accountId, conversationId, dialogId }: CommandData<'saveDraft'>,
): Promise<void> => {
  if (conversationId === undefined) return
  const dialog = await db
    .selectFrom('dialogs')
    .select('id')
    .where('account_id', '=', accountId)
    .where('id', '=', dialogId)
    .where('conversation_id', '=', conversationId)
    .executeTakeFirst()
  if (!dialog) throw new Refusal('dialog_not_found')
}

const bytesOf = ({ text, others }: DraftContent): number =>
  Buffer.byteLength(text) + Buffer.byteLength(JSON.stringify(others))

/** For another draft, and for one that grows. */
const checkRoom = async (
  db: Kysely<Tables>,
  { accountId, agentId, dialogId, most, mostBytes }: CommandData<'saveDraft'>,
  { before, content }: { before: Draft | undefined; content: DraftContent },
): Promise<void> => {
  if (before && bytesOf(content) <= bytesOf(before)) return
  const { count, bytes } = await db
    .selectFrom('drafts')
    .select(({ fn }) => [
      fn.countAll<number>().as('count'),
      sql<number | null>`sum(octet_length(text) + octet_length(others))`.as('bytes'),
    ])
    .where('account_id', '=', accountId)
    .where('agent_id', '=', agentId)
    .where('dialog_id', '!=', dialogId)
    .executeTakeFirstOrThrow()
  if (!before && Number(count) >= most)
    throw new Refusal('too_many_drafts', `An agent has at most ${most} drafts`)
  if (Number(bytes ?? 0) + bytesOf(content) > mostBytes)
    throw new Refusal('too_many_drafts', `Drafts of an agent have at most ${mostBytes} bytes`)
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
  data: DraftKey,
  { text, isNote, at, others, conversationId, revision }: Omit<Draft, keyof DraftKey>,
): Promise<Draft> => {
  const changed = {
    conversation_id: conversationId,
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
  await checkRoom(db, data, { before, content })
  const revision = isKnown ? data.revision : data.mergedRevision
  const conversationId = data.conversationId ?? before?.conversationId
  if (conversationId === undefined) throw new Refusal('dialog_not_found')
  return writeDraft(db, data, { ...content, conversationId, revision })
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
