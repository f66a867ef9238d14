/** Writes what differs between two snapshots of a conversation. */
import type { Kysely } from 'kysely'
import type { Conversation, Dialog } from '../../domain/conversation.ts'
import { assignedAgent } from '../../domain/conversation.ts'
import { quietActivity, toConversationRow, toDialogRow } from '../rows/conversation-rows.ts'
import { orNull } from '../rows/optional.ts'
import type { Tables } from '../tables.ts'

interface DialogPlace {
  readonly accountId: string
  readonly key: number
  readonly at: number
}

/** Who left stays in the table: former participants may still acknowledge a closed dialog. */
const writeParticipants = async (
  db: Kysely<Tables>,
  place: DialogPlace,
  { participants }: Dialog,
): Promise<void> => {
  await db
    .updateTable('participants')
    .set({ left_at: place.at })
    .where('dialog_key', '=', place.key)
    .where('left_at', 'is', null)
    .execute()
  if (participants.length === 0) return
  await db
    .insertInto('participants')
    .values(
      participants.map(({ id, role, state, userId }, position) => ({
        dialog_key: place.key,
        account_id: place.accountId,
        id,
        role,
        state,
        user_id: orNull(userId),
        position,
        left_at: null,
      })),
    )
    .onConflict((conflict) =>
      conflict.columns(['dialog_key', 'id', 'role']).doUpdateSet((excluded) => ({
        state: excluded.ref('excluded.state'),
        user_id: excluded.ref('excluded.user_id'),
        position: excluded.ref('excluded.position'),
        left_at: null,
      })),
    )
    .execute()
}

export const insertDialog = async (
  db: Kysely<Tables>,
  accountId: string,
  dialog: Dialog,
): Promise<void> => {
  const { key } = await db
    .insertInto('dialogs')
    .values({ ...toDialogRow(accountId, dialog), ...quietActivity, revision: 0 })
    .returning('key')
    .executeTakeFirstOrThrow()
  await writeParticipants(db, { accountId, key, at: dialog.createdAt }, dialog)
}

const updateDialog = async (
  db: Kysely<Tables>,
  conversation: Conversation,
  { before, after }: { before: Dialog; after: Dialog },
): Promise<void> => {
  const { accountId } = conversation
  const { key } = await db
    .updateTable('dialogs')
    .set((eb) => ({
      ...toDialogRow(accountId, after),
      revision: eb('revision', '+', 1),
    }))
    .where('account_id', '=', accountId)
    .where('id', '=', after.id)
    .returning('key')
    .executeTakeFirstOrThrow()
  if (before.participants !== after.participants)
    await writeParticipants(db, { accountId, key, at: conversation.updatedAt }, after)
}

/** Remembers when the agent last got work: the choice of agents goes by it. */
const noteAssignment = async (
  db: Kysely<Tables>,
  before: Conversation | undefined,
  after: Conversation,
): Promise<void> => {
  const agent = assignedAgent(after)
  if (!agent || (before && assignedAgent(before)?.id === agent.id)) return
  await db
    .updateTable('agents')
    .set({ last_assigned_at: after.updatedAt })
    .where('account_id', '=', after.accountId)
    .where('id', '=', agent.id)
    .execute()
}

export const insertConversation = async (
  db: Kysely<Tables>,
  conversation: Conversation,
): Promise<void> => {
  await db
    .insertInto('conversations')
    .values({ ...toConversationRow(conversation), revision: conversation.revision })
    .execute()
  for (const dialog of conversation.dialogs) await insertDialog(db, conversation.accountId, dialog)
  await noteAssignment(db, undefined, conversation)
}

export const updateConversation = async (
  db: Kysely<Tables>,
  before: Conversation,
  after: Conversation,
): Promise<void> => {
  await db
    .updateTable('conversations')
    .set((eb) => ({ ...toConversationRow(after), revision: eb('revision', '+', 1) }))
    .where('account_id', '=', after.accountId)
    .where('id', '=', after.id)
    .execute()
  for (const dialog of after.dialogs) {
    const was = before.dialogs.find(({ id }) => id === dialog.id)
    if (!was) await insertDialog(db, after.accountId, dialog)
    else if (was !== dialog) await updateDialog(db, after, { before: was, after: dialog })
  }
  await noteAssignment(db, before, after)
}
