/** Conversations with their dialogs: one statement for the snapshot, one for the newest events. */
import type { Kysely, Selectable } from 'kysely'
import type { Conversation, Dialog, Participant } from '../../domain/conversation.ts'
import type { DialogEvent } from '../../domain/event.ts'
import type { Heads } from '../rows/conversation-rows.ts'
import { toConversation, toDialog, toEvent, toParticipant } from '../rows/conversation-rows.ts'
import { dialogOrder } from '../rows/dialog-order.ts'
import type { ConversationRow, DialogRow, ParticipantRow, Tables } from '../tables.ts'

/** SQLite reads at most 1,000 terms in one expression. */
const HEADS_PER_STATEMENT = 200

type Row = Selectable<DialogRow>

/** Events never change, so that reading them after the snapshot cannot contradict it. */
const loadHeads = async (
  db: Kysely<Tables>,
  dialogs: readonly Row[],
): Promise<Map<string, DialogEvent>> => {
  const wanted = new Map<string, { row: Row; sequence: number }>()
  for (const row of dialogs)
    for (const sequence of [row.last_content_sequence, row.last_agent_content_sequence])
      if (sequence >= 0) wanted.set(`${row.key}/${sequence}`, { row, sequence })
  const heads = new Map<string, DialogEvent>()
  const list = [...wanted.values()]
  for (let from = 0; from < list.length; from += HEADS_PER_STATEMENT) {
    const part = list.slice(from, from + HEADS_PER_STATEMENT)
    const found = await db
      .selectFrom('events')
      .selectAll()
      .where(({ or, and, eb }) =>
        or(
          part.map(({ row, sequence }) =>
            and([eb('dialog_key', '=', row.key), eb('sequence', '=', sequence)]),
          ),
        ),
      )
      .execute()
    for (const event of found) {
      const key = `${event.dialog_key}/${event.sequence}`
      const { row } = wanted.get(key)!
      const place = {
        accountId: row.account_id,
        conversationId: row.conversation_id,
        dialogId: row.id,
      }
      heads.set(key, toEvent(event, place))
    }
  }
  return heads
}

const headsOf = (row: Row, events: ReadonlyMap<string, DialogEvent>): Heads => {
  const lastContent = events.get(`${row.key}/${row.last_content_sequence}`)
  const lastAgentContent = events.get(`${row.key}/${row.last_agent_content_sequence}`)
  return { ...(lastContent && { lastContent }), ...(lastAgentContent && { lastAgentContent }) }
}

type Joined = Row & {
  readonly participant_id: string | null
  readonly participant_role: ParticipantRow['role'] | null
  readonly participant_state: ParticipantRow['state'] | null
  readonly participant_user_id: string | null
}

const selectDialogs = (db: Kysely<Tables>) =>
  db
    .selectFrom('dialogs')
    .leftJoin('participants', (join) =>
      join
        .onRef('participants.dialog_key', '=', 'dialogs.key')
        .on('participants.left_at', 'is', null),
    )
    .selectAll('dialogs')
    .select([
      'participants.id as participant_id',
      'participants.role as participant_role',
      'participants.state as participant_state',
      'participants.user_id as participant_user_id',
    ])
    .orderBy('dialogs.key')
    .orderBy('participants.position')

/** Gathers the joined rows of one dialog under its key. */
const gather = (
  rows: readonly Joined[],
): Map<number, { row: Row; participants: Participant[] }> => {
  const dialogs = new Map<number, { row: Row; participants: Participant[] }>()
  for (const joined of rows) {
    const dialog = dialogs.get(joined.key) ?? { row: joined, participants: [] }
    dialogs.set(joined.key, dialog)
    if (joined.participant_id !== null)
      dialog.participants.push(
        toParticipant({
          id: joined.participant_id,
          role: joined.participant_role!,
          state: joined.participant_state!,
          user_id: joined.participant_user_id,
        }),
      )
  }
  return dialogs
}

/** Completes conversation rows, which keep their order. */
export const withDialogs = async (
  db: Kysely<Tables>,
  rows: readonly Selectable<ConversationRow>[],
): Promise<Conversation[]> => {
  const [first] = rows
  if (!first) return []
  const joined = await selectDialogs(db)
    .where('dialogs.account_id', '=', first.account_id)
    .where(
      'dialogs.conversation_id',
      'in',
      rows.map(({ id }) => id),
    )
    .execute()
  const gathered = [...gather(joined).values()]
  const events = await loadHeads(
    db,
    gathered.map(({ row }) => row),
  )
  const byConversation = new Map<string, Dialog[]>()
  for (const { row, participants } of gathered) {
    const dialogs = byConversation.get(row.conversation_id) ?? []
    byConversation.set(row.conversation_id, dialogs)
    dialogs.push(toDialog(row, participants, headsOf(row, events)))
  }
  return rows.map((row) =>
    toConversation(row, (byConversation.get(row.id) ?? []).toSorted(dialogOrder)),
  )
}

export const loadConversation = async (
  db: Kysely<Tables>,
  accountId: string,
  id: string,
): Promise<Conversation | undefined> => {
  const rows = await db
    .selectFrom('conversations')
    .selectAll()
    .where('account_id', '=', accountId)
    .where('id', '=', id)
    .execute()
  const [conversation] = await withDialogs(db, rows)
  return conversation
}
