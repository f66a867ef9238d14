/** Sets the timers of dialogs that end by themselves, in the transaction that opens them. */
import type { Kysely } from 'kysely'
import type { Conversation, Dialog } from '../../domain/conversation.ts'
import { findDialog } from '../../domain/conversation.ts'
import { toAccount } from '../rows/account-rows.ts'
import type { Tables } from '../tables.ts'
import { armTimer, disarmTimer } from './timers.ts'

/** When the dialog ends unless somebody ends it; undefined: never by itself. [DLG8] [DLG16] */
const endOf = async (
  db: Kysely<Tables>,
  accountId: string,
  dialog: Dialog,
): Promise<number | undefined> => {
  if (dialog.coBrowse) return dialog.coBrowse.expiresAt
  if (dialog.type !== 'post_survey') return undefined
  const row = await db
    .selectFrom('accounts')
    .selectAll()
    .where('id', '=', accountId)
    .executeTakeFirstOrThrow()
  return dialog.createdAt + toAccount(row).settings.surveyTimeoutSeconds * 1000
}

/** Arms what is new and disarms what is over. */
export const timeDialogs = async (
  db: Kysely<Tables>,
  before: Conversation,
  { accountId, dialogs }: Conversation,
): Promise<void> => {
  for (const dialog of dialogs) {
    const was = findDialog(before, dialog.id)
    const name = { accountId, kind: 'dialog_end', subjectId: dialog.id } as const
    const mayEnd = dialog.coBrowse !== undefined || dialog.type === 'post_survey'
    if (!mayEnd) continue
    if (!was && dialog.state === 'open') {
      const dueAt = await endOf(db, accountId, dialog)
      if (dueAt !== undefined) await armTimer(db, { ...name, dueAt, data: {} })
    }
    if (was?.state === 'open' && dialog.state === 'closed') await disarmTimer(db, name)
  }
}
