/**
 * What an append has to know of its dialog: loaded once, then carried from event to event. The
 * newest events are kept without their payloads, so that the memory of it is small.
 */
import type { Kysely } from 'kysely'
import type { Activity, OpenState, Participant } from '../../domain/conversation.ts'
import type { DialogEvent } from '../../domain/event.ts'
import { toActivity, toParticipant } from '../rows/conversation-rows.ts'
import type { DialogRow, Tables } from '../tables.ts'

export interface DialogRecord {
  readonly key: number
  readonly accountId: string
  readonly conversationId: string
  readonly id: string
  readonly state: OpenState
  /** Structural version; with the next sequence it says whether this record is up to date. */
  readonly revision: number
  readonly participants: readonly Participant[]
  /** Ids of all who take part or did. */
  readonly everyone: ReadonlySet<string>
  readonly activity: Activity
  readonly lastPublic: number
  readonly privateCount: number
  readonly lastAt: number
}

const blankEvent = (record: Pick<DialogRow, 'account_id' | 'conversation_id' | 'id'>) =>
  ({
    accountId: record.account_id,
    conversationId: record.conversation_id,
    dialogId: record.id,
    previousPublic: -1,
    publisher: { id: '', role: 'controller' },
    kind: 'content',
    audience: 'all',
    eventId: '',
    payload: '',
    at: 0,
  }) as const satisfies Omit<DialogEvent, 'sequence'>

/** Loads the records of the named dialogs, by account and id. Unknown ones are missing. */
export const loadDialogRecords = async (
  db: Kysely<Tables>,
  wanted: readonly { accountId: string; dialogId: string }[],
): Promise<DialogRecord[]> => {
  const rows = await db
    .selectFrom('dialogs')
    .selectAll()
    .where(
      'id',
      'in',
      wanted.map(({ dialogId }) => dialogId),
    )
    .where('account_id', 'in', [...new Set(wanted.map(({ accountId }) => accountId))])
    .execute()
  if (rows.length === 0) return []
  const participants = await db
    .selectFrom('participants')
    .selectAll()
    .where(
      'dialog_key',
      'in',
      rows.map(({ key }) => key),
    )
    .orderBy('position')
    .execute()
  return rows.map((row) => {
    const all = participants.filter((one) => one.dialog_key === row.key)
    const head = (sequence: number): DialogEvent | undefined =>
      sequence < 0 ? undefined : { ...blankEvent(row), sequence }
    const lastContent = head(row.last_content_sequence)
    const lastAgentContent = head(row.last_agent_content_sequence)
    return {
      key: row.key,
      accountId: row.account_id,
      conversationId: row.conversation_id,
      id: row.id,
      state: row.state,
      revision: row.revision,
      participants: all.filter((one) => one.left_at === null).map(toParticipant),
      everyone: new Set(all.map(({ id }) => id)),
      activity: toActivity(row, {
        ...(lastContent && { lastContent }),
        ...(lastAgentContent && { lastAgentContent }),
      }),
      lastPublic: row.last_public_sequence,
      privateCount: row.private_count,
      lastAt: row.last_at,
    }
  })
}

/** The columns of the dialog's row that events change. */
export const activityColumns = (record: DialogRecord) => ({
  next_sequence: record.activity.nextSequence,
  last_public_sequence: record.lastPublic,
  last_content_sequence: record.activity.lastContent?.sequence ?? -1,
  last_agent_content_sequence: record.activity.lastAgentContent?.sequence ?? -1,
  unanswered_since: record.activity.unansweredSince ?? null,
  unanswered_latest: record.activity.unansweredLatest ?? null,
  unread: JSON.stringify(record.activity.unread),
  private_count: record.privateCount,
  last_at: record.lastAt,
})

export const recordKey = (accountId: string, dialogId: string): string => `${accountId}/${dialogId}`
