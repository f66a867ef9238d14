/** What a change of a conversation has to know of surveys. */
import type { Kysely } from 'kysely'
import type { ChangeRequest } from '../../domain/change.ts'
import type { Conversation } from '../../domain/conversation.ts'
import type { SurveyTerms } from '../../domain/survey.ts'
import { surveyAppOf, takesSurveys } from '../../domain/survey.ts'
import { toAccount, toSkill } from '../rows/account-rows.ts'
import type { Tables } from '../tables.ts'

/** Who was assigned stays in the table with the time of leaving. */
const wasAssigned = async (db: Kysely<Tables>, conversation: Conversation): Promise<boolean> => {
  const row = await db
    .selectFrom('participants')
    .innerJoin('dialogs', 'dialogs.key', 'participants.dialog_key')
    .select('participants.id')
    .where('dialogs.account_id', '=', conversation.accountId)
    .where('dialogs.id', '=', conversation.id)
    .where('participants.role', '=', 'assigned_agent')
    .where('participants.state', '=', 'active')
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

const appFor = async (
  db: Kysely<Tables>,
  accountId: string,
  skillId: string,
): Promise<string | undefined> => {
  const account = await db
    .selectFrom('accounts')
    .selectAll()
    .where('id', '=', accountId)
    .executeTakeFirst()
  const skill = await db
    .selectFrom('skills')
    .selectAll()
    .where('account_id', '=', accountId)
    .where('id', '=', skillId)
    .executeTakeFirst()
  return account && surveyAppOf(toAccount(account).settings, skill && toSkill(skill))
}

const closesMain = ({ changes }: ChangeRequest, { id }: Conversation): boolean =>
  changes.some(
    (one) => one.kind === 'close_dialog' && one.dialogId === id && one.surveyDialogId !== undefined,
  )

/** Read only where the main dialog is about to close and a survey may follow. [DLG1] [DLG2] */
export const surveyTerms = async (
  db: Kysely<Tables>,
  before: Conversation,
  request: ChangeRequest,
): Promise<SurveyTerms | undefined> => {
  if (!closesMain(request, before) || !takesSurveys(before)) return undefined
  const skills = request.changes.flatMap((one) => (one.kind === 'set_skill' ? [one.skillId] : []))
  const appId = await appFor(db, before.accountId, skills.at(-1) ?? before.skillId)
  return {
    wasAssigned: await wasAssigned(db, before),
    ...(appId !== undefined && { appId }),
  }
}
