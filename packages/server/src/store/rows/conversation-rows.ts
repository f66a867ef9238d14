import type { Insertable, Selectable } from 'kysely'
import type { CoBrowse } from '../../domain/co-browse.ts'
import type { Activity, Conversation, Dialog, Participant } from '../../domain/conversation.ts'
import { assignedAgent } from '../../domain/conversation.ts'
import type { DialogEvent } from '../../domain/event.ts'
import type { ConversationRow, DialogRow, EventRow, ParticipantRow } from '../tables.ts'
import { flag, jsonOrNull, orNull, parsed, parsedOrNull, present } from './optional.ts'

export const toParticipant = (
  row: Pick<Selectable<ParticipantRow>, 'id' | 'role' | 'state' | 'user_id'>,
): Participant => ({
  id: row.id,
  role: row.role,
  state: row.state,
  ...present({ userId: row.user_id }),
})

type Place = Pick<DialogEvent, 'accountId' | 'conversationId' | 'dialogId'>

export const toEvent = (
  row: Omit<Selectable<EventRow>, 'position'>,
  place: Place,
): DialogEvent => ({
  accountId: place.accountId,
  conversationId: place.conversationId,
  dialogId: place.dialogId,
  sequence: row.sequence,
  previousPublic: row.previous_public,
  publisher: {
    id: row.publisher_id,
    role: row.publisher_role,
    ...present({ userId: row.publisher_user_id }),
  },
  kind: row.kind,
  audience: row.audience,
  eventId: row.event_id,
  payload: row.payload,
  ...present({ metadata: row.metadata, encodedMetadata: row.encoded_metadata }),
  at: row.at,
})

export interface Heads {
  readonly lastContent?: DialogEvent
  readonly lastAgentContent?: DialogEvent
}

export const toActivity = (
  row: Pick<
    Selectable<DialogRow>,
    'next_sequence' | 'unread' | 'unanswered_since' | 'unanswered_latest'
  >,
  heads: Heads,
): Activity => ({
  nextSequence: row.next_sequence,
  unread: parsed(row.unread),
  ...present({ unansweredSince: row.unanswered_since, unansweredLatest: row.unanswered_latest }),
  ...heads,
})

export const toDialog = (
  row: Selectable<DialogRow>,
  participants: readonly Participant[],
  heads: Heads,
): Dialog => ({
  id: row.id,
  conversationId: row.conversation_id,
  type: row.type,
  channel: row.channel,
  state: row.state,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
  ...present({
    endedAt: row.ended_at,
    closedBy: row.closed_by,
    closedCause: row.closed_cause,
    metadata: parsedOrNull<Record<string, unknown>>(row.metadata),
    appId: row.app_id,
    coBrowse: parsedOrNull<CoBrowse>(row.co_browse),
  }),
  participants,
  activity: toActivity(row, heads),
})

/** The columns that structural changes write; what messages did is the append's own. */
export const toDialogRow = (
  accountId: string,
  dialog: Dialog,
): Omit<Insertable<DialogRow>, 'key' | 'revision' | keyof typeof quietActivity> => ({
  account_id: accountId,
  id: dialog.id,
  conversation_id: dialog.conversationId,
  type: dialog.type,
  channel: dialog.channel,
  state: dialog.state,
  created_at: dialog.createdAt,
  updated_at: dialog.updatedAt,
  ended_at: orNull(dialog.endedAt),
  closed_by: orNull(dialog.closedBy),
  closed_cause: orNull(dialog.closedCause),
  metadata: jsonOrNull(dialog.metadata),
  app_id: orNull(dialog.appId),
  co_browse: jsonOrNull(dialog.coBrowse),
})

/** Activity of a dialog in which nothing was said. */
export const quietActivity = {
  next_sequence: 0,
  last_public_sequence: -1,
  last_content_sequence: -1,
  last_agent_content_sequence: -1,
  unanswered_since: null,
  unanswered_latest: null,
  unread: '{}',
  private_count: 0,
  last_at: 0,
} as const

export const toConversation = (
  row: Selectable<ConversationRow>,
  dialogs: readonly Dialog[],
): Conversation => ({
  accountId: row.account_id,
  id: row.id,
  consumerId: row.consumer_id,
  state: row.state,
  stage: row.stage,
  skillId: row.skill_id,
  startedAt: row.started_at,
  updatedAt: row.updated_at,
  isFirst: row.is_first === 1,
  ttr: { type: row.ttr_type, seconds: row.ttr_seconds },
  ...present({
    endedAt: row.ended_at,
    closeReason: row.close_reason,
    manualEttr: row.manual_ettr,
    delay: parsedOrNull<NonNullable<Conversation['delay']>>(row.delay),
    csat: parsedOrNull<NonNullable<Conversation['csat']>>(row.csat),
    campaign: parsedOrNull<NonNullable<Conversation['campaign']>>(row.campaign),
    context: parsedOrNull<Record<string, unknown>>(row.context),
    note: row.note,
    topic: row.topic,
  }),
  dialogs,
  // Events count as writes without writing the conversation's row.
  revision: dialogs.reduce((sum, { activity }) => sum + activity.nextSequence, row.revision),
})

export const toConversationRow = (
  conversation: Conversation,
): Omit<Insertable<ConversationRow>, 'revision'> => ({
  account_id: conversation.accountId,
  id: conversation.id,
  consumer_id: conversation.consumerId,
  state: conversation.state,
  stage: conversation.stage,
  skill_id: conversation.skillId,
  started_at: conversation.startedAt,
  updated_at: conversation.updatedAt,
  ended_at: orNull(conversation.endedAt),
  close_reason: orNull(conversation.closeReason),
  is_first: flag(conversation.isFirst),
  ttr_type: conversation.ttr.type,
  ttr_seconds: conversation.ttr.seconds,
  manual_ettr: orNull(conversation.manualEttr),
  delay: jsonOrNull(conversation.delay),
  csat: jsonOrNull(conversation.csat),
  campaign: jsonOrNull(conversation.campaign),
  context: jsonOrNull(conversation.context),
  note: orNull(conversation.note),
  topic: orNull(conversation.topic),
  assigned_agent_id: orNull(assignedAgent(conversation)?.id),
})
